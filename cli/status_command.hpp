#pragma once
// `bulkhead status`: asks a running daemon through its control port.

#include "actors/control_messages.hpp"
#include "model/error.hpp"

#include <filesystem>
#include <iosfwd>
#include <string>

namespace bulkhead::cli {

/// Options of every command that talks to a daemon.
struct NodeOptions {
  std::string node = "127.0.0.1:4750";
  std::filesystem::path data_dir = "data";
  std::int64_t account = 0; // 0: all
  bool json = false;
  bool no_color = false;
};

/// Exit codes: ok, failed, usage, unreachable.
[[nodiscard]] int status_command(const NodeOptions& options, std::ostream& out);

/// The JSON of --json: {status, data, error, request_id}.
[[nodiscard]] std::string status_json(const actors::StatusReply& reply);
/// The table for people; `color` adds ANSI colours.
[[nodiscard]] std::string status_table(const actors::StatusReply& reply, bool color);

} // namespace bulkhead::cli
