#include "actors/connection_worker.hpp"

#include "actors/text.hpp"
#include "protocol/projectx/names.hpp"

#include <fmt/format.h>
#include <utility>

namespace bulkhead::actors {

namespace signalr = protocol::signalr;
namespace projectx = protocol::projectx;
using model::Alert;

namespace {
constexpr model::Duration quotes_stay_for = std::chrono::seconds{60}; // rules.md 3.7
constexpr std::size_t small_record = 256; // with an event; room is made for as many as a frame may hold
} // namespace

ConnectionWorker::ConnectionWorker(Self self, ConnectionConfig config, ConnectionDeps deps)
    : self_(self), config_(std::move(config)), deps_(std::move(deps)) {}

void ConnectionWorker::begin() {
  auto& state = self_->state;
  signalr::SessionConfig session;
  session.seed = config_.seed;
  state.session.emplace(session, [this](std::string_view target, protocol::PaddedJson arguments) {
    decode(target, arguments);
  });
  if (!is_user()) return; // the market hub starts with the first contract that is watched
  state.token.emplace(config_.seed);
  deps_.sender->on_unauthorized([me = caf::actor_cast<caf::weak_actor_ptr>(self_)](std::uint64_t generation) {
    if (const auto strong = me.lock()) {
      caf::anon_send(caf::actor_cast<connection_actor>(strong), TokenRefused{generation});
    }
  });
  subscribe("accounts", projectx::hub_method::subscribe_accounts, "[]");
  for (const auto account : config_.accounts) subscribe_account(account);
  perform(state.token->start(now()));
}

void ConnectionWorker::subscribe(std::string key, std::string_view method, std::string arguments) {
  perform(self_->state.session->add_subscription(std::move(key), std::string(method), std::move(arguments),
                                                 now()));
}

void ConnectionWorker::subscribe_account(model::AccountId account) {
  const auto arguments = fmt::format("[{}]", account.value);
  subscribe(fmt::format("orders {}", account.value), projectx::hub_method::subscribe_orders, arguments);
  subscribe(fmt::format("positions {}", account.value), projectx::hub_method::subscribe_positions, arguments);
  subscribe(fmt::format("fills {}", account.value), projectx::hub_method::subscribe_trades, arguments);
  arm();
}

void ConnectionWorker::start_session() {
  if (self_->state.started) return;
  self_->state.started = true;
  perform(self_->state.session->start(now()));
}

void ConnectionWorker::end() {
  perform(self_->state.session->stop(now()));
  deps_.sender->on_unauthorized(nullptr);
}

void ConnectionWorker::watch(const std::set<model::ContractId>& contracts) {
  auto& watched = self_->state.watched;
  auto& leaving = self_->state.leaving;
  for (const auto& gone : watched) {
    if (!contracts.contains(gone)) leaving.emplace(gone, now() + quotes_stay_for);
  }
  for (const auto& contract : contracts) {
    if (leaving.erase(contract) > 0 || watched.contains(contract)) continue;
    perform(self_->state.session->add_subscription(contract.value,
                                                   std::string(projectx::hub_method::subscribe_quotes),
                                                   json_array(contract.value), now()));
  }
  watched = contracts;
  if (!watched.empty()) start_session();
  arm();
}

/// A trader who closes a position is often back in it within seconds.
void ConnectionWorker::unsubscribe_left() {
  auto& leaving = self_->state.leaving;
  for (auto it = leaving.begin(); it != leaving.end();) {
    const auto& [contract, until] = *it;
    if (until > now()) {
      ++it;
      continue;
    }
    perform(self_->state.session->remove_subscription(
        contract.value, projectx::hub_method::unsubscribe_quotes, json_array(contract.value), now()));
    it = leaving.erase(it);
  }
}

void ConnectionWorker::on_opened(const SocketOpened& message) {
  if (message.socket != self_->state.socket) return;
  perform(self_->state.session->on_open(now()));
  arm();
}

void ConnectionWorker::on_frame(const FrameReceived& message) {
  if (message.socket != self_->state.socket) return;
  self_->state.frame_received = message.received;
  self_->state.frame_at = now();
  self_->state.decoded.reserve(message.bytes.size() / small_record + 1);
  const auto actions = self_->state.session->on_bytes(message.bytes, self_->state.frame_at);
  forward(); // what the frame said goes on its way before anything else
  if (std::exchange(self_->state.logged_out, false)) return end_of_session();
  if (actions.empty()) return;
  perform(actions);
  arm();
}

void ConnectionWorker::end_of_session() {
  if (is_user()) perform(self_->state.token->on_unauthorized(self_->state.token->generation(), now()));
  perform(self_->state.session->reconnect("the gateway ended the session", now()));
  arm();
}

void ConnectionWorker::on_closed(const SocketClosed& message) {
  if (message.socket != self_->state.socket) return;
  if (message.why.code() == model::Errc::unauthorized && is_user()) {
    perform(self_->state.token->on_unauthorized(self_->state.token->generation(), now()));
  }
  perform(self_->state.session->on_transport_closed(message.why, now()));
  arm();
}

void ConnectionWorker::on_timer(const TimerCame& message) {
  if (!self_->state.timer.take(message)) return;
  if (is_user()) perform(self_->state.token->on_timer(now()));
  perform(self_->state.session->on_timer(now()));
  unsubscribe_left();
  arm();
}

void ConnectionWorker::arm() {
  auto next = self_->state.session->next_timer();
  if (is_user()) {
    const auto token = self_->state.token->next_timer();
    if (token && (!next || *token < *next)) next = token;
  }
  for (const auto& [contract, until] : self_->state.leaving) {
    if (!next || until < *next) next = until;
  }
  self_->state.timer.arm(self_, next, now());
}

void ConnectionWorker::decode(std::string_view target, protocol::PaddedJson arguments) {
  auto& state = self_->state;
  struct Sink {
    ConnectionWorker* worker;
    void operator()(model::Payload&& payload) const {
      auto& inner = worker->self_->state;
      inner.decoded.push_back({inner.frame_at, inner.frame_received, std::move(payload)});
    }
    void operator()(projectx::DecodeProblem&& problem) const {
      ++worker->self_->state.undecodable;
      worker->self_->send(worker->deps_.reconciler,
                          StreamDoubted{worker->config_.credential,
                                        fmt::format("undecodable event: {}", escaped(problem.reason))});
    }
  };
  const auto event = state.decoder.decode_event(target, arguments, Sink{this});
  if (event == projectx::HubEvent::logout) {
    state.logged_out = true;
    alert(Alert::Severity::warning, "gateway-logout", "the gateway logged us out: logging in again");
  }
}

void ConnectionWorker::forward() {
  auto& decoded = self_->state.decoded;
  if (decoded.empty()) return;
  self_->send(deps_.router, HubEventsReceived{std::move(decoded)});
  decoded = {};
}

void ConnectionWorker::set_streaming(bool streaming) {
  if (streaming == self_->state.streaming || !is_user()) return;
  self_->state.streaming = streaming;
  if (streaming && self_->state.interrupted)
    alert(Alert::Severity::info, "stream-restored", fmt::format("user hub of {}", config_.credential.value));
  self_->state.interrupted = !streaming;
  self_->send(deps_.router, StreamChanged{config_.credential, streaming});
  self_->send(deps_.reconciler, StreamChanged{config_.credential, streaming});
}

void ConnectionWorker::alert(Alert::Severity severity, std::string code, std::string text) {
  self_->send(deps_.notifier,
              Activity{{}, now(), "connection", {}, true, Alert{severity, std::move(code), std::move(text)}});
}

} // namespace bulkhead::actors
