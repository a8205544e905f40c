#pragma once
// Reads the hours of a session from a settings block: start, end, timezone, days, daily_break. Pure.

#include "model/session_hours.hpp"
#include "rules/params.hpp"

namespace bulkhead::rules {

/// 09:30 to 16:00 in New York, Monday to Friday, where the block says nothing else.
[[nodiscard]] model::SessionHours read_session_hours(Params& params, bool respect_holidays);

} // namespace bulkhead::rules
