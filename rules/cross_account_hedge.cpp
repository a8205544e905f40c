// RULE-027 CrossAccountHedge: no account of a group may be long what another is short. Within one account a
// mini against its micro counts too. What stands longer than the tolerance, which lets a copier follow a
// flip, is ended by closing the side that began later.

#include "rules/group_rule.hpp"
#include "rules/rule.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::rules {
namespace {

using model::AccountId;
using model::FlattenOrdered;

struct Settings {
  std::chrono::milliseconds tolerance{2000};
  std::map<std::string, std::vector<std::string>> correlated; // roots that count as one, by a name for people
  bool within_account = true;
  bool cancel_orders = false;
  bool lockout_symbol = false;
};

Settings read(Params& params) {
  Settings s;
  s.tolerance = std::chrono::milliseconds{params.integer("tolerance_ms", 2000, 0, 600'000)};
  params.section("correlated", [&](Params& groups) {
    for (const auto& [name, node] : groups.block().entries) {
      s.correlated[name] = groups.texts(name, {});
      if (s.correlated[name].size() < 2) groups.complain(node, "must list two roots or more");
    }
  });
  s.within_account = params.boolean("within_account", true);
  s.cancel_orders = params.boolean("cancel_orders", false);
  s.lockout_symbol = params.boolean("lockout_symbol", false);
  return s;
}

struct Held {
  AccountId account;
  const GroupPosition* position = nullptr;
  [[nodiscard]] bool is_long() const { return position->quantity > 0; }
};

/// What counts as one instrument: the name of its list, else its family.
std::string class_of(const Settings& s, const GroupContext& context, const model::Root& family) {
  for (const auto& [name, roots] : s.correlated) {
    const auto same = [&](const std::string& root) {
      return context.roots.family_of(context.roots.canonical(root)) == family;
    };
    if (std::any_of(roots.begin(), roots.end(), same)) return name;
  }
  return family.value;
}

using Classes = std::map<std::string, std::vector<Held>>;

Classes classes(const Settings& s, const GroupContext& context) {
  Classes out;
  for (const auto* member : context.members) {
    for (const auto& position : member->last.positions) {
      if (position.direction_known && position.quantity != 0)
        out[class_of(s, context, position.family)].push_back({member->account, &position});
    }
  }
  return out;
}

/// Expiries of one root against each other in one account are a spread, not a hedge.
bool against(const Settings& s, const Held& a, const Held& b) {
  if (a.is_long() == b.is_long()) return false;
  if (a.account != b.account) return true;
  return s.within_account && a.position->family == b.position->family && a.position->root != b.position->root;
}

/// A side is as old as its oldest position that stands against another.
using Age = std::tuple<model::Instant, AccountId, model::ContractId>;
struct Sides {
  std::vector<Held> longs;
  std::vector<Held> shorts;
  std::optional<Age> long_since;
  std::optional<Age> short_since;

  void add(const Held& held) {
    auto& since = held.is_long() ? long_since : short_since;
    const Age age{held.position->opened_at, held.account, held.position->contract};
    if (!since || age < *since) since = age;
    (held.is_long() ? longs : shorts).push_back(held);
  }
  [[nodiscard]] const std::vector<Held>& newer() const { return *long_since > *short_since ? longs : shorts; }
  [[nodiscard]] const std::vector<Held>& older() const { return *long_since > *short_since ? shorts : longs; }
};

Sides opposed(const Settings& s, const std::vector<Held>& all) {
  Sides sides;
  for (const auto& held : all) {
    if (std::any_of(all.begin(), all.end(), [&](const Held& other) { return against(s, held, other); }))
      sides.add(held);
  }
  return sides;
}

/// Once `what` has lasted longer than the tolerance.
bool lasts(const Settings& s, const GroupContext& context, const std::string& what, GroupVerdict& verdict) {
  const auto since = verdict.since[what] = context.since_when(what);
  if (context.at > since + s.tolerance) return true;
  verdict.wake(since + s.tolerance + model::Duration{1});
  return false;
}

std::string text_of(const Held& held) {
  return fmt::format("{} {} {} in account {}", held.is_long() ? "long" : "short",
                     std::abs(held.position->quantity), held.position->root.value, held.account.value);
}

void judge_positions(const Settings& s, const GroupContext& context, const std::string& name,
                     const std::vector<Held>& all, GroupVerdict& verdict) {
  const Sides sides = opposed(s, all);
  if (sides.longs.empty() || !lasts(s, context, name, verdict)) return;
  GroupFinding finding;
  finding.subject = name;
  finding.code = "cross-account-hedge";
  finding.reason =
      fmt::format("group {}: {} against {} for more than {} ms", context.group,
                  text_of(sides.newer().front()), text_of(sides.older().front()), s.tolerance.count());
  for (const auto& held : sides.newer()) {
    FlattenOrdered close;
    close.contract = held.position->contract;
    close.epoch = held.position->epoch;
    finding.flatten.emplace_back(held.account, std::move(close));
    if (!s.lockout_symbol) continue;
    auto row = group_lockout(context, finding.reason, false);
    row.symbol = held.position->root;
    row.kind = model::LockoutKind::symbol;
    finding.lock.emplace_back(held.account, std::move(row));
  }
  verdict.findings.push_back(std::move(finding));
}

/// Orders that would stand against what another account holds.
void judge_orders(const Settings& s, const GroupContext& context, const Classes& held,
                  GroupVerdict& verdict) {
  for (const auto* member : context.members) {
    for (const auto& order : member->last.orders) {
      const auto positions = held.find(class_of(s, context, order.family));
      if (positions == held.end()) continue;
      const auto other =
          std::find_if(positions->second.begin(), positions->second.end(), [&](const Held& position) {
            return position.account != member->account && position.is_long() != order.buys;
          });
      const std::string subject = fmt::format("order {} of {}", order.id.value, member->account.value);
      if (other == positions->second.end() || !lasts(s, context, subject, verdict)) continue;
      GroupFinding finding;
      finding.subject = subject;
      finding.code = "cross-account-order";
      finding.reason = fmt::format("group {}: order {} of account {} would stand against {}", context.group,
                                   order.id.value, member->account.value, text_of(*other));
      FlattenOrdered cancel;
      cancel.order = order.id;
      cancel.only_orders = true;
      finding.flatten.emplace_back(member->account, std::move(cancel));
      verdict.findings.push_back(std::move(finding));
    }
  }
}

GroupVerdict evaluate_group(const Settings& s, const GroupContext& context) {
  GroupVerdict verdict;
  const Classes held = classes(s, context);
  for (const auto& [name, all] : held) judge_positions(s, context, name, all, verdict);
  if (s.cancel_orders) judge_orders(s, context, held, verdict);
  return verdict;
}

Binding bind(Params& params) {
  const Settings settings = read(params);
  Binding binding;
  binding.evaluate = [](const RuleContext&) { return Verdict{}; };
  binding.of_group = [settings](const GroupContext& context) { return evaluate_group(settings, context); };
  return binding;
}

} // namespace

extern const RuleSpec cross_account_hedge_rule;
const RuleSpec cross_account_hedge_rule{
    .number = 27,
    .key = "cross_account_hedge",
    .name = "CrossAccountHedge",
    .summary = "closes the newer side when accounts of one group stand against each other",
    .bind = bind,
    .on_by_default = false,
    .of_group = true,
};

} // namespace bulkhead::rules
