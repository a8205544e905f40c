#pragma once
// The socket of a hub connection: moves websocket messages between the wire and a HubConnection and keeps its
// clock. Keeps itself alive by its pending operations; io thread only.

#include "protocol/net/stream.hpp"
#include "simulator/hub_connection.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <memory>

namespace bulkhead::simulator {

class HubSession : public std::enable_shared_from_this<HubSession> {
public:
  using Upgrade = boost::beast::http::request<boost::beast::http::string_body>;
  HubSession(boost::asio::io_context& io, protocol::net::Stream stream,
             std::shared_ptr<HubConnection> connection, std::chrono::milliseconds tick,
             std::shared_ptr<int> slot);
  void start(Upgrade request);

private:
  using error_code = boost::system::error_code;
  void on_open(error_code ec);
  void read();
  void on_message(error_code ec);
  void pump();
  void cut();
  void arm_tick();

  boost::beast::websocket::stream<protocol::net::Stream> socket_;
  std::shared_ptr<HubConnection> connection_;
  std::chrono::milliseconds tick_;
  std::shared_ptr<int> slot_;
  boost::asio::steady_timer timer_;
  boost::beast::flat_buffer buffer_;
  std::string writing_;
  bool open_ = false;
  bool busy_ = false; // a write or the closing handshake is under way
  bool closed_ = false;
};

} // namespace bulkhead::simulator
