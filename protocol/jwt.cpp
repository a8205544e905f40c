#include "protocol/jwt.hpp"

#include <cstdint>
#include <simdjson.h>
#include <string>

namespace bulkhead::protocol {
namespace {

/// Base64 with the URL alphabet and without padding; nothing when a byte does not belong.
std::optional<std::string> base64url_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size() * 3 / 4);
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text.substr(0, text.find_last_not_of('=') + 1)) {
    std::uint32_t value = 0;
    if (c >= 'A' && c <= 'Z')
      value = static_cast<std::uint32_t>(c - 'A');
    else if (c >= 'a' && c <= 'z')
      value = static_cast<std::uint32_t>(c - 'a' + 26);
    else if (c >= '0' && c <= '9')
      value = static_cast<std::uint32_t>(c - '0' + 52);
    else if (c == '-' || c == '+')
      value = 62;
    else if (c == '_' || c == '/')
      value = 63;
    else
      return std::nullopt;
    bits = (bits << 6 | value) & 0xFFFF;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out.push_back(static_cast<char>(bits >> count & 0xFF));
  }
  return out;
}

} // namespace

std::optional<model::Instant> jwt_expiry(std::string_view jwt) {
  const auto first = jwt.find('.');
  const auto second = jwt.find('.', first == std::string_view::npos ? first : first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const auto payload = base64url_decode(jwt.substr(first + 1, second - first - 1));
  if (!payload) return std::nullopt;
  simdjson::dom::parser parser;
  simdjson::dom::element claims;
  std::int64_t exp = 0;
  if (parser.parse(simdjson::padded_string(*payload)).get(claims) || claims["exp"].get(exp))
    return std::nullopt;
  constexpr std::int64_t year_10000 = 253'402'300'800;
  if (exp <= 0 || exp >= year_10000) return std::nullopt;
  return model::Instant{std::chrono::seconds{exp}};
}

} // namespace bulkhead::protocol
