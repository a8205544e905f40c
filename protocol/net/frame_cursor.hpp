#pragma once
// Where one thing ends and the next begins in what a websocket's peer sends: the head of its answer to the
// upgrade, then frame by frame (RFC 6455, 5.2). Lengths only: what a frame says and whether it may is for the
// websocket implementation behind. Pure values; any number of bytes at a time.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bulkhead::protocol::net {

/// Up to the empty line that ends an HTTP head.
class HeadCursor {
public:
  /// How many of these bytes belong to the head, or all of them once it is over.
  [[nodiscard]] std::size_t advance(std::string_view bytes) noexcept;

private:
  std::size_t matched_ = 0; // of "\r\n\r\n"
};

class FrameCursor {
public:
  /// How many of these bytes, at most to its end, belong to the frame that is under way or begins here.
  [[nodiscard]] std::size_t advance(std::string_view bytes) noexcept;
  /// A frame begins here that is a whole message of text, not masked, and all of it is in these bytes.
  [[nodiscard]] bool is_at_whole_text(std::string_view bytes) const noexcept;

private:
  std::array<unsigned char, 14> header_{}; // as much of it as has come
  std::size_t known_ = 0;
  std::uint64_t left_ = 0; // of the payload and its mask
};

} // namespace bulkhead::protocol::net
