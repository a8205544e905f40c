#pragma once
// Carries one command to a daemon and prints its answer: what all commands but status and watch do.

#include "actors/control_request.hpp"
#include "cli/node_options.hpp"

#include <filesystem>
#include <iosfwd>

namespace bulkhead::cli {

struct AskCommand {
  NodeOptions node;
  actors::ControlRequest request;
  std::filesystem::path password_file; // login
  std::string since;                   // history: an instant, or how long ago
  double hours = 0;                    // block // tidy: not money
  std::string amount;                  // account payout, account adjust: "1500", "-12.50"
};

/// Exit codes: ok, failed, usage, unreachable, unauthorized, invalid_config.
[[nodiscard]] int ask_command(AskCommand command, std::ostream& out, std::ostream& err);

} // namespace bulkhead::cli
