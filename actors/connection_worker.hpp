#pragma once
// The inside of a connection actor: performs the actions of the HubSession and of the TokenLifecycle. Lives
// in the behaviour of its actor and is called in its turns only.

#include "actors/connection.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace bulkhead::actors {

class ConnectionWorker {
public:
  using Self = connection_actor::stateful_pointer<ConnectionState>;

  ConnectionWorker(Self self, ConnectionConfig config, ConnectionDeps deps);

  void begin();
  void end();
  void on_opened(const SocketOpened& message);
  void on_frame(const FrameReceived& message);
  void on_closed(const SocketClosed& message);
  void on_token_reply(const ReplyReceived& message);
  void on_token_refused(std::uint64_t generation);
  void watch(const std::set<model::ContractId>& contracts);
  void on_timer(const TimerCame& message);

  void subscribe_account(model::AccountId account);

private:
  void perform(const protocol::signalr::Actions& actions);
  void act(const protocol::signalr::Negotiate& action);
  void act(const protocol::signalr::OpenSocket& action);
  void act(const protocol::signalr::SendText& action);
  void act(const protocol::signalr::CloseSocket& action);
  void act(const protocol::signalr::Connected& action);
  void act(const protocol::signalr::Subscribed& action);
  void act(const protocol::signalr::SubscriptionFailed& action);
  void act(const protocol::signalr::Lost& action);
  void act(const protocol::signalr::ReconnectAt& action);
  void act(const protocol::signalr::ProtocolFault& action);

  void perform(protocol::TokenAction action);
  void publish_token();
  void take_login(const std::variant<protocol::HttpReply, protocol::HttpFailure>& outcome);
  void take_validation(const std::variant<protocol::HttpReply, protocol::HttpFailure>& outcome);
  void start_session();
  void unsubscribe_left();
  void end_of_session();
  void subscribe(std::string key, std::string_view method, std::string arguments);
  void decode(std::string_view target, protocol::PaddedJson arguments);
  void forward();
  void arm();
  void set_streaming(bool streaming);
  void alert(model::Alert::Severity severity, std::string code, std::string text);
  [[nodiscard]] bool is_user() const noexcept { return config_.hub == Hub::user; }
  [[nodiscard]] model::Instant now() const { return deps_.clock->now(); }
  [[nodiscard]] protocol::RestTransport::OnReply reply_to_self(std::uint64_t tag) const;

  Self self_;
  ConnectionConfig config_;
  ConnectionDeps deps_;
};

} // namespace bulkhead::actors
