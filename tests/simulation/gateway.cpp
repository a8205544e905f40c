#include "tests/simulation/gateway.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace bulkhead::simulation {

using namespace std::chrono_literals;
using model::Duration;
using model::Errc;
using protocol::HttpFailure;
using protocol::HttpReply;

namespace {

simulator::SimulatorOptions options_of(std::uint64_t seed, simulator::WireShape shape, int accounts) {
  Random random(seed, "venue");
  simulator::SimulatorOptions options;
  std::vector<std::int64_t> ids;
  for (int i = 0; i < accounts; ++i) ids.push_back(101 + i);
  options.users = {{"trader1", fmt::format("SECRET-KEY-{}", seed), ids}};
  options.budget = {100'000, std::chrono::seconds{1}}; // counted here instead, in virtual time
  options.shape = shape;
  options.token_life = std::chrono::hours{random.chance(70) ? 24 : 5};
  options.close_cancels_orders = random.chance(30);
  options.retry_after = random.chance(50);
  return options;
}

std::string_view between(std::string_view text, std::string_view key) {
  const auto at = text.find(key);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + key.size());
  return text.substr(0, text.find_first_of(",}\""));
}
std::int64_t number(std::string_view text) {
  return text.empty() ? 0 : std::strtoll(std::string(text).c_str(), nullptr, 10);
}

Asked understood(const protocol::HttpRequest& request) {
  Asked asked;
  asked.what = request.target.substr(request.target.rfind('/') + 1);
  asked.account = model::AccountId{number(between(request.body, "\"accountId\":"))};
  asked.contract = model::ContractId{std::string(between(request.body, "\"contractId\":\""))};
  asked.order = model::OrderId{number(between(request.body, "\"orderId\":"))};
  asked.size = static_cast<int>(number(between(request.body, "\"size\":")));
  return asked;
}

bool trades(const Asked& asked) {
  return asked.what == "closeContract" || asked.what == "partialCloseContract" || asked.what == "cancel" ||
         asked.what == "place" || asked.what == "modify";
}

} // namespace

struct Gateway::Call {
  protocol::HttpRequest http;
  OnReply on_reply;
  Asked asked;
  std::uint64_t process = 0;
  std::int64_t written = 0;
  bool answered = false;
};

Gateway::Gateway(Timeline& timeline, std::uint64_t seed, simulator::WireShape shape, int accounts)
    : core(options_of(seed, shape, accounts), [this] { return timeline_.now(); }),
      api_key(fmt::format("SECRET-KEY-{}", seed)),
      on_asked([](const Asked&) {}),
      timeline_(timeline),
      seed_(seed),
      frame_luck_(seed, "frames") {}

Random& Gateway::luck(std::int64_t account) {
  return luck_.try_emplace(account, Random(seed_, "requests", account)).first->second;
}

const Gateway::Active* Gateway::active(FaultKind kind, std::int64_t account) const {
  for (const auto& one : active_) {
    const bool concerned = one.fault.account == 0 || account == 0 || one.fault.account == account;
    if (one.fault.kind == kind && one.until > timeline_.now() && concerned) return &one;
  }
  return nullptr;
}

const Gateway::Active* Gateway::strikes(FaultKind kind, std::int64_t account) {
  const Active* one = active(kind, account);
  if (one == nullptr || !luck(account).chance(one->fault.amount)) return nullptr;
  ++faults_met;
  ++met[std::string(to_string(kind))];
  return one;
}

bool Gateway::reachable() const {
  return std::none_of(active_.begin(), active_.end(), [&](const Active& one) {
    return one.until > timeline_.now() &&
           (one.fault.kind <= FaultKind::outsider || one.fault.kind == FaultKind::maintenance);
  });
}

void Gateway::begin(const Fault& fault) {
  std::erase_if(active_, [&](const Active& one) { return one.until <= timeline_.now(); });
  active_.push_back({fault, timeline_.now() + fault.lasts});
  switch (fault.kind) {
  case FaultKind::outsider:
    outsider_seen = true;
    for (std::int64_t i = 0; i < fault.amount; ++i) window_.push_back(timeline_.now());
    break;
  case FaultKind::position_lag: {
    simulator::Fault lag;
    lag.kind = simulator::FaultKind::position_lag;
    lag.duration = std::chrono::milliseconds{fault.amount * 8};
    (void)core.inject(lag);
    timeline_.after(fault.lasts, [this] { core.faults().clear(); });
    break;
  }
  case FaultKind::hub_drop: core.hubs().drop("user", false, std::nullopt, std::nullopt); break;
  case FaultKind::hub_close: core.hubs().drop("user", true, std::nullopt, fault.amount < 70); break;
  case FaultKind::hub_freeze:
    core.hubs().stall("user");
    frozen_ = connection_ != nullptr;
    break;
  case FaultKind::maintenance: core.hubs().drop("user", false, std::nullopt, std::nullopt); break;
  case FaultKind::expire_tokens: core.tokens().expire_all(); break;
  case FaultKind::garbage: talk_rubbish(); break;
  default: break;
  }
}

void Gateway::cut() {
  ++process_;
  ++link_;
  connection_ = nullptr;
  frozen_ = false;
  hub_ = {};
}

void Gateway::send(protocol::HttpRequest request, OnReply on_reply) {
  const auto call = std::make_shared<Call>();
  call->asked = understood(request);
  call->asked.number = ++requests;
  call->http = std::move(request);
  call->on_reply = std::move(on_reply);
  call->process = process_;
  call->written = timeline_.nanos();
  const auto lane = call->asked.account.value;
  fail(call, call->http.timeout, "no reply in time", true);
  timeline_.after(Duration{luck(lane).draw(1'000, 25'000)}, [this, call] { arrive(call); });
}

void Gateway::answer(const CallPtr& call, Duration pause, Outcome outcome) {
  timeline_.after(pause, [this, call, outcome = std::move(outcome)]() mutable {
    if (call->process != process_ || std::exchange(call->answered, true)) return;
    if (outcome) outcome->received = timeline_.nanos();
    call->on_reply(std::move(outcome));
  });
}

void Gateway::fail(const CallPtr& call, Duration pause, const char* why, bool may_have_arrived) {
  answer(call, pause, HttpFailure{{Errc::io, why}, may_have_arrived, may_have_arrived ? call->written : 0});
}

bool Gateway::over_limit() {
  const auto old = [&](const auto at) { return at + 60s <= timeline_.now(); };
  while (!window_.empty() && old(window_.front())) window_.pop_front();
  while (!own_window_.empty() && old(own_window_.front())) own_window_.pop_front();
  own_window_.push_back(timeline_.now());
  own_in_window = own_window_.size();
  if (window_.size() < 200) {
    window_.push_back(timeline_.now());
    return false;
  }
  ++refused_429;
  ++met["429 by the limit"];
  return true;
}

/// An answer that tells nothing of what was asked, and prevents it.
std::optional<HttpReply> Gateway::spoiled(const CallPtr& call) {
  const auto account = call->asked.account.value;
  HttpReply reply;
  reply.server_time = std::chrono::floor<std::chrono::seconds>(timeline_.now());
  reply.written = call->written;
  if (over_limit() || strikes(FaultKind::status_429, account) != nullptr) {
    reply.status = 429;
    if (luck(account).chance(50)) reply.retry_after = std::chrono::seconds{luck(account).draw(1, 5)};
  } else if (closed_for_maintenance()) {
    reply.status = 503, ++met["503 in maintenance"];
  } else if (strikes(FaultKind::status_500, account) != nullptr) {
    constexpr std::array statuses = {500, 502, 503, 504, 408};
    reply.status = statuses[static_cast<std::size_t>(luck(account).draw(0, 4))];
  } else if (strikes(FaultKind::unauthorized, account) != nullptr) {
    reply.status = 401;
  } else if (strikes(FaultKind::html, account) != nullptr) {
    reply.status = 200, reply.body = luck(account).chance(50) ? "<html>Just a moment...</html>" : "";
  } else if (trades(call->asked) && strikes(FaultKind::refused, account) != nullptr) {
    reply.status = 200;
    reply.body = fmt::format(R"({{"success":false,"errorCode":{},"errorMessage":"not now"}})",
                             luck(account).draw(1, 9));
  } else {
    return std::nullopt;
  }
  return reply;
}

void Gateway::arrive(const CallPtr& call) {
  const auto account = call->asked.account.value;
  if (strikes(FaultKind::never_arrives, account) != nullptr)
    return fail(call, 5ms, "connection refused", false);
  if (strikes(FaultKind::lost_before, account) != nullptr) return fail(call, 5ms, "connection reset", true);
  if (auto reply = spoiled(call)) {
    Asked asked = call->asked;
    asked.before = core.book().quantity(asked.account, asked.contract);
    note(asked, reply->status);
    return answer(call, Duration{luck(account).draw(1'000, 25'000)}, std::move(*reply));
  }
  if (trades(call->asked) && strikes(FaultKind::late_effect, account) != nullptr) {
    timeline_.after(Duration{luck(account).draw(10'000, 800'000)}, [this, call] { perform(call); });
  } else {
    perform(call);
  }
}

void Gateway::perform(const CallPtr& call) {
  Asked asked = call->asked;
  const auto account = asked.account.value;
  asked.before = core.book().quantity(asked.account, asked.contract);
  const auto done = rest_.handle(
      {call->http.method, call->http.target, {}, call->http.bearer, call->http.body, timeline_.nanos()});
  note(asked, done.answer.status);
  HttpReply reply;
  reply.status = done.answer.status;
  reply.body = done.answer.body;
  reply.server_time = std::chrono::floor<std::chrono::seconds>(timeline_.now());
  reply.written = call->written;
  if (strikes(FaultKind::lost_after, account) != nullptr) return fail(call, 5ms, "connection reset", true);
  const bool slow = strikes(FaultKind::slow_reply, account) != nullptr;
  answer(call, Duration{slow ? luck(account).draw(200'000, 8'000'000) : luck(account).draw(1'000, 25'000)},
         std::move(reply));
}

void Gateway::note(Asked asked, int status) {
  if (!trades(asked)) return;
  asked.at = timeline_.now();
  asked.status = status;
  asked.after = core.book().quantity(asked.account, asked.contract);
  on_asked(asked);
}

} // namespace bulkhead::simulation
