#pragma once
// The text side of HTTP/1.1: a request as one contiguous string (so that it leaves in one TLS record and one
// system call) and the checks on text that goes into or comes out of headers. Pure functions, any thread.

#include "protocol/transport.hpp"

#include <string>
#include <string_view>

namespace bulkhead::protocol::net {

inline constexpr std::string_view user_agent = "bulkhead";

/// No control byte, no CR, no LF: cannot end a header line early.
[[nodiscard]] bool is_header_safe(std::string_view text) noexcept;

/// Text from outside, fit for a message: control and non-ASCII bytes become '?', at most 120 characters.
[[nodiscard]] std::string printable(std::string_view text);

/// Turns requests for one site into bytes; what does not change between requests is kept. Immutable, any
/// thread.
class RequestWriter {
public:
  /// The base path of `where`, without its query, goes in front of every target.
  explicit RequestWriter(const Endpoint& where);
  /// Head and body. Content-Type is JSON; a request without a body says Content-Length: 0, a GET without a
  /// body says nothing. Errors: malformed (method, target or token contain what a header must not), without
  /// quoting them.
  [[nodiscard]] model::Result<std::string> to_wire(const HttpRequest& request) const;

private:
  std::string base_;
  std::string fixed_headers_;
};

} // namespace bulkhead::protocol::net
