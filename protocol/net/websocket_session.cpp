#include "protocol/net/websocket_session.hpp"

#include "protocol/net/http_text.hpp"

#include <boost/asio/post.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/websocket/error.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <fmt/format.h>

namespace bulkhead::protocol::net {
namespace websocket = boost::beast::websocket;
namespace http = boost::beast::http;
using model::Errc;
using model::Error;

namespace {

Errc code_of_refusal(unsigned status) {
  if (status == 401 || status == 403) return Errc::unauthorized;
  if (status == 429) return Errc::rate_limited;
  return status >= 500 ? Errc::server_error : Errc::rejected;
}

Errc code_of(error_code ec) {
  if (ec == websocket::error::message_too_big || ec == websocket::error::buffer_overflow)
    return Errc::out_of_range;
  if (ec == websocket::condition::protocol_violation) return Errc::malformed;
  return Errc::io;
}

} // namespace

WebsocketSession::WebsocketSession(asio::io_context& io, std::shared_ptr<Shared> shared,
                                   WebsocketLimits limits, WebsocketTransport::Handlers handlers)
    : io_(io), shared_(std::move(shared)), limits_(limits), handlers_(std::move(handlers)), timer_(io) {}

void WebsocketSession::start(const Endpoint& where, std::string target, TlsContext tls) {
  deadline_ = Connector::Clock::now() + limits_.connect_timeout;
  host_ = where.authority();
  target_ = std::move(target);
  if (!is_header_safe(target_) || target_.empty() || target_.find(' ') != std::string::npos)
    return asio::post(io_, [self = shared_from_this()] {
      self->finish({Errc::malformed, "the websocket target is empty or contains illegal characters"});
    });
  connector_ = std::make_shared<Connector>(io_, where, std::move(tls), shared_->addresses);
  connector_->start(deadline_, [self = shared_from_this()](model::Result<Stream> stream) {
    self->on_connected(std::move(stream));
  });
}

void WebsocketSession::on_connected(model::Result<Stream> stream) {
  if (state_ != State::connecting) return;
  connector_.reset();
  if (!stream) return finish(stream.error());
  websocket_.emplace(FramedStream(std::move(*stream)));
  // The time limits are ours: Beast's would not cover resolve, TCP and TLS, and the hub protocol has its own
  // pings.
  websocket_->set_option(
      websocket::stream_base::timeout{websocket::stream_base::none(), websocket::stream_base::none(), false});
  websocket_->set_option(websocket::stream_base::decorator(
      [](websocket::request_type& request) { request.set(http::field::user_agent, user_agent); }));
  websocket_->read_message_max(limits_.max_message);
  websocket_->text(true);
  websocket_->auto_fragment(false); // one message, one frame, and up to 16 KiB one write
  websocket_->write_buffer_bytes(16 * 1024);
  arm_timer(deadline_, "the websocket handshake was not answered in time");
  websocket_->async_handshake(response_, host_, target_,
                              [self = shared_from_this()](error_code ec) { self->on_handshake(ec); });
}

void WebsocketSession::on_handshake(error_code ec) {
  if (state_ != State::connecting) return;
  target_.clear();
  if (ec == websocket::error::upgrade_declined) {
    const unsigned status = response_.result_int();
    return finish({code_of_refusal(status), fmt::format("{} refused the websocket: HTTP {}", host_, status)});
  }
  if (ec) return fail(ec, "websocket handshake");
  timer_.cancel();
  state_ = State::open;
  websocket_->next_layer().expect_frames();
  shared_->gate.pass(handlers_.on_open);
  if (state_ != State::closed) read();
}

void WebsocketSession::send(std::string text) {
  if (state_ != State::open) {
    shared_->queued.fetch_sub(1);
    return;
  }
  queue_.push_back(std::move(text));
  if (queue_.size() == 1) write();
}

void WebsocketSession::write() {
  websocket_->async_write(asio::buffer(queue_.front()),
                          [self = shared_from_this()](error_code ec, std::size_t) { self->on_written(ec); });
}

void WebsocketSession::on_written(error_code ec) {
  // The front was kept until now even if the session ended meanwhile: Beast still held its address.
  queue_.pop_front();
  shared_->queued.fetch_sub(1);
  if (state_ != State::open) return drop_queue();
  if (ec) return fail(ec, "websocket write");
  if (!queue_.empty()) write();
}

void WebsocketSession::close() {
  if (state_ == State::connecting) {
    release();
    return asio::post(io_, [self = shared_from_this()] {
      self->finish({Errc::io, "closed while connecting"});
    });
  }
  if (state_ != State::open) return;
  state_ = State::closing;
  arm_timer(Connector::Clock::now() + limits_.close_timeout, "closed; the peer did not confirm in time");
  websocket_->async_close(websocket::close_code::normal, [self = shared_from_this()](error_code) {
    self->finish({Errc::io, "closed by this side"});
  });
}

void WebsocketSession::arm_timer(Connector::Clock::time_point at, std::string what) {
  timer_.expires_at(at);
  timer_.async_wait([self = shared_from_this(), what = std::move(what)](error_code ec) {
    if (!ec) self->finish({Errc::timeout, what});
  });
}

void WebsocketSession::fail(error_code ec, std::string_view what) {
  if (state_ == State::closing) return finish({Errc::io, "closed by this side"});
  finish({code_of(ec), fmt::format("{} with {}: {}", what, host_, ec.message())});
}

void WebsocketSession::finish(Error why) {
  hand_over(); // what came before the end
  if (state_ == State::closed) return;
  // Whoever answers there does not let us in: the name may have moved to another machine.
  if (state_ == State::connecting) shared_->addresses->addresses.clear();
  abandon();
  shared_->busy = false; // before on_closed, which may open the next one
  shared_->gate.pass([&] { handlers_.on_closed(why); });
}

void WebsocketSession::abandon() {
  state_ = State::closed;
  release();
  if (queue_.size() > 1) drop_queue();
}

void WebsocketSession::release() {
  timer_.cancel();
  if (connector_) connector_->cancel();
  if (websocket_) websocket_->next_layer().close();
}

/// All but the message that is being written, if any.
void WebsocketSession::drop_queue() noexcept {
  const std::size_t keep = state_ == State::closed && !queue_.empty() ? 1 : 0;
  while (queue_.size() > keep) {
    queue_.pop_back();
    shared_->queued.fetch_sub(1);
  }
}

} // namespace bulkhead::protocol::net
