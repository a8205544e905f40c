// The outgoing half of a connection: what the hub session and the token lifecycle ask for.

#include "actors/connection_worker.hpp"
#include "actors/scheduler/asio_scheduler.hpp"
#include "actors/text.hpp"
#include "protocol/projectx/error_codes.hpp"
#include "protocol/projectx/requests.hpp"
#include "protocol/projectx/responses.hpp"

#include <fmt/format.h>

namespace bulkhead::actors {

namespace signalr = protocol::signalr;
namespace projectx = protocol::projectx;
using model::Alert;
using protocol::TokenAction;

namespace {

constexpr std::uint64_t login_tag = 1;
constexpr std::uint64_t validate_tag = 2;

/// Characters a JWT or a connection token may hold need no escape; anything else is percent-encoded.
std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                       (byte >= '0' && byte <= '9') || c == '-' || c == '_' || c == '.' || c == '~';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return out;
}

} // namespace

void ConnectionWorker::perform(const signalr::Actions& actions) {
  for (const auto& action : actions) std::visit([this](const auto& a) { act(a); }, action);
}

void ConnectionWorker::act(const signalr::Negotiate&) {
  // Sessions are made with skip_negotiation, which the gateway documents; nothing asks for this.
  perform(self_->state.session->on_negotiate_failed(0, now()));
}

void ConnectionWorker::act(const signalr::OpenSocket&) {
  const auto socket = ++self_->state.socket;
  const auto me = caf::actor_cast<connection_actor>(self_);
  const std::string token = deps_.sender->token();
  if (token.empty()) {
    self_->send(self_, SocketClosed{socket, {model::Errc::unauthorized, "no access token yet"}});
    return;
  }
  protocol::WebsocketTransport::Handlers handlers;
  handlers.on_open = [=] { caf::anon_send(me, SocketOpened{socket}); };
  handlers.on_message = [=](std::string_view bytes, MonotonicNanos received) {
    const Burst burst(me->home_system()); // the answer to the frame leaves before this handler returns
    caf::anon_send(me, FrameReceived{socket, std::string(bytes), received});
  };
  handlers.on_closed = [=](const model::Error& why) { caf::anon_send(me, SocketClosed{socket, why}); };
  const char separator = config_.endpoint.path.find('?') == std::string::npos ? '?' : '&';
  deps_.socket->open(
      config_.endpoint,
      fmt::format("{}{}access_token={}", config_.endpoint.path, separator, percent_encoded(token)),
      std::move(handlers));
}

void ConnectionWorker::act(const signalr::SendText& action) { deps_.socket->send(action.text); }
void ConnectionWorker::act(const signalr::CloseSocket&) { deps_.socket->close(); }
void ConnectionWorker::act(const signalr::Connected&) {}
void ConnectionWorker::act(const signalr::ReconnectAt&) {}

void ConnectionWorker::act(const signalr::Subscribed&) { set_streaming(true); }

void ConnectionWorker::act(const signalr::SubscriptionFailed& action) {
  alert(Alert::Severity::critical, "subscription-failed",
        fmt::format("{} {}: {}", action.target, escaped(action.arguments), escaped(action.error)));
}

void ConnectionWorker::act(const signalr::Lost& action) {
  set_streaming(false);
  const char* hub = is_user() ? "user hub" : "market hub";
  const char* hint = action.another_session ? "; another session with the same login?" : "";
  alert(action.was_connected ? Alert::Severity::critical : Alert::Severity::warning, "stream-lost",
        fmt::format("{} of {}: {}{}", hub, config_.credential.value, escaped(action.reason), hint));
}

void ConnectionWorker::act(const signalr::ProtocolFault& action) {
  self_->send(deps_.reconciler, StreamDoubted{config_.credential, escaped(action.text)});
}

protocol::RestTransport::OnReply ConnectionWorker::reply_to_self(std::uint64_t tag) const {
  return [me = caf::actor_cast<connection_actor>(self_), tag](protocol::RestTransport::Outcome outcome) {
    if (outcome) {
      caf::anon_send(me, ReplyReceived{tag, std::move(*outcome)});
    } else {
      caf::anon_send(me, ReplyReceived{tag, outcome.error()});
    }
  };
}

void ConnectionWorker::perform(TokenAction action) {
  switch (action) {
  case TokenAction::none: break;
  case TokenAction::login:
    deps_.sender->send_login(projectx::login_key({}, config_.username, config_.api_key),
                             reply_to_self(login_tag));
    break;
  case TokenAction::validate: {
    const auto token = self_->state.token->token(now());
    const projectx::Caller caller{{}, std::string(token.value_or(""))};
    deps_.sender->send_login(projectx::validate(caller), reply_to_self(validate_tag));
    break;
  }
  }
  arm();
}

void ConnectionWorker::on_token_refused(std::uint64_t generation) {
  if (is_user()) perform(self_->state.token->on_unauthorized(generation, now()));
}

void ConnectionWorker::on_token_reply(const ReplyReceived& message) {
  const auto before = self_->state.token->generation();
  message.tag == login_tag ? take_login(message.outcome) : take_validation(message.outcome);
  if (self_->state.token->generation() != before) publish_token();
  arm();
}

void ConnectionWorker::take_login(const std::variant<protocol::HttpReply, protocol::HttpFailure>& outcome) {
  auto& token = *self_->state.token;
  if (const auto* failure = std::get_if<protocol::HttpFailure>(&outcome)) {
    token.on_login_failed(failure->error.message(), now());
    alert(Alert::Severity::critical, "login-failed",
          fmt::format("{}: {}; trying again", config_.credential.value, escaped(failure->error.message())));
    return;
  }
  const auto& reply = std::get<protocol::HttpReply>(outcome);
  auto fresh = projectx::read_token(reply);
  if (fresh) return token.on_login_ok(std::move(*fresh), now());
  const auto answer = projectx::classify(projectx::Endpoint::login_key, reply.status, reply.body);
  if (answer.code != 0) {
    token.on_login_rejected(static_cast<int>(answer.code), answer.message, now());
  } else {
    token.on_login_failed(fresh.error().message(), now(), reply.retry_after);
  }
  alert(Alert::Severity::critical,
        token.state() == protocol::TokenState::refused ? "login-refused" : "login-failed",
        fmt::format("{}: {}", config_.credential.value, escaped(token.reason())));
}

void ConnectionWorker::take_validation(
    const std::variant<protocol::HttpReply, protocol::HttpFailure>& outcome) {
  auto& token = *self_->state.token;
  if (const auto* failure = std::get_if<protocol::HttpFailure>(&outcome)) {
    return perform(token.on_validate_failed(failure->error.message(), now()));
  }
  const auto& reply = std::get<protocol::HttpReply>(outcome);
  auto fresh = projectx::read_new_token(reply);
  if (fresh) return perform(token.on_validated(fresh->value_or(""), now()));
  if (fresh.error().code() == model::Errc::unauthorized) {
    return perform(token.on_unauthorized(token.generation(), now()));
  }
  perform(token.on_validate_failed(fresh.error().message(), now()));
}

void ConnectionWorker::publish_token() {
  auto& state = self_->state;
  deps_.sender->set_token(std::string(state.token->token(now()).value_or("")), state.token->generation());
  if (!state.started) return start_session();
  // The hubs check a token when they are opened; what they do when it ends is unknown, so they get the new
  // one at once.
  perform(state.session->reconnect("the access token was renewed", now()));
}

} // namespace bulkhead::actors
