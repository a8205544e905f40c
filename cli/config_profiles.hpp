#pragma once
// profiles/<name>.yaml: what a firm prescribes for one kind of account; and news.yaml: economic releases. An
// account names its profile in accounts.yaml. A rule block that leaves a key out takes it from the block of
// the same rule in that profile (rules/profile_defaults); a profile switches nothing on. Called by the
// configuration loader only.

#include "model/config.hpp"
#include "model/error.hpp"

#include <filesystem>

namespace bulkhead::cli {

/// The profiles that `accounts` name, each read once. A name without a file is a problem.
[[nodiscard]] std::vector<model::FirmProfile> read_profiles(const std::filesystem::path& directory,
                                                            const std::vector<model::AccountConfig>& accounts,
                                                            model::Problems& problems);
[[nodiscard]] model::NewsCalendar read_news(const model::ConfigNode& root, model::Problems& problems);

} // namespace bulkhead::cli
