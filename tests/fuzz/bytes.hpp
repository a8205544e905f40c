#pragma once
// Cuts a fuzzer's input into bytes, figures and pieces, and says what must hold of what came out. One input,
// one thread. A condition that fails ends the program, which is how a fuzzer learns of it.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string_view>

namespace bulkhead::fuzz {

inline void expect(bool holds, std::string_view what) {
  if (holds) return;
  std::cerr << "does not hold: " << what << '\n';
  std::abort();
}

class Bytes {
public:
  Bytes(const std::uint8_t* data, std::size_t size) : rest_(reinterpret_cast<const char*>(data), size) {}
  [[nodiscard]] bool empty() const noexcept { return rest_.empty(); }
  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const auto first = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return first;
  }
  /// Any figure of 64 bits; the small ones take few bytes.
  std::int64_t figure() {
    std::uint64_t value = 0;
    for (auto left = byte() % 9; left > 0; --left) value = value << 8 | byte();
    return static_cast<std::int64_t>(value);
  }
  /// Its first byte says how long it is.
  std::string_view piece() {
    const auto length = byte();
    const auto taken = rest_.substr(0, length);
    rest_.remove_prefix(taken.size());
    return taken;
  }
  [[nodiscard]] std::string_view rest() const noexcept { return rest_; }

private:
  std::string_view rest_;
};

} // namespace bulkhead::fuzz
