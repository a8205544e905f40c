// RULE-016 Consistency: no day may be too large a part of the whole profit. Tells how much today may still
// earn, and on request ends the day there. Counts the days since the account's start or the last payout.

#include "rules/book_queries.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::rules {
namespace {

using model::Measure;
using model::Money;
using Severity = model::Alert::Severity;
__extension__ using Wide = __int128;

constexpr std::int64_t whole = 1'000'000;

struct Settings {
  std::int64_t share = 0; // millionths
  bool inclusive = true;  // the share itself is permitted
  bool lock_at_cap = false;
  std::vector<std::int64_t> warn_at; // percent of what today may earn
  Money winning_day;
  std::int64_t winning_days = 0; // 0: not counted
};

Settings read(Params& params) {
  Settings s;
  if (!params.has("max_share"))
    params.complain("max_share", "is missing: state it, or give the account a profile");
  s.share = params.decimal("max_share", 0, 6, 0, 1);
  if (params.has("max_share") && (s.share <= 0 || s.share >= whole))
    params.complain("max_share", "must be between 0 and 1");
  s.inclusive = params.boolean("inclusive", true);
  s.lock_at_cap = params.one_of<bool>("action", {{"warn", false}, {"lockout_at_cap", true}}, false);
  s.warn_at = params.integers("warn_at", {80, 100}, 1, 100);
  s.winning_day = params.magnitude("winning_day", Money::dollars(150), Money{});
  s.winning_days = params.integer("winning_days", 0, 0, 100);
  return s;
}

/// How much today may earn so that it is not too large a part; none while no other day has earned anything.
std::optional<Money> cap_of(const Settings& s, Money others) {
  if (others <= Money{}) return std::nullopt;
  const Wide wide = static_cast<Wide>(others.micros) * s.share / (whole - s.share);
  const Money cap{static_cast<std::int64_t>(wide) - (s.inclusive ? 0 : 1)};
  return cap > Money{} ? std::optional(cap) : std::nullopt;
}

/// Once a day, from its first fill on.
void report(const Settings& s, const RuleContext& context, const model::PeriodProfit& profit,
            Verdict& verdict) {
  const Money total = profit.total();
  const Money best = profit.best();
  if (total <= Money{} || profit.others == Money{} || context.state.ledger.count() == 0) return;
  const Wide part = static_cast<Wide>(best.micros) * whole;
  const Wide permitted = static_cast<Wide>(total.micros) * s.share;
  if (s.inclusive ? part <= permitted : part < permitted) return;
  const Money required{static_cast<std::int64_t>((part + s.share - 1) / s.share)};
  verdict.notices.push_back(
      {"share",
       {Severity::warning, "consistency",
        fmt::format("the best day is {}% of the profit, {}% are permitted: a profit of {} is needed",
                    static_cast<std::int64_t>(part / total.micros / (whole / 100)), s.share / (whole / 100),
                    to_string(Measure::money(required)))}});
}

void count_winning_days(const Settings& s, const RuleContext& context, Verdict& verdict) {
  if (s.winning_days == 0 || !std::holds_alternative<model::DailyReset>(context.event.payload)) return;
  verdict.notices.push_back(
      {"winning-days",
       {Severity::info, "winning-days",
        fmt::format("{} of {} winning days", period_profit(context.state, s.winning_day).winning_days,
                    s.winning_days)}});
}

Verdict evaluate(const Settings& s, const RuleContext& context) {
  Verdict verdict;
  count_winning_days(s, context, verdict);
  if (context.event.at >= context.state.ledger.end()) return verdict;
  const auto profit = period_profit(context.state);
  report(s, context, profit, verdict);
  const auto cap = cap_of(s, profit.others);
  if (!cap) return verdict;
  for (const auto level : s.warn_at) {
    if (static_cast<Wide>(profit.today.micros) * 100 < static_cast<Wide>(cap->micros) * level) continue;
    verdict.notices.push_back(
        {fmt::format("cap|{}", level),
         {Severity::warning, "consistency-cap",
          fmt::format("today's profit of {} is {}% of the {} that keep the days consistent",
                      to_string(Measure::money(profit.today)), level, to_string(Measure::money(*cap)))}});
  }
  if (!s.lock_at_cap || profit.today < *cap) return verdict;
  Finding finding;
  finding.actual = Measure::money(profit.today);
  finding.limit = Measure::money(*cap);
  finding.reason = fmt::format("today's profit of {} reached the {} that keep the days consistent",
                               to_string(finding.actual), to_string(finding.limit));
  finding.at_most = flatten(context.state);
  finding.cancel = all_orders(context.state);
  finding.lockout = hard_lockout(context, finding.reason);
  verdict.findings.push_back(std::move(finding));
  return verdict;
}

Binding bind(Params& params) {
  const Settings settings = read(params);
  Binding binding;
  binding.evaluate = [settings](const RuleContext& context) { return evaluate(settings, context); };
  binding.gauge = [settings](const RuleContext& context) -> std::optional<Gauge> {
    const auto profit = period_profit(context.state);
    const auto cap = cap_of(settings, profit.others);
    if (!cap) return std::nullopt;
    return Gauge{Measure::money(profit.today), Measure::money(*cap)};
  };
  return binding;
}

} // namespace

extern const RuleSpec consistency_rule;
const RuleSpec consistency_rule{
    .number = 16,
    .key = "consistency",
    .name = "Consistency",
    .summary = "tells when one day becomes too large a part of the profit; on request ends that day",
    .events = model::events<model::Fill, model::BalanceAdjusted>(),
    .bind = bind,
    .on_by_default = false,
    .by_days = true,
};

} // namespace bulkhead::rules
