#pragma once
// A configuration directory -> model::Config and everything that is wrong with it, all at once. The daemon
// starts on no error and reloads on no error; warnings are for people. Reads files, keeps nothing; any
// thread.

#include "cli/config_accounts.hpp"
#include "model/config.hpp"
#include "model/error.hpp"

#include <filesystem>

namespace bulkhead::cli {

struct LoadedConfig {
  model::Config config;     // meant for use only when `problems` has no error
  model::Problems problems; // by file and line
};

/// Reads accounts.yaml with the profiles it names, risk_config.yaml, holidays.yaml (needed only when a rule
/// respects holidays) and news.yaml. Requires: time_zones_present().
[[nodiscard]] LoadedConfig load_config(const std::filesystem::path& directory,
                                       const Environment& environment);

/// The environment of this process.
[[nodiscard]] Environment process_environment();

/// False on a machine without a time zone database: nothing can be loaded there.
[[nodiscard]] bool time_zones_present();

} // namespace bulkhead::cli
