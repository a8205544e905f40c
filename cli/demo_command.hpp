#pragma once
// `bulkhead demo`: the daemon, a simulated gateway over TLS and a scripted trader in one process. Twelve
// rules on twelve accounts, or with a profile the day that would have lost an account of that firm.

#include <string>

namespace bulkhead::cli {

struct DemoCommand {
  bool hold = false;   // keep running afterwards
  std::string profile; // "topstep_50k"; empty: the twelve rules
};

/// Exit code: ok when every account ended as its rules demand, or the one of the profile survived; else
/// failed.
[[nodiscard]] int demo_command(const DemoCommand& command);

} // namespace bulkhead::cli
