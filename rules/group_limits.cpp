// RULE-025 GroupLimits: what the accounts of one `group` may lose and hold together, as traders copy one
// account into others. The loss is inclusive and locks until the reset; the counts are exclusive and flatten
// what came last. Tells of a follower that does not hold what its leader does, and of a copier that opens
// again what was closed.

#include "rules/group_copies.hpp"
#include "rules/rule.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>

namespace bulkhead::rules {
namespace {

using model::AccountId;
using model::FlattenOrdered;
using model::Measure;
using model::Money;

enum class ActOn { all, triggering };

struct Settings {
  std::optional<Money> loss; // magnitude
  bool include_unrealized = true;
  bool permanent = false;
  std::optional<std::int64_t> contracts;
  bool mini_equivalents = false;
  std::optional<std::int64_t> accounts_in_position;
  bool lock_on_count = false;
  ActOn act_on = ActOn::all;
  std::optional<CopySettings> copies;
};

Settings read(Params& params) {
  Settings s;
  if (params.has("daily_loss_total")) s.loss = params.required_magnitude({"daily_loss_total"});
  s.include_unrealized = params.boolean("include_unrealized", true);
  s.permanent = params.one_of<bool>("lockout_until", {{"daily_reset", false}, {"permanent", true}}, false);
  s.contracts = params.optional_integer("max_contracts_total", 1, 100'000);
  s.mini_equivalents = params.one_of<bool>("unit", {{"contracts", false}, {"mini_equivalent", true}}, false);
  s.accounts_in_position = params.optional_integer("max_accounts_in_position", 1, 1'000);
  s.lock_on_count = params.boolean("lockout_on_count", false);
  s.act_on =
      params.one_of<ActOn>("act_on", {{"all", ActOn::all}, {"triggering", ActOn::triggering}}, ActOn::all);
  s.copies = read_copies(params);
  if (!s.loss && !s.contracts && !s.accounts_in_position && !s.copies && params.boolean("enabled", false))
    params.complain(params.block(), "must state daily_loss_total, max_contracts_total, "
                                    "max_accounts_in_position or a leader");
  return s;
}

/// A day that is over counts nothing, whoever has not been reset yet.
Money day_result(const Settings& s, const GroupContext& context, const GroupMember& member) {
  if (!member.heard || context.at >= member.last.day_end) return {};
  return s.include_unrealized ? member.result_realized + member.result_open : member.result_realized;
}

Money day_result(const Settings& s, const GroupContext& context) {
  Money sum;
  for (const auto* member : context.members) sum += day_result(s, context, *member);
  return sum;
}

/// Whose summary made the sum too large; when it was time, who has lost most.
AccountId triggering(const Settings& s, const GroupContext& context) {
  if (context.trigger) return *context.trigger;
  const auto worst =
      std::min_element(context.members.begin(), context.members.end(), [&](const auto* a, const auto* b) {
        return day_result(s, context, *a) < day_result(s, context, *b);
      });
  return (*worst)->account;
}

void add_locks(const Settings& s, const GroupContext& context, const std::vector<AccountId>& accounts,
               GroupFinding& finding) {
  for (const auto account : accounts)
    finding.lock.emplace_back(account, group_lockout(context, finding.reason, s.permanent));
}

void judge_loss(const Settings& s, const GroupContext& context, GroupVerdict& verdict) {
  const std::string subject = "loss";
  if (!context.settled && !context.announced(subject)) return; // the rest of the sum may make it good
  const Money result = day_result(s, context);
  verdict.gauge = {Measure::money(result), Measure::money(-*s.loss)};
  if (result > -*s.loss) return;
  GroupFinding finding;
  finding.subject = subject;
  finding.code = "group-loss";
  finding.reason = fmt::format("group {}: daily loss of {} reached the limit of {}", context.group,
                               to_string(Measure::money(result)), to_string(Measure::money(-*s.loss)));
  std::vector<AccountId> accounts;
  if (s.act_on == ActOn::all) {
    for (const auto* member : context.members) accounts.push_back(member->account);
  } else if (!context.announced(subject)) {
    // After a restart whoever is locked already was the one.
    const bool done = std::any_of(context.members.begin(), context.members.end(), [&](const auto* member) {
      return member->last.locked_by.contains({context.self, std::nullopt});
    });
    if (!done) accounts.push_back(triggering(s, context));
  }
  add_locks(s, context, accounts, finding);
  verdict.findings.push_back(std::move(finding));
}

/// Whom a count is about: all that hold something, or the one that `when` says came last.
template <class When>
std::vector<AccountId> holding(const Settings& s, const GroupContext& context, When when) {
  std::vector<AccountId> all;
  std::optional<std::pair<model::Instant, AccountId>> last;
  for (const auto* member : context.members) {
    if (member->last.positions.empty()) continue;
    all.push_back(member->account);
    const std::pair came{when(member->last.positions), member->account};
    if (!last || came > *last) last = came;
  }
  if (s.act_on == ActOn::triggering && last) return {last->second};
  return all;
}

void judge_count(const Settings& s, const GroupContext& context, std::string subject, std::string what,
                 const std::vector<AccountId>& accounts, GroupVerdict& verdict) {
  GroupFinding finding;
  finding.subject = std::move(subject);
  finding.code = "group-count";
  finding.reason = fmt::format("group {}: {}", context.group, what);
  if (s.lock_on_count) add_locks(s, context, accounts, finding);
  for (const auto account : accounts)
    if (!s.lock_on_count) finding.flatten.emplace_back(account, FlattenOrdered{});
  verdict.findings.push_back(std::move(finding));
}

void judge_contracts(const Settings& s, const GroupContext& context, GroupVerdict& verdict) {
  std::int64_t tenths = 0;
  for (const auto* member : context.members)
    for (const auto& held : member->last.positions)
      tenths += std::abs(std::int64_t{held.quantity}) * (s.mini_equivalents ? held.weight_tenths : 10);
  if (tenths <= *s.contracts * 10) return;
  const auto unit = s.mini_equivalents ? Measure::Unit::tenths_of_mini : Measure::Unit::contracts;
  const std::int64_t each = s.mini_equivalents ? 1 : 10;
  judge_count(s, context, "contracts",
              fmt::format("{} held, {} allowed", to_string(Measure{unit, tenths / each}),
                          to_string(Measure{unit, *s.contracts * 10 / each})),
              holding(s, context,
                      [](const auto& positions) {
                        model::Instant last;
                        for (const auto& held : positions) last = std::max(last, held.increased_at);
                        return last;
                      }),
              verdict);
}

void judge_accounts(const Settings& s, const GroupContext& context, GroupVerdict& verdict) {
  if (!s.accounts_in_position) return;
  const auto count = std::count_if(context.members.begin(), context.members.end(),
                                   [](const auto* member) { return !member->last.positions.empty(); });
  if (count <= *s.accounts_in_position) return;
  judge_count(s, context, "accounts",
              fmt::format("{} accounts in position, {} allowed", count, *s.accounts_in_position),
              holding(s, context,
                      [](const auto& positions) {
                        model::Instant first = positions.front().opened_at;
                        for (const auto& held : positions) first = std::min(first, held.opened_at);
                        return first;
                      }),
              verdict);
}

GroupVerdict evaluate_group(const Settings& s, const GroupContext& context) {
  GroupVerdict verdict;
  if (s.loss) judge_loss(s, context, verdict);
  if (s.contracts) judge_contracts(s, context, verdict);
  judge_accounts(s, context, verdict);
  if (s.copies) watch_copies(*s.copies, context, verdict);
  watch_fights(context, verdict);
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

extern const RuleSpec group_limits_rule;
const RuleSpec group_limits_rule{
    .number = 25,
    .key = "group_limits",
    .name = "GroupLimits",
    .summary = "limits what the accounts of one group lose and hold together",
    .bind = bind,
    .on_by_default = false,
    .of_group = true,
};

} // namespace bulkhead::rules
