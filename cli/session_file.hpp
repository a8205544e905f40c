#pragma once
// The token of an admin session between two commands, in DATA/control/session, mode 0600. One thread.

#include "model/error.hpp"

#include <filesystem>
#include <string>

namespace bulkhead::cli {

[[nodiscard]] model::Result<void> keep_session(const std::filesystem::path& data_dir,
                                               const std::string& token);
/// Empty when there is none.
[[nodiscard]] std::string kept_session(const std::filesystem::path& data_dir);
void forget_session(const std::filesystem::path& data_dir);

} // namespace bulkhead::cli
