#pragma once
// The two HTTP headers that speak of time. Pure functions, any thread.

#include "model/time.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace bulkhead::protocol::net {

/// "Sun, 06 Nov 1994 08:49:37 GMT", the one form servers are allowed to send (RFC 9110 5.6.7); the two forms
/// of the last century are not read. Errors: malformed.
[[nodiscard]] model::Result<model::Instant> parse_http_date(std::string_view text);

/// Retry-After, relative: seconds as they are, a date as its distance from the reply's own `Date` (so that a
/// wrong clock on either side does not matter). Clamped to 0 .. 24 h. Nothing if absent, malformed, or a date
/// without Date.
[[nodiscard]] std::optional<std::chrono::seconds> parse_retry_after(std::string_view text,
                                                                    std::optional<model::Instant> date);

} // namespace bulkhead::protocol::net
