#include "actors/gateway_sender.hpp"

namespace bulkhead::actors {

namespace {
constexpr auto ask_again_without_token = std::chrono::milliseconds{100};
constexpr int http_unauthorized = 401;
constexpr int http_too_many = 429;
} // namespace

GatewaySender::GatewaySender(protocol::RestTransport& transport, Clock& clock)
    : transport_(transport), clock_(clock) {}

void GatewaySender::set_token(std::string token, std::uint64_t generation) {
  const std::lock_guard lock(mutex_);
  token_ = std::move(token);
  generation_ = generation;
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
                                                  protocol::HttpRequest request,
                                                  protocol::RestTransport::OnReply on_reply) {
  std::uint64_t generation = 0;
  {
    const std::lock_guard lock(mutex_);
    const auto now = clock_.now();
    if (token_.empty()) return now + ask_again_without_token;
    const auto answer = budget_.try_take(urgency, now);
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

void GatewaySender::send_login(protocol::HttpRequest request, protocol::RestTransport::OnReply on_reply) {
  {
    // Counted, since the gateway counts it, but never held back.
    const std::lock_guard lock(mutex_);
    (void)budget_.try_take(protocol::RequestClass::automation, clock_.now());
  }
  transport_.send(std::move(request),
                  [this, on_reply = std::move(on_reply)](protocol::RestTransport::Outcome outcome) {
                    if (outcome) clock_.heard_from_gateway(outcome->server_time);
                    on_reply(std::move(outcome));
                  });
}

std::size_t GatewaySender::closes_available() {
  const std::lock_guard lock(mutex_);
  return budget_.available(protocol::RequestClass::close_or_reduce, clock_.now());
}

void GatewaySender::note(const protocol::RestTransport::Outcome& outcome, std::uint64_t generation) {
  if (!outcome) return;
  clock_.heard_from_gateway(outcome->server_time);
  OnUnauthorized refused;
  {
    const std::lock_guard lock(mutex_);
    if (outcome->status == http_too_many) budget_.on_rate_limited(clock_.now(), outcome->retry_after);
    if (outcome->status == http_unauthorized) refused = on_unauthorized_;
  }
  if (refused) refused(generation);
}

} // namespace bulkhead::actors
