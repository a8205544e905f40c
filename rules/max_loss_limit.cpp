// RULE-014 MaxLossLimit: the firm's trailing drawdown. A floor follows the highest end-of-day balance or the
// highest equity, up to where the firm stops it; equity at the floor (and a buffer of one's own) ends the
// account's trading. The floor is remembered under "", for rules that measure their risk by it.

#include "rules/book_queries.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::rules {
namespace {

using model::Measure;
using model::Money;

enum class Mode { eod_trailing, intraday_trailing, fixed };

struct Settings {
  Mode mode = Mode::eod_trailing;
  Money start;
  Money max_loss;
  std::optional<Money> lock_at; // the floor never rises above
  std::optional<Money> floor_after_payout;
  std::optional<Money> highest; // before the account was watched
  Money buffer;
  bool permanent = true;
  std::vector<std::int64_t> warn_at; // percent of max_loss
};

std::optional<Money> read_amount(Params& params, std::string_view key) {
  const auto* node = params.take(key);
  if (node == nullptr || node->kind == model::ConfigNode::Kind::null) return std::nullopt;
  return params.magnitude_of(*node, Money{});
}

Settings read(Params& params) {
  Settings s;
  s.mode = params.one_of<Mode>("mode",
                               {{"eod_trailing", Mode::eod_trailing},
                                {"intraday_trailing", Mode::intraday_trailing},
                                {"static", Mode::fixed}},
                               Mode::eod_trailing);
  if (!params.has("start_balance"))
    params.complain("start_balance", "is missing: state it, or give the account a profile");
  s.start = params.magnitude("start_balance", Money{}, Money{});
  s.max_loss = params.required_magnitude({"max_loss"});
  const bool stated = params.has("lock_at");
  s.lock_at = read_amount(params, "lock_at");
  if (!stated && s.mode == Mode::eod_trailing) s.lock_at = s.start;
  s.floor_after_payout = read_amount(params, "floor_after_payout");
  s.highest = read_amount(params, "highest_balance");
  s.buffer = params.magnitude("safety_buffer", Money{}, Money{});
  if (s.buffer >= s.max_loss) params.complain("safety_buffer", "must be smaller than max_loss");
  (void)params.one_of<bool>("action", {{"CLOSE_ALL_AND_LOCKOUT", true}}, true);
  s.permanent = params.one_of<bool>("lockout_until", {{"permanent", true}, {"daily_reset", false}}, true);
  s.warn_at = params.integers("warn_at", {50, 75, 90}, 1, 99);
  return s;
}

Money floor_of(const Settings& s, const model::AccountState& state) {
  Money mark = s.start;
  if (s.mode != Mode::fixed) {
    const auto& history = state.history;
    mark = std::max({mark, s.highest.value_or(mark), history.high_balance.value_or(mark)});
    if (s.mode == Mode::intraday_trailing) mark = std::max(mark, history.high_equity.value_or(mark));
  }
  Money floor = mark - s.max_loss;
  if (s.lock_at) floor = std::min(floor, *s.lock_at);
  if (s.floor_after_payout && state.history.payouts > 0) floor = std::max(floor, *s.floor_after_payout);
  return floor;
}

void tell_doubts(const Settings& s, const RuleContext& context, Verdict& verdict) {
  using Severity = model::Alert::Severity;
  const auto& state = context.state;
  const auto& history = state.history;
  const bool older = history.high_balance && *history.high_balance != s.start && history.days.empty();
  if (s.mode != Mode::fixed && older && !s.highest)
    verdict.notices.push_back({"older",
                               {Severity::warning, "high-water-unknown",
                                "the account was traded before it was watched: state highest_balance, or the "
                                "floor may lie too low"}});
  const auto start = state.trusted_from;
  const bool just_read =
      start != model::Instant{} && state.complete_from && *state.complete_from == context.event.at;
  // Whatever was open or closed meanwhile shows in one of them.
  const bool traded =
      !state.positions.empty() || state.book_changed_at >= start || state.balance_changed_at >= start;
  if (s.mode == Mode::intraday_trailing && just_read && traded)
    verdict.notices.push_back({"gap|" + model::format_instant(context.event.at),
                               {Severity::warning, "high-water-unknown",
                                "open profit may have been higher while nobody watched, and the firm's floor "
                                "with it: compare, and state highest_balance"}});
}

Finding breach(const Settings& s, const RuleContext& context, Money equity, Money floor) {
  Finding finding;
  finding.actual = Measure::money(equity);
  finding.limit = Measure::money(floor + s.buffer);
  finding.reason =
      fmt::format("equity of {} reached the floor of {}{}", to_string(finding.actual),
                  to_string(Measure::money(floor)), s.buffer == Money{} ? "" : " and the buffer above it");
  finding.at_most = flatten(context.state);
  finding.cancel = all_orders(context.state);
  finding.lockout = hard_lockout(context, finding.reason, s.permanent);
  return finding;
}

void warn(const Settings& s, Money equity, Money floor, Verdict& verdict) {
  const Money used = floor + s.max_loss - equity;
  for (const auto level : s.warn_at) {
    // Not breached, so both products stay below 1e14.
    if (used.micros <= 0 || used.micros * 100 < s.max_loss.micros * level) continue;
    verdict.notices.push_back(
        {fmt::format("max-loss|{}", level),
         {model::Alert::Severity::warning, "loss-warning",
          fmt::format("equity of {} is {} above the floor of {}: {}% of the loss is used",
                      to_string(Measure::money(equity)), to_string(Measure::money(equity - floor)),
                      to_string(Measure::money(floor)), level)}});
  }
}

Verdict evaluate(const Settings& s, const RuleContext& context) {
  Verdict verdict;
  const Money floor = floor_of(s, context.state);
  verdict.memory[""].number = floor.micros;
  tell_doubts(s, context, verdict);
  const auto equity = sure_equity(context.state, context.event.at);
  if (!equity) {
    verdict.undecided.insert("");
    const auto settled = equity_settled_at(context.state);
    if (settled > context.event.at) verdict.wake(settled);
  } else if (*equity <= floor + s.buffer) {
    verdict.findings.push_back(breach(s, context, *equity, floor));
  } else {
    warn(s, *equity, floor, verdict);
  }
  return verdict;
}

void state_bands(const Settings& s, const RuleContext& context, BandPlan& plan) {
  const auto equity = sure_equity(context.state, context.event.at);
  if (!equity) return plan.want_every();
  // The floor stays where it is as long as there is no new highest equity, of which every quote is told.
  const Money floor = floor_of(s, context.state);
  Calm left(*equity - floor - s.max_loss);
  left.loss(s.max_loss, s.warn_at, {});
  left.loss(s.max_loss - s.buffer, {}, plan.room());
  plan.hold_total(model::PriceSource::last, left);
}

Binding bind(Params& params) {
  const Settings settings = read(params);
  Binding binding;
  binding.bands = stating(settings, state_bands);
  binding.by_highs = settings.mode == Mode::intraday_trailing;
  binding.evaluate = [settings](const RuleContext& context) { return evaluate(settings, context); };
  // What is left of the loss, so that the gauge is full when the floor is reached.
  binding.gauge = [settings](const RuleContext& context) -> std::optional<Gauge> {
    const auto equity = sure_equity(context.state, context.event.at);
    if (!equity) return std::nullopt;
    const Money top = floor_of(settings, context.state) + settings.max_loss;
    return Gauge{Measure::money(*equity - top), Measure::money(settings.buffer - settings.max_loss)};
  };
  return binding;
}

} // namespace

extern const RuleSpec max_loss_limit_rule;
const RuleSpec max_loss_limit_rule{
    .number = 14,
    .key = "max_loss_limit",
    .name = "MaxLossLimit",
    .summary = "closes and locks for good when the equity falls to the firm's trailing floor",
    .events = model::events<model::QuoteUpdate, model::PositionUpdate, model::Account, model::Fill,
                            model::ContractLearned, model::BalanceAdjusted>(),
    .bind = bind,
    .on_by_default = false,
    .by_days = true,
};

} // namespace bulkhead::rules
