#pragma once
// `bulkhead status`: asks a running daemon through its control port.

#include "actors/control_messages.hpp"
#include "cli/node_options.hpp"

#include <iosfwd>
#include <string>

namespace bulkhead::cli {

/// Exit codes: ok, failed, usage, unreachable, unauthorized.
[[nodiscard]] int status_command(const NodeOptions& options, std::ostream& out);

/// The JSON of --json: {status, data, error, request_id}.
[[nodiscard]] std::string status_json(const actors::StatusReply& reply);
/// The table for people; `color` adds ANSI colours.
[[nodiscard]] std::string status_table(const actors::StatusReply& reply, bool color);

} // namespace bulkhead::cli
