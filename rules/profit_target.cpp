// RULE-015 ProfitTarget: the account has earned what its evaluation asks for. Only realized balance counts,
// and with a consistency share only when the best day is not too large a part of it. Told once; on request
// the account is locked for good, so that nothing earned is lost again.

#include "rules/book_queries.hpp"
#include "rules/percent.hpp"

#include <fmt/format.h>

namespace bulkhead::rules {
namespace {

using model::Measure;
using model::Money;
using Severity = model::Alert::Severity;

struct Settings {
  Money target;
  Money start;
  std::int64_t share = 0; // largest part of the best day in ten-thousandths of a percent; 0: any
  bool lock = false;
};

Settings read(Params& params) {
  Settings s;
  s.target = params.required_magnitude({"target", "profit_target"});
  if (!params.has("start_balance"))
    params.complain("start_balance", "is missing: state it, or give the account a profile");
  s.start = params.magnitude("start_balance", Money{}, Money{});
  s.share = params.decimal("max_share", 0, 6, 0, 1);
  s.lock = params.one_of<bool>("action", {{"notify", false}, {"lockout_permanent", true}}, false);
  return s;
}

/// The profit with which the best day is no longer too large a part.
Money needed(const Settings& s, const model::AccountState& state) {
  if (s.share == 0) return s.target;
  __extension__ using Wide = __int128;
  constexpr std::int64_t whole = 1'000'000;
  const Wide best = period_profit(state).best().micros;
  const Money consistent{static_cast<std::int64_t>((best * whole + s.share - 1) / s.share)};
  return std::max(s.target, consistent);
}

void reached(const Settings& s, const RuleContext& context, Money profit, Verdict& verdict) {
  const auto reason = fmt::format("the profit of {} reached the account's target of {}",
                                  to_string(Measure::money(profit)), to_string(Measure::money(s.target)));
  verdict.memory[""].number = 1;
  if (context.memory("") == nullptr)
    verdict.notices.push_back({"reached", {Severity::info, "target-reached", reason}});
  if (!s.lock) return;
  Finding finding;
  finding.actual = Measure::money(profit);
  finding.limit = Measure::money(s.target);
  finding.reason = reason;
  finding.cancel = all_orders(context.state);
  finding.lockout = hard_lockout(context, reason, true);
  verdict.findings.push_back(std::move(finding));
}

Verdict evaluate(const Settings& s, const RuleContext& context) {
  Verdict verdict;
  const auto& state = context.state;
  if (const auto* known = context.memory("")) verdict.memory[""] = *known;
  if (!state.account.balance) return verdict;
  const Money profit = *state.account.balance - s.start;
  if (profit < s.target) return verdict;
  const Money enough = needed(s, state);
  if (!state.positions.empty()) {
    verdict.undecided.insert("");
    verdict.notices.push_back({"open",
                               {Severity::info, "target-open",
                                "the realized balance has reached the target, positions are still open"}});
  } else if (!state.complete()) {
    verdict.undecided.insert(""); // the balance is that of before the start
  } else if (const auto settled = equity_settled_at(state); context.event.at < settled) {
    verdict.undecided.insert("");
    verdict.wake(settled);
  } else if (profit >= enough) {
    reached(s, context, profit, verdict);
  } else {
    verdict.notices.push_back(
        {"inconsistent",
         {Severity::warning, "target-inconsistent",
          fmt::format("the target is reached, but the best day is too large a part of it: {} are needed",
                      to_string(Measure::money(enough)))}});
  }
  return verdict;
}

Binding bind(Params& params) {
  const Settings settings = read(params);
  Binding binding;
  binding.evaluate = [settings](const RuleContext& context) { return evaluate(settings, context); };
  binding.gauge = [settings](const RuleContext& context) -> std::optional<Gauge> {
    if (!context.state.account.balance) return std::nullopt;
    return Gauge{Measure::money(*context.state.account.balance - settings.start),
                 Measure::money(needed(settings, context.state))};
  };
  return binding;
}

} // namespace

extern const RuleSpec profit_target_rule;
const RuleSpec profit_target_rule{
    .number = 15,
    .key = "profit_target",
    .name = "ProfitTarget",
    .summary = "tells that the account's profit target is reached; on request locks the account",
    .events = model::events<model::Account, model::Fill, model::PositionUpdate, model::BalanceAdjusted>(),
    .bind = bind,
    .on_by_default = false,
    .by_days = true,
};

} // namespace bulkhead::rules
