#pragma once
// Which program this is: release, commit, and the time zone data it decides trading days by. Any thread.

#include <string>

namespace bulkhead::cli {

/// "bulkhead 0.1.0 (commit 0123456789ab, tzdata 2024b)"
[[nodiscard]] std::string version_line();

} // namespace bulkhead::cli
