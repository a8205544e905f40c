#pragma once
// `bulkhead demo`: the daemon, a simulated gateway over TLS and a scripted trader in one process.

namespace bulkhead::cli {

struct DemoCommand {
  bool hold = false; // keep running afterwards
};

/// Exit code: ok when every account ended as its rules demand, else failed.
[[nodiscard]] int demo_command(const DemoCommand& command);

} // namespace bulkhead::cli
