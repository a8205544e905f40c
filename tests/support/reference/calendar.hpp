#pragma once
// Local time and trading hours for the naive reference: the law on summer time written out, and hours looked
// up minute by minute of the local clock. Times between 1:00 and 3:00, when clocks change, are not
// understood. Owned by one test.

#include "model/time.hpp"

#include <map>
#include <optional>
#include <set>
#include <utility>

namespace bulkhead::reference {

/// The first 17:00 in Chicago after `at`.
[[nodiscard]] model::Instant next_reset(model::Instant at);

/// The day by its number since 1970, and when its clock shows a minute, in Chicago.
[[nodiscard]] int local_day(model::Instant at);
[[nodiscard]] model::Instant local_time(int day, int minute);

/// Days by their number since 1970, times as minutes of the day in Chicago.
struct Holidays {
  std::set<int> closed;
  std::map<int, int> early;
};

struct Hours {
  bool new_york = false; // else Chicago
  int start = 0, end = 0;
  std::optional<std::pair<int, int>> weekdays; // of start and end, 0 is Sunday; none: daily
  std::set<int> days = {1, 2, 3, 4, 5};        // on which a daily session starts
  std::optional<std::pair<int, int>> pause;
  bool holidays = true;
};
/// Sunday 17:00 to Friday 16:00 in Chicago, pausing from 16:00 to 17:00.
[[nodiscard]] Hours exchange();

/// Since when there is trading without a pause; none while there is none.
[[nodiscard]] std::optional<model::Instant> open_since(const Hours& hours, const Holidays& holidays,
                                                       model::Instant at);
/// The next moment, after one without trading, at which there is some.
[[nodiscard]] std::optional<model::Instant> opens_next(const Hours& hours, const Holidays& holidays,
                                                       model::Instant at);

} // namespace bulkhead::reference
