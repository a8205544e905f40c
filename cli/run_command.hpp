#pragma once
// `bulkhead run`: the daemon in the foreground.

#include "actors/system_config.hpp"

#include <filesystem>
#include <string_view>

namespace bulkhead::cli {

struct RunCommand {
  std::filesystem::path config_dir = "config";
  std::filesystem::path data_dir = "data";
  actors::SchedulerKind scheduler = actors::SchedulerKind::asio;
  int keep_warm_ms = 0; // between rehearsals of a breach; 0: none
  bool spin = false;    // the thread of the breach path polls instead of sleeping
};

/// Runs until SIGTERM or SIGINT; SIGHUP reads the configuration again. Exit codes: ok, failed,
/// invalid_config.
[[nodiscard]] int run_command(const RunCommand& command);

/// "bulkhead 0.1.0"
[[nodiscard]] std::string_view version_text();

} // namespace bulkhead::cli
