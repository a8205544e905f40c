#include "protocol/projectx/json_read.hpp"

#include <fmt/format.h>

namespace bulkhead::protocol::projectx {

using model::Errc;
using model::Error;
using model::Result;

Error json_error(simdjson::error_code code) {
  return {Errc::malformed, fmt::format("not JSON: {}", simdjson::error_message(code))};
}

Result<void> read_scalar(JsonValue& value, Scalar& out) {
  std::string_view token = value.raw_json_token();
  token = token.substr(0, token.find_last_not_of(" \t\r\n") + 1);
  if (token.empty()) return json_error(simdjson::EMPTY);
  out = {Scalar::Kind::nested, {}};
  if (token.front() == '{' || token.front() == '[') return {};
  out.text = token;
  if (token.front() == '"') {
    out.kind = Scalar::Kind::text;
    if (const auto code = value.get_string().get(out.text)) return json_error(code);
  } else if (is_json_number(token)) {
    out.kind = Scalar::Kind::number;
  } else if (token == "true" || token == "false") {
    out.kind = Scalar::Kind::boolean;
  } else if (token == "null") {
    out = {Scalar::Kind::null, {}};
  } else {
    return Error{Errc::malformed, fmt::format("not JSON: '{}'", token.substr(0, 40))};
  }
  return {};
}

Result<Members> read_members(JsonObject object) {
  Members members;
  for (auto item : object) {
    if (const auto code = item.error()) return json_error(code);
    auto& field = item.value_unsafe(); // a copy would cost more than reading it
    std::string_view key;
    if (const auto code = field.unescaped_key().get(key)) return json_error(code);
    const auto member = find_read_member(key);
    if (!member) continue;
    if (const auto scalar = read_scalar(field.value(), members[*member]); !scalar) return scalar.error();
  }
  return members;
}

} // namespace bulkhead::protocol::projectx
