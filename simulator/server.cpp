#include "simulator/server.hpp"

#include "simulator/http_session.hpp"

#include <fmt/format.h>

namespace bulkhead::simulator {

namespace asio = boost::asio;
using boost::system::error_code;
using protocol::net::Stream;

namespace {

constexpr long most_connections = 1024;
constexpr std::chrono::milliseconds pause_after_failure{50};

} // namespace

Server::Server(asio::io_context& io, HttpService service, TlsContext tls)
    : io_(io), service_(std::move(service)), tls_(std::move(tls)), acceptor_(io), pause_(io) {}

model::Result<std::uint16_t> Server::listen(std::uint16_t port) {
  const asio::ip::tcp::endpoint where(asio::ip::address_v4::loopback(), port);
  error_code ec;
  const auto failed = [&] {
    return model::Error{model::Errc::io,
                        fmt::format("cannot listen on 127.0.0.1:{}: {}", port, ec.message())};
  };
  acceptor_.open(where.protocol(), ec);
  if (!ec) acceptor_.set_option(asio::socket_base::reuse_address(true), ec);
  if (!ec) acceptor_.bind(where, ec);
  if (!ec) acceptor_.listen(asio::socket_base::max_listen_connections, ec);
  if (ec) return failed();
  const auto bound = acceptor_.local_endpoint(ec);
  if (ec) return failed();
  accept();
  return bound.port();
}

void Server::accept() {
  auto stream = std::make_shared<Stream>(tls_ ? Stream(io_, *tls_) : Stream(io_));
  acceptor_.async_accept(stream->socket(), [this, stream](error_code ec) {
    if (ec == asio::error::operation_aborted) return;
    if (!ec) {
      open_session(std::move(*stream));
      return accept();
    }
    pause_.expires_after(pause_after_failure);
    pause_.async_wait([this](error_code cancelled) {
      if (!cancelled) accept();
    });
  });
}

void Server::open_session(Stream stream) {
  if (slot_.use_count() > most_connections) return stream.close();
  error_code ignored; // a connection that is gone already fails at its first read
  stream.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  std::make_shared<HttpSession>(io_, std::move(stream), service_, slot_)->start();
}

} // namespace bulkhead::simulator
