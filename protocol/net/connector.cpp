#include "protocol/net/connector.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>
#include <fmt/format.h>

namespace bulkhead::protocol::net {
namespace {
constexpr std::size_t max_addresses = 16;
}

using model::Errc;
using model::Error;

Connector::Connector(asio::io_context& io, Endpoint where, TlsContext tls,
                     std::shared_ptr<AddressCache> cache)
    : io_(io),
      where_(std::move(where)),
      tls_(std::move(tls)),
      cache_(std::move(cache)),
      resolver_(io),
      timer_(io) {
  model::require(!where_.tls || tls_ != nullptr, "a TLS endpoint needs a TLS context");
}

void Connector::start(Clock::time_point deadline, OnDone on_done) {
  deadline_ = deadline;
  on_done_ = std::move(on_done);
  limit(deadline_);
  error_code not_an_address;
  const auto address = asio::ip::make_address(where_.host, not_an_address);
  if (!not_an_address) {
    addresses_ = {{address, where_.port}};
    return try_address();
  }
  if (cache_->host == where_.host && cache_->port == where_.port && !cache_->addresses.empty()) {
    addresses_ = cache_->addresses;
    from_cache_ = true;
    return try_address();
  }
  resolve();
}

void Connector::cancel() {
  on_done_ = nullptr;
  timer_.cancel();
  resolver_.cancel();
  if (stream_) stream_->close();
}

void Connector::resolve() {
  from_cache_ = false;
  limit(deadline_);
  auto done = [self = shared_from_this()](error_code ec, const Resolver::results_type& results) {
    self->on_resolved(ec, results);
  };
  try {
    resolver_.async_resolve(where_.host, std::to_string(where_.port),
                            asio::ip::resolver_base::numeric_service, done);
  } catch (const boost::system::system_error& refused) { // it starts a thread for the first name
    asio::post(io_, [done, ec = refused.code()] { done(ec, {}); });
  }
}

void Connector::on_resolved(error_code ec, const Resolver::results_type& results) {
  if (!on_done_) return;
  if (ec) return fail(failure(ec, "cannot resolve"));
  addresses_.clear();
  for (const auto& entry : results)
    if (addresses_.size() < max_addresses) addresses_.push_back(entry.endpoint());
  index_ = 0;
  try_address();
}

void Connector::try_address() {
  if (where_.tls)
    stream_.emplace(io_, *tls_);
  else
    stream_.emplace(io_);
  // Remembered addresses leave a share to those that the name has now.
  const auto shares = addresses_.size() - index_ + (from_cache_ ? 1 : 0);
  const auto now = Clock::now();
  limit(now + (deadline_ - now) / static_cast<int>(shares));
  stream_->socket().async_connect(addresses_[index_],
                                  [self = shared_from_this()](error_code ec) { self->on_connected(ec); });
}

void Connector::on_connected(error_code ec) {
  if (!on_done_) return;
  if (ec || limit_passed_) return next_address(failure(ec, "cannot connect to"));
  error_code option;
  stream_->socket().set_option(asio::ip::tcp::no_delay(true), option);
  if (option) return next_address(failure(option, "cannot connect to"));
  if (!where_.tls) return succeed();
  handshake();
}

void Connector::next_address(std::string why) {
  if (++index_ < addresses_.size() && Clock::now() < deadline_) return try_address();
  if (from_cache_) cache_->addresses.clear(); // the name may have moved to another machine
  if (from_cache_ && Clock::now() < deadline_) return resolve();
  fail(tls_failure_.empty() ? std::move(why) : tls_failure_);
}

void Connector::handshake() {
  if (const auto expected = expect_host(stream_->tls()->native_handle(), where_.host); !expected)
    return fail(expected.error().message());
  stream_->tls()->async_handshake(asio::ssl::stream_base::client,
                                  [self = shared_from_this()](error_code ec) { self->on_handshake(ec); });
}

void Connector::on_handshake(error_code ec) {
  if (!on_done_) return;
  if (!ec && !limit_passed_) return succeed();
  const std::string why = limit_passed_ ? reason(ec) : handshake_failure(stream_->tls()->native_handle(), ec);
  tls_failure_ = fmt::format("TLS handshake with {} failed: {}", where_.authority(), why);
  next_address({});
}

void Connector::succeed() {
  timer_.cancel();
  // The address that works goes first.
  std::rotate(addresses_.begin(), addresses_.begin() + static_cast<std::ptrdiff_t>(index_), addresses_.end());
  *cache_ = {where_.host, where_.port, std::move(addresses_)};
  auto done = std::exchange(on_done_, nullptr);
  done(std::move(*stream_));
}

std::string Connector::failure(const error_code& ec, std::string_view what) const {
  return fmt::format("{} {}: {}", what, where_.authority(), reason(ec));
}

void Connector::fail(std::string message) {
  auto done = std::exchange(on_done_, nullptr);
  cancel();
  done(Error{Errc::unreachable, std::move(message)});
}

std::string Connector::reason(const error_code& ec) const {
  return limit_passed_ ? "no answer in time" : ec.message();
}

void Connector::limit(Clock::time_point at) {
  limit_passed_ = false;
  timer_.expires_at(at);
  timer_.async_wait(
      [self = shared_from_this(), number = ++limit_number_](error_code ec) { self->on_limit(ec, number); });
}

void Connector::on_limit(error_code ec, unsigned number) {
  if (ec || number != limit_number_ || !on_done_) return;
  limit_passed_ = true;
  resolver_.cancel();
  if (stream_) stream_->close(); // whoever waits on it is now told operation_aborted
}

} // namespace bulkhead::protocol::net
