// RULE-006 TradeFrequencyLimit: a brake on overtrading. Counts orders (or fills, or entries) in rolling
// windows that end at each trade, and since the reset; one too many starts a cooldown. The answer follows
// from the fills alone, in whatever order they were told.

#include "model/trade_counter.hpp"
#include "rules/book_queries.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace bulkhead::rules {
namespace {

using model::Duration;
using model::Fill;
using model::Instant;
using model::Measure;

enum class Unit { order, fill, entry };

struct Limit {
  std::string name;               // subject of the breach: "minute", "hour", "session", "window"
  std::int64_t most = 0;          // one more is a breach
  std::optional<Duration> window; // none: since the reset
  std::optional<Duration> pause;  // none: until the reset
};

struct Settings {
  std::vector<Limit> limits;
  bool cooldown = true; // else alert only
  Unit unit = Unit::order;
  bool close_positions = false;
  bool extend_on_violation = true;
};

constexpr auto late_after = std::chrono::seconds{5};

void read_pause(Params& params, std::string_view key, std::optional<Duration>& pause) {
  const model::ConfigNode* node = params.take(key);
  if (node == nullptr || node->kind == model::ConfigNode::Kind::null) return;
  if (node->scalar == "until_reset")
    pause.reset();
  else if (const auto read = params.duration_of(*node))
    pause = *read;
}

Settings read(Params& params) {
  Settings s;
  std::vector<Limit> limits{{"minute", 0, std::chrono::seconds{60}, std::chrono::seconds{60}},
                            {"hour", 0, std::chrono::seconds{3600}, std::chrono::seconds{1800}},
                            {"session", 0, std::nullopt, std::chrono::seconds{3600}}};
  params.section("limits", [&](Params& section) {
    for (auto& limit : limits)
      limit.most = section.optional_integer("per_" + limit.name, 1, limit.window ? 1000 : 10'000).value_or(0);
  });
  params.section("cooldown_on_breach", [&](Params& section) {
    s.cooldown = section.boolean("enabled", true);
    for (auto& limit : limits) read_pause(section, "per_" + limit.name + "_breach", limit.pause);
  });
  // The older form: one rolling window; its pause is that of the hour.
  limits.push_back({"window", params.optional_integer("max_trades", 1, 10'000).value_or(0),
                    std::chrono::minutes{params.integer("time_window_minutes", 60, 1, 1440)},
                    limits[1].pause});
  std::copy_if(limits.begin(), limits.end(), std::back_inserter(s.limits),
               [](const Limit& limit) { return limit.most > 0; });
  if (s.limits.empty()) params.complain("limits", "is missing: a rule in the file must state its limit");
  s.unit = params.one_of<Unit>(
      "count_unit", {{"order", Unit::order}, {"fill", Unit::fill}, {"entry", Unit::entry}}, Unit::order);
  s.close_positions = params.boolean("close_positions", false);
  s.extend_on_violation = params.boolean("extend_on_violation", true);
  return s;
}

struct Trade {
  Instant at;
  std::int64_t unit = 0; // fills of the same unit count once
};

std::vector<Trade> trades_of(const Settings& s, const RuleContext& context) {
  std::vector<Trade> trades;
  for (const Fill* fill : fills_in_order(context.state)) {
    if (is_enforced(context.state, *fill)) continue;
    if (s.unit == Unit::entry && fill->pnl) continue;
    const bool alone = s.unit == Unit::fill || fill->order.value == 0;
    trades.push_back({fill->executed_at, alone ? -fill->id.value - 1 : fill->order.value});
  }
  return trades;
}

struct Excess {
  Instant at; // of the latest trade that was one too many
  std::int64_t count = 0;
};

/// The latest trade at which more than allowed had been done.
std::optional<Excess> excess_of(const Limit& limit, const RuleContext& context,
                                const std::vector<Trade>& trades) {
  std::optional<Excess> found;
  std::map<std::int64_t, int> inside;
  std::size_t first = 0;
  Instant day_start = Instant::min();
  Instant day_end = Instant::min();
  for (const auto& [at, unit] : trades) {
    ++inside[unit];
    if (!limit.window && at >= day_end) {
      day_start = context.reset.last_at_or_before(at);
      day_end = context.reset.next_after(at);
    }
    for (; limit.window ? trades[first].at <= at - *limit.window : trades[first].at < day_start; ++first) {
      if (--inside[trades[first].unit] == 0) inside.erase(trades[first].unit);
    }
    const auto count = static_cast<std::int64_t>(inside.size());
    if (count > limit.most) found = Excess{at, count};
  }
  return found;
}

Instant end_of(const std::optional<Duration>& pause, const RuleContext& context, Instant from) {
  return pause ? from + *pause : context.reset.next_after(from);
}

/// From when a cooldown runs: the trade's own time, but the arrival when the venue's stamp is far from it.
Instant counted_from(const RuleContext& context, Instant at) {
  const auto* fill = std::get_if<Fill>(&context.event.payload);
  const Instant now = context.event.at;
  const bool live = fill != nullptr && fill->executed_at == at;
  return live && (now - at > late_after || at - now > late_after) ? now : at;
}

void act(const Settings& s, const RuleContext& context, Instant until, Finding& finding) {
  if (!s.cooldown) return;
  const auto mode = s.close_positions ? model::LockoutMode::flatten : model::LockoutMode::no_new_exposure;
  finding.lockout = cooldown(context, finding.reason, until, mode);
  finding.cancel = s.close_positions ? all_orders(context.state) : exposure_orders(context);
  if (s.close_positions) finding.at_most = flatten(context.state);
}

Finding finding_of(const std::string& subject, Excess excess, std::int64_t most, std::string reason) {
  Finding finding;
  finding.subject = subject;
  finding.occasion = excess.at;
  finding.actual = {Measure::Unit::count, excess.count};
  finding.limit = {Measure::Unit::count, most};
  finding.reason = std::move(reason);
  return finding;
}

Verdict evaluate(const Settings& s, const RuleContext& context) {
  Verdict verdict;
  const auto trades = trades_of(s, context);
  const Instant now = context.event.at;
  Instant latest_end = Instant::min();
  Instant latest_excess = Instant::min();
  const Limit* longest = nullptr;
  for (const auto& limit : s.limits) {
    const auto excess = excess_of(limit, context, trades);
    if (!excess) continue;
    latest_excess = std::max(latest_excess, excess->at);
    const bool longer =
        longest == nullptr || !limit.pause || (longest->pause && *limit.pause > *longest->pause);
    if (longer) longest = &limit;
    const Instant end = end_of(limit.pause, context, counted_from(context, excess->at));
    if (end <= now) continue;
    latest_end = std::max(latest_end, end);
    verdict.findings.push_back(
        finding_of(limit.name, *excess, limit.most,
                   fmt::format("{} trades per {}, {} allowed", excess->count, limit.name, limit.most)));
  }
  // Trading on during the cooldown starts it anew.
  if (s.extend_on_violation && longest != nullptr && context.state.lockouts.has_row_of(context.self) &&
      trades.back().at > latest_excess) {
    const Instant end = end_of(longest->pause, context, counted_from(context, trades.back().at));
    latest_end = std::max(latest_end, end);
    verdict.findings.push_back(
        finding_of("cooldown", {trades.back().at, 1}, 0, "traded during the cooldown"));
  }
  for (auto& finding : verdict.findings) act(s, context, latest_end, finding);
  return verdict;
}

Binding bind(Params& params) {
  const Settings settings = read(params);
  return {[settings](const RuleContext& context) { return evaluate(settings, context); }, nullptr, 0};
}

} // namespace

extern const RuleSpec trade_frequency_limit_rule;
const RuleSpec trade_frequency_limit_rule{
    .number = 6,
    .key = "trade_frequency_limit",
    .name = "TradeFrequencyLimit",
    .summary = "starts a cooldown when more is traded per minute, hour or day than allowed",
    .events = model::events<model::Fill>(),
    .bind = bind,
};

} // namespace bulkhead::rules
