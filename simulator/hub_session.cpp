#include "simulator/hub_session.hpp"

#include <boost/beast/websocket/rfc6455.hpp>

namespace bulkhead::simulator {

namespace websocket = boost::beast::websocket;

namespace {

constexpr std::size_t largest_message = 256 * 1024;

} // namespace

HubSession::HubSession(boost::asio::io_context& io, protocol::net::Stream stream,
                       std::shared_ptr<HubConnection> connection, std::chrono::milliseconds tick,
                       std::shared_ptr<int> slot)
    : socket_(std::move(stream)),
      connection_(std::move(connection)),
      tick_(tick),
      slot_(std::move(slot)),
      timer_(io) {}

void HubSession::start(Upgrade request) {
  socket_.text(true);
  socket_.auto_fragment(false);
  socket_.read_message_max(largest_message);
  socket_.async_accept(request, [self = shared_from_this()](error_code ec) { self->on_open(ec); });
}

void HubSession::on_open(error_code ec) {
  if (ec) return cut();
  open_ = true;
  connection_->on_wake([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->pump();
  });
  arm_tick();
  pump();
  if (!closed_) read();
}

void HubSession::read() {
  socket_.async_read(buffer_,
                     [self = shared_from_this()](error_code ec, std::size_t) { self->on_message(ec); });
}

void HubSession::on_message(error_code ec) {
  if (ec) return cut();
  const std::string_view bytes(static_cast<const char*>(buffer_.data().data()), buffer_.size());
  connection_->receive(bytes, protocol::monotonic_now());
  buffer_.consume(buffer_.size());
  pump();
  if (!closed_) read();
}

void HubSession::pump() {
  if (!open_ || closed_) return;
  if (connection_->dropped()) return cut();
  if (busy_) return;
  auto payload = connection_->next_payload(protocol::monotonic_now());
  if (payload) {
    busy_ = true;
    writing_ = std::move(*payload);
    socket_.async_write(boost::asio::buffer(writing_),
                        [self = shared_from_this()](error_code ec, std::size_t) {
                          self->busy_ = false;
                          ec ? self->cut() : self->pump();
                        });
  } else if (connection_->finished()) {
    busy_ = true;
    socket_.async_close(websocket::close_code::normal,
                        [self = shared_from_this()](error_code) { self->cut(); });
  }
}

/// Ends everything without a word; what the peer does next is its own affair.
void HubSession::cut() {
  if (closed_) return;
  closed_ = true;
  timer_.cancel();
  socket_.next_layer().close();
  connection_->on_wake({});
  connection_->drop();
}

void HubSession::arm_tick() {
  timer_.expires_after(tick_);
  timer_.async_wait([weak = weak_from_this()](error_code ec) {
    const auto self = weak.lock();
    if (ec || !self || self->closed_) return;
    self->connection_->tick(protocol::monotonic_now());
    self->pump();
    self->arm_tick();
  });
}

} // namespace bulkhead::simulator
