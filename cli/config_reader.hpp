#pragma once
// What the sections of accounts.yaml, risk_config.yaml and holidays.yaml share beyond rules::Params: texts
// with a length, times, zones, warnings, and how much of a value a problem may show. Pure functions, any
// thread.

#include "rules/params.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace bulkhead::cli {

inline constexpr std::size_t longest_url = 2048;

/// A text of `shortest` to `longest` characters (not bytes). Absent gives `fallback`.
[[nodiscard]] std::string read_text(rules::Params& params, std::string_view key, std::string fallback,
                                    std::size_t longest, std::size_t shortest = 1);
/// "HH:MM". Nothing when absent or wrong; wrong is a problem.
[[nodiscard]] std::optional<model::TimeOfDay> read_time(rules::Params& params, std::string_view key);
/// The name of an existing time zone. Nothing when absent or wrong; wrong is a problem.
[[nodiscard]] std::optional<std::string> read_zone(rules::Params& params, std::string_view key);

/// The section `key`, marked as read; null when absent or left empty.
[[nodiscard]] const model::ConfigNode* take_section(rules::Params& params, std::string_view key);

void add_error(model::Problems& problems, const model::ConfigNode& node, std::string message);
void add_warning(model::Problems& problems, const model::ConfigNode& node, std::string message);
/// The key of `node` is none this program knows; `suggestion` is the nearest, or empty.
void add_unknown(model::Problems& problems, const model::ConfigNode& node, std::string suggestion);
/// `key` is absent from `parent`.
void add_missing(model::Problems& problems, const model::ConfigNode& parent, std::string_view key,
                 std::string message);
/// A problem of a whole file, or of the machine when `file` is empty.
void add_file_problem(model::Problems& problems, model::Problem::Severity severity, std::string file,
                      std::string message);

/// Shortens shown values to one line of 80 bytes.
void shorten_values(model::Problems& problems);
/// Hides every value of accounts.yaml that is not known to be harmless: what stands under a misspelt key may
/// be an API key. Looks at the problems from index `first` on.
void hide_secrets(model::Problems& problems, std::size_t first);

} // namespace bulkhead::cli
