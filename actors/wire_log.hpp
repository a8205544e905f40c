#pragma once
// Everything that goes over the wire, written down for support. Off unless logging.wire_file names a file;
// then each transport is wrapped once, when it is made, and the way of a frame is otherwise the same. Secrets
// are masked before anything is queued. A thread of its own writes; when it falls 8,192 entries behind, the
// oldest are dropped. Thread-safe.

#include "model/config.hpp"
#include "protocol/transport.hpp"

#include <filesystem>

namespace bulkhead::actors {

/// `what`: "> POST /api/..." or "< user hub".
using WireLog = std::function<void(std::string_view what, std::string_view text)>;

/// Keys, passwords and tokens replaced by "***", in JSON, queries and headers; at most 16 KiB are kept.
[[nodiscard]] std::string without_secrets(std::string_view text);

/// Null when it is off. Errors: io, when the file cannot be opened.
[[nodiscard]] model::Result<WireLog> make_wire_log(const model::LoggingConfig& config,
                                                   const std::filesystem::path& data_dir);

[[nodiscard]] std::unique_ptr<protocol::RestTransport>
logged(std::unique_ptr<protocol::RestTransport> transport, WireLog log);
[[nodiscard]] std::shared_ptr<protocol::WebsocketTransport>
logged(std::shared_ptr<protocol::WebsocketTransport> transport, const char* hub, WireLog log);

} // namespace bulkhead::actors
