#include "protocol/projectx/json_read.hpp"

#include <fmt/format.h>

namespace bulkhead::protocol::projectx {

using model::Errc;
using model::Error;
using model::Result;

namespace {
constexpr int deepest_json = 64;
}

Error json_error(simdjson::error_code code) {
  return {Errc::malformed, fmt::format("not JSON: {}", simdjson::error_message(code))};
}

Result<Scalar> read_scalar(JsonValue value) {
  std::string_view token = value.raw_json_token();
  token = token.substr(0, token.find_last_not_of(" \t\r\n") + 1);
  if (token.empty()) return json_error(simdjson::EMPTY);
  if (token.front() == '"') {
    std::string_view text;
    if (const auto code = value.get_string().get(text)) return json_error(code);
    return Scalar{Scalar::Kind::text, text};
  }
  if (token.front() == '{' || token.front() == '[') return Scalar{Scalar::Kind::nested, {}};
  if (token == "null") return Scalar{Scalar::Kind::null, {}};
  if (token == "true" || token == "false") return Scalar{Scalar::Kind::boolean, token};
  if (is_json_number(token)) return Scalar{Scalar::Kind::number, token};
  return Error{Errc::malformed, fmt::format("not JSON: '{}'", token.substr(0, 40))};
}

Result<Members> read_members(JsonObject object) {
  Members members;
  for (auto field : object) {
    std::string_view key;
    if (const auto code = field.unescaped_key().get(key)) return json_error(code);
    const auto member = find_read_member(key);
    if (!member) continue;
    JsonValue value;
    if (const auto code = field.value().get(value)) return json_error(code);
    const auto scalar = read_scalar(value);
    if (!scalar) return scalar.error();
    members.set(*member, *scalar);
  }
  return members;
}

Result<void> check_structure(std::string_view text) {
  std::uint64_t kinds = 0; // one bit per open bracket, the innermost lowest: 1 for an object
  int depth = 0;
  std::size_t pos = 0;
  const auto fail = [&](std::string_view why) {
    return Error{Errc::malformed, fmt::format("not JSON: {} at byte {}", why, pos)};
  };
  for (bool started = false; pos < text.size(); ++pos) {
    const char c = text[pos];
    const bool space = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (depth == 0 && !space && (started || (c != '{' && c != '['))) return fail("unexpected text");
    if (c == '"') {
      for (++pos; pos < text.size() && text[pos] != '"'; ++pos) {
        if (text[pos] == '\\') ++pos;
      }
      if (pos >= text.size()) return fail("open string");
    } else if (c == '{' || c == '[') {
      if (++depth > deepest_json) return fail("too many levels");
      kinds = kinds << 1U | (c == '{' ? 1U : 0U);
      started = true;
    } else if (c == '}' || c == ']') {
      if ((kinds & 1U) != (c == '}' ? 1U : 0U)) return fail("wrong bracket");
      kinds >>= 1U;
      --depth;
    }
  }
  if (depth != 0 || text.empty()) return fail("the end");
  return {};
}

} // namespace bulkhead::protocol::projectx
