#pragma once
// `bulkhead check`: validates a configuration directory and prints every problem, then what would be enforced
// for whom. Reads files only; connects to nothing.

#include "cli/config_accounts.hpp"

#include <filesystem>
#include <iosfwd>

namespace bulkhead::cli {

/// Returns the exit code: 0 valid (warnings allowed), 5 invalid.
[[nodiscard]] int check_command(const std::filesystem::path& config_dir, bool json, std::ostream& out);
/// The same with another environment than the process's.
[[nodiscard]] int check_command(const std::filesystem::path& config_dir, bool json, std::ostream& out,
                                const Environment& environment);

} // namespace bulkhead::cli
