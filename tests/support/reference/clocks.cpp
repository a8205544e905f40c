// RULE-018 and RULE-023: what the clock and the calendar of releases forbid.

#include "tests/support/reference/reference.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>

namespace bulkhead::reference {
namespace {

using model::Instant;
using std::chrono::minutes;
using std::chrono::seconds;

bool rests(const model::Order& order) {
  return order.status == model::OrderStatus::open || order.status == model::OrderStatus::pending;
}

/// Since when a root must be flat now, and until when; none while it need not.
std::optional<Instant> flat_until(const Look& look, const std::string& root) {
  const auto& rule = *look.rules.flat_by;
  const int today = local_day(look.now());
  const auto own = rule.roots.find(root);
  Instant deadline = local_time(today, own == rule.roots.end() ? rule.time : own->second);
  const auto early = look.rules.holidays.early.find(today);
  if (early != look.rules.holidays.early.end())
    deadline = std::min(deadline, local_time(today, early->second) - minutes{rule.before_early});
  const Instant until = local_time(today, rule.until);
  if (look.now() < deadline || look.now() >= until) return std::nullopt;
  return until;
}

void flat_by(const Rules::FlatBy& rule, const Look& look, Findings& out) {
  const Book& book = look.book();
  std::map<std::string, Want> wants; // by what is locked together
  const auto want_of = [&](const std::string& contract) -> Want* {
    const std::string root = root_of(contract);
    const auto until = flat_until(look, root);
    if (!until) return nullptr;
    Want& want = wants[rule.roots.empty() ? "" : root];
    want.rule = "RULE-018", want.subject = rule.roots.empty() ? "" : root;
    want.lock = Row{};
    want.lock->source = want.rule, want.lock->root = want.subject, want.lock->until = until;
    return &want;
  };
  for (const auto& [contract, held] : book.held)
    if (Want* want = want_of(contract)) want->targets[contract] = 0;
  // A root with nothing but orders that do not rest is left alone.
  std::set<std::string> concerned;
  for (const auto& [contract, held] : book.held) concerned.insert(root_of(contract));
  for (const auto& [id, working] : book.orders)
    if (rests(working.order)) concerned.insert(root_of(working.order.contract.value));
  for (const auto& [id, working] : book.orders) {
    const std::string& contract = working.order.contract.value;
    if (!rule.cancel || !concerned.contains(root_of(contract))) continue;
    if (Want* want = want_of(contract)) want->cancels.insert(id);
  }
  for (auto& [key, want] : wants) out.wants.push_back(std::move(want));
}

struct Window {
  Instant from, to;
};

/// The one around now that ends last.
std::optional<Window> blackout(const Look& look, const std::string& contract) {
  std::optional<Window> found;
  for (const auto& release : look.rules.news->releases) {
    if (!release.families.empty() && !release.families.contains(family_of(root_of(contract)))) continue;
    const Window window{release.at - seconds{release.before}, release.at + seconds{release.after}};
    if (look.now() < window.from || look.now() >= window.to) continue;
    if (!found || window.to > found->to) found = window;
  }
  return found;
}

/// Signed: what was there before the window began, as far as it is still there.
int stays(const Look& look, const std::string& contract, const Held& held, const Window& window) {
  const Said* last = last_look(look, "RULE-023");
  if (last == nullptr || !last->kept.contains(contract)) return held.grown < window.from ? held.quantity : 0;
  const int kept = last->kept.at(contract);
  if ((kept < 0) != (held.quantity < 0)) return 0;
  return std::abs(kept) < std::abs(held.quantity) ? kept : held.quantity;
}

void blacked_out(const Look& look, const std::string& contract, const Held& held, const Window& window,
                 Findings& out) {
  const auto& rule = *look.rules.news;
  const int kept = rule.flatten ? 0 : stays(look, contract, held, window);
  if (!rule.flatten) out.kept[contract] = kept;
  if (std::abs(held.quantity) <= std::abs(kept)) return;
  Want want;
  want.rule = "RULE-023", want.subject = want.contract = contract;
  want.targets[contract] = std::abs(kept);
  want.lock = Row{};
  want.lock->source = want.rule, want.lock->root = root_of(contract);
  want.lock->until = window.to, want.lock->flatten = rule.flatten;
  for (const auto& [other, position] : look.book().held)
    if (root_of(other) == root_of(contract)) want.lock->kept[other] = stays(look, other, position, window);
  out.wants.push_back(want);
}

void news(const Rules::News& rule, const Look& look, Findings& out) {
  const Book& book = look.book();
  if (rule.block_missing && (!rule.valid_until || look.now() >= *rule.valid_until)) {
    Want want;
    want.rule = "RULE-023";
    want.lock = pause_row(look, want.rule, next_reset(look.now()), false);
    want.lock->ends_at_reset = true;
    want.cancels = raising_orders(book, "");
    out.wants.push_back(want);
  }
  for (const auto& [contract, held] : book.held) {
    if (const auto window = blackout(look, contract))
      blacked_out(look, contract, held, *window, out);
    else if (!rule.flatten)
      out.kept[contract] = held.quantity;
  }
  for (const auto& [id, working] : book.orders)
    if (rule.cancel && raises(book, working.order) && blackout(look, working.order.contract.value))
      out.gone.insert(id);
}

} // namespace

void clock_rules(const Look& look, Findings& out) {
  const auto looks = [&](const char* rule) { return look.listening.contains(rule); };
  if (look.rules.flat_by && looks("RULE-018")) flat_by(*look.rules.flat_by, look, out);
  if (look.rules.news && looks("RULE-023")) news(*look.rules.news, look, out);
}

} // namespace bulkhead::reference
