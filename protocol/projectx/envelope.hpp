#pragma once
// The envelope of every REST answer: success, errorCode, errorMessage. Pure functions, any thread; internal
// to protocol/projectx.

#include "protocol/projectx/members.hpp"

namespace bulkhead::protocol::projectx {

struct Envelope {
  bool accepted = false; // success and errorCode 0: an id in the answer alone proves nothing
  std::int64_t code = 0;
  std::optional<std::string> message; // none when null or absent
};

/// Errors: missing or malformed success or errorCode; malformed when success is false and yet errorCode is 0.
[[nodiscard]] model::Result<Envelope> to_envelope(const Members& members);

/// The same from a body of any kind. Errors: as above, and malformed for everything that is no JSON object.
[[nodiscard]] model::Result<Envelope> read_envelope(std::string_view body);

} // namespace bulkhead::protocol::projectx
