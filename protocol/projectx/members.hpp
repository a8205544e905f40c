#pragma once
// The members of one JSON object, read into a plain struct before anything is made of them, and the typed
// reader the object decoders use on it. Knows no JSON library. Values owned by one decode call and dropped
// with it: the views point into the parser's buffers.

#include "model/ids.hpp"
#include "model/money.hpp"
#include "model/order.hpp"
#include "model/time.hpp"
#include "protocol/projectx/names.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace bulkhead::protocol::projectx {

inline constexpr std::size_t longest_contract_id = 64;
inline constexpr std::size_t longest_text = 256; // custom tags, names, descriptions: cut here, not refused
inline constexpr std::int32_t largest_size = 1'000'000; // contracts of one order, position or fill

struct Scalar {
  enum class Kind : std::uint8_t { absent, null, number, text, boolean, nested };
  Kind kind = Kind::absent;
  /// A number as written, which JSON allows; a text unescaped; a boolean as "true" or "false".
  std::string_view text;
};

/// The last value of every member a decoder may read. When a key comes twice the last one counts, as in
/// JSON.parse and in the gateway's own serializer.
class Members {
public:
  [[nodiscard]] Scalar& operator[](Member member) noexcept {
    return values_[static_cast<std::size_t>(member)];
  }
  [[nodiscard]] const Scalar& operator[](Member member) const noexcept {
    return values_[static_cast<std::size_t>(member)];
  }
  /// True unless absent or null.
  [[nodiscard]] bool has(Member member) const noexcept { return (*this)[member].kind > Scalar::Kind::null; }

private:
  std::array<Scalar, read_member_count> values_{};
};

/// True for a number as RFC 8259 writes it; a hostile "+1", ".5", "0x1" or "NaN" is none.
[[nodiscard]] bool is_json_number(std::string_view token) noexcept;
/// A whole number, also one written as "2.000". Errors: malformed, out_of_range.
[[nodiscard]] model::Result<std::int64_t> parse_whole(std::string_view token);

/// Takes typed fields out of Members. Numbers may stand as numbers or as numeric strings; null is absent. The
/// first thing that is wrong is kept as an error that begins with the member's name; finish() hands it out.
class FieldReader {
public:
  explicit FieldReader(const Members& members) : members_(members) {}

  std::int64_t required_id(Member member);                // above zero
  std::optional<std::int64_t> optional_id(Member member); // zero means none, as absent does
  std::int32_t required_number(Member member);            // an enum: any 32-bit number
  std::int32_t required_size(Member member);              // 0 .. largest_size
  std::optional<std::int32_t> optional_size(Member member);
  model::Side required_side();
  std::optional<std::int64_t> optional_whole(Member member);
  std::optional<model::Price> optional_price(Member member);
  model::Price required_price(Member member);
  std::optional<model::Money> optional_money(Member member);
  model::Money required_money(Member member);
  std::optional<model::Instant> optional_instant(Member member);
  model::Instant required_instant(Member member);
  std::optional<bool> optional_flag(Member member);
  model::ContractId required_contract(Member member);      // 1 .. longest_contract_id bytes
  std::optional<std::string> optional_text(Member member); // cut to longest_text bytes at a character

  /// Records that `member` is unusable.
  void fail(model::Errc code, Member member, std::string_view why);

  template <class T>
  [[nodiscard]] model::Result<T> finish(T value) const {
    if (failed()) return error_;
    return value;
  }
  [[nodiscard]] bool failed() const noexcept { return error_.code() != model::Errc::ok; }

private:
  template <class T, class Parse>
  std::optional<T> number(Member member, Parse parse);
  template <class T>
  T required(std::optional<T> value, Member member);

  const Members& members_;
  model::Error error_;
};

} // namespace bulkhead::protocol::projectx
