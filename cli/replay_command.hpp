#pragma once
// `bulkhead replay`: the decisions of one trading day as the journal recorded them, and whether they come out
// alike when the recorded events are decided again: with the configuration the daemon runs with (./config, as
// for `run`), or, given --config, with another one, to see what that would have done. Sends nothing and
// changes no file; may run beside the daemon.

#include "cli/config_accounts.hpp"

#include <filesystem>
#include <iosfwd>
#include <string>

namespace bulkhead::cli {

struct ReplayCommand {
  std::filesystem::path data_dir = "data";
  std::int64_t account = 0;
  std::string day; // yyyy-mm-dd
  std::filesystem::path config_dir = "config";
  bool other_config = false; // --config was given: differences are what was asked for
  bool json = false;
};

/// Exit codes: ok; failed (no such journal, damage, or decisions that differ without --config); usage;
/// invalid_config. Without --config and without ./config the recorded decisions are printed alone.
[[nodiscard]] int replay_command(const ReplayCommand& command, std::ostream& out, std::ostream& err);
[[nodiscard]] int replay_command(const ReplayCommand& command, std::ostream& out, std::ostream& err,
                                 const Environment& environment);

} // namespace bulkhead::cli
