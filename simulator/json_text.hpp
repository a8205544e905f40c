#pragma once
// Writes one JSON object member by member. Numbers of money and price go in as their decimal text, which a
// floating-point writer could not promise. Local to the encoders; a value, any thread.

#include "model/money.hpp"
#include "protocol/projectx/names.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace bulkhead::simulator {

/// The text in quotes, escaped; bytes that are not UTF-8 are replaced.
[[nodiscard]] std::string json_string(std::string_view text);
/// Shortest exact decimal of an amount: "0.37", "-23", "6.5".
[[nodiscard]] std::string decimal(model::Money amount);
[[nodiscard]] std::string decimal(model::Price price);

/// A member's name: one of the gateway's words, or one that only the simulator knows.
class Name {
public:
  Name(protocol::projectx::Member member) : text_(wire(member)) {} // NOLINT: meant to convert
  Name(const char* text) : text_(text) {}                          // NOLINT: meant to convert
  [[nodiscard]] std::string_view text() const noexcept { return text_; }

private:
  std::string_view text_;
};

class JsonObject {
public:
  /// With `omit_nulls` an absent value leaves its member out, as the streams do; REST writes null.
  explicit JsonObject(bool omit_nulls = false) : omit_nulls_(omit_nulls) {}
  /// `json` is copied as it is.
  JsonObject& raw(Name name, std::string_view json);
  JsonObject& number(Name name, std::int64_t value) { return raw(name, std::to_string(value)); }
  JsonObject& flag(Name name, bool value) { return raw(name, value ? "true" : "false"); }
  JsonObject& text(Name name, std::string_view value) { return raw(name, json_string(value)); }
  JsonObject& maybe(Name name, const std::optional<std::string>& json);
  [[nodiscard]] std::string str() const { return "{" + members_ + "}"; }

private:
  bool omit_nulls_;
  std::string members_;
};

/// "[a,b,c]" of texts that are JSON already.
template <class Range>
[[nodiscard]] std::string json_array(const Range& items) {
  std::string out = "[";
  for (const auto& item : items) {
    if (out.size() > 1) out += ',';
    out += item;
  }
  return out + "]";
}

} // namespace bulkhead::simulator
