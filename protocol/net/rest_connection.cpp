#include "protocol/net/rest_connection.hpp"

#include "protocol/net/http_date.hpp"
#include "protocol/net/suspend.hpp"

#include <boost/asio/write.hpp>
#include <boost/beast/http/field.hpp>
#include <fmt/format.h>

namespace bulkhead::protocol::net {
namespace http = boost::beast::http;
using model::Errc;
using model::Error;

namespace {

constexpr std::size_t read_size = 16 * 1024;
constexpr std::uint32_t max_head = 64 * 1024;
constexpr auto a_sleep = std::chrono::seconds{5};

HttpReply to_reply(http::response<http::string_body>&& message) {
  HttpReply reply;
  reply.status = static_cast<int>(message.result_int());
  if (const auto at = message.find(http::field::date); at != message.end())
    if (const auto date = parse_http_date({at->value().data(), at->value().size()}))
      reply.server_time = *date;
  if (const auto at = message.find(http::field::retry_after); at != message.end())
    reply.retry_after = parse_retry_after({at->value().data(), at->value().size()}, reply.server_time);
  reply.body = std::move(message.body());
  return reply;
}

} // namespace

void fail_job(RestSite& site, RestJob job, Error error) {
  site.gate.pass([&] { job.on_reply(HttpFailure{std::move(error), job.written != 0, job.written}); });
}

RestConnection::RestConnection(std::shared_ptr<RestSite> site, Handlers handlers)
    : site_(std::move(site)), handlers_(std::move(handlers)), timer_(site_->io) {}

void RestConnection::start() {
  connector_ = std::make_shared<Connector>(site_->io, site_->endpoint, site_->tls, site_->addresses);
  started_at_ = Clock::now();
  connector_->start(
      started_at_ + site_->limits.connect_timeout,
      [self = shared_from_this()](model::Result<Stream> stream) { self->on_connected(std::move(stream)); });
}

void RestConnection::on_connected(model::Result<Stream> stream) {
  if (state_ != State::connecting) return;
  connector_.reset();
  if (!stream) return die(stream.error());
  stream_.emplace(std::move(*stream));
  connected_at_ = Clock::now();
  heard();
  state_ = State::idle;
  read();
  handlers_.on_idle(shared_from_this());
}

void RestConnection::heard() {
  heard_ = monotonic_now();
  asleep_ = time_asleep();
}

bool RestConnection::slept() const { return time_asleep() - asleep_ > a_sleep; }

bool RestConnection::has_settled() const {
  return answered_ || (connected_at_ && Clock::now() - *connected_at_ >= site_->limits.settled);
}

void RestConnection::begin(RestJob job) {
  model::require(state_ == State::idle, "a connection carries one request at a time");
  state_ = State::busy;
  wire_ = std::move(job.wire);
  job_.emplace(std::move(job));
  writing_ = true;
  begun_ = job_->written = monotonic_now();
  asio::async_write(*stream_, asio::buffer(wire_), [self = shared_from_this()](error_code ec, std::size_t) {
    self->writing_ = false;
    if (ec && self->state_ == State::busy) self->die(self->lost(ec));
  });
  expect_reply();
  // An armed timer that fires early enough looks again then: most requests touch no timer at all.
  if (!timer_armed_ || job_->deadline < timer_.expiry()) arm_timer();
}

void RestConnection::expect_reply() {
  parser_.emplace();
  parser_->body_limit(site_->limits.max_body);
  parser_->header_limit(max_head);
  parser_->eager(true);
}

void RestConnection::read() {
  stream_->async_read_some(
      buffer_.prepare(read_size),
      [self = shared_from_this()](error_code ec, std::size_t size) { self->on_read(ec, size); });
}

void RestConnection::on_read(error_code ec, std::size_t size) {
  if (state_ == State::closed) return;
  buffer_.commit(size);
  if (state_ == State::idle)
    return die(ec ? lost(ec) : Error{Errc::io, "the gateway sent something nobody asked for"});
  if (!ec) return parse();
  if (ec != asio::error::eof || !parser_->got_some()) return die(lost(ec));
  error_code incomplete;
  parser_->put_eof(incomplete); // fine for a reply that lasts until the connection ends
  // One that is none yet, as 100 Continue is, ends with nothing behind it.
  if (incomplete || !parser_->is_done() || parser_->get().result_int() < 200) return die(lost(ec));
  finish();
}

void RestConnection::parse() {
  while (buffer_.size() > 0 && !parser_->is_done()) {
    error_code ec;
    buffer_.consume(parser_->put(buffer_.data(), ec));
    if (ec == http::error::need_more) break;
    if (ec == http::error::body_limit)
      return die(
          {Errc::out_of_range, fmt::format("the reply is larger than {} bytes", site_->limits.max_body)});
    if (ec) return die({Errc::malformed, fmt::format("the reply is not HTTP: {}", ec.message())});
    // After 100 Continue and the like the reply proper follows.
    if (parser_->is_done() && parser_->get().result_int() < 200) expect_reply();
  }
  if (parser_->is_done()) return finish();
  read();
}

void RestConnection::finish() {
  heard();
  RestJob job = std::move(*job_);
  job_.reset();
  answered_ = true;
  const bool keeps = parser_->keep_alive() && buffer_.size() == 0 && !writing_;
  HttpReply reply = to_reply(parser_->release());
  const bool left_behind = reply.status >= 502 && reply.status <= 504 &&
                           Clock::now() - *connected_at_ >= site_->limits.renewed_after;
  reply.written = job.written;
  reply.received = heard_;
  // First the connection, which may take the next request at once, then the callback, which may do anything.
  if (left_behind) {
    site_->addresses->addresses.clear();
    die({Errc::server_error, "what answers at this address has no gateway behind it"});
  } else if (keeps) {
    state_ = State::idle;
    read();
    handlers_.on_idle(shared_from_this());
  } else {
    die({Errc::io, "the gateway ended the connection after its reply"});
  }
  site_->gate.pass([&] { job.on_reply(std::move(reply)); });
}

void RestConnection::arm_timer() {
  timer_armed_ = true;
  timer_.expires_at(job_->deadline);
  timer_.async_wait(
      [self = shared_from_this(), number = ++timer_number_](error_code ec) { self->on_timer(ec, number); });
}

void RestConnection::on_timer(error_code ec, unsigned number) {
  if (ec || number != timer_number_ || state_ == State::closed) return;
  timer_armed_ = false;
  if (state_ != State::busy) return;
  if (Clock::now() < job_->deadline) return arm_timer();
  die({Errc::timeout, fmt::format("{} did not answer in time", site_->endpoint.authority())});
}

void RestConnection::die(const Error& why) {
  const auto self = shared_from_this();
  release();
  auto job = std::exchange(job_, std::nullopt);
  handlers_.on_closed(self, why);
  if (job) fail_job(*site_, std::move(*job), why);
}

void RestConnection::close(const Error& why) {
  if (state_ == State::closed) return;
  const auto self = shared_from_this();
  release();
  auto job = std::exchange(job_, std::nullopt);
  if (job) fail_job(*site_, std::move(*job), why);
}

void RestConnection::release() {
  state_ = State::closed;
  timer_.cancel();
  if (connector_) connector_->cancel();
  if (stream_) stream_->close();
}

Error RestConnection::lost(const error_code& ec) const {
  return {Errc::io, fmt::format("connection to {} lost: {}", site_->endpoint.authority(), ec.message())};
}

} // namespace bulkhead::protocol::net
