// RULE-019, RULE-021 and RULE-022: trades from flat to flat.

#include "tests/support/reference/reference.hpp"

#include <algorithm>
#include <chrono>

namespace bulkhead::reference {
namespace {

using model::Fill;
using model::Instant;
using std::chrono::seconds;

/// One trade, of the single contracts that went in and out.
struct Trip {
  Instant first, last;
  bool closed = false;
  bool whole = true; // its entry was seen
  Micros net = 0;
  std::vector<Instant> in, out;
};

/// In the order in which they were closed, those still open behind them. A fill that turns a position belongs
/// with all it earned and cost to the trade it ends.
std::vector<Trip> trips_of(const Book& book) {
  std::vector<Trip> closed;
  std::map<std::string, Trip> open;
  std::map<std::string, int> held;
  for (const Fill& fill : trades(book)) {
    const std::string& contract = fill.contract.value;
    const Instant at = fill.executed_at;
    const Micros worth = Micros{fill.pnl ? fill.pnl->micros : 0} - fill.fees.micros - fill.commissions.micros;
    int& size = held[contract];
    if (size == 0 && fill.pnl) {
      closed.push_back({at, at, true, false, worth, {}, {}});
      continue;
    }
    if (size == 0) open[contract] = Trip{at, at, false, true, 0, {}, {}};
    open[contract].net += worth;
    for (int i = 0; i < fill.size; ++i) {
      const int step = fill.side == model::Side::buy ? 1 : -1;
      Trip& trip = open[contract];
      if (size == 0 && trip.closed) trip = Trip{at, at, false, true, 0, {}, {}};
      (size * step >= 0 ? trip.in : trip.out).push_back(at);
      trip.last = at;
      size += step;
      if (size != 0) continue;
      trip.closed = true;
      closed.push_back(trip);
    }
    if (size == 0) open.erase(contract);
  }
  for (const auto& [contract, trip] : open) closed.push_back(trip);
  return closed;
}

bool of_today(const Book& book, Instant at) { return at >= book.day_start && at < book.day_end; }

/// In milliseconds, the average of the exits less that of the entries.
std::int64_t held_for(const Trip& trip) {
  const auto average = [&](const std::vector<Instant>& times) {
    std::int64_t sum = 0;
    for (const Instant at : times) sum += (at - trip.first).count() / 1000;
    return sum / static_cast<std::int64_t>(times.size());
  };
  return average(trip.out) - average(trip.in);
}

void min_hold(const Rules::MinHold& rule, const Look& look, Findings& out) {
  int brief = 0;
  Instant last;
  for (const auto& trip : trips_of(look.book())) {
    if (!trip.closed || !trip.whole || !of_today(look.book(), trip.last)) continue;
    if (held_for(trip) >= rule.seconds * 1000) continue;
    ++brief;
    last = trip.last;
  }
  const Instant until = last + seconds{rule.pause};
  if (rule.most == 0 || brief < rule.most || until <= look.now()) return;
  Want want;
  want.rule = "RULE-019", want.occasion = last;
  want.lock = pause_row(look, want.rule, until, false);
  want.cancels = raising_orders(look.book(), "");
  out.wants.push_back(want);
}

void count_loss(const Rules::Streak& rule, const Trip& trip, int& losses, Instant& last) {
  const Micros scratch = Micros{rule.scratch} * 1'000'000;
  if (trip.net < -scratch) ++losses, last = trip.last;
  if (trip.net > scratch) losses = 0;
}

/// In a row when the day began, as it was seen then.
Carried carried(const Rules::Streak& rule, const Look& look) {
  const Book& book = look.book();
  const Said* before = last_look(look, "RULE-021");
  if (before != nullptr && before->carried && before->carried->day_start == book.day_start)
    return *before->carried;
  Carried out{book.day_start, 0};
  Instant from, last;
  if (before != nullptr && before->carried)
    out.losses = before->carried->losses, from = before->carried->day_start;
  for (const auto& trip : trips_of(book))
    if (trip.closed && trip.last >= from && trip.last < book.day_start)
      count_loss(rule, trip, out.losses, last);
  return out;
}

void streak(const Rules::Streak& rule, const Look& look, Findings& out) {
  int losses = 0;
  Instant last;
  if (rule.carry) out.carried = carried(rule, look), losses = out.carried->losses;
  for (const auto& trip : trips_of(look.book()))
    if (trip.closed && of_today(look.book(), trip.last)) count_loss(rule, trip, losses, last);
  if (last == Instant{}) return; // the row only reaches into today
  if (losses < rule.losses) return;
  if (rule.pause ? last + seconds{*rule.pause} <= look.now() : look.now() >= look.book().day_end) return;
  Want want;
  want.rule = "RULE-021", want.occasion = last;
  want.lock = pause_row(look, want.rule, rule.pause ? last + seconds{*rule.pause} : next_reset(look.now()),
                        rule.close);
  want.lock->ends_at_reset = !rule.pause;
  if (rule.close)
    everything(look.book(), want);
  else
    want.cancels = raising_orders(look.book(), "");
  out.wants.push_back(want);
}

void count_trades(const std::string& subject, int count, int most, const Look& look, Findings& out) {
  const Book& book = look.book();
  const auto trips = trips_of(book);
  const bool flat = book.held.empty() && std::none_of(trips.begin(), trips.end(), [&](const Trip& trip) {
                      return !trip.closed && trip.last >= look.now() - seconds{2};
                    });
  const bool locked = std::any_of(look.rows.begin(), look.rows.end(),
                                  [](const Row& row) { return row.source == "RULE-022"; });
  if (count < most || (count == most && !flat && !locked)) return;
  Want want;
  want.rule = "RULE-022", want.subject = subject;
  want.lock = until_reset(want.rule, look.now());
  if (count > most) {
    everything(book, want);
    want.occasion = book.day_start + model::Duration{count}; // each one more is news
  } else {
    want.lock->flatten = false;
    want.cancels = raising_orders(book, "");
  }
  out.wants.push_back(want);
}

void daily_trades(const Rules::DailyTrades& rule, const Look& look, Findings& out) {
  const Book& book = look.book();
  if (look.now() >= book.day_end) return;
  if (rule.trips) {
    int count = 0;
    for (const auto& trip : trips_of(book))
      count += of_today(book, trip.closed ? trip.last : trip.first) ? 1 : 0;
    count_trades("round trips", count, *rule.trips, look, out);
  }
  if (!rule.orders) return;
  std::set<std::int64_t> orders;
  for (const auto& fill : trades(book))
    if (of_today(book, fill.executed_at) && !fill.pnl) orders.insert(fill.order.value);
  count_trades("orders", static_cast<int>(orders.size()), *rule.orders, look, out);
}

} // namespace

void trip_rules(const Look& look, Findings& out) {
  const auto looks = [&](const char* rule) { return look.listening.contains(rule); };
  if (look.rules.min_hold && looks("RULE-019")) min_hold(*look.rules.min_hold, look, out);
  if (look.rules.streak && looks("RULE-021")) streak(*look.rules.streak, look, out);
  if (look.rules.daily_trades && looks("RULE-022")) daily_trades(*look.rules.daily_trades, look, out);
}

} // namespace bulkhead::reference
