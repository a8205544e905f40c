// The connected half of HubSession: what arrives on the socket, the keep-alive and the subscriptions.

#include "protocol/signalr/handshake.hpp"
#include "protocol/signalr/message_writer.hpp"
#include "protocol/signalr/session.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::protocol::signalr {
namespace {

/// Words of the gateway, short enough for a log line.
std::string_view clipped(std::string_view words) { return words.substr(0, 300); }

} // namespace

Actions HubSession::on_bytes(std::string_view bytes, model::Instant now) {
  Actions out;
  if (state_ < HubState::handshaking) return out; // given up already
  // After a suspend of the machine they may have lain in the socket since before it: they count, but are no
  // sign of life.
  const bool late = silent_too_long(now);
  counters_.bytes += bytes.size();
  if (!late) last_received_ = now;
  fault_reported_ = false;
  const auto fed = splitter_.append(bytes, [&](const Record& record) {
    on_record(record, now, out);
    return state_ >= HubState::handshaking;
  });
  if (!fed) {
    ++counters_.protocol_errors;
    lose({fed.error().message(), EndedBy::us, true}, now, out);
  }
  if (late && connected()) lose_for_silence(now, out);
  return out;
}

void HubSession::on_record(const Record& record, model::Instant now, Actions& out) {
  ++counters_.records;
  if (state_ == HubState::handshaking) return on_handshake(record.text, now, out);
  const auto message = parser_.parse(record);
  if (message) {
    std::visit([&](const auto& m) { on_message(m, now, out); }, *message);
    return;
  }
  ++counters_.protocol_errors;
  // What is no JSON leaves the framing itself in doubt; a JSON object of an odd shape costs that one message
  // only.
  if (message.error().code() == model::Errc::malformed) {
    lose({message.error().message(), EndedBy::us, true}, now, out);
  } else if (!fault_reported_) {
    fault_reported_ = true;
    out.push_back(ProtocolFault{std::string(clipped(message.error().message()))});
  }
}

void HubSession::on_handshake(std::string_view record, model::Instant now, Actions& out) {
  if (const auto accepted = parse_handshake_answer(record); !accepted) {
    if (accepted.error().code() == model::Errc::malformed) ++counters_.protocol_errors;
    lose({std::string(clipped(accepted.error().message())), EndedBy::us, true}, now, out);
    return;
  }
  ++counters_.connections;
  connected_at_ = now;
  state_ = HubState::subscribing;
  out.push_back(Connected{});
  subscriptions_.on_connected();
  advance_subscriptions(now, out);
}

void HubSession::on_message(const Invocation& m, model::Instant now, Actions& out) {
  ++counters_.events;
  sink_(m.target, m.arguments);
  // The caller waits for a result nobody here can give; without an answer it would wait for ever.
  if (m.invocation_id) send(encode_completion(*m.invocation_id, "Client has no result to give."), now, out);
}

void HubSession::on_message(const Completion& m, model::Instant now, Actions& out) {
  const auto error = m.error ? std::optional(clipped(*m.error)) : std::nullopt;
  switch (subscriptions_.on_completion(m.invocation_id, error, now, out)) {
  case Subscriptions::Outcome::confirmed: return advance_subscriptions(now, out);
  case Subscriptions::Outcome::refused: return;
  case Subscriptions::Outcome::unknown_id: ++counters_.unknown_completions; return;
  }
}

void HubSession::on_message(const Ping&, model::Instant, Actions&) {}

void HubSession::on_message(const Close& m, model::Instant now, Actions& out) {
  auto reason = m.error ? fmt::format("closed by the server: {}", clipped(*m.error)) : "closed by the server";
  if (!m.allow_reconnect) reason += "; it does not want us to reconnect";
  lose({std::move(reason), EndedBy::peer, m.allow_reconnect}, now, out);
}

void HubSession::on_message(const Ignored&, model::Instant, Actions&) { ++counters_.ignored_types; }
void HubSession::on_message(const Unknown&, model::Instant, Actions&) { ++counters_.unknown_types; }

void HubSession::advance_subscriptions(model::Instant now, Actions& out) {
  if (subscriptions_.advance(now, out)) last_sent_ = now;
  const bool complete = subscriptions_.all_confirmed();
  if (complete && state_ == HubState::subscribing) out.push_back(Subscribed{});
  state_ = complete ? HubState::live : HubState::subscribing;
}

bool HubSession::silent_too_long(model::Instant now) const {
  return connected() && now - last_received_ >= config_.server_timeout;
}

void HubSession::lose_for_silence(model::Instant now, Actions& out) {
  lose({"nothing received from the server for too long", EndedBy::us, true}, now, out);
}

Actions HubSession::on_timer(model::Instant now) {
  Actions out;
  switch (state_) {
  case HubState::stopped: return out;
  case HubState::pausing:
    if (now >= due_ && !socket_busy_) connect(now, out);
    return out;
  case HubState::negotiating:
    if (now >= due_) lose({"no answer to negotiate in time", EndedBy::us, true}, now, out);
    return out;
  case HubState::opening:
    if (now >= due_) lose({"the connection did not open in time", EndedBy::us, true}, now, out);
    return out;
  case HubState::handshaking:
    if (now >= due_) lose({"no answer to the handshake in time", EndedBy::us, true}, now, out);
    return out;
  case HubState::subscribing:
  case HubState::live: break;
  }
  if (silent_too_long(now)) {
    lose_for_silence(now, out);
    return out;
  }
  advance_subscriptions(now, out);
  if (now - last_sent_ >= config_.ping_interval) send(encode_ping(), now, out);
  return out;
}

std::optional<model::Instant> HubSession::next_timer() const {
  switch (state_) {
  case HubState::stopped: return std::nullopt;
  case HubState::pausing: return socket_busy_ ? std::nullopt : std::optional(due_);
  case HubState::negotiating:
  case HubState::opening:
  case HubState::handshaking: return due_;
  case HubState::subscribing:
  case HubState::live: break;
  }
  auto next = std::min(last_received_ + config_.server_timeout, last_sent_ + config_.ping_interval);
  if (const auto subscription = subscriptions_.next_timer()) next = std::min(next, *subscription);
  return next;
}

Actions HubSession::add_subscription(std::string key, std::string target, std::string arguments,
                                     model::Instant now) {
  Actions out;
  if (!subscriptions_.add(std::move(key), target, arguments)) {
    out.push_back(SubscriptionFailed{std::move(target), std::move(arguments), "too many subscriptions", {}});
  } else if (connected()) {
    advance_subscriptions(now, out);
  }
  return out;
}

Actions HubSession::remove_subscription(std::string_view key, std::string_view target,
                                        std::string_view arguments, model::Instant now) {
  Actions out;
  if (!subscriptions_.remove(key) || !connected()) return out;
  send(encode_invocation(target, arguments), now, out);
  advance_subscriptions(now, out);
  return out;
}

} // namespace bulkhead::protocol::signalr
