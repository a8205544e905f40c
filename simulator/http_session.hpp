#pragma once
// One HTTP connection of the simulated gateway: reads requests one after the other, lets the service answer,
// and gives its stream away on a websocket upgrade. Keeps itself alive by its pending operations; io thread
// only.

#include "protocol/net/stream.hpp"
#include "simulator/http.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

namespace bulkhead::simulator {

class HttpSession : public std::enable_shared_from_this<HttpSession> {
public:
  /// `slot` is held for as long as the connection lives.
  HttpSession(boost::asio::io_context& io, protocol::net::Stream stream, const HttpService& service,
              std::shared_ptr<int> slot);
  void start();

private:
  using error_code = boost::system::error_code;
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
  void read();
  void on_request(error_code ec);
  void upgrade(const HttpCall& call);
  void settle(Exchange exchange);
  void write(const HttpAnswer& answer);
  void on_written(error_code ec);

  boost::asio::io_context& io_;
  protocol::net::Stream stream_;
  const HttpService& service_;
  std::shared_ptr<int> slot_;
  boost::asio::steady_timer timer_;
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  boost::beast::http::response<boost::beast::http::string_body> response_;
};

} // namespace bulkhead::simulator
