// The gathering half of WebsocketSession: messages at hand go to the handler as one.

#include "protocol/net/websocket_session.hpp"

#include <boost/asio/post.hpp>
#include <thread>
#include <utility>

namespace bulkhead::protocol::net {

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
