#pragma once
// When the futures market can be expected to trade: Sunday to Friday, 17:00 to 16:00 Chicago time, without
// the holidays of the calendar. Used for one thing only: a rejected close in a closed market waits for the
// open instead of being repeated. A value; any thread.

#include "model/trading_calendar.hpp"

#include <optional>

namespace bulkhead::actors {

class MarketHours {
public:
  explicit MarketHours(model::HolidayCalendar holidays = {}) : holidays_(std::move(holidays)) {}
  /// When the market opens next; none while it is open.
  [[nodiscard]] std::optional<model::Instant> closed_until(model::Instant at) const;

private:
  /// A session is named by the date on which it ends.
  [[nodiscard]] bool trades(model::TradingDay day) const;
  [[nodiscard]] model::Instant opens(model::TradingDay day) const;
  [[nodiscard]] model::Instant closes(model::TradingDay day) const;

  model::HolidayCalendar holidays_;
};

} // namespace bulkhead::actors
