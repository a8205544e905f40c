#include "actors/past_days.hpp"

#include <map>

namespace bulkhead::actors {

std::vector<model::PastDay> past_days(const std::vector<model::Fill>& fills,
                                      const model::ResetSchedule& reset, model::Instant today) {
  const auto begun = reset.last_at_or_before(today);
  std::map<model::TradingDay, model::PastDay> days;
  for (const auto& fill : fills) {
    if (fill.voided || fill.executed_at >= begun) continue;
    const auto day = reset.trading_day(fill.executed_at);
    auto& past = days[day];
    past.day = day;
    past.net += fill.gross() - fill.costs();
    ++past.fills;
  }
  std::vector<model::PastDay> out;
  for (auto& [day, past] : days) out.push_back(past);
  return out;
}

} // namespace bulkhead::actors
