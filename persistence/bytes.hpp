#pragma once
// Integers as bytes: little-endian inside files and records, big-endian with the sign bit flipped in database
// keys, so that keys sort like the numbers. Pure functions, any thread.

#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace bulkhead::persistence {

static_assert(std::endian::native == std::endian::little, "file formats are written as the machine has them");

template <std::integral T>
void append_le(std::string& out, T value) {
  char raw[sizeof(T)];
  std::memcpy(raw, &value, sizeof(T));
  out.append(raw, sizeof(T));
}

/// Requires: bytes.size() >= sizeof(T).
template <std::integral T>
[[nodiscard]] T load_le(std::string_view bytes) noexcept {
  T value{};
  std::memcpy(&value, bytes.data(), sizeof(T));
  return value;
}

/// Eight bytes that sort as the number does.
inline void append_key(std::string& out, std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value) ^ (std::uint64_t{1} << 63);
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>(bits >> shift));
}

/// The inverse of append_key. Requires: bytes.size() >= 8.
[[nodiscard]] inline std::int64_t load_key(std::string_view bytes) noexcept {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < 8; ++i) bits = bits << 8 | static_cast<unsigned char>(bytes[i]);
  return static_cast<std::int64_t>(bits ^ (std::uint64_t{1} << 63));
}

/// The smallest key greater than all that begin with `prefix`; empty when there is none.
[[nodiscard]] inline std::string after_prefix(std::string_view prefix) {
  std::string next{prefix};
  while (!next.empty() && next.back() == '\xff') next.pop_back();
  if (!next.empty()) ++next.back();
  return next;
}

} // namespace bulkhead::persistence
