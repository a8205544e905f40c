// RULE-010 AuthLossGuard: follows the gateway's own permission flag. While canTrade is false the account is
// closed and locked; when it is true again only this rule's lockout goes. The flag is asked for again and
// again, because nobody promises an event for its change.

#include "rules/book_queries.hpp"

#include <fmt/format.h>

namespace bulkhead::rules {
namespace {

using model::ClearCause;
using model::Instant;
using std::chrono::seconds;

struct Settings {
  bool lockout_only = false;
  bool auto_unlock = true;
  bool check_on_startup = true;
  seconds verify_interval{300};
  bool lock_when_missing = false;
};

constexpr std::uint32_t missing_reads_that_count = 2;

Settings read(Params& params) {
  Settings s;
  s.lockout_only =
      params.one_of<bool>("enforcement", {{"close_all_and_lockout", false}, {"lockout_only", true}}, false);
  s.lockout_only = params.one_of<bool>("action", {{"close_all_and_lockout", false}, {"lockout_only", true}},
                                       s.lockout_only);
  s.auto_unlock = params.boolean("auto_unlock_on_restore", true);
  s.check_on_startup = params.boolean("check_on_startup", true);
  s.verify_interval = seconds{params.integer("verify_interval_seconds", 300, 10, 3600)};
  s.lock_when_missing = params.one_of<bool>("on_missing", {{"keep_last", false}, {"lock", true}}, false);
  return s;
}

/// Why the account may not trade; empty when it may, or when nobody has said.
std::string why_not(const Settings& s, const RuleContext& context) {
  const auto& state = context.state;
  if (state.missing_reads >= missing_reads_that_count)
    return "account_missing: the gateway no longer lists it";
  if (s.lock_when_missing && state.can_trade_missing) return "the gateway does not say whether it may trade";
  const bool from_startup = state.complete_from && state.can_trade_seen_at <= *state.complete_from;
  if (from_startup && !s.check_on_startup) return {};
  return state.account.can_trade == false ? "the gateway does not let it trade" : "";
}

Finding breach(const Settings& s, const RuleContext& context, const std::string& why) {
  Finding finding;
  finding.actual = {model::Measure::Unit::count, 0};
  finding.limit = {model::Measure::Unit::count, 1};
  finding.reason = why;
  model::Lockout lockout;
  lockout.kind = model::LockoutKind::external;
  lockout.mode = s.lockout_only ? model::LockoutMode::no_new_exposure : model::LockoutMode::flatten;
  if (s.lockout_only) lockout.baseline = held_now(context);
  lockout.reason = why;
  lockout.clear_on = model::ClearOn{}.with(ClearCause::admin);
  if (s.auto_unlock) lockout.clear_on = lockout.clear_on.with(ClearCause::can_trade_restored);
  finding.lockout = lockout;
  if (!s.lockout_only) {
    finding.at_most = flatten(context.state);
    finding.cancel = all_orders(context.state);
  }
  // Lifted by a person, it is set again when the gateway has been asked again, not before.
  if (!context.state.lockouts.has_row_of(context.self)) finding.occasion = context.state.can_trade_seen_at;
  return finding;
}

/// Asks for the flag when it has not been heard of for long.
void verify(const Settings& s, const RuleContext& context, Verdict& verdict) {
  const auto* known = context.memory("asked");
  const Instant asked = known != nullptr && known->since ? *known->since : Instant{};
  const Instant last = std::max({context.state.can_trade_seen_at, asked, context.state.trusted_from});
  auto& memory = verdict.memory["asked"];
  memory.since = asked;
  if (last == Instant{}) {
    memory.since = context.event.at;
  } else if (context.event.at >= last + s.verify_interval) {
    memory.since = context.event.at;
    verdict.reads.emplace_back("may the account trade?");
  }
  verdict.wake(std::max(last, *memory.since) + s.verify_interval);
}

Verdict evaluate(const Settings& s, const RuleContext& context) {
  Verdict verdict;
  verify(s, context, verdict);
  if (context.state.can_trade_missing && context.state.account.can_trade) {
    verdict.notices.push_back({"missing",
                               {model::Alert::Severity::warning, "can-trade-missing",
                                "the gateway left out whether the account may trade; the last word stands"}});
  }
  const auto why = why_not(s, context);
  if (!why.empty())
    verdict.findings.push_back(breach(s, context, why));
  else if (context.state.account.can_trade == true)
    verdict.restored = ClearCause::can_trade_restored;
  return verdict;
}

Binding bind(Params& params) {
  const Settings settings = read(params);
  return {[settings](const RuleContext& context) { return evaluate(settings, context); }, nullptr, 0};
}

} // namespace

extern const RuleSpec auth_loss_guard_rule;
const RuleSpec auth_loss_guard_rule{
    .number = 10,
    .key = "auth_loss_guard",
    .name = "AuthLossGuard",
    .summary = "closes and locks while the gateway says that the account may not trade",
    .events = model::events<model::Account, model::AccountMissing>(),
    .bind = bind,
};

} // namespace bulkhead::rules
