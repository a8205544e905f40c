// The drawdown guard: equity against its highest. A critical drawdown is announced, waited for, looked at
// again and only then closed; it closes at once when it grows by two points meanwhile.

#include "rules/book_queries.hpp"
#include "rules/percent.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::rules {
namespace {

using model::Instant;
using model::Money;
using model::RuleMemory;
using std::chrono::seconds;

enum class Unit { percent, usd };

// Drawdowns are in ten-thousandths of a percent, or in ten-thousandths of a dollar.
constexpr int digits = 4;
constexpr std::int64_t point = percent_point;
constexpr Money largest_equity = Money::dollars(1'000'000'000);

struct Settings {
  Unit unit = Unit::percent;
  std::int64_t critical = 20 * point;
  std::int64_t warning = 15 * point;
  Money least_equity = Money::dollars(100);
  seconds pause{0};
  bool lockout = true;

  /// Two percentage points, or a tenth of the limit in dollars.
  [[nodiscard]] std::int64_t grows_at_once() const {
    return unit == Unit::percent ? 2 * point : critical / 10;
  }
  [[nodiscard]] std::int64_t rearm_below() const {
    return warning - (unit == Unit::percent ? point : warning / 20);
  }
};

Settings read(Params& params) {
  Settings s;
  s.unit = params.one_of<Unit>("unit", {{"percent", Unit::percent}, {"usd", Unit::usd}}, Unit::percent);
  const std::int64_t most = s.unit == Unit::percent ? 100 : 1'000'000;
  s.critical = params.decimal("max_drawdown_pct", s.critical, digits, 0, most);
  s.warning = params.decimal("warning_threshold_pct", std::min(s.warning, s.critical), digits, 0, most);
  if (s.critical <= 0 || s.warning > s.critical)
    params.complain("max_drawdown_pct", "must be positive and not below warning_threshold_pct");
  s.least_equity = params.magnitude("min_equity", s.least_equity, Money{});
  s.pause = seconds{params.integer("warning_seconds", 0, 0, 3600)};
  s.lockout =
      params.one_of<bool>("action", {{"CLOSE_ALL_AND_LOCKOUT", true}, {"CLOSE_ALL_POSITIONS", false}}, true);
  return s;
}

struct Level {
  Money equity;
  std::int64_t drawdown = 0;
};

/// None when the figures cannot be.
std::optional<Level> level_of(const Settings& s, const model::AccountState& state, Money equity) {
  if (!state.peak_equity || state.peak_equity->micros <= 0 || equity.micros < 0) return std::nullopt;
  if (*state.peak_equity > largest_equity || equity > largest_equity) return std::nullopt;
  const std::int64_t lost = std::max<std::int64_t>(0, state.peak_equity->micros - equity.micros);
  if (s.unit == Unit::usd) return Level{equity, lost / (Money::per_dollar / point)};
  return Level{equity, percent_of(lost, state.peak_equity->micros)};
}

std::string shown(const Settings& s, std::int64_t drawdown) {
  const auto hundredths = drawdown / 100;
  const auto number = fmt::format("{}.{:02}", hundredths / 100, hundredths % 100);
  return s.unit == Unit::percent ? number + "%" : "$" + number;
}

void tell(Verdict& verdict, const RuleContext& context, model::Alert::Severity severity, const char* code,
          std::string text) {
  // Each of these is an episode of its own, so its moment is part of the key.
  verdict.notices.push_back({fmt::format("{}|{}", code, model::format_instant(context.event.at, 6)),
                             {severity, code, std::move(text)}});
}

Finding breach(const Settings& s, const RuleContext& context, const Level& level) {
  Finding finding;
  finding.actual = {s.unit == Unit::percent ? model::Measure::Unit::percent : model::Measure::Unit::money,
                    s.unit == Unit::percent ? level.drawdown / point
                                            : level.drawdown * (Money::per_dollar / point)};
  finding.limit = {finding.actual.unit,
                   s.unit == Unit::percent ? s.critical / point : s.critical * (Money::per_dollar / point)};
  finding.reason = fmt::format("drawdown_critical: {} below the highest equity, {} left",
                               shown(s, level.drawdown), to_string(level.equity));
  finding.at_most = flatten(context.state);
  finding.cancel = all_orders(context.state);
  if (s.lockout) finding.lockout = hard_lockout(context, finding.reason);
  return finding;
}

/// `memory`: since is when the warning was given, deadline when it closes, number the drawdown then.
void judge(const Settings& s, const RuleContext& context, const Level& level, RuleMemory& memory,
           Verdict& verdict) {
  using Severity = model::Alert::Severity;
  const Instant now = context.event.at;
  const bool critical = level.drawdown >= s.critical || level.equity < s.least_equity;
  if (critical && !memory.deadline) {
    memory.deadline = now + s.pause;
    memory.number = level.drawdown;
    tell(verdict, context, Severity::critical, "drawdown-critical",
         fmt::format("drawdown of {}: closing at {}", shown(s, level.drawdown),
                     model::format_instant(*memory.deadline)));
  }
  if (memory.deadline && now >= *memory.deadline && !critical) {
    memory.deadline.reset();
    tell(verdict, context, Severity::info, "drawdown-averted",
         fmt::format("drawdown is back at {}", shown(s, level.drawdown)));
  }
  if (level.drawdown < s.rearm_below()) memory.since.reset();
  if (!critical && level.drawdown >= s.warning && !memory.since) {
    memory.since = now;
    tell(verdict, context, Severity::warning, "drawdown-warning",
         fmt::format("drawdown of {}", shown(s, level.drawdown)));
  }
  if (!memory.deadline) return;
  const bool grew = level.drawdown >= memory.number + s.grows_at_once();
  if (critical && (now >= *memory.deadline || grew))
    verdict.findings.push_back(breach(s, context, level));
  else
    verdict.wake(*memory.deadline);
}

Verdict evaluate(const Settings& s, const RuleContext& context) {
  Verdict verdict;
  auto& memory = verdict.memory[""];
  if (const auto* known = context.memory("")) memory = *known;
  const auto equity = model::equity(context.state);
  if (!equity) return verdict;
  if (const Instant settled = equity_settled_at(context.state); context.event.at < settled) {
    verdict.wake(settled);
    return verdict;
  }
  if (const auto level = level_of(s, context.state, *equity)) {
    judge(s, context, *level, memory, verdict);
  } else {
    verdict.notices.push_back({"invalid",
                               {model::Alert::Severity::warning, "equity-invalid",
                                fmt::format("an equity of {} cannot be judged", to_string(*equity))}});
  }
  return verdict;
}

/// The smallest loss from the highest equity that is a drawdown of `level`.
Money loss_of(const Settings& s, Money peak, std::int64_t level) {
  if (s.unit == Unit::usd) return Money{level * (Money::per_dollar / point)};
  __extension__ using Wide = __int128;
  const Wide part = static_cast<Wide>(std::max<std::int64_t>(0, level)) * peak.micros;
  return Money{static_cast<std::int64_t>((part + 100 * percent_point - 1) / (100 * percent_point))};
}

void state_bands(const Settings& s, const RuleContext& context, BandPlan& plan) {
  const auto equity = model::equity(context.state);
  const auto* memory = context.memory("");
  if (!equity || !level_of(s, context.state, *equity) || memory == nullptr || memory->deadline)
    return plan.want_every();
  Calm calm(*equity);
  const Money peak = *context.state.peak_equity;
  for (const auto level : {s.critical, s.warning, s.rearm_below()})
    calm.at_or_below(peak - loss_of(s, peak, level));
  calm.at_or_above(s.least_equity);
  calm.at_or_above(Money{});
  plan.hold_total(model::PriceSource::last, calm);
}

Binding bind(Params& params) {
  const Settings settings = read(params);
  Binding binding;
  binding.evaluate = [settings](const RuleContext& context) { return evaluate(settings, context); };
  binding.bands = stating(settings, state_bands);
  return binding;
}

} // namespace

extern const RuleSpec drawdown_rule;
const RuleSpec drawdown_rule{
    .number = 1,
    .key = "drawdown",
    .name = "DrawdownGuard",
    .summary = "closes and locks when the equity has fallen too far from its highest",
    .events = model::events<model::QuoteUpdate, model::PositionUpdate, model::Account, model::Fill>(),
    .bind = bind,
    .on_by_default = false,
    .kind = model::Source::Kind::guard,
};

} // namespace bulkhead::rules
