// RULE-003 DailyRealizedLoss: ends the trading day when its realized loss reaches the limit (inclusive). With
// include_unrealized the open profit since the reset counts too, as firms compute their daily loss limit.

#include "rules/book_queries.hpp"

#include <fmt/format.h>

namespace bulkhead::rules {
namespace {

using model::Measure;
using model::Money;

enum class Action { close_all_and_lockout, close_all };
enum class Until { daily_reset, permanent };
enum class Basis { net, gross };

struct Settings {
  Money limit; // magnitude
  Action action = Action::close_all_and_lockout;
  Until until = Until::daily_reset;
  Basis basis = Basis::net;
  bool include_unrealized = false;
  std::vector<std::int64_t> warn_at; // percent of the limit
};

Settings read(Params& params) {
  Settings s;
  s.limit = params.required_magnitude({"limit", "loss_limit"});
  s.action = params.one_of<Action>(
      "action",
      {{"CLOSE_ALL_AND_LOCKOUT", Action::close_all_and_lockout}, {"CLOSE_ALL_POSITIONS", Action::close_all}},
      Action::close_all_and_lockout);
  s.action = params.one_of<Action>(
      "enforcement",
      {{"close_all_and_lockout", Action::close_all_and_lockout}, {"close_all", Action::close_all}}, s.action);
  s.until = params.one_of<Until>("lockout_until",
                                 {{"daily_reset", Until::daily_reset}, {"permanent", Until::permanent}},
                                 Until::daily_reset);
  if (params.has("lockout_until_reset") && !params.boolean("lockout_until_reset", true))
    s.until = Until::permanent;
  s.basis = params.one_of<Basis>("pnl_basis", {{"net", Basis::net}, {"gross", Basis::gross}}, Basis::net);
  s.include_unrealized = params.boolean("include_unrealized", false);
  s.warn_at = params.integers("warn_at", {70, 90}, 1, 99);
  // A rule's own reset pair defines the daily reset of the file; the loader has read it.
  (void)params.take("reset_time");
  (void)params.take("timezone");
  return s;
}

Money day_result(const Settings& s, const model::AccountState& state) {
  const Money realized = s.basis == Basis::net ? state.ledger.net() : state.ledger.gross();
  if (!s.include_unrealized) return realized;
  return realized + (unrealized_total(state).sum - state.unrealized_at_reset);
}

Finding breach(const Settings& s, const RuleContext& context, Money result) {
  Finding finding;
  finding.actual = Measure::money(result);
  finding.limit = Measure::money(-s.limit);
  finding.reason =
      fmt::format("daily {} of {} reached the limit of {}", s.include_unrealized ? "loss" : "realized loss",
                  to_string(finding.actual), to_string(finding.limit));
  finding.at_most = flatten(context.state);
  finding.cancel = all_orders(context.state);
  if (s.action == Action::close_all_and_lockout) {
    finding.lockout = hard_lockout(context, finding.reason, s.until == Until::permanent);
  }
  return finding;
}

Verdict evaluate(const Settings& s, const RuleContext& context) {
  Verdict verdict;
  // The day is over, only its reset has not come yet: it judges nothing any more.
  if (context.event.at >= context.state.ledger.end()) return verdict;
  const Money result = day_result(s, context.state);
  if (result <= -s.limit) {
    verdict.findings.push_back(breach(s, context, result));
    return verdict;
  }
  if (s.include_unrealized && unrealized_total(context.state).unvalued > 0) verdict.undecided.insert("");
  for (const std::int64_t level : s.warn_at) {
    // Not breached, so both products stay below 1e14.
    if (result.micros >= 0 || -result.micros * 100 < s.limit.micros * level) continue;
    verdict.notices.push_back(
        {fmt::format("daily-loss|{}|{}", to_string(s.limit), level),
         {model::Alert::Severity::warning, "loss-warning",
          fmt::format("day stands at {}, {}% of the limit of {}", to_string(Measure::money(result)), level,
                      to_string(Measure::money(-s.limit)))}});
  }
  return verdict;
}

Binding bind(Params& params) {
  const Settings settings = read(params);
  Binding binding;
  binding.evaluate = [settings](const RuleContext& context) { return evaluate(settings, context); };
  binding.gauge = [settings](const RuleContext& context) -> std::optional<Gauge> {
    return Gauge{Measure::money(day_result(settings, context.state)), Measure::money(-settings.limit)};
  };
  if (settings.include_unrealized) {
    binding.extra_events = model::events<model::QuoteUpdate, model::PositionUpdate, model::ContractLearned>();
  }
  return binding;
}

} // namespace

extern const RuleSpec daily_realized_loss_rule;
const RuleSpec daily_realized_loss_rule{
    .number = 3,
    .key = "daily_realized_loss",
    .name = "DailyRealizedLoss",
    .summary =
        "flattens and locks the account until the reset when the day's realized loss reaches the limit",
    .events = model::events<model::Fill>(),
    .bind = bind,
};

} // namespace bulkhead::rules
