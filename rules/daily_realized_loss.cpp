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
/// fixed: the limit counts from the day's start; else from the highest the day has seen, realized or with
/// open profit.
enum class Mode { fixed, trailing_realized, trailing_unrealized };

struct Settings {
  Money limit; // magnitude
  Action action = Action::close_all_and_lockout;
  Until until = Until::daily_reset;
  Basis basis = Basis::net;
  bool include_unrealized = false;
  Mode mode = Mode::fixed;
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
  const bool trailing = params.one_of<bool>("mode", {{"fixed", false}, {"trailing", true}}, false);
  const auto from = params.one_of<Mode>(
      "trail_from", {{"realized", Mode::trailing_realized}, {"unrealized", Mode::trailing_unrealized}},
      Mode::trailing_unrealized);
  if (trailing) {
    s.mode = from;
    s.include_unrealized = true;
    if (s.basis == Basis::gross) params.complain("pnl_basis", "must be net when the mode is trailing");
  }
  s.warn_at = params.integers("warn_at", {70, 90}, 1, 99);
  // A rule's own reset pair defines the daily reset of the file; the loader has read it.
  (void)params.take("reset_time");
  (void)params.take("timezone");
  return s;
}

/// What the limit is compared with: the day's result, or how far it has come down from its highest. None
/// while a half-told trade would distort the latter.
std::optional<Money> day_result(const Settings& s, const model::AccountState& state, model::Instant at) {
  if (s.mode != Mode::fixed) {
    const auto result = sure_day_result(state, at);
    const auto& history = state.history;
    if (!result) return std::nullopt;
    return *result -
           (s.mode == Mode::trailing_realized ? history.high_realized_today : history.high_result_today);
  }
  const Money realized = s.basis == Basis::net ? state.ledger.net() : state.ledger.gross();
  if (!s.include_unrealized) return realized;
  return realized + (unrealized_total(state).sum - state.unrealized_at_reset);
}

Finding breach(const Settings& s, const RuleContext& context, Money result) {
  Finding finding;
  finding.actual = Measure::money(result);
  finding.limit = Measure::money(-s.limit);
  const char* what = s.mode != Mode::fixed  ? "loss from the day's highest"
                     : s.include_unrealized ? "loss"
                                            : "realized loss";
  finding.reason = fmt::format("daily {} of {} reached the limit of {}", what, to_string(finding.actual),
                               to_string(finding.limit));
  finding.occasion = context.state.ledger.start(); // each day's loss is a breach of its own
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
  const auto judged = day_result(s, context.state, context.event.at);
  if (!judged) {
    verdict.undecided.insert("");
    // Fills and positions are awaited for two seconds; a quote may be awaited for longer and tells of itself.
    if (unrealized_total(context.state).unvalued == 0)
      verdict.wake(context.event.at + std::chrono::milliseconds{2001});
    return verdict;
  }
  const Money result = *judged;
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

void state_bands(const Settings& s, const RuleContext& context, BandPlan& plan) {
  const auto result = day_result(s, context.state, context.event.at);
  if (!result) return plan.want_every();
  Calm calm(*result);
  calm.loss(s.limit, s.warn_at, plan.room());
  plan.hold_total(model::PriceSource::last, calm);
}

Binding bind(Params& params) {
  const Settings settings = read(params);
  Binding binding;
  binding.bands = stating(settings, state_bands);
  binding.by_highs = settings.mode == Mode::trailing_unrealized;
  binding.evaluate = [settings](const RuleContext& context) { return evaluate(settings, context); };
  binding.gauge = [settings](const RuleContext& context) -> std::optional<Gauge> {
    const auto result = day_result(settings, context.state, context.event.at);
    if (!result) return std::nullopt;
    return Gauge{Measure::money(*result), Measure::money(-settings.limit)};
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
