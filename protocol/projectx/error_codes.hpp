#pragma once
// The gateway's error codes, one table per endpoint (the same number means different things on different
// endpoints), and what an answer means for enforcement. Pure functions over constant data: any thread.

#include "protocol/projectx/names.hpp"

#include <string>

namespace bulkhead::protocol::projectx {

/// What a reply means. Effect unknown, read before repeating: pending, unknown_error, transient, malformed.
enum class Answer : std::uint8_t {
  accepted,
  not_found,       // the thing is gone, or never was: achieved once a read agrees
  pending,         // under way at the venue: do not resend
  market_closed,   // or the contract is not traded: next session
  account_refused, // the account may not: no fast retry
  invalid_size,    // partial close larger than the position
  rejected,        // refused for another reason
  unknown_error,   // the venue does not know, or the code is in no table
  unauthorized,    // HTTP 401, or a token that ended
  rate_limited,    // HTTP 429
  transient,       // HTTP 408 and 5xx
  fatal,           // any other HTTP status: our request is wrong or forbidden
  malformed,       // HTTP 2xx without a complete envelope
};
[[nodiscard]] std::string_view to_string(Answer answer) noexcept;

/// "PositionNotFound"; empty for a code that is not in the endpoint's table.
[[nodiscard]] std::string_view code_name(Endpoint endpoint, std::int64_t code) noexcept;

/// The table alone: what a code of this endpoint means, without the message.
[[nodiscard]] Answer answer_of(Endpoint endpoint, std::int64_t code) noexcept;

struct Classified {
  Answer answer = Answer::malformed;
  std::int64_t code = 0; // errorCode of the envelope; 0 when there was none
  std::string message;   // errorMessage, at most 256 bytes as the gateway wrote it: escape to log
  friend bool operator==(const Classified&, const Classified&) = default;
};

/// Looks at the HTTP status first, so that HTML and empty bodies of proxies do no harm. `body` is text of any
/// kind and is copied once.
[[nodiscard]] Classified classify(Endpoint endpoint, int http_status, std::string_view body);

} // namespace bulkhead::protocol::projectx
