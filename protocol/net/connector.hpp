#pragma once
// Takes one stream from nothing to ready: resolve, TCP, TCP_NODELAY, TLS with host verification, all before
// one deadline. Made for one attempt, owned by whoever asked; io thread only. The addresses of the last
// success are tried first, so that a reconnect does not wait for DNS; when they fail the name is resolved
// again. An address that does not answer, be it TCP or TLS, gets only its share of the time, so that the next
// one still has a chance.

#include "protocol/net/stream.hpp"
#include "protocol/net/tls.hpp"
#include "protocol/transport.hpp"

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace bulkhead::protocol::net {

/// What the last success of a transport resolved to. At most 16 addresses; further ones are ignored.
struct AddressCache {
  std::string host;
  std::uint16_t port = 0;
  std::vector<asio::ip::tcp::endpoint> addresses;
};

class Connector : public std::enable_shared_from_this<Connector> {
public:
  using Clock = std::chrono::steady_clock;
  /// Errors: unreachable, with the reason in words.
  using OnDone = std::function<void(model::Result<Stream>)>;

  /// Requires: `tls` is set if where.tls.
  Connector(asio::io_context& io, Endpoint where, TlsContext tls, std::shared_ptr<AddressCache> cache);
  /// Exactly one on_done unless cancelled first, never from inside start().
  void start(Clock::time_point deadline, OnDone on_done);
  /// No callback any more.
  void cancel();

private:
  using Resolver = asio::ip::basic_resolver<asio::ip::tcp, Stream::executor_type>;

  void resolve();
  void on_resolved(error_code ec, const Resolver::results_type& results);
  void try_address();
  void on_connected(error_code ec);
  void next_address(std::string why);
  void handshake();
  void on_handshake(error_code ec);
  void succeed();
  void fail(std::string message);
  void limit(Clock::time_point at);
  void on_limit(error_code ec, unsigned number);
  [[nodiscard]] std::string failure(const error_code& ec, std::string_view what) const;
  [[nodiscard]] std::string reason(const error_code& ec) const;

  asio::io_context& io_;
  Endpoint where_;
  TlsContext tls_;
  std::shared_ptr<AddressCache> cache_;
  Resolver resolver_;
  asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Stream::executor_type> timer_;
  OnDone on_done_;
  Clock::time_point deadline_{};
  std::vector<asio::ip::tcp::endpoint> addresses_;
  std::size_t index_ = 0;
  std::optional<Stream> stream_;
  unsigned limit_number_ = 0; // tells a stale expiry from the current one
  bool limit_passed_ = false;
  bool from_cache_ = false;
  std::string tls_failure_; // says more than what another address failed of
};

} // namespace bulkhead::protocol::net
