#pragma once
// The little of HTTP/1.1 and of websockets that the stub gateway speaks. Lean rather than tolerant: its only
// peers are the programs of this benchmark. Pure functions; any thread.

#include <optional>
#include <string>
#include <string_view>

namespace bulkhead::bench {

struct StubRequest {
  std::string target;
  std::string bearer;
  std::string websocket_key; // empty: no upgrade
  std::string body;
};
/// Takes the first whole request out of `input`; none when it is not complete yet.
[[nodiscard]] std::optional<StubRequest> take_request(std::string& input);
[[nodiscard]] std::string http_reply(std::string_view json);
/// 429 without a Retry-After.
[[nodiscard]] std::string too_many_requests();
/// The 101 answer that turns the connection into a websocket.
[[nodiscard]] std::string upgrade_reply(std::string_view websocket_key);

enum class WebsocketOpcode : unsigned char { text = 1, close = 8, ping = 9, pong = 10 };
struct WebsocketMessage {
  WebsocketOpcode opcode = WebsocketOpcode::text;
  std::string payload;
};
/// Takes the first whole frame, unmasked, out of `input`; none when it is not complete yet.
[[nodiscard]] std::optional<WebsocketMessage> take_frame(std::string& input);
/// One unmasked frame, as a server sends it.
[[nodiscard]] std::string websocket_frame(WebsocketOpcode opcode, std::string_view payload);

} // namespace bulkhead::bench
