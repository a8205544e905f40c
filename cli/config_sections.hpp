#pragma once
// risk_config.yaml: its sections into the typed Config, its rule blocks as trees. Called by the configuration
// loader only.

#include "model/config.hpp"
#include "model/error.hpp"

namespace bulkhead::cli {

/// Reads every section of the file into `config` (all but accounts and holidays). Rule blocks may stand under
/// `rules:` or at the top level.
void read_risk_config(const model::ConfigNode& root, model::Config& config, model::Problems& problems);

/// The one daily reset of the file: `daily_reset`, else the pair reset_time and timezone of a rule. Two that
/// differ are a problem. Requires: config.rules is complete.
void read_daily_reset(const model::ConfigNode& root, model::Config& config, model::Problems& problems);

/// The full closures and early closes of holidays.yaml; a plain list of dates is a list of closures.
[[nodiscard]] model::HolidayCalendar read_holidays(const model::ConfigNode& root, model::Problems& problems);

/// True when an enabled rule asks the holiday calendar.
[[nodiscard]] bool needs_holidays(const model::Config& config);

} // namespace bulkhead::cli
