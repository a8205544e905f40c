#pragma once
// JSON on its way from a connection to a decoder, and what must be checked of it before an on-demand parser,
// which skips what nobody reads by its brackets only, may be trusted with it.

#include "model/error.hpp"

#include <cstddef>
#include <string_view>

namespace bulkhead::protocol {

/// Readable bytes the JSON parser wants behind its input.
inline constexpr std::size_t json_padding = 64;

/// JSON text with at least json_padding readable bytes (of any content) behind its end.
struct PaddedJson {
  std::string_view text;
  bool checked = false; // check_structure() has passed
};

/// Checks what on-demand parsing takes on trust: one array or object, brackets that match in kind, at most 64
/// levels, closed strings, nothing but white space around. With this done, skipping an unknown member by its
/// brackets cannot lose its way. Errors: malformed.
[[nodiscard]] model::Result<void> check_structure(std::string_view text);

} // namespace bulkhead::protocol
