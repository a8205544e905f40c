#include "protocol/net/frame_cursor.hpp"

#include <algorithm>
#include <optional>

namespace bulkhead::protocol::net {
namespace {

constexpr unsigned masked_bit = 0x80, length_bits = 0x7F;
constexpr unsigned two_bytes_of_length = 126, eight_bytes_of_length = 127;
constexpr unsigned final_text = 0x81;
constexpr std::size_t mask_size = 4;

unsigned byte_at(std::string_view bytes, std::size_t i) { return static_cast<unsigned char>(bytes[i]); }

struct Header {
  std::size_t size;
  std::uint64_t rest; // the mask and the payload
};

/// Nothing while these bytes do not reach to the end of the length.
std::optional<Header> read_header(std::string_view bytes) {
  if (bytes.size() < 2) return std::nullopt;
  const unsigned length = byte_at(bytes, 1) & length_bits;
  const std::size_t more = length == eight_bytes_of_length ? 8 : length == two_bytes_of_length ? 2 : 0;
  if (bytes.size() < 2 + more) return std::nullopt;
  std::uint64_t rest = more == 0 ? length : 0;
  for (std::size_t i = 0; i < more; ++i) rest = rest << 8U | byte_at(bytes, 2 + i);
  // A length that no frame may have: whoever reads the header refuses it, so it only must not wrap around.
  rest = std::min(rest, std::uint64_t{1} << 63U);
  return Header{2 + more, rest + ((byte_at(bytes, 1) & masked_bit) != 0 ? mask_size : 0)};
}

} // namespace

std::size_t HeadCursor::advance(std::string_view bytes) noexcept {
  constexpr std::string_view end = "\r\n\r\n";
  for (std::size_t i = 0; i < bytes.size() && matched_ < end.size(); ++i) {
    matched_ = bytes[i] == end[matched_] ? matched_ + 1 : bytes[i] == '\r' ? 1 : 0;
    if (matched_ == end.size()) return i + 1;
  }
  return bytes.size();
}

std::size_t FrameCursor::advance(std::string_view bytes) noexcept {
  std::size_t taken = 0;
  while (left_ == 0 && taken < bytes.size()) {
    header_[known_++] = static_cast<unsigned char>(bytes[taken++]);
    const auto header = read_header({reinterpret_cast<const char*>(header_.data()), known_});
    if (!header) continue;
    known_ = 0;
    left_ = header->rest;
    if (left_ == 0) return taken;
  }
  const auto more = std::min<std::uint64_t>(left_, bytes.size() - taken);
  left_ -= more;
  return taken + static_cast<std::size_t>(more);
}

bool FrameCursor::is_at_whole_text(std::string_view bytes) const noexcept {
  if (left_ > 0 || known_ > 0 || bytes.empty() || byte_at(bytes, 0) != final_text) return false;
  const auto header = read_header(bytes);
  return header && (byte_at(bytes, 1) & masked_bit) == 0 && bytes.size() - header->size >= header->rest;
}

} // namespace bulkhead::protocol::net
