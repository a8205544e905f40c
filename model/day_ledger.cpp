#include "model/day_ledger.hpp"

namespace bulkhead::model {
namespace {
constexpr auto kept_before_day = std::chrono::hours{48};
}

void DayLedger::count_fill(const Fill& fill, int sign) {
  if (fill.voided || !in_day(fill)) return;
  gross_ = sign > 0 ? gross_ + fill.gross() : gross_ - fill.gross();
  costs_ = sign > 0 ? costs_ + fill.costs() : costs_ - fill.costs();
  count_ += static_cast<std::size_t>(sign);
}

DayLedger::Booked DayLedger::add(const Fill& fill) {
  const auto [it, inserted] = fills_.try_emplace(fill.id, fill);
  if (!inserted) {
    // Told again with other figures (fees may come late), or taken back. A figure that is absent takes none
    // away.
    Fill newer = fill;
    if (!newer.pnl) newer.pnl = it->second.pnl;
    if (newer.fees == Money{}) newer.fees = it->second.fees;
    if (newer.commissions == Money{}) newer.commissions = it->second.commissions;
    if (it->second.voided || it->second == newer) return Booked::duplicate;
    count_fill(it->second, -1);
    it->second = newer;
    count_fill(newer, +1);
    return fill.voided ? Booked::taken_back : Booked::corrected;
  }
  count_fill(fill, +1);
  return in_day(fill) ? Booked::counted : Booked::other_day;
}

void DayLedger::begin(const DailyReset& reset) {
  day_ = reset.day;
  start_ = reset.start;
  end_ = reset.end;
  std::erase_if(fills_,
                [&](const auto& entry) { return entry.second.executed_at < start_ - kept_before_day; });
  recount();
}

void DayLedger::restore(TradingDay day, Instant start, Instant end, std::map<FillId, Fill> fills) {
  day_ = day;
  start_ = start;
  end_ = end;
  fills_ = std::move(fills);
  recount();
}

void DayLedger::recount() {
  gross_ = {};
  costs_ = {};
  count_ = 0;
  for (const auto& [id, fill] : fills_) count_fill(fill, +1);
}

} // namespace bulkhead::model
