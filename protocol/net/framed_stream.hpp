#pragma once
// What Beast's websocket reads from: a Stream that reads ahead, up to one TLS record at once, and hands out
// no more than one frame at a time. So it is known where the next frame begins, and a text message that has
// come whole can be read without waiting (`read_some`), where Beast's asynchronous read would take a turn of
// the event loop for each. Beast alone says what a frame means. Models AsyncStream, and SyncStream for what
// is at hand. Owned by one websocket; io thread only; must not be moved while an operation is pending.

#include "protocol/net/frame_cursor.hpp"
#include "protocol/net/stream.hpp"

#include <array>
#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/system/system_error.hpp>
#include <memory>
#include <optional>
#include <string_view>

namespace bulkhead::protocol::net {

class FramedStream {
public:
  using executor_type = Stream::executor_type;

  explicit FramedStream(Stream stream) : stream_(std::move(stream)) {}

  [[nodiscard]] executor_type get_executor() noexcept { return stream_.get_executor(); }
  void close() noexcept { stream_.close(); }

  /// The upgrade is done: what follows is frames. Writing at once (`write_some`) never waits from here on.
  void expect_frames() {
    cursor_.emplace();
    error_code ignored; // fails only for a socket that is closed
    stream_.socket().non_blocking(true, ignored);
  }
  /// An unfragmented text message has come whole.
  [[nodiscard]] bool holds_text() const noexcept { return cursor_ && cursor_->is_at_whole_text(at_hand()); }

  template <class Buffers, class Handler>
  void async_read_some(const Buffers& buffers, Handler&& handler) {
    if (begin_ != end_) {
      return asio::post(get_executor(), boost::beast::bind_front_handler(std::forward<Handler>(handler),
                                                                         error_code{}, give(buffers)));
    }
    const auto allocator = asio::get_associated_allocator(handler);
    stream_.async_read_some(
        asio::buffer(*ahead_),
        asio::bind_allocator(allocator, [this, buffers, handler = std::forward<Handler>(handler)](
                                            error_code ec, std::size_t received) mutable {
          begin_ = 0;
          end_ = received;
          const auto given = give(buffers);
          std::move(handler)(ec, given);
        }));
  }
  template <class Buffers, class Handler>
  void async_write_some(const Buffers& buffers, Handler&& handler) {
    stream_.async_write_some(buffers, std::forward<Handler>(handler));
  }

  /// What is at hand. Errors: would_block when nothing is.
  template <class Buffers>
  std::size_t read_some(const Buffers& buffers, error_code& ec) {
    ec = begin_ == end_ ? error_code(asio::error::would_block) : error_code{};
    return give(buffers);
  }
  /// Beast's close frame for a message it refuses. Errors: would_block when the peer takes nothing.
  template <class Buffers>
  std::size_t write_some(const Buffers& buffers, error_code& ec) {
    return stream_.write_some(buffers, ec);
  }
  // Beast asks for these two as well, and calls neither.
  template <class Buffers>
  std::size_t read_some(const Buffers& buffers) {
    return checked([&](error_code& ec) { return read_some(buffers, ec); });
  }
  template <class Buffers>
  std::size_t write_some(const Buffers& buffers) {
    return checked([&](error_code& ec) { return write_some(buffers, ec); });
  }

  friend void beast_close_socket(FramedStream& stream) { stream.close(); }
  friend void teardown(boost::beast::role_type role, FramedStream& stream, error_code& ec) {
    teardown(role, stream.stream_, ec);
  }
  template <class Handler>
  friend void async_teardown(boost::beast::role_type role, FramedStream& stream, Handler&& handler) {
    async_teardown(role, stream.stream_, std::forward<Handler>(handler));
  }

private:
  static constexpr std::size_t most_ahead = 16 * 1024; // what a TLS record carries at most
  using Ahead = std::array<char, most_ahead>;

  [[nodiscard]] std::string_view at_hand() const noexcept { return {ahead_->data() + begin_, end_ - begin_}; }

  template <class Buffers>
  std::size_t give(const Buffers& buffers) {
    auto some = at_hand().substr(0, asio::buffer_size(buffers));
    some = some.substr(0, cursor_ ? cursor_->advance(some) : head_.advance(some));
    begin_ += some.size();
    return asio::buffer_copy(buffers, asio::buffer(some));
  }

  template <class Call>
  static std::size_t checked(Call call) {
    error_code ec;
    const std::size_t size = call(ec);
    if (ec) throw boost::system::system_error(ec);
    return size;
  }

  Stream stream_;
  std::unique_ptr<Ahead> ahead_ = std::make_unique<Ahead>();
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  HeadCursor head_;                   // over the answer to the upgrade
  std::optional<FrameCursor> cursor_; // over the frames behind it
};

} // namespace bulkhead::protocol::net
