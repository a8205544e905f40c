// What must be said at one step: people's commands, lockouts, gate, rules, and what of it is not under way.

#include "tests/support/reference/reference.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>

namespace bulkhead::reference {
namespace {

using namespace model;

/// The gate explains best, then the rule with the lower number.
bool speaks_before(const std::string& a, const std::string& b) {
  return (a == "gate") != (b == "gate") ? a == "gate" : a < b;
}

struct Wishes {
  struct Wish {
    int target = 0;
    std::string source;
  };
  std::map<std::string, Wish> at_most;
  std::map<std::int64_t, std::string> gone;

  void want(const std::string& contract, int target, const std::string& source) {
    const auto [it, first] = at_most.try_emplace(contract, Wish{target, source});
    Wish& wish = it->second;
    if (!first && (target < wish.target || (target == wish.target && speaks_before(source, wish.source))))
      wish = {target, source};
  }
  void cancel(std::int64_t order, const std::string& source) {
    const auto [it, first] = gone.try_emplace(order, source);
    if (!first && speaks_before(source, it->second)) it->second = source;
  }
};

void gate(const std::vector<Row>& rows, const Book& book, Wishes& wishes) {
  for (const auto& row : rows) {
    for (const auto& [contract, held] : book.held) {
      if (!row.root.empty() && row.root != root_of(contract)) continue;
      const auto kept = row.kept.find(contract);
      const bool may_stay = !row.flatten && kept != row.kept.end() && kept->second * held.quantity > 0;
      const int allowed = may_stay ? std::abs(kept->second) : 0;
      if (std::abs(held.quantity) > allowed) wishes.want(contract, allowed, "gate");
    }
    for (const auto& [id, working] : book.orders) {
      const auto status = working.order.status;
      if (status != OrderStatus::open && status != OrderStatus::pending) continue;
      if (!row.root.empty() && row.root != root_of(working.order.contract.value)) continue;
      if (raises(book, working.order)) wishes.cancel(id, "gate");
    }
  }
}

void interrupted(const Story& story, Wishes& wishes) {
  const Book& book = story.books.back();
  for (const auto& [contract, held] : book.held)
    if (const auto ask = standing_ask(story, contract, 0); ask && ask->interrupted)
      wishes.want(contract, ask->ask.target, ask->ask.source);
  for (const auto& [id, working] : book.orders)
    if (const auto ask = standing_ask(story, "", id); ask && ask->interrupted)
      wishes.cancel(id, ask->ask.source);
}

std::set<std::string> listeners(const Rules& rules, const Event& event) {
  const auto is = [&](auto... kinds) { return ((event.payload.index() == kinds) || ...); };
  // Account 0, position 1, order 2, fill 3, quote 4, contract learned 5; read 6, reset 7, reload 10, time 11
  // and history 21 concern all; 18 tells what came of a stop, 19 of money put in or taken out.
  const bool all = is(6U, 7U, 10U, 11U, 21U);
  std::set<std::string> out;
  if (all || is(1U)) out.insert({"RULE-001", "RULE-002"});
  if (all || is(3U)) out.insert({"RULE-003", "RULE-006", "RULE-007"});
  if (all || is(0U)) out.insert("RULE-010");
  if (all || is(1U, 2U)) out.insert({"RULE-008", "RULE-009", "RULE-011"});
  if (all || is(1U, 2U, 3U, 4U, 18U)) out.insert("RULE-012");
  if (rules.daily_loss && rules.daily_loss->with_open && is(1U, 4U, 5U)) out.insert("RULE-003");
  if (all || is(3U)) out.insert({"RULE-013", "RULE-019", "RULE-021"});
  if (all || is(1U, 3U)) out.insert("RULE-022");
  if (all || is(0U, 1U)) out.insert("RULE-017");
  if (all || is(1U, 2U)) out.insert({"RULE-018", "RULE-020", "RULE-023", "RULE-026"});
  if (all || is(1U)) out.insert("RULE-024");
  if (is(5U)) out.insert("RULE-020");
  if (all || is(0U, 1U, 3U, 4U, 5U, 19U)) out.insert("RULE-014");
  if (all || is(0U, 1U, 3U, 19U)) out.insert("RULE-015");
  if (all || is(3U, 19U)) out.insert("RULE-016");
  if (rules.daily_profit && rules.daily_profit->with_open && is(1U, 4U, 5U)) out.insert("RULE-013");
  if (rules.order_limits && rules.order_limits->collar && is(4U, 5U)) out.insert("RULE-026");
  for (const auto& rule : rules.open_profit)
    if (all || is(1U, 4U, 5U)) out.insert(rule.name);
  return out;
}

/// What the rule found of the subject the last time it looked, if no lockout of its own has ended since.
const Truth* known_truth(const std::string& rule, const std::string& subject, const Said& now,
                         const std::vector<Said>& said) {
  if (now.ended.contains(rule)) return nullptr;
  for (std::size_t i = said.size(); i-- > 0;) {
    if (said[i].evaluated.contains(rule)) {
      for (const auto& truth : said[i].truths)
        if (truth.rule == rule && truth.subject == subject) return &truth;
      return nullptr;
    }
    if (said[i].ended.contains(rule)) return nullptr;
  }
  return nullptr;
}

/// Whether it may be asked for now: not while it is under way.
bool timely(const std::optional<Standing>& before, int target) {
  return !before || before->ask.target > target || before->interrupted || before->again;
}

void ask_for(const Wishes& wishes, const Story& story, Said& out) {
  const Book& book = story.books.back();
  for (const auto& [contract, wish] : wishes.at_most) {
    const auto it = book.held.find(contract);
    if (it == book.held.end() || std::abs(it->second.quantity) <= wish.target ||
        it->second.seen < book.trusted || proven_gone(story, contract, it->second))
      continue;
    const auto before = standing_ask(story, contract, 0);
    if (!timely(before, wish.target)) continue;
    const bool resumed = before && before->interrupted && before->ask.target <= wish.target;
    out.asks.push_back(
        {contract, 0, wish.target, it->second.epoch, resumed ? before->ask.source : wish.source});
    out.outcomes.push_back(wish.target == 0 ? "close " + contract
                                            : fmt::format("reduce {} to {}", contract, wish.target));
  }
  for (const auto& [id, source] : wishes.gone) {
    const auto it = book.orders.find(id);
    if (it == book.orders.end() || it->second.order.status == OrderStatus::pending_cancellation) continue;
    if (it->second.seen < book.trusted || !timely(standing_ask(story, "", id), 0)) continue;
    out.asks.push_back({"", id, 0, 0, source});
    out.outcomes.push_back(fmt::format("cancel {}", id));
  }
  for (const auto& [contract, held] : book.held) {
    const bool asked = std::any_of(out.asks.begin(), out.asks.end(),
                                   [&, c = contract](const Ask& ask) { return ask.contract == c; });
    if (asked || standing_ask(story, contract, 0)) out.closing[contract] = held.quantity > 0;
  }
}

void hear(const Story& story, Findings found, std::vector<Row>& rows, Wishes& wishes, Said& out) {
  const Book& book = story.books.back();
  std::map<std::pair<std::string, std::string>, std::string> laid; // one text for each row
  for (auto& want : found.wants) {
    const auto held = book.held.find(want.contract);
    Truth truth{want.rule, want.subject, held == book.held.end() ? 0 : held->second.epoch, want.occasion,
                want.lock.has_value()};
    const Truth* known = known_truth(want.rule, want.subject, out, story.said);
    const bool fresh = known == nullptr || known->epoch != truth.epoch || truth.occasion > known->occasion ||
                       (truth.locked && !known->locked);
    out.truths.push_back(fresh ? truth : *known);
    if (fresh) out.outcomes.push_back("breach " + want.rule);
    if (want.lock && !fresh) continue; // from the first time on the gate sees to it
    if (want.lock) {
      out.locks.push_back(*want.lock);
      if (const Row* row = lay(rows, *want.lock)) laid[{want.rule, want.lock->root}] = text_of(*row);
      for (const auto& root : want.lock_also) {
        want.lock->root = root;
        out.locks.push_back(*want.lock);
        if (const Row* row = lay(rows, *want.lock)) laid[{want.rule, root}] = text_of(*row);
      }
    }
    for (const auto& [contract, target] : want.targets) wishes.want(contract, target, want.rule);
    for (const auto id : want.cancels) wishes.cancel(id, want.rule);
  }
  for (const auto& [row, text] : laid) out.outcomes.push_back(text);
  for (const auto& [rule, subject] : found.cannot_tell) {
    const bool told =
        std::any_of(out.truths.begin(), out.truths.end(),
                    [&, r = rule, s = subject](const auto& t) { return t.rule == r && t.subject == s; });
    const Truth* known = known_truth(rule, subject, out, story.said);
    if (!told && known != nullptr) out.truths.push_back(*known);
  }
  for (const auto id : found.gone) wishes.cancel(id, "RULE-012");
  if (found.read) out.outcomes.push_back("read RULE-008");
}

/// Stops are moved where nothing is being closed or locked; what had to be left is forgotten.
void request(const Story& story, Findings& found, const std::vector<Row>& rows, Said& out) {
  const std::set<std::string> listening{"RULE-012"};
  const Look after{{}, story, rows, listening};
  for (const auto& request : found.requests) {
    if (out.closing.contains(request.contract) || after.locked(root_of(request.contract))) {
      Managed& managed = out.managed[request.contract];
      managed.asked.reset(), managed.price.reset(), managed.patience.reset();
    } else if (request.order == 0) {
      out.outcomes.push_back(fmt::format("place {} {} at {}", request.contract, request.size, request.price));
    } else {
      out.outcomes.push_back(fmt::format("move {} {} to {}", request.order, request.size, request.price));
    }
  }
}

} // namespace

bool Look::locked(const std::string& root) const {
  return std::any_of(rows.begin(), rows.end(),
                     [&](const Row& row) { return row.root.empty() || row.root == root; });
}

Said decide(const Rules& rules, const Story& story) {
  Said out;
  const Event& event = story.events.back();
  const Book& book = story.books.back();
  Wishes wishes;
  std::vector<Row> rows = standing_rows(story, out);
  if (std::holds_alternative<FlattenOrdered>(event.payload)) {
    for (const auto& [contract, held] : book.held) wishes.want(contract, 0, "manual");
    for (const auto& [id, working] : book.orders) wishes.cancel(id, "manual");
  }
  interrupted(story, wishes);
  gate(rows, book, wishes);
  if (book.news) out.evaluated = listeners(rules, event);
  Findings found = findings({rules, story, rows, out.evaluated});
  if (rules.may_trade && out.evaluated.contains("RULE-010") && book.account.can_trade == true) {
    for (const auto& row : rows)
      if (row.ends_with_permission) out.outcomes.push_back("unlock " + row.source);
    std::erase_if(rows, [](const Row& row) { return row.ends_with_permission; });
  }
  out.managed = found.managed;
  out.unprotected = found.unprotected;
  out.collars = found.collars;
  out.kept = found.kept;
  out.floor = found.floor;
  out.carried = found.carried;
  hear(story, found, rows, wishes, out);
  ask_for(wishes, story, out);
  request(story, found, rows, out);
  std::sort(out.outcomes.begin(), out.outcomes.end());
  return out;
}

} // namespace bulkhead::reference
