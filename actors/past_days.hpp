#pragma once
// Finished trading days out of the fills that a gateway still knows: what gives an account its marks back
// when its records are lost. Pure.

#include "model/account_history.hpp"
#include "model/fill.hpp"
#include "model/trading_calendar.hpp"

#include <map>
#include <optional>
#include <vector>

namespace bulkhead::actors {

/// What an account wants to know of its past.
struct PastWanted {
  std::optional<model::Instant> highs_from;          // none: only the finished days
  std::map<model::ContractId, std::int32_t> holding; // now: the fills must come to the same
};

/// Before the day of `today`, oldest first; balances follow later. Voided fills do not count.
[[nodiscard]] std::vector<model::PastDay> past_days(const std::vector<model::Fill>& fills,
                                                    const model::ResetSchedule& reset, model::Instant today);

} // namespace bulkhead::actors
