#pragma once
// Writes one flat JSON object, member by member, for the requests of protocol/projectx. Hand-written because
// the closes and cancels of a breach go through it, and because prices must leave as exactly as they came. A
// value on the caller's stack: any thread.

#include "model/money.hpp"
#include "protocol/projectx/names.hpp"

#include <fmt/format.h>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace bulkhead::protocol::projectx {

/// Appends `text` as a JSON string: quotes, backslashes and control bytes escaped, everything else as it is.
void append_json_string(std::string& out, std::string_view text);

class BodyWriter {
public:
  BodyWriter() {
    out_.reserve(128);
    out_ += '{';
  }
  BodyWriter& number(Member member, std::int64_t value) {
    const fmt::format_int digits(value);
    return raw(member, {digits.data(), digits.size()});
  }
  BodyWriter& text(Member member, std::string_view value) {
    key(member);
    append_json_string(out_, value);
    return *this;
  }
  BodyWriter& flag(Member member, bool value) { return raw(member, value ? "true" : "false"); }
  /// Optional members are left out when there is no value.
  BodyWriter& price(Member member, const std::optional<model::Price>& value) {
    return value ? raw(member, model::to_string(*value)) : *this;
  }
  /// `json` must be a complete JSON value.
  BodyWriter& raw(Member member, std::string_view json) {
    key(member);
    out_ += json;
    return *this;
  }
  [[nodiscard]] std::string finish() {
    out_ += '}';
    return std::move(out_);
  }

private:
  void key(Member member) {
    if (out_.size() > 1) out_ += ',';
    out_ += '"';
    out_ += wire(member);
    out_ += "\":";
  }
  std::string out_;
};

} // namespace bulkhead::protocol::projectx
