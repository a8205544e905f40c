// Balance and days: what a day began with, what the days before it earned, and money put in or taken out.

#include "tests/support/reference/history.hpp"

#include <algorithm>
#include <chrono>

namespace bulkhead::reference {
namespace {

using namespace model;
using std::chrono::seconds;
using std::chrono::sys_days;

/// A movement of the balance shows a change when it goes the same way, and more than half as far.
bool shows(Micros moved, Micros change) {
  return change > 0 ? 2 * moved > change : change < 0 && 2 * moved < change;
}

/// What the balance did beyond the trades in the last finished day; none when it is not known.
std::optional<Micros> unexplained(const Book& book) {
  if (book.finished.size() < 2) return std::nullopt;
  const Finished& last = book.finished.back();
  const Finished& before = book.finished[book.finished.size() - 2];
  if (!last.balance || !before.balance) return std::nullopt;
  return *last.balance - *before.balance - last.net - last.adjusted;
}

bool sets_back(const Event& event) {
  const auto* change = std::get_if<BalanceAdjusted>(&event.payload);
  return change != nullptr && change->kind == BalanceAdjusted::Kind::restart;
}

/// The highest of what `of` says of each book since the account was last set back.
template <class Of>
std::optional<Micros> highest(const Books& books, const Events& events, Of of) {
  std::optional<Micros> best;
  for (std::size_t i = events.size(); i > 0; --i) {
    for (const std::optional<Micros>& value : of(books[i]))
      if (value && (!best || *value > *best)) best = value;
    if (sets_back(events[i - 1])) break;
  }
  return best;
}

bool observed(const Book& book) { return book.trusted == Instant{} || (book.whole && book.streaming); }

} // namespace

void see_account(Book& book, const Account& told, Instant at) {
  Account& account = book.account;
  const Account before = account;
  if (told.balance) account.balance = told.balance;
  if (told.can_trade) account.can_trade = told.can_trade, book.flag_told = at;
  if (account.balance != before.balance) book.balance_moved = at;
  // A row with the flag is news even when it says the same: somebody asked.
  const bool silent = !told.can_trade;
  if (!(account == before) || !silent || silent != book.flag_missing) book.news = true;
  book.flag_missing = silent;
}

void derive_opening(Book& book, bool seen) {
  const auto before = book.opening;
  book.opening = Micros{book.account.balance->micros} - realized(book, true) - book.adjusted;
  book.opening_sure = true;
  if (book.finished.empty() || book.finished.back().balance) return;
  Finished& ended = book.finished.back();
  ended.balance = book.opening;
  if (!before) return;
  const Micros gained = *book.opening - *before;
  if (shows(gained - ended.net - ended.adjusted, book.awaited))
    ended.adjusted += book.awaited, book.awaited = 0;
  if (!seen) ended.net = gained - ended.adjusted; // the balance knows what was missed
  if (!ended.traded && ended.net == 0 && ended.adjusted == 0) book.finished.pop_back();
}

void see_day(Book& book, const DailyReset& told) {
  const bool another = book.day_start != Instant{} && told.start != book.day_start;
  if (another) {
    Finished over{book.day, realized(book, true), book.adjusted, std::nullopt, false};
    for (const auto& [id, fill] : book.fills)
      over.traded |= !fill.voided && fill.executed_at >= book.day_start && fill.executed_at < book.day_end;
    book.finished.push_back(over);
    book.adjusted = 0;
    book.opening_sure = false;
    const auto waits = sys_days(told.day.date) - sys_days(book.awaited_from.date);
    if (book.awaited != 0 && waits > std::chrono::days{7}) book.awaited = 0;
  }
  book.day = told.day, book.day_start = told.start, book.day_end = told.end;
  if (another && observed(book) && book.account.balance) derive_opening(book, true);
  book.open_at_reset = open_profit(book);
  std::erase_if(book.fills, [&](const auto& entry) {
    return entry.second.executed_at < told.start - std::chrono::hours{48};
  });
}

void see_change(Book& book, const BalanceAdjusted& told) {
  if (told.kind == BalanceAdjusted::Kind::restart) {
    // What was traded today belongs to the account as it was.
    book.finished.clear();
    book.set_back = true;
    book.payouts = 0, book.awaited = 0;
    book.adjusted = -realized(book, true);
    book.period = book.day;
    book.opening.reset(), book.opening_sure = false;
    if (book.account.balance) derive_opening(book, true);
    return;
  }
  Micros change = told.amount.micros;
  if (told.kind == BalanceAdjusted::Kind::payout) {
    change = change < 0 ? change : -change;
    ++book.payouts;
    book.period = book.day;
  }
  if (const auto open = unexplained(book); open && shows(*open, change)) {
    book.finished.back().adjusted += change;
    return;
  }
  book.awaited += change;
  book.awaited_from = book.day;
}

void see_awaited(Book& book, Instant at) {
  if (book.awaited == 0 || !book.opening || !book.opening_sure || !settled(book, at)) return;
  const Micros moved =
      Micros{book.account.balance->micros} - *book.opening - realized(book, true) - book.adjusted;
  if (shows(moved, book.awaited)) book.adjusted += book.awaited, book.awaited = 0;
}

void see_history(Book& book, const HistoryRead& told) {
  if (!book.finished.empty() || !book.opening || book.set_back) return;
  book.news = !told.days.empty() || !book.nothing_known;
  book.nothing_known = true;
  for (const auto& day : told.days)
    book.finished.push_back({day.day, day.net.micros, day.adjusted.micros, std::nullopt, day.fills > 0});
  Micros later = 0; // what all days after one changed
  for (std::size_t i = book.finished.size(); i-- > 0;) {
    book.finished[i].balance = *book.opening - later;
    later += book.finished[i].net + book.finished[i].adjusted;
  }
}

bool whole(const Book& book) { return book.whole || book.trusted == Instant{}; }

bool settled(const Book& book, Instant now) {
  if (now < book.moved + seconds{2}) return false;
  // Flat, an account is worth its balance as soon as that tells of the last trade.
  return book.held.empty() || now >= book.balance_moved + seconds{2};
}

bool told_alike(const Book& book, Instant now) {
  for (const auto& [contract, ahead] : book.ahead) {
    if (now - ahead.at > seconds{2}) continue;
    if (ahead.positions != 0) return false;
    if (ahead.fills != 0 && book.held.contains(contract)) return false;
  }
  return true;
}

std::optional<Micros> equity(const Books& books, const Events& events) {
  const Book& now = books.back();
  if (!now.account.balance || !whole(now) || blind_somewhere(now)) return std::nullopt;
  const Instant at = events.back().at;
  const Micros open = open_profit(now);
  if (settled(now, at)) return now.account.balance->micros + open;
  if (!told_alike(now, at)) return std::nullopt;
  // The last balance that was settled, and what fills have told since.
  Micros earned = 0;
  for (std::size_t i = events.size(); i > 0; --i) {
    const Book& book = books[i];
    const Event& event = events[i - 1];
    if (book.account.balance && whole(book) && settled(book, event.at))
      return book.account.balance->micros + earned + open;
    if (std::holds_alternative<Restarted>(event.payload) || sets_back(event)) return std::nullopt;
    if (!std::holds_alternative<DailyReset>(event.payload))
      earned += realized(book, true) - realized(books[i - 1], true);
    else if (!observed(books[i - 1]))
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<Micros> highest_balance(const Books& books, const Events& events) {
  return highest(books, events, [](const Book& book) {
    std::vector<std::optional<Micros>> out{book.opening};
    for (const auto& day : book.finished) out.push_back(day.balance);
    return out;
  });
}

std::optional<Micros> highest_equity(const Books& books, const Events& events) {
  return highest(books, events, [](const Book& book) { return std::vector{book.equity}; });
}

} // namespace bulkhead::reference
