#include "tests/support/protocol/test_server.hpp"

#include <boost/asio/buffer.hpp>
#include <cstdlib>
#include <fmt/format.h>

namespace bulkhead::testing {
namespace asio = boost::asio;
using asio::ip::tcp;

Peer::Peer(Socket socket, asio::ssl::context& context, bool tls, int number)
    : tls_(tls), number_(number), stream_(std::move(socket), context) {}

void Peer::greet() {
  socket().set_option(tcp::no_delay(true));
  if (tls_) stream_.handshake(asio::ssl::stream_base::server);
}

std::string Peer::read_request() {
  std::size_t wanted = 0;
  while (wanted == 0 || input_.size() < wanted) {
    if (const auto head = input_.find("\r\n\r\n"); head != std::string::npos && wanted == 0) {
      wanted = head + 4;
      if (const auto at = input_.find("Content-Length: "); at < head)
        wanted += static_cast<std::size_t>(std::atoll(input_.c_str() + at + 16));
      continue;
    }
    char bytes[4096];
    input_.append(bytes, read_some(asio::buffer(bytes)));
  }
  std::string request = input_.substr(0, wanted);
  input_.erase(0, wanted);
  return request;
}

void Peer::write(std::string_view bytes) {
  while (!bytes.empty()) bytes.remove_prefix(write_some(asio::buffer(bytes)));
}

void Peer::reply(std::string_view body, std::string_view extra_headers) {
  write(fmt::format("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n{}\r\n{}",
                    body.size(), extra_headers, body));
}

void Peer::wait_for_end() {
  char bytes[4096];
  boost::system::error_code ec;
  while (!ec) read_some(asio::buffer(bytes), ec);
}

void Peer::reset() {
  const std::lock_guard lock(closing_);
  socket().set_option(asio::socket_base::linger(true, 0));
  socket().close();
}

void Peer::hang_up() {
  const std::lock_guard lock(closing_);
  ::shutdown(socket().native_handle(), SHUT_RDWR); // and not close(): that wakes nobody
}

TestServer::TestServer(Script script, const std::optional<ServerFiles>& files)
    : script_(std::move(script)),
      tls_(files.has_value()),
      acceptor_(io_, {asio::ip::address_v4::loopback(), 0}),
      port_(acceptor_.local_endpoint().port()) {
  if (files) {
    tls_context_.use_certificate_chain_file(files->certificate.string());
    tls_context_.use_private_key_file(files->key.string(), asio::ssl::context::pem);
  }
  thread_ = std::thread([this] { accept(); });
}

TestServer::~TestServer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (auto& connection : connections_) connection.peer->hang_up();
  }
  ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
  thread_.join();
  for (auto& connection : connections_) connection.thread.join();
}

void TestServer::accept() {
  for (;;) {
    boost::system::error_code ec;
    tcp::socket socket(io_);
    acceptor_.accept(socket, ec);
    const std::lock_guard lock(mutex_);
    if (ec || stopping_) return;
    connections_.push_back({std::make_unique<Peer>(std::move(socket), tls_context_, tls_, ++accepted_), {}});
    connections_.back().thread = std::thread([this, peer = connections_.back().peer.get()] {
      try {
        peer->greet();
        script_(*peer);
      } catch (const boost::system::system_error&) {
        // The client went away, or the test is over.
      }
      peer->hang_up();
    });
  }
}

} // namespace bulkhead::testing
