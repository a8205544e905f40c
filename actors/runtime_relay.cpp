#include "actors/runtime_relay.hpp"

#include <array>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

namespace bulkhead::actors {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

/// One connection: two sockets, a buffer for each way.
class Pair : public std::enable_shared_from_this<Pair> {
public:
  Pair(tcp::socket peer, const RelayLimits& limits, std::shared_ptr<std::size_t> count)
      : peer_(std::move(peer)),
        daemon_(peer_.get_executor()),
        timer_(peer_.get_executor()),
        pause_(peer_.get_executor()),
        limits_(limits),
        count_(std::move(count)) {
    ++*count_;
  }
  ~Pair() { --*count_; }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;

  void start(std::uint16_t target) {
    expect_within(limits_.first_byte);
    send_at_once(peer_);
    daemon_.async_connect({asio::ip::address_v4::loopback(), target},
                          [self = shared_from_this()](error_code failed) {
                            if (failed) return self->close();
                            send_at_once(self->daemon_);
                            self->from_peer();
                            self->from_daemon();
                          });
  }

private:
  using Buffer = std::array<char, 16 * 1024>;

  /// A short message must not wait for the acknowledgement of the one before: 40 ms on Linux.
  static void send_at_once(tcp::socket& socket) {
    error_code ignored; // it works without, later
    socket.set_option(tcp::no_delay(true), ignored);
  }

  void expect_within(std::chrono::milliseconds time) {
    timer_.expires_after(time);
    timer_.async_wait([self = shared_from_this()](error_code stopped) {
      if (!stopped) self->close();
    });
  }

  void from_peer() {
    peer_.async_read_some(asio::buffer(up_),
                          [self = shared_from_this()](error_code failed, std::size_t size) {
                            if (failed) return self->close();
                            self->expect_within(self->limits_.silence);
                            asio::async_write(self->daemon_, asio::buffer(self->up_, size),
                                              [self, size](error_code broken, std::size_t) {
                                                if (broken) return self->close();
                                                self->after(size);
                                              });
                          });
  }

  /// Reads on when so many bytes were due at the permitted rate.
  void after(std::size_t size) {
    pause_.expires_after(std::chrono::microseconds{size * 1'000'000 / limits_.bytes_per_second});
    pause_.async_wait([self = shared_from_this()](error_code stopped) {
      if (!stopped) self->from_peer();
    });
  }

  void from_daemon() {
    daemon_.async_read_some(asio::buffer(down_), [self = shared_from_this()](error_code failed,
                                                                             std::size_t size) {
      if (failed) return self->close();
      asio::async_write(self->peer_, asio::buffer(self->down_, size), [self](error_code broken, std::size_t) {
        if (broken) return self->close();
        self->from_daemon();
      });
    });
  }

  void close() {
    error_code ignored; // closed is closed
    peer_.close(ignored);
    daemon_.close(ignored);
    timer_.cancel();
    pause_.cancel();
  }

  tcp::socket peer_;
  tcp::socket daemon_;
  asio::steady_timer timer_;
  asio::steady_timer pause_;
  RelayLimits limits_;
  std::shared_ptr<std::size_t> count_;
  Buffer up_{};
  Buffer down_{};
};

} // namespace

class ControlRelay::Listener : public std::enable_shared_from_this<Listener> {
public:
  Listener(asio::io_context& io, std::uint16_t target, const RelayLimits& limits)
      : acceptor_(io), retry_(io), target_(target), limits_(limits) {}

  model::Result<void> open(const tcp::endpoint& where) {
    error_code failed;
    acceptor_.open(where.protocol(), failed);
    if (!failed) acceptor_.set_option(asio::socket_base::reuse_address(true), failed);
    if (!failed) acceptor_.bind(where, failed);
    if (!failed) acceptor_.listen(asio::socket_base::max_listen_connections, failed);
    if (failed) return model::Error{model::Errc::io, failed.message()};
    port_ = acceptor_.local_endpoint().port();
    return {};
  }

  void accept() {
    acceptor_.async_accept([self = shared_from_this()](error_code failed, tcp::socket peer) {
      if (!self->acceptor_.is_open()) return;
      if (failed) return self->accept_later(); // no descriptors left, most likely
      if (*self->count_ < self->limits_.connections)
        std::make_shared<Pair>(std::move(peer), self->limits_, self->count_)->start(self->target_);
      self->accept();
    });
  }

  void close() {
    asio::post(acceptor_.get_executor(), [self = shared_from_this()] {
      error_code ignored; // closed is closed
      self->acceptor_.close(ignored);
      self->retry_.cancel();
    });
  }
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

private:
  void accept_later() {
    retry_.expires_after(std::chrono::milliseconds{100});
    retry_.async_wait([self = shared_from_this()](error_code stopped) {
      if (!stopped) self->accept();
    });
  }

  tcp::acceptor acceptor_;
  asio::steady_timer retry_;
  std::uint16_t target_;
  std::uint16_t port_ = 0;
  RelayLimits limits_;
  std::shared_ptr<std::size_t> count_ = std::make_shared<std::size_t>(0); // touched by the io thread only
};

model::Result<std::unique_ptr<ControlRelay>> ControlRelay::listen(asio::io_context& io,
                                                                  const std::string& host, std::uint16_t port,
                                                                  std::uint16_t target, RelayLimits limits) {
  error_code failed;
  const auto address = asio::ip::make_address(host, failed);
  if (failed)
    return model::Error{model::Errc::malformed, fmt::format("'{}' is no address to listen at", host)};
  const auto listener = std::make_shared<Listener>(io, target, limits);
  if (auto opened = listener->open({address, port}); !opened) return opened.error();
  asio::post(io, [listener] { listener->accept(); });
  return std::unique_ptr<ControlRelay>(new ControlRelay(listener));
}

ControlRelay::~ControlRelay() { listener_->close(); }

std::uint16_t ControlRelay::port() const noexcept { return listener_->port(); }

} // namespace bulkhead::actors
