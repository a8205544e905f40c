#include "protocol/json_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fmt/format.h>

namespace bulkhead::protocol {

using model::Errc;
using model::Error;
using model::Result;

namespace {

constexpr int deepest_json = 64;

Error bad_structure(std::string_view why, std::size_t pos) {
  return {Errc::malformed, fmt::format("not JSON: {} at byte {}", why, pos)};
}

enum class Mark : std::uint8_t { other, space, quote, opens, closes };

constexpr auto marks = [] {
  std::array<Mark, 256> out{};
  for (const unsigned char c : {' ', '\t', '\r', '\n'}) out[c] = Mark::space;
  for (const unsigned char c : {'{', '['}) out[c] = Mark::opens;
  for (const unsigned char c : {'}', ']'}) out[c] = Mark::closes;
  out['"'] = Mark::quote;
  return out;
}();

/// Where the quote is that ends the string which begins at `start`.
std::size_t end_of_string(std::string_view text, std::size_t start) {
  for (auto end = text.find('"', start + 1); end != text.npos; end = text.find('"', end + 1)) {
    const auto before = text.find_last_not_of('\\', end - 1);
    if ((end - before) % 2 == 1) return end;
  }
  return text.npos;
}

Mark mark_of(char c) { return marks[static_cast<unsigned char>(c)]; }

} // namespace

Result<void> check_structure(std::string_view text) {
  std::uint64_t kinds = 0; // one bit per open bracket, the innermost lowest: 1 for an object
  int depth = 0;
  bool started = false;
  std::size_t pos = 0;
  for (; pos < text.size(); ++pos) {
    const Mark mark = mark_of(text[pos]);
    if (mark == Mark::space || (mark == Mark::other && depth > 0)) continue;
    if (depth == 0 && (started || mark != Mark::opens)) return bad_structure("unexpected text", pos);
    if (mark == Mark::quote) {
      pos = std::min(end_of_string(text, pos), text.size());
      if (pos == text.size()) return bad_structure("open string", pos);
    } else if (mark == Mark::opens) {
      if (++depth > deepest_json) return bad_structure("too many levels", pos);
      kinds = kinds << 1U | (text[pos] == '{' ? 1U : 0U);
      started = true;
    } else {
      if ((kinds & 1U) != (text[pos] == '}' ? 1U : 0U)) return bad_structure("wrong bracket", pos);
      kinds >>= 1U;
      --depth;
    }
  }
  if (depth != 0 || text.empty()) return bad_structure("the end", pos);
  return {};
}

} // namespace bulkhead::protocol
