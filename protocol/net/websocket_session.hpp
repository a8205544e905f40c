#pragma once
// One websocket from open() to on_closed; a new one for each open(), so that nothing late from an old
// connection can be mistaken for the new. Made and owned by BeastWebsocketTransport; io thread only. A read
// is always pending, because Beast answers pings only then.

#include "protocol/net/callback_gate.hpp"
#include "protocol/net/connector.hpp"
#include "protocol/net/framed_stream.hpp"
#include "protocol/net/websocket_transport.hpp"
#include "protocol/transport.hpp"

#include <atomic>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <deque>
#include <memory>
#include <optional>
#include <string>

namespace bulkhead::protocol::net {

class WebsocketSession : public std::enable_shared_from_this<WebsocketSession> {
public:
  /// What outlives a session and is shared by the sessions of one transport.
  struct Shared {
    CallbackGate gate;
    std::atomic<bool> busy{false};       // a session exists: set by open(), cleared just before on_closed
    std::atomic<std::size_t> queued{0};  // messages between send() and the socket
    std::atomic<bool> overflowed{false}; // the end with Errc::full is on its way
    std::shared_ptr<AddressCache> addresses = std::make_shared<AddressCache>();
  };

  WebsocketSession(asio::io_context& io, std::shared_ptr<Shared> shared, WebsocketLimits limits,
                   WebsocketTransport::Handlers handlers);
  void start(const Endpoint& where, std::string target, TlsContext tls);
  /// Counted in Shared::queued by the caller already.
  void send(std::string text);
  /// The closing handshake, dropped after limits.close_timeout; at once when not open yet.
  void close();
  /// Ends at once: on_closed(why), from inside this call.
  void finish(model::Error why);
  /// Ends at once without on_closed: the transport is being destroyed.
  void abandon();

private:
  using Websocket =
      boost::beast::websocket::stream<FramedStream, false>; // false: no compression, not even its code
  enum class State { connecting, open, closing, closed };

  void on_connected(model::Result<Stream> stream);
  void on_handshake(error_code ec);
  void read();
  void on_read(error_code ec);
  void take_message();
  void take(std::string_view bytes);
  /// Hands over once nothing has come for so many turns of the event loop. A message of which Beast has read
  /// a part takes two to come, one for each read.
  void look_for_more(int looks = 3);
  void hand_over();
  void write();
  void on_written(error_code ec);
  void arm_timer(Connector::Clock::time_point at, std::string what);
  void fail(error_code ec, std::string_view what);
  void drop_queue() noexcept;
  void release();

  asio::io_context& io_;
  std::shared_ptr<Shared> shared_;
  WebsocketLimits limits_;
  WebsocketTransport::Handlers handlers_;
  State state_ = State::connecting;
  Connector::Clock::time_point deadline_{};
  asio::basic_waitable_timer<Connector::Clock, asio::wait_traits<Connector::Clock>, Stream::executor_type>
      timer_;
  std::shared_ptr<Connector> connector_;
  std::string host_;   // for the Host header
  std::string target_; // holds the access token: never part of a message
  std::optional<Websocket> websocket_;
  boost::beast::websocket::response_type response_;
  boost::beast::flat_buffer buffer_;
  std::deque<std::string> queue_; // the front is being written
  std::string gathered_;
  std::optional<MonotonicNanos> gathering_since_;
  bool looking_ = false;
};

} // namespace bulkhead::protocol::net
