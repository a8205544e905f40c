#pragma once
// What has happened to an account, computed step by step from the events alone: the half of the naive
// reference that remembers. Owned by one test. Shares no code with model/ or rules/ but event structs and
// ids.

#include "model/event.hpp"

#include <cstdint>
#include <map>
#include <optional>
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

/// The last prices, 1e-9; none where nobody has told.
struct Quoted {
  std::optional<std::int64_t> last, bid, ask;
  model::Instant at;
};

/// Trades come as fills and as position updates, in either order: what one kind has told of alone.
struct Ahead {
  int fills = 0;
  int positions = 0;
  model::Instant at;
};

/// The book after some of the events.
struct Book {
  bool news = false;                // the last event told something
  std::map<std::string, Held> held; // contract id -> position
  std::map<std::int64_t, Working> orders;
  std::map<std::int64_t, model::Fill> fills; // the last word on each
  std::map<std::string, Quoted> quotes;
  std::map<std::string, model::TickSpec> ticks;
  std::map<std::string, Ahead> ahead;
  model::Account account;
  model::Instant day_start, day_end;
  Micros open_at_reset = 0;
  std::optional<Micros> opening; // the balance the day began with
  bool opening_sure = false;     // of this day
  bool streaming = false;
  bool flag_missing = false; // the last account row did not say whether trading is permitted
  model::Instant trusted;                // what was seen before this is not acted upon
  bool whole = false;                    // read since the start
  std::optional<model::Instant> read_on; // when it became whole
  model::Instant read_asked;             // for the last read
  std::map<std::string, model::Epoch> lives;
  std::map<std::int64_t, model::Instant> ended;
};

using Books = std::vector<Book>;
/// The book after one more event.
[[nodiscard]] Book next_book(const Book& before, const model::Event& event);

/// What a position of that direction is valued at: by "last", "exit_side" or "mid".
[[nodiscard]] std::optional<std::int64_t> mark_of(const Book& book, const std::string& contract,
                                                  const std::string& how, bool is_long);
/// None when it cannot be valued.
[[nodiscard]] std::optional<Micros> open_profit(const Book& book, const std::string& contract,
                                                const Held& held, const std::string& how = "last");
/// The sum of what can be valued.
[[nodiscard]] Micros open_profit(const Book& book, const std::string& how = "last");
/// Whether some position cannot be valued.
[[nodiscard]] bool blind_somewhere(const Book& book, const std::string& how = "last");
/// Realized of the day: after costs, or before.
[[nodiscard]] Micros realized(const Book& book, bool net);
/// What will be held when the positions have caught up with the fills; never less than what is.
[[nodiscard]] int held_soon(const Book& book, const std::string& contract, model::Instant now);

/// "ES" for CON.F.US.EP.U26.
[[nodiscard]] std::string root_of(const std::string& contract);
[[nodiscard]] std::string family_of(const std::string& root);
[[nodiscard]] int tenths_of(const std::string& root);

} // namespace bulkhead::reference
