#pragma once
// A scriptable server on a loopback port the system picks: each accepted connection runs the test's script on
// a thread of its own, with blocking reads and writes. Plain or TLS. The destructor cuts all connections, so
// that no script outlives the test; scripts end by the exception that the cut causes, or by returning (which
// closes the connection).

#include "tests/support/protocol/certificates.hpp"

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/role.hpp>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace bulkhead::testing {

/// The server's side of one connection. Models Beast's SyncStream, so a script can speak websocket over it.
class Peer {
public:
  using Socket = boost::asio::ip::tcp::socket;
  using executor_type = Socket::executor_type;

  Peer(Socket socket, boost::asio::ssl::context& context, bool tls, int number);
  [[nodiscard]] int number() const { return number_; } // 1 for the first connection accepted
  [[nodiscard]] executor_type get_executor() { return stream_.get_executor(); }
  [[nodiscard]] Socket& socket() { return stream_.next_layer(); }
  /// The TLS handshake, if there is any to do. Done by the server before the script runs.
  void greet();
  /// Head and body (Content-Length) of one request. Throws when the client is gone.
  std::string read_request();
  void write(std::string_view bytes);
  /// 200 with this JSON body.
  void reply(std::string_view body, std::string_view extra_headers = {});
  /// Returns when the client has closed the connection.
  void wait_for_end();
  /// RST instead of FIN.
  void reset();
  /// Wakes whoever is blocked on it. Any thread.
  void hang_up();

  template <class Buffers>
  std::size_t read_some(const Buffers& buffers, boost::system::error_code& ec) {
    return tls_ ? stream_.read_some(buffers, ec) : socket().read_some(buffers, ec);
  }
  template <class Buffers>
  std::size_t write_some(const Buffers& buffers, boost::system::error_code& ec) {
    return tls_ ? stream_.write_some(buffers, ec) : socket().write_some(buffers, ec);
  }
  template <class Buffers>
  std::size_t read_some(const Buffers& buffers) {
    boost::system::error_code ec;
    const std::size_t size = read_some(buffers, ec);
    if (ec) throw boost::system::system_error(ec);
    return size;
  }
  template <class Buffers>
  std::size_t write_some(const Buffers& buffers) {
    boost::system::error_code ec;
    const std::size_t size = write_some(buffers, ec);
    if (ec) throw boost::system::system_error(ec);
    return size;
  }

  /// How Beast's websocket takes the connection down.
  friend void teardown(boost::beast::role_type, Peer& peer, boost::system::error_code& ec) {
    peer.socket().shutdown(Socket::shutdown_both, ec);
    ec = {};
  }

private:
  bool tls_;
  int number_;
  boost::asio::ssl::stream<Socket> stream_;
  std::string input_;
  std::mutex closing_;
};

class TestServer {
public:
  using Script = std::function<void(Peer&)>;
  /// Plain, or with TLS if `files` are given.
  explicit TestServer(Script script, const std::optional<ServerFiles>& files = std::nullopt);
  ~TestServer();
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] int accepted() const { return accepted_; }

private:
  struct Connection {
    std::unique_ptr<Peer> peer;
    std::thread thread;
  };
  void accept();

  Script script_;
  boost::asio::io_context io_;
  boost::asio::ssl::context tls_context_{boost::asio::ssl::context::tls_server};
  bool tls_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::uint16_t port_ = 0;
  std::atomic<int> accepted_{0};
  std::mutex mutex_;
  bool stopping_ = false;
  std::list<Connection> connections_;
  std::thread thread_;
};

} // namespace bulkhead::testing
