#include "protocol/signalr/session.hpp"

#include "protocol/signalr/handshake.hpp"
#include "protocol/signalr/message_writer.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::protocol::signalr {
namespace {
using std::chrono::seconds;
constexpr int most_redirects = 10;

Backoff reconnect_delays(const SessionConfig& c) {
  return Backoff({seconds{0}, seconds{2}, seconds{10}, seconds{30}, seconds{60}}, c.seed, c.jitter_percent);
}
Backoff resubscribe_delays(const SessionConfig& c) {
  return Backoff({seconds{2}, seconds{5}, seconds{10}, seconds{30}, seconds{60}}, c.seed, c.jitter_percent);
}
} // namespace

std::string_view to_string(HubState state) noexcept {
  switch (state) {
  case HubState::stopped: return "stopped";
  case HubState::pausing: return "pausing";
  case HubState::negotiating: return "negotiating";
  case HubState::opening: return "opening";
  case HubState::handshaking: return "handshaking";
  case HubState::subscribing: return "subscribing";
  case HubState::live: return "live";
  }
  return "unknown";
}

HubSession::HubSession(SessionConfig config, EventSink sink)
    : config_(config),
      sink_(std::move(sink)),
      backoff_(reconnect_delays(config)),
      subscriptions_(resubscribe_delays(config), config.subscribe_timeout),
      splitter_(config.record_limit) {}

Actions HubSession::start(model::Instant now) {
  Actions out;
  if (state_ != HubState::stopped) return out;
  backoff_.reset();
  quick_drops_ = 0;
  connect(now, out);
  return out;
}

Actions HubSession::stop(model::Instant now) {
  Actions out;
  if (connected()) send(encode_close(), now, out);
  close_socket(out);
  state_ = HubState::stopped;
  return out;
}

Actions HubSession::reconnect(std::string_view why, model::Instant now) {
  Actions out;
  if (state_ >= HubState::handshaking) lose({std::string(why), EndedBy::us, true}, now, out);
  return out;
}

void HubSession::connect(model::Instant now, Actions& out) {
  redirects_ = 0;
  redirected_ = {};
  if (socket_busy_) {
    // The transport is still closing the last connection; on_transport_closed() continues here.
    state_ = HubState::pausing;
    due_ = now;
  } else if (config_.skip_negotiation) {
    open({}, now, out);
  } else {
    state_ = HubState::negotiating;
    due_ = now + config_.open_timeout;
    out.push_back(Negotiate{});
  }
}

void HubSession::open(OpenSocket how, model::Instant now, Actions& out) {
  state_ = HubState::opening;
  due_ = now + config_.open_timeout;
  socket_busy_ = true;
  close_asked_ = false;
  out.push_back(std::move(how));
}

void HubSession::close_socket(Actions& out) {
  if (socket_busy_ && !close_asked_) out.push_back(CloseSocket{});
  close_asked_ = socket_busy_;
}

void HubSession::lose(Loss loss, model::Instant now, Actions& out) {
  const bool was_connected = connected();
  if (was_connected && now - connected_at_ >= config_.stable_after) backoff_.reset();
  const bool suspicious = dropped_quickly_again(loss, now);
  if (suspicious) loss.reason += "; dropped again right after connecting: another session with this login?";
  auto pause = backoff_.next();
  if (!loss.allow_reconnect) pause = std::max(pause, config_.unwanted_pause);

  close_socket(out);
  state_ = HubState::pausing;
  due_ = now + pause;
  out.push_back(Lost{std::move(loss.reason), was_connected, loss.allow_reconnect, suspicious});
  out.push_back(ReconnectAt{due_});
}

bool HubSession::dropped_quickly_again(const Loss& loss, model::Instant now) {
  if (!connected() || loss.by != EndedBy::peer) return false;
  quick_drops_ = now - connected_at_ < config_.quick_drop ? quick_drops_ + 1 : 0;
  return quick_drops_ >= 2;
}

void HubSession::send(std::string text, model::Instant now, Actions& out) {
  last_sent_ = now;
  out.push_back(SendText{std::move(text)});
}

Actions HubSession::on_negotiated(std::string_view body, model::Instant now) {
  Actions out;
  if (state_ != HubState::negotiating) return out;
  auto answer = parse_negotiate_answer(body);
  if (!answer) {
    lose({answer.error().message(), EndedBy::us, true}, now, out);
  } else if (answer->url.empty()) {
    redirected_.connection_token = std::move(answer->connection_id);
    open(redirected_, now, out);
  } else if (++redirects_ > most_redirects) {
    lose({"negotiate redirected too often", EndedBy::us, true}, now, out);
  } else {
    redirected_.url = std::move(answer->url);
    if (!answer->access_token.empty()) redirected_.access_token = std::move(answer->access_token);
    due_ = now + config_.open_timeout;
    out.push_back(Negotiate{redirected_.url, redirected_.access_token});
  }
  return out;
}

Actions HubSession::on_negotiate_failed(int http_status, model::Instant now) {
  Actions out;
  if (state_ != HubState::negotiating) return out;
  auto reason = http_status == 0 ? std::string("no answer to negotiate")
                                 : fmt::format("negotiate failed with HTTP {}", http_status);
  lose({std::move(reason), EndedBy::us, true}, now, out);
  return out;
}

Actions HubSession::on_open(model::Instant now) {
  Actions out;
  if (state_ != HubState::opening) return out;
  splitter_.reset();
  state_ = HubState::handshaking;
  due_ = now + config_.handshake_timeout;
  send(encode_handshake(), now, out);
  return out;
}

Actions HubSession::on_transport_closed(const model::Error& why, model::Instant now) {
  Actions out;
  socket_busy_ = false;
  if (state_ >= HubState::opening) {
    lose({why.message(), EndedBy::peer, true}, now, out);
  } else if (state_ == HubState::pausing && due_ <= now) {
    connect(now, out);
  }
  return out;
}

} // namespace bulkhead::protocol::signalr
