// RULE-014, RULE-015 and RULE-016: how far down an account may go, how far up it has to, and how much of that
// one day may earn.

#include "tests/support/reference/reference.hpp"

#include <algorithm>

namespace bulkhead::reference {
namespace {

constexpr Micros dollar = 1'000'000;

/// The days that are over since the last payout or the account's beginning.
struct Days {
  Micros sum = 0;
  Micros best = 0;
};
Days others(const Book& book) {
  Days out;
  for (const auto& day : book.finished) {
    if (day.day < book.period) continue;
    out.sum += day.net;
    out.best = std::max(out.best, day.net);
  }
  return out;
}

/// start - D, and for a trailing one high - D up to where it is locked.
Micros floor_of(const Rules::MaxLoss& rule, const Story& story) {
  Micros high = Micros{rule.start} * dollar;
  if (rule.mode != "static") {
    if (rule.highest) high = std::max(high, Micros{*rule.highest} * dollar);
    if (const auto seen = highest_balance(story.books, story.events)) high = std::max(high, *seen);
    // Firms have an account flat at the end of a day: what it is worth then is an equity too.
    const auto seen = highest_equity(story.books, story.events);
    if (seen && rule.mode == "intraday_trailing") high = std::max(high, *seen);
  }
  Micros floor = high - Micros{rule.loss} * dollar;
  std::optional<int> lock_at = rule.lock_at;
  if (!lock_at && rule.mode == "eod_trailing") lock_at = rule.start;
  if (lock_at) floor = std::min(floor, Micros{*lock_at} * dollar);
  if (rule.after_payout && story.books.back().payouts > 0)
    floor = std::max(floor, Micros{*rule.after_payout} * dollar);
  return floor;
}

void max_loss(const Rules::MaxLoss& rule, const Look& look, Findings& out) {
  const Book& book = look.book();
  out.floor = floor_of(rule, look.story);
  if (!book.equity) return out.cannot_tell.insert({"RULE-014", ""}), void();
  if (*book.equity > *out.floor + Micros{rule.buffer} * dollar) return;
  Want want;
  want.rule = "RULE-014";
  everything(book, want);
  want.lock = until_reset(want.rule, look.now());
  if (rule.permanent) want.lock->until.reset(), want.lock->ends_at_reset = false;
  out.wants.push_back(want);
}

void profit_target(const Rules::Target& rule, const Look& look, Findings& out) {
  const Book& book = look.book();
  if (!rule.lock || !book.account.balance) return;
  const Micros profit = book.account.balance->micros - Micros{rule.start} * dollar;
  if (profit < Micros{rule.target} * dollar) return;
  // It counts when nothing is open and the balance tells of all that was traded.
  if (!book.held.empty() || !whole(book) || !settled(book, look.now()))
    return out.cannot_tell.insert({"RULE-015", ""}), void();
  const Micros best = std::max(others(book).best, realized(book, true));
  if (rule.share != 0 && best * 100 > profit * rule.share) return;
  Want want;
  want.rule = "RULE-015";
  everything(book, want);
  want.lock = Row{};
  want.lock->source = want.rule;
  out.wants.push_back(want);
}

/// Today's profit x keeps to the share s of the whole up to s * O / (1 - s), O being that of the other days.
void consistency(const Rules::Consistency& rule, const Look& look, Findings& out) {
  const Book& book = look.book();
  const Micros sum = others(book).sum;
  if (!rule.lock || sum <= 0 || look.now() >= book.day_end) return;
  if (realized(book, true) * (100 - rule.share) < sum * rule.share) return;
  Want want;
  want.rule = "RULE-016";
  everything(book, want);
  want.lock = until_reset(want.rule, look.now());
  out.wants.push_back(want);
}

} // namespace

void balance_rules(const Look& look, Findings& out) {
  const auto looks = [&](const char* rule) { return look.listening.contains(rule); };
  if (look.rules.max_loss && looks("RULE-014")) max_loss(*look.rules.max_loss, look, out);
  if (look.rules.profit_target && looks("RULE-015")) profit_target(*look.rules.profit_target, look, out);
  if (look.rules.consistency && looks("RULE-016")) consistency(*look.rules.consistency, look, out);
}

} // namespace bulkhead::reference
