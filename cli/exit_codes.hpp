#pragma once
// Exit codes of every command; documented in README and stable.

namespace bulkhead::cli {

enum ExitCode : int {
  exit_ok = 0,
  exit_failed = 1,
  exit_usage = 2,
  exit_unreachable = 3, // the daemon does not answer
  exit_unauthorized = 4,
  exit_invalid_config = 5,
};

} // namespace bulkhead::cli
