#include "protocol/projectx/members.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <limits>

namespace bulkhead::protocol::projectx {
namespace {

using model::Errc;
using model::Error;
using model::Result;

/// Skips digits from `pos` on; false when there is not one.
bool skip_digits(std::string_view text, std::size_t& pos) {
  const std::size_t start = pos;
  while (pos < text.size() && text[pos] >= '0' && text[pos] <= '9') ++pos;
  return pos > start;
}

Error malformed_number(std::string_view token) {
  return {Errc::malformed, fmt::format("'{}' is not a whole number", token.substr(0, 40))};
}

/// The first `longest_text` bytes at most, never a part of a UTF-8 character.
std::string cut(std::string_view text) {
  std::size_t length = std::min(text.size(), longest_text);
  while (length > 0 && length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U)
    --length;
  return std::string(text.substr(0, length));
}

} // namespace

bool is_json_number(std::string_view token) noexcept {
  std::size_t pos = !token.empty() && token.front() == '-' ? 1 : 0;
  const bool leading_zero = pos < token.size() && token[pos] == '0';
  const std::size_t start = pos;
  if (!skip_digits(token, pos) || (leading_zero && pos > start + 1)) return false;
  if (pos < token.size() && token[pos] == '.' && !skip_digits(token, ++pos)) return false;
  if (pos < token.size() && (token[pos] == 'e' || token[pos] == 'E')) {
    ++pos;
    if (pos < token.size() && (token[pos] == '+' || token[pos] == '-')) ++pos;
    if (!skip_digits(token, pos)) return false;
  }
  return pos == token.size();
}

Result<std::int64_t> parse_whole(std::string_view token) {
  std::int64_t value = 0;
  const char* last = token.data() + token.size();
  const auto [end, ec] = std::from_chars(token.data(), last, value);
  if (ec == std::errc::result_out_of_range) {
    return Error{Errc::out_of_range, fmt::format("'{}' is out of range", token.substr(0, 40))};
  }
  const std::string_view rest{end, static_cast<std::size_t>(last - end)};
  const bool zeros = rest.size() >= 2 && rest.front() == '.' && rest.find_first_not_of('0', 1) == rest.npos;
  if (ec != std::errc{} || (!rest.empty() && !zeros)) return malformed_number(token);
  return value;
}

void FieldReader::fail(Errc code, Member member, std::string_view why) {
  if (!failed()) error_ = Error{code, fmt::format("{}: {}", wire(member), why)};
}

template <class T, class Parse>
std::optional<T> FieldReader::number(Member member, Parse parse) {
  if (!members_.has(member)) return std::nullopt;
  const Scalar& value = members_[member];
  const bool text = value.kind == Scalar::Kind::text; // a number was found to be one when it was read
  if (text ? !is_json_number(value.text) : value.kind != Scalar::Kind::number) {
    fail(Errc::malformed, member, fmt::format("'{}' is not a number", value.text.substr(0, 40)));
    return std::nullopt;
  }
  const Result<T> parsed = parse(value.text);
  if (parsed) return *parsed;
  fail(parsed.error().code(), member, parsed.error().message());
  return std::nullopt;
}

template <class T>
T FieldReader::required(std::optional<T> value, Member member) {
  if (!value) fail(Errc::missing, member, "missing"); // keeps an earlier, more exact reason
  return value.value_or(T{});
}

std::optional<std::int64_t> FieldReader::optional_whole(Member member) {
  return number<std::int64_t>(member, parse_whole);
}

std::int64_t FieldReader::required_id(Member member) {
  const std::int64_t id = required(optional_whole(member), member);
  if (id <= 0) fail(Errc::out_of_range, member, fmt::format("{} is not an id", id));
  return id;
}

std::optional<std::int64_t> FieldReader::optional_id(Member member) {
  const auto id = optional_whole(member);
  if (id && *id < 0) fail(Errc::out_of_range, member, fmt::format("{} is not an id", *id));
  return id && *id > 0 ? id : std::nullopt;
}

std::int32_t FieldReader::required_number(Member member) {
  using Limits = std::numeric_limits<std::int32_t>;
  const std::int64_t value = required(optional_whole(member), member);
  if (value < Limits::min() || value > Limits::max()) {
    fail(Errc::out_of_range, member, fmt::format("{} is out of range", value));
    return 0;
  }
  return static_cast<std::int32_t>(value);
}

std::optional<std::int32_t> FieldReader::optional_size(Member member) {
  const auto value = optional_whole(member);
  if (!value) return std::nullopt;
  if (*value < 0 || *value > largest_size) {
    fail(Errc::out_of_range, member, fmt::format("{} is outside 0..{}", *value, largest_size));
    return std::nullopt;
  }
  return static_cast<std::int32_t>(*value);
}

std::int32_t FieldReader::required_size(Member member) { return required(optional_size(member), member); }

model::Side FieldReader::required_side() {
  const std::int32_t side = required_number(Member::side);
  if (side != 0 && side != 1)
    fail(Errc::unknown_value, Member::side, fmt::format("{} is neither 0 nor 1", side));
  return side == 1 ? model::Side::sell : model::Side::buy;
}

std::optional<model::Price> FieldReader::optional_price(Member member) {
  return number<model::Price>(member, model::Price::parse);
}
model::Price FieldReader::required_price(Member member) { return required(optional_price(member), member); }

std::optional<model::Money> FieldReader::optional_money(Member member) {
  return number<model::Money>(member, model::Money::parse);
}
model::Money FieldReader::required_money(Member member) { return required(optional_money(member), member); }

std::optional<model::Instant> FieldReader::optional_instant(Member member) {
  if (!members_.has(member)) return std::nullopt;
  const Scalar& value = members_[member];
  const auto parsed =
      model::parse_instant(value.kind == Scalar::Kind::text ? value.text : std::string_view{});
  if (parsed) return *parsed;
  fail(Errc::malformed, member, fmt::format("'{}' is not a timestamp", value.text.substr(0, 40)));
  return std::nullopt;
}
model::Instant FieldReader::required_instant(Member member) {
  return required(optional_instant(member), member);
}

std::optional<bool> FieldReader::optional_flag(Member member) {
  if (!members_.has(member)) return std::nullopt;
  if (members_[member].kind == Scalar::Kind::boolean) return members_[member].text == "true";
  fail(Errc::malformed, member, "neither true nor false");
  return std::nullopt;
}

std::optional<std::string> FieldReader::optional_text(Member member) {
  if (!members_.has(member)) return std::nullopt;
  if (members_[member].kind == Scalar::Kind::text) return cut(members_[member].text);
  fail(Errc::malformed, member, "not a text");
  return std::nullopt;
}

model::ContractId FieldReader::required_contract(Member member) {
  const std::string text = required(optional_text(member), member);
  if (text.empty()) fail(Errc::missing, member, "empty");
  if (text.size() > longest_contract_id) {
    fail(Errc::out_of_range, member, fmt::format("longer than {} bytes", longest_contract_id));
  }
  return model::ContractId{text};
}

} // namespace bulkhead::protocol::projectx
