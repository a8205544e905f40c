#include "actors/gateway_sender.hpp"

namespace bulkhead::actors {

namespace {
constexpr auto ask_again_without_token = std::chrono::milliseconds{50};
constexpr auto longest_wait_for_a_login = std::chrono::seconds{5};
constexpr std::size_t most_sharers = 64;
// The gateway counts when a request arrives: a little more than its window keeps a jitter from costing a 429.
const protocol::RateLimit limit_with_margin{200, std::chrono::milliseconds{60'200}, 40};
constexpr int http_unauthorized = 401;
constexpr int http_too_many = 429;
} // namespace

GatewaySender::GatewaySender(protocol::RestTransport& transport, Clock& clock)
    : transport_(transport), clock_(clock), line_(limit_with_margin) {}

void GatewaySender::set_token(std::string token, std::uint64_t generation) {
  const std::lock_guard lock(mutex_);
  token_ = std::move(token);
  generation_ = generation;
  refused_until_ = {};
}

std::string GatewaySender::token() {
  const std::lock_guard lock(mutex_);
  return token_;
}

void GatewaySender::on_unauthorized(OnUnauthorized handler) {
  const std::lock_guard lock(mutex_);
  on_unauthorized_ = std::move(handler);
}

std::optional<model::Instant> GatewaySender::send(protocol::RequestClass urgency,
                                                  protocol::HttpRequest request, OnReply on_reply) {
  protocol::BudgetClaim claim;
  claim.urgency = urgency;
  return send(claim, std::move(request), std::move(on_reply));
}

std::optional<model::Instant> GatewaySender::send(const protocol::BudgetClaim& claim,
                                                  protocol::HttpRequest request, OnReply on_reply) {
  std::uint64_t generation = 0;
  {
    const std::lock_guard lock(mutex_);
    const auto now = clock_.now();
    if (token_.empty() || now < refused_until_) return now + ask_again_without_token;
    const auto answer = line_.ask(claim, now);
    if (!answer.granted) return answer.earliest;
    request.bearer = token_;
    generation = generation_;
  }
  transport_.send(std::move(request), [this, generation, on_reply = std::move(on_reply)](
                                          protocol::RestTransport::Outcome outcome) {
    note(outcome, generation);
    on_reply(std::move(outcome));
  });
  return std::nullopt;
}

GatewaySender::ReadSent GatewaySender::read(const protocol::BudgetClaim& claim, protocol::HttpRequest request,
                                            model::Instant not_before, OnReply on_reply) {
  const std::string what = request.target + request.body;
  const auto sent_at = clock_.now();
  std::uint64_t owner = 0;
  {
    const std::lock_guard lock(mutex_);
    const auto shared = reads_.find(what);
    if (shared != reads_.end() && shared->second.sent_at >= not_before &&
        shared->second.waiting.size() < most_sharers) {
      shared->second.waiting.push_back(std::move(on_reply));
      return {std::nullopt, shared->second.sent_at};
    }
    owner = ++last_read_;
    reads_.try_emplace(what, Sharers{owner, sent_at, {}}); // an older one stays until it is answered
  }
  const auto held = send(claim, std::move(request), [=, this](protocol::RestTransport::Outcome outcome) {
    answer_sharers(what, owner, outcome);
    on_reply(std::move(outcome));
  });
  if (held) {
    answer_sharers(what, owner,
                   protocol::HttpFailure{{model::Errc::rate_limited, "held back by the request budget"}});
  }
  return {held, sent_at};
}

void GatewaySender::answer_sharers(const std::string& what, std::uint64_t owner,
                                   const protocol::RestTransport::Outcome& outcome) {
  std::vector<OnReply> waiting;
  {
    const std::lock_guard lock(mutex_);
    const auto it = reads_.find(what);
    if (it == reads_.end() || it->second.owner != owner) return;
    waiting = std::move(it->second.waiting);
    reads_.erase(it);
  }
  for (const auto& answer : waiting) answer(outcome);
}

void GatewaySender::send_login(protocol::HttpRequest request, OnReply on_reply) {
  {
    // Counted, since the gateway counts it, but never held back.
    const std::lock_guard lock(mutex_);
    (void)line_.budget().try_take(protocol::RequestClass::automation, clock_.now());
  }
  transport_.send(std::move(request),
                  [this, on_reply = std::move(on_reply)](protocol::RestTransport::Outcome outcome) {
                    if (outcome) clock_.heard_from_gateway(outcome->server_time);
                    on_reply(std::move(outcome));
                  });
}

void GatewaySender::leave_line(protocol::LaneId lane) {
  const std::lock_guard lock(mutex_);
  line_.leave(lane.value);
}

std::size_t GatewaySender::closes_available() {
  const std::lock_guard lock(mutex_);
  return line_.budget().available(protocol::RequestClass::close_or_reduce, clock_.now());
}

void GatewaySender::note(const protocol::RestTransport::Outcome& outcome, std::uint64_t generation) {
  if (!outcome) return;
  clock_.heard_from_gateway(outcome->server_time);
  OnUnauthorized refused;
  {
    const std::lock_guard lock(mutex_);
    if (outcome->status == http_too_many) line_.budget().on_rate_limited(clock_.now(), outcome->retry_after);
    if (outcome->status == http_unauthorized) {
      refused = on_unauthorized_;
      if (generation == generation_) refused_until_ = clock_.now() + longest_wait_for_a_login;
    }
  }
  if (refused) refused(generation);
}

} // namespace bulkhead::actors
