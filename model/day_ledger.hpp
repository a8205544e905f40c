#pragma once
// Realized profit of one account and trading day. Every fill is booked to the day of its own timestamp,
// counted once by id, and taken back when the venue voids it. Fills of the day before stay for counting
// windows that cross the reset.

#include "model/event.hpp"
#include "model/fill.hpp"

#include <map>

namespace bulkhead::model {

class DayLedger {
public:
  enum class Booked { counted, duplicate, corrected, taken_back, other_day };

  /// Books a fill. `corrected`: known, now with other figures. `taken_back`: it was counted and is now
  /// voided. `other_day`: kept, but outside the current day.
  Booked add(const Fill& fill);
  /// Starts a new day: sums restart from the fills inside it, and fills older than the previous day are
  /// dropped.
  void begin(const DailyReset& reset);

  [[nodiscard]] Money gross() const noexcept { return gross_; }
  [[nodiscard]] Money costs() const noexcept { return costs_; } // fees and commissions, a positive figure
  [[nodiscard]] Money net() const noexcept { return gross_ - costs_; }
  [[nodiscard]] std::size_t count() const noexcept { return count_; } // counted fills of the day
  [[nodiscard]] TradingDay day() const noexcept { return day_; }
  [[nodiscard]] Instant start() const noexcept { return start_; }
  [[nodiscard]] Instant end() const noexcept { return end_; }
  [[nodiscard]] const std::map<FillId, Fill>& fills() const noexcept { return fills_; }
  friend bool operator==(const DayLedger&, const DayLedger&) = default;

  /// For the codec only: the sums are derived, so bounds and fills are all there is to store.
  void restore(TradingDay day, Instant start, Instant end, std::map<FillId, Fill> fills);

private:
  [[nodiscard]] bool in_day(const Fill& fill) const noexcept {
    return fill.executed_at >= start_ && fill.executed_at < end_;
  }
  void count_fill(const Fill& fill, int sign);
  void recount();

  TradingDay day_;
  Instant start_ = Instant::min();
  Instant end_ = Instant::max();
  Money gross_;
  Money costs_;
  std::size_t count_ = 0;
  std::map<FillId, Fill> fills_;
};

} // namespace bulkhead::model
