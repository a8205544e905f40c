#pragma once
// The two ends of the binary archive: Writer appends to a string, Reader takes bytes that may have been
// damaged. One list of fields per struct serves both directions (codec_fields.hpp). Unsigned numbers are
// varints, signed ones zigzag varints, instants 8 bytes. Every value has exactly one encoding. The Reader
// never throws and never reads beyond its input; after the first fault it yields zeros and finish() names the
// place. Memory it asks for is bounded by a small multiple of the input. Values owned by the caller, any
// thread.

#include "model/error.hpp"
#include "persistence/bytes.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>

namespace bulkhead::persistence {

/// `T` as archive `Ar` needs it: const for a Writer.
template <class Ar, class T>
using Of = std::conditional_t<Ar::reading, T, const T>;

class Writer {
public:
  static constexpr bool reading = false;
  explicit Writer(std::string& out) : out_(&out) {}
  /// Of the value being written: always the newest.
  [[nodiscard]] static constexpr bool since(std::uint8_t) { return true; }

  template <class... Ts>
  void operator()(const Ts&... values) {
    (item(*this, values), ...);
  }

  void byte(std::uint8_t value) { out_->push_back(static_cast<char>(value)); }
  void fixed(std::int64_t value) { append_le(*out_, value); }
  void varint(std::uint64_t value) {
    char raw[10]; // seven bits in each
    std::size_t size = 0;
    for (; value >= 0x80; value >>= 7) raw[size++] = static_cast<char>(value | 0x80);
    raw[size++] = static_cast<char>(value);
    out_->append(raw, size);
  }
  template <class T>
  void number(const T& value) {
    if constexpr (std::is_signed_v<T>) {
      const auto wide = static_cast<std::int64_t>(value);
      varint(static_cast<std::uint64_t>(wide) << 1 ^ static_cast<std::uint64_t>(wide >> 63));
    } else {
      varint(value);
    }
  }
  void text(std::string_view value) {
    varint(value.size());
    out_->append(value);
  }

private:
  std::string* out_;
};

class Reader {
public:
  static constexpr bool reading = true;
  explicit Reader(std::string_view in) : in_(in) {}
  /// Whether the value being read has the fields that came with `version`.
  [[nodiscard]] bool since(std::uint8_t version) const noexcept { return version_ >= version; }
  void set_version(std::uint8_t version) noexcept { version_ = version; }

  template <class... Ts>
  void operator()(Ts&... values) {
    (item(*this, values), ...);
  }

  [[nodiscard]] std::uint8_t byte() {
    if (at_ >= in_.size()) fail("ends too early");
    return ok() ? static_cast<std::uint8_t>(in_[at_++]) : 0;
  }
  [[nodiscard]] std::int64_t fixed() {
    if (remaining() < sizeof(std::int64_t)) fail("ends too early");
    if (!ok()) return 0;
    at_ += sizeof(std::int64_t);
    return load_le<std::int64_t>(in_.substr(at_ - sizeof(std::int64_t)));
  }
  [[nodiscard]] std::uint64_t varint();
  template <class T>
  void number(T& value) {
    const std::uint64_t raw = varint();
    if constexpr (std::is_signed_v<T>) {
      const auto wide = static_cast<std::int64_t>(raw >> 1 ^ (~(raw & 1) + 1));
      if (wide < std::numeric_limits<T>::min() || wide > std::numeric_limits<T>::max())
        fail("number too big");
      value = ok() ? static_cast<T>(wide) : T{};
    } else {
      if (raw > std::numeric_limits<T>::max()) fail("number too big");
      value = ok() ? static_cast<T>(raw) : T{};
    }
  }
  void text(std::string& value);
  /// The number of elements that follow; each takes one byte or more, so it never exceeds the bytes left.
  [[nodiscard]] std::size_t count();

  void fail(const char* why) {
    if (why_ == nullptr) why_ = why;
  }
  [[nodiscard]] bool ok() const noexcept { return why_ == nullptr; }
  [[nodiscard]] std::size_t remaining() const noexcept { return in_.size() - at_; }
  /// Success when everything was read without a fault and nothing is left; else Errc::corrupt.
  [[nodiscard]] model::Result<void> finish() const;

private:
  std::string_view in_;
  std::size_t at_ = 0;
  std::uint8_t version_ = 1;
  const char* why_ = nullptr; // a literal; null while all is well
};

} // namespace bulkhead::persistence
