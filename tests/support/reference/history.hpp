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

/// A trading day that is over.
struct Finished {
  model::TradingDay day;
  Micros net = 0;
  Micros adjusted = 0;           // put in or taken out
  std::optional<Micros> balance; // at its end
  bool traded = false;
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
  model::TradingDay day;
  model::Instant day_start, day_end;
  model::Instant moved;         // the last change of a position, or news of a fill
  model::Instant balance_moved; // the last change of the balance
  std::vector<Finished> finished;
  model::TradingDay period;   // of the last payout: earlier days do not count
  bool set_back = false;      // by the firm: of earlier days nothing counts
  bool nothing_known = false; // of earlier days, and that was told
  int payouts = 0;
  Micros adjusted = 0;            // of the day: put in or taken out, and in the balance
  Micros awaited = 0;             // told, and not in the balance yet
  model::TradingDay awaited_from; // when it was told
  std::optional<Micros> equity;   // when trades half told distort nothing
  Micros open_at_reset = 0;
  std::optional<Micros> opening; // the balance the day began with
  bool opening_sure = false;     // of this day
  bool streaming = false;
  model::Instant flag_told;              // when a row last said whether trading is permitted
  bool flag_missing = false;             // the last account row did not say whether trading is permitted
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
/// Parts of it: what concerns balance and days.
void see_account(Book& book, const model::Account& told, model::Instant at);
void see_day(Book& book, const model::DailyReset& told);
void see_change(Book& book, const model::BalanceAdjusted& told);
void see_history(Book& book, const model::HistoryRead& told);
/// The day began with what is there now less what it has earned. `seen`: nothing of the day before was
/// missed.
void derive_opening(Book& book, bool seen);
/// A change that was told shows in the balance.
void see_awaited(Book& book, model::Instant at);

/// Everything was seen since the start, or there was none to recover from.
[[nodiscard]] bool whole(const Book& book);
/// The balance tells of all trades that positions and fills tell of.
[[nodiscard]] bool settled(const Book& book, model::Instant now);
/// Fills and positions tell of the same trades, as far as their worth goes.
[[nodiscard]] bool told_alike(const Book& book, model::Instant now);
/// Of the account after the last event; none when it cannot be said. `books` are one more than `events`.
[[nodiscard]] std::optional<Micros> equity(const Books& books, const Events& events);
/// The highest end-of-day balance and the highest equity since the firm last set the account back.
[[nodiscard]] std::optional<Micros> highest_balance(const Books& books, const Events& events);
[[nodiscard]] std::optional<Micros> highest_equity(const Books& books, const Events& events);

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
