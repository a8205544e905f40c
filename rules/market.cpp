// The market guard: gaps and wide spreads of the contracts that are held. A gap lies between the last mark
// before an outage of quotes of more than a minute (a session break is one) and the first mark after it. A
// wide spread must last, and closes nothing unless told to: the close would pay the spread.

#include "rules/book_queries.hpp"
#include "rules/percent.hpp"

#include <cstdlib>
#include <fmt/format.h>

namespace bulkhead::rules {
namespace {

using model::Alert;
using model::Instant;
using model::Position;
using model::Price;
using model::Quote;
using std::chrono::seconds;

enum class CloseOn { warning, critical, never };

constexpr std::int64_t point = percent_point;

struct Settings {
  std::int64_t gap = 5 * point;
  std::int64_t spread = point / 2;
  std::optional<std::int64_t> spread_ticks; // instead of the percentage
  seconds persist{3};
  CloseOn close_on = CloseOn::critical;
  bool close_on_spread = false;
  seconds pause{0};
};

Settings read(Params& params) {
  Settings s;
  s.gap = params.decimal("price_gap_alert_pct", s.gap, 4, 0, 100);
  s.spread = params.decimal("bid_ask_spread_max_pct", s.spread, 4, 0, 100);
  if (s.gap <= 0) params.complain("price_gap_alert_pct", "must be positive");
  if (s.spread <= 0) params.complain("bid_ask_spread_max_pct", "must be positive");
  s.spread_ticks = params.optional_integer("max_spread_ticks", 1, 10'000);
  s.persist = seconds{params.integer("spread_persist_seconds", 3, 0, 600)};
  s.close_on = params.one_of<CloseOn>(
      "close_on", {{"warning", CloseOn::warning}, {"critical", CloseOn::critical}, {"never", CloseOn::never}},
      CloseOn::critical);
  s.close_on_spread = params.boolean("close_on_spread", false);
  s.pause = seconds{params.integer("warning_seconds", 0, 0, 3600)};
  // Sizes of the book are not subscribed to; the keys are known so that a file of the original loads.
  (void)params.boolean("liquidity_check_enabled", true);
  (void)params.integer("min_liquidity_volume_lots", 10, 0, 1'000'000);
  return s;
}

std::int64_t percent(Price part, Price whole) { return percent_of(std::abs(part.nanos), whole.nanos); }

std::string shown(std::int64_t percent) {
  return fmt::format("{}.{:02}%", percent / point, percent % point / 100);
}

enum class Severity { none, warning, critical };
Severity severity_of(std::int64_t value, std::int64_t limit, bool inclusive) {
  if (value >= 2 * limit) return Severity::critical;
  return value > limit || (inclusive && value == limit) ? Severity::warning : Severity::none;
}

bool closes(const Settings& s, Severity severity) {
  switch (s.close_on) {
  case CloseOn::never: return false;
  case CloseOn::warning: return severity != Severity::none;
  case CloseOn::critical: return severity == Severity::critical;
  }
  return false;
}

void tell(Verdict& verdict, const Position& position, const std::string& episode, Severity severity,
          const std::string& reason) {
  const auto level = severity == Severity::critical ? Alert::Severity::critical : Alert::Severity::warning;
  verdict.notices.push_back(
      {fmt::format("{}|{}|{}", position.contract.value, episode, static_cast<int>(severity)),
       {level, "market-guard", fmt::format("{}: {}", position.contract.value, reason)}});
}

void close(const RuleContext& context, const Position& position, std::int64_t value, std::int64_t limit,
           const std::string& reason, Verdict& verdict) {
  Finding finding;
  finding.contract = position.contract;
  finding.actual = {model::Measure::Unit::percent, value / point};
  finding.limit = {model::Measure::Unit::percent, limit / point};
  finding.reason = reason;
  finding.at_most = {{position.contract, 0}};
  finding.cancel = orders_of(context.state, position.contract);
  verdict.findings.push_back(std::move(finding));
}

void watch_gap(const Settings& s, const RuleContext& context, const Position& position, const Quote& quote,
               Verdict& verdict) {
  if (!quote.before_gap || !quote.after_gap || position.opened_at >= quote.gap_at) return;
  const Instant due = quote.gap_at + s.pause;
  // After the pause it is what the market says now that counts.
  const auto mark = context.event.at >= due && s.pause.count() > 0 ? quote.mark() : quote.after_gap;
  const auto value = percent(mark.value_or(*quote.after_gap) - *quote.before_gap, *quote.before_gap);
  const auto severity = severity_of(value, s.gap, true);
  if (severity == Severity::none) return;
  const auto reason = fmt::format("market_gap ({})", shown(value));
  tell(verdict, position, "gap|" + model::format_instant(quote.gap_at, 6), severity, reason);
  if (!closes(s, severity)) return;
  if (context.event.at < due) return verdict.wake(due);
  close(context, position, value, s.gap, reason, verdict);
}

void watch_spread(const Settings& s, const RuleContext& context, const Position& position, const Quote& quote,
                  Verdict& verdict) {
  const auto tick = context.state.ticks.find(position.contract);
  if (!quote.bid || !quote.ask || (s.spread_ticks && tick == context.state.ticks.end())) return;
  const Price width = *quote.ask - *quote.bid;
  const auto value = s.spread_ticks ? width.nanos / tick->second.size.nanos : percent(width, *quote.bid);
  const auto limit = s.spread_ticks ? *s.spread_ticks : s.spread;
  const auto severity = severity_of(value, limit, false);
  if (severity == Severity::none) return;
  const auto* known = context.memory(position.contract.value);
  auto& memory = verdict.memory[position.contract.value];
  memory.since = known != nullptr && known->since ? *known->since : context.event.at;
  if (context.event.at < *memory.since + s.persist) return verdict.wake(*memory.since + s.persist);
  const auto reason =
      fmt::format("market_liquidity ({})", s.spread_ticks ? fmt::format("{} ticks", value) : shown(value));
  tell(verdict, position, "spread|" + model::format_instant(*memory.since, 6), severity, reason);
  if (!s.close_on_spread || !closes(s, severity)) return;
  const Instant due = *memory.since + s.persist + s.pause;
  if (context.event.at < due) return verdict.wake(due);
  close(context, position, value, limit, reason, verdict);
}

Verdict evaluate(const Settings& s, const RuleContext& context) {
  Verdict verdict;
  for (const auto& [contract, position] : context.state.positions) {
    const auto quote = context.state.quotes.find(contract);
    if (quote == context.state.quotes.end()) continue;
    watch_gap(s, context, position, quote->second, verdict);
    watch_spread(s, context, position, quote->second, verdict);
  }
  return verdict;
}

Binding bind(Params& params) {
  const Settings settings = read(params);
  return {[settings](const RuleContext& context) { return evaluate(settings, context); }, nullptr, 0};
}

} // namespace

extern const RuleSpec market_rule;
const RuleSpec market_rule{
    .number = 2,
    .key = "market",
    .name = "MarketGuard",
    .summary = "warns of price gaps and wide spreads of held contracts, closes on a critical gap",
    .events = model::events<model::QuoteUpdate, model::PositionUpdate>(),
    .bind = bind,
    .on_by_default = false,
    .kind = model::Source::Kind::guard,
};

} // namespace bulkhead::rules
