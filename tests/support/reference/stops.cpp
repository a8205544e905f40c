// RULE-008: every position has stops for its size, within a time of grace.

#include "tests/support/reference/reference.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>

namespace bulkhead::reference {
namespace {

using model::Instant;
using std::chrono::seconds;

bool near(const Rules::Stops& rule, const Book& book, const std::string& contract, const Held& held,
          const model::Order& order) {
  const auto tick = book.ticks.find(contract);
  if (!rule.farthest || !order.stop_price || tick == book.ticks.end() || held.average == 0) return true;
  const std::int64_t below = held.average - order.stop_price->nanos;
  return (held.quantity > 0 ? below : -below) <= *rule.farthest * tick->second.size.nanos;
}

int covered(const Rules::Stops& rule, const Book& book, const std::string& contract, const Held& held) {
  int sum = 0;
  for (const auto& [id, working] : book.orders) {
    const auto& order = working.order;
    if (order.contract.value != contract || !guards(order, held, rule.stop_limits)) continue;
    if (near(rule, book, contract, held, order)) sum += order.size - order.filled;
  }
  return std::min(sum, std::abs(held.quantity));
}

/// What was known of the position when the rule last looked.
std::optional<Unprotected> before(const Look& look, const std::string& contract, model::Epoch epoch) {
  for (std::size_t i = look.story.said.size(); i-- > 0;) {
    const Said& said = look.story.said[i];
    if (!said.evaluated.contains("RULE-008")) continue;
    const auto known = said.unprotected.find(contract);
    if (known == said.unprotected.end() || known->second.epoch != epoch) return std::nullopt;
    return known->second;
  }
  return std::nullopt;
}

/// Whether the book may be believed: a read asked for since it was due has come, or did not within 5 s.
bool believed(const Look& look, Instant due, Unprotected& state, Findings& out) {
  if (!look.rules.stops->verify) return true;
  if (state.asked && *state.asked < due) state.asked.reset(), state.verified = false; // for another deadline
  const auto* read = std::get_if<model::Reconciled>(&look.event().payload);
  if (read != nullptr && read->requested_at >= due) state.verified = true;
  if (!state.asked) {
    state.asked = look.now();
    if (!state.verified) out.read = true;
  }
  return state.verified || look.now() >= *state.asked + seconds{5};
}

void judge(const Look& look, const std::string& contract, const Held& held, Findings& out) {
  const auto& rule = *look.rules.stops;
  const Book& book = look.book();
  const auto known = before(look, contract, held.epoch);
  Unprotected& state = out.unprotected[contract];
  state.epoch = held.epoch;
  const int safe = covered(rule, book, contract, held);
  if (safe == std::abs(held.quantity) || (safe > 0 && !rule.full)) return;
  if (known) state = *known;
  if (!known) state.deadline = held.opened + seconds{rule.grace};
  if (!state.deadline) state.deadline = look.now() + seconds{rule.regrace};
  const bool started_anew = book.trusted != Instant{};
  if (started_anew && !book.whole) return;
  const auto closing = standing_ask(look.story, contract, 0);
  if (closing && closing->ask.target == 0 && closing->ask.source != "RULE-008") return;
  Instant due = *state.deadline;
  if (started_anew && due <= *book.read_on) due = *book.read_on + seconds{10};
  if (look.now() < due || !believed(look, due, state, out)) return;
  Want want;
  want.rule = "RULE-008";
  want.subject = want.contract = contract;
  if (rule.action != "ALERT") {
    want.targets[contract] = rule.action == "REDUCE_TO_COVERED" ? safe : 0;
    for (const auto id : orders_in(book, contract))
      if (raises(book, book.orders.at(id).order)) want.cancels.insert(id);
  }
  out.wants.push_back(want);
}

} // namespace

void stops_rule(const Look& look, Findings& out) {
  if (!look.rules.stops || !look.listening.contains("RULE-008")) return;
  for (const auto& [contract, held] : look.book().held) judge(look, contract, held, out);
}

} // namespace bulkhead::reference
