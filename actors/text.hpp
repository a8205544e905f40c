#pragma once
// Small text helpers: what the gateway wrote is escaped before it reaches a log or a terminal.

#include <string>
#include <string_view>

namespace bulkhead::actors {

/// Control bytes and escape characters as \xNN, at most `longest` bytes. Log lines and terminals stay intact.
[[nodiscard]] std::string escaped(std::string_view text, std::size_t longest = 512);
/// `["text"]` with JSON escaping: the argument list of a hub call.
[[nodiscard]] std::string json_array(std::string_view text);

} // namespace bulkhead::actors
