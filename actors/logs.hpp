#pragma once
// The daemon's logs over spdlog: stderr, a rotated file, and the enforcement log. Made once by the
// composition root; thread-safe.

#include "actors/notifier.hpp"
#include "model/config.hpp"

#include <filesystem>

namespace bulkhead::actors {

/// Relative paths of the configuration stand under `data_dir`. Errors: io, when a log file cannot be opened.
[[nodiscard]] model::Result<Logs> make_logs(const model::LoggingConfig& config,
                                            const std::filesystem::path& data_dir, bool to_stderr);

} // namespace bulkhead::actors
