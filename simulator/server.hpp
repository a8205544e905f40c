#pragma once
// One listening loopback port: HTTP/1.1 with keep-alive, websocket upgrades, plain or TLS. It knows no
// endpoint; the service behind it does. Owned by SimulatedGateway, io thread only after listen(). At most
// 1024 connections per port; further ones are closed at once. Request bodies above 1 MiB end the connection.

#include "protocol/net/stream.hpp"
#include "simulator/http.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace bulkhead::simulator {

class Server {
public:
  using TlsContext = std::shared_ptr<boost::asio::ssl::context>;
  /// Plain without `tls`. The service must outlive every handler of `io`.
  Server(boost::asio::io_context& io, HttpService service, TlsContext tls);
  /// Binds 127.0.0.1; port 0 lets the system pick. Returns the port. Errors: io.
  [[nodiscard]] model::Result<std::uint16_t> listen(std::uint16_t port);

private:
  using Acceptor =
      boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;
  void accept();
  void open_session(protocol::net::Stream stream);

  boost::asio::io_context& io_;
  HttpService service_;
  TlsContext tls_;
  Acceptor acceptor_;
  boost::asio::steady_timer pause_; // after a failed accept, when descriptors are used up
  std::shared_ptr<int> slot_ = std::make_shared<int>(0); // its copies count the open connections
};

} // namespace bulkhead::simulator
