#pragma once
// What can be read off the whole list of events, and nothing else: no state is carried from one question to
// the next, each answer goes through all events again. Slow and plain on purpose; shares no code with model/
// or rules/ but the event structs and ids. Owned by one test.

#include "model/event.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace bulkhead::reference {

using Events = std::vector<model::Event>;
__extension__ typedef __int128 Micros; // micro-dollars; wide enough for any sum

/// A position as the events tell it.
struct Held {
  int quantity = 0; // signed
  bool sided = true;
  std::int64_t average = 0; // 1e-9
  std::int64_t id = 0;
  model::Epoch epoch = 0;
  model::Instant grown; // when it last became larger
  model::Instant opened;
  model::Instant seen;
};

struct Working {
  model::Order order;
  model::Instant seen;
};

/// The book after some of the events.
struct Book {
  std::map<std::string, Held> held; // contract id -> position
  std::map<std::int64_t, Working> orders;
  std::map<std::int64_t, model::Fill> fills; // the last word on each
  std::map<std::string, std::int64_t> marks; // 1e-9
  std::map<std::string, model::TickSpec> ticks;
  model::Account account;
  model::Instant day_start, day_end;
  Micros open_at_reset = 0;
  model::Instant trusted; // what was seen before this is not acted upon
};

using Books = std::vector<Book>;
/// The books after 0, 1, 2, ... and all events.
[[nodiscard]] Books books_of(const Events& events);
/// Whether `event` told anything new: the books before and after it differ.
[[nodiscard]] bool told_something(const model::Event& event, const Book& before, const Book& after);

[[nodiscard]] Micros open_profit(const Book& book, const std::string& contract, const Held& held,
                                 bool& valued);
[[nodiscard]] Micros open_profit(const Book& book);
/// Realized of the day: after costs, or before.
[[nodiscard]] Micros realized(const Book& book, bool net);

/// "ES" for CON.F.US.EP.U26.
[[nodiscard]] std::string root_of(const std::string& contract);
[[nodiscard]] std::string family_of(const std::string& root);
[[nodiscard]] int tenths_of(const std::string& root);

/// The first 17:00 in Chicago after `at`, by the law: summer time from the second Sunday of March to the
/// first of November.
[[nodiscard]] model::Instant next_reset(model::Instant at);

} // namespace bulkhead::reference
