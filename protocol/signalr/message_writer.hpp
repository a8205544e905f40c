#pragma once
// Writes hub protocol records, separator included: those a client sends, and those a server sends, which the
// simulated gateway needs. Pure functions. Texts are escaped here and bytes that are not UTF-8 replaced;
// `arguments_json` is copied as it is and must be a JSON array.

#include <optional>
#include <string>
#include <string_view>

namespace bulkhead::protocol::signalr {

[[nodiscard]] std::string encode_ping();
/// Without `id` the call is fire-and-forget: no completion comes back.
[[nodiscard]] std::string encode_invocation(std::string_view target, std::string_view arguments_json,
                                            std::optional<std::string_view> id = std::nullopt);
/// With `error` a failure, else the completion of a method without a result.
[[nodiscard]] std::string encode_completion(std::string_view id,
                                            std::optional<std::string_view> error = std::nullopt);
/// `allow_reconnect` absent leaves the member out, which a peer reads as false.
[[nodiscard]] std::string encode_close(std::optional<std::string_view> error = std::nullopt,
                                       std::optional<bool> allow_reconnect = std::nullopt);

/// The first record of a client: JSON protocol, version 1.
[[nodiscard]] std::string encode_handshake();
[[nodiscard]] std::string encode_handshake_ok();
[[nodiscard]] std::string encode_handshake_err(std::string_view error);

} // namespace bulkhead::protocol::signalr
