// RULE-004 and RULE-005: open loss and open profit, of one position or of all; and positions that nobody can
// value.

#include "tests/support/reference/reference.hpp"

#include <algorithm>
#include <chrono>

namespace bulkhead::reference {
namespace {

using model::Instant;
using Rule = Rules::OpenProfit;
constexpr Micros dollar = 1'000'000;

Want act(const Rule& rule, const Look& look, const std::string& contract) {
  Want want;
  want.rule = rule.name;
  want.subject = want.contract = contract;
  if (!rule.all) {
    want.targets[contract] = 0;
    want.cancels = orders_in(look.book(), contract);
    return want;
  }
  everything(look.book(), want);
  if (!rule.lock) return want;
  want.lock = until_reset(rule.name, look.now());
  if (rule.permanent) want.lock->until.reset(), want.lock->ends_at_reset = false;
  return want;
}

/// Ever so much in this life of the position.
bool reached(const Rule& rule, const Look& look, const std::string& contract, model::Epoch epoch) {
  const Books& books = look.story.books;
  for (std::size_t i = books.size(); i-- > 0;) {
    const auto held = books[i].held.find(contract);
    if (held == books[i].held.end() || held->second.epoch != epoch) return false;
    const auto value = open_profit(books[i], contract, held->second, rule.how);
    if (value && *value >= *rule.arm * dollar) return true;
  }
  return false;
}

bool breached(const Rule& rule, const Look& look, const std::string& contract, Micros value) {
  if (!rule.profit) return value <= -rule.amount * dollar;
  if (!rule.arm) return value >= rule.amount * dollar;
  return value <= rule.offset * dollar && reached(rule, look, contract, look.book().held.at(contract).epoch);
}

/// Since when nobody can value it: from its opening, or from when somebody last could.
Instant blind_since(const Rule& rule, const Look& look, const std::string& contract, model::Epoch epoch) {
  const Books& books = look.story.books;
  for (std::size_t i = books.size(); i-- > 0;) {
    const auto held = books[i].held.find(contract);
    if (held == books[i].held.end() || held->second.epoch != epoch) break;
    if (open_profit(books[i], contract, held->second, rule.how)) return look.story.events[i].at;
  }
  return look.book().held.at(contract).opened;
}

void judge_blind(const Rule& rule, const Look& look, const std::string& contract, const Held& held,
                 Findings& out) {
  if (!rule.flatten_blind) return;
  const auto open = open_since(exchange(), look.rules.holidays, look.now());
  if (!open) return; // nobody quotes
  const Instant since = blind_since(rule, look, contract, held.epoch);
  if (look.now() < std::max({since, look.book().trusted, *open}) + std::chrono::seconds{rule.blind_after})
    return;
  Want want;
  want.rule = rule.name;
  want.subject = "blind " + contract;
  want.contract = contract;
  want.targets[contract] = 0;
  want.cancels = orders_in(look.book(), contract);
  out.wants.push_back(want);
}

void one(const Rule& rule, const Look& look, Findings& out) {
  const Book& book = look.book();
  for (const auto& [contract, held] : book.held) {
    const auto value = open_profit(book, contract, held, rule.how);
    if (!value) judge_blind(rule, look, contract, held, out);
    if (rule.total) continue;
    if (!value)
      out.cannot_tell.insert({rule.name, contract});
    else if (breached(rule, look, contract, *value))
      out.wants.push_back(act(rule, look, contract));
  }
  if (!rule.total || book.held.empty()) return;
  const bool unsure = blind_somewhere(book, rule.how);
  if (unsure) out.cannot_tell.insert({rule.name, ""});
  if (unsure && rule.suspend) return;
  const Micros sum = open_profit(book, rule.how);
  const Micros limit = rule.amount * dollar;
  if (rule.profit ? sum >= limit : sum <= -limit) out.wants.push_back(act(rule, look, ""));
}

} // namespace

void open_profit_rules(const Look& look, Findings& out) {
  for (const auto& rule : look.rules.open_profit)
    if (look.listening.contains(rule.name)) one(rule, look, out);
}

} // namespace bulkhead::reference
