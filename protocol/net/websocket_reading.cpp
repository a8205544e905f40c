// The reading half of WebsocketSession. What gathers hands over the messages at hand as one.

#include "protocol/net/http_text.hpp"
#include "protocol/net/websocket_session.hpp"

#include <boost/asio/post.hpp>
#include <boost/beast/websocket/error.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <fmt/format.h>
#include <thread>
#include <utility>

namespace bulkhead::protocol::net {
namespace websocket = boost::beast::websocket;
using model::Errc;

namespace {

/// What the peer gave as its reason is text from outside: control bytes must not reach a terminal or a log.
std::string peer_reason(const websocket::close_reason& reason) {
  std::string out = fmt::format("closed by the peer (code {}", static_cast<unsigned>(reason.code));
  if (!reason.reason.empty()) out += ": " + printable({reason.reason.data(), reason.reason.size()});
  return out + ")";
}

} // namespace

void WebsocketSession::read() {
  websocket_->async_read(buffer_,
                         [self = shared_from_this()](error_code ec, std::size_t) { self->on_read(ec); });
}

void WebsocketSession::on_read(error_code ec) {
  if (state_ == State::closed) return;
  if (ec == websocket::error::closed && state_ == State::open)
    return finish({Errc::io, peer_reason(websocket_->reason())});
  if (ec) return fail(ec, "websocket");
  take_message();
  // What has come whole is read at once. Not while a message is being written: Beast answers what it refuses.
  while (state_ == State::open && queue_.empty() && websocket_->next_layer().holds_text()) {
    websocket_->read(buffer_, ec);
    if (ec) return fail(ec, "websocket");
    take_message();
  }
  if (state_ != State::closed) read(); // closing too: the peer's close frame comes in by a read
  if (gathering_since_ && !looking_) look_for_more();
}

void WebsocketSession::take_message() {
  if (!websocket_->got_text()) return finish({Errc::malformed, "the peer sent a binary websocket message"});
  if (state_ == State::open) take({static_cast<const char*>(buffer_.data().data()), buffer_.size()});
  buffer_.consume(buffer_.size());
}

void WebsocketSession::take(std::string_view bytes) {
  if (limits_.gather == 0) return shared_->gate.pass([&] { handlers_.on_message(bytes, monotonic_now()); });
  gathered_.append(bytes);
  if (!gathering_since_) gathering_since_ = monotonic_now();
  if (gathered_.size() >= limits_.gather) hand_over();
}

void WebsocketSession::look_for_more(int looks) {
  looking_ = true;
  asio::post(io_, [self = shared_from_this(), seen = gathered_.size(), looks] {
    self->looking_ = false;
    if (self->gathered_.size() != seen) return self->look_for_more();
    if (looks > 1) return self->look_for_more(looks - 1);
    self->hand_over();
  });
}

void WebsocketSession::hand_over() {
  if (!gathering_since_) return;
  const auto received = *std::exchange(gathering_since_, std::nullopt);
  if (state_ == State::open) shared_->gate.pass([&] { handlers_.on_message(gathered_, received); });
  gathered_.clear();
  // A burst would otherwise keep a core that it shares with the breach path for one slice of the kernel's
  // after another, 3 ms each: a thread that wakes does not cut them short.
  std::this_thread::yield();
}

} // namespace bulkhead::protocol::net
