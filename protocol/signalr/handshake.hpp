#pragma once
// The two exchanges that come before the first hub message: the HTTP negotiate answer and the handshake
// records. Pure functions over one text each; they run once per connection and may copy. Used by the client
// session and, for the server's side of the handshake, by the simulated gateway.

#include "model/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace bulkhead::protocol::signalr {

/// Either a redirect (`url` set: negotiate again there, with `access_token`) or the id to connect with.
struct NegotiateAnswer {
  std::string url;
  std::string access_token; // of a redirect; empty: keep the one in use
  std::string
      connection_id; // value of the `id` query parameter: the connection token, or in version 0 the id
};
/// Errors: malformed; rejected with the server's words; unsupported when the server offers no websockets.
[[nodiscard]] model::Result<NegotiateAnswer> parse_negotiate_answer(std::string_view body);

/// The server's first record. Errors: malformed; rejected with the server's words.
[[nodiscard]] model::Result<void> parse_handshake_answer(std::string_view record);

struct HandshakeRequest {
  std::string protocol;
  std::int64_t version = 0;
};
/// The client's first record. Errors: malformed.
[[nodiscard]] model::Result<HandshakeRequest> parse_handshake_request(std::string_view record);

} // namespace bulkhead::protocol::signalr
