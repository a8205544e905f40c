// RULE-018 FlatBy: everything is closed by a local time of day and stays closed until another. Firms end
// their trading day before the exchange does; a position held over it costs the account. On a day of an early
// close the deadline is some minutes before that close.

#include "rules/book_queries.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::rules {
namespace {

using model::Instant;
using model::Root;
using model::TimeOfDay;
using std::chrono::minutes;

struct Settings {
  TimeOfDay time;
  TimeOfDay until;
  std::string zone = "America/Chicago";
  std::map<std::string, TimeOfDay> roots; // products that close earlier, as written
  minutes before_early_close{5};
  bool cancel_orders = true;
  std::vector<std::int64_t> warn_minutes;
};

Settings read(Params& params) {
  Settings s;
  if (!params.has("time")) params.complain("time", "is missing: state it, or give the account a profile");
  s.time = params.time_of_day("time", TimeOfDay{15 * 60 + 8});
  s.until = params.time_of_day("lockout_until", TimeOfDay{17 * 60});
  s.zone = params.zone("timezone", s.zone);
  s.before_early_close = minutes{params.integer("minutes_before_early_close", 5, 0, 120)};
  s.cancel_orders = params.boolean("cancel_orders", true);
  s.warn_minutes = params.integers("warn_minutes", {15, 5, 1}, 1, 120);
  if (s.until <= s.time) params.complain("lockout_until", "must be later than time, on the same day");
  params.section("roots", [&](Params& roots) {
    for (const auto& entry : roots.block().entries) {
      const TimeOfDay time = roots.time_of_day(entry.first, s.time);
      if (time > s.time) roots.complain(entry.first, "must not be later than the time of all");
      s.roots.emplace(entry.first, time);
    }
  });
  return s;
}

struct Window {
  Instant deadline;
  Instant until;
};

/// That of one local day.
Window window_on(const Settings& s, const RuleContext& context, const Root& root, model::TradingDay day) {
  TimeOfDay time = s.time;
  for (const auto& [name, earlier] : s.roots) {
    if (context.roots.canonical(name) == root) time = earlier;
  }
  Window window{model::local_instant(day, time, s.zone), model::local_instant(day, s.until, s.zone)};
  const auto early = context.holidays.early_closes.find(day);
  if (early != context.holidays.early_closes.end()) {
    const Instant close = model::local_instant(day, early->second, context.holidays.zone);
    window.deadline = std::min(window.deadline, close - s.before_early_close);
  }
  return window;
}

/// The one that contains the present moment, or the next.
Window window_of(const Settings& s, const RuleContext& context, const Root& root) {
  const auto today = model::local_date(context.event.at, s.zone);
  const Window window = window_on(s, context, root, today);
  if (context.event.at < window.until) return window;
  return window_on(s, context, root, {std::chrono::sys_days{today.date} + std::chrono::days{1}});
}

void warn(const Settings& s, const RuleContext& context, const Root& root, Instant deadline,
          Verdict& verdict) {
  std::optional<std::int64_t> tightest;
  for (const auto level : s.warn_minutes) {
    const Instant from = deadline - minutes{level};
    if (context.event.at < from)
      verdict.wake(from);
    else
      tightest = std::min(tightest.value_or(level), level);
  }
  if (!tightest) return;
  verdict.notices.push_back(
      {fmt::format("flat-by|{}|{}", model::format_instant(deadline), *tightest),
       {model::Alert::Severity::warning, "flat-by",
        fmt::format("{} will be closed at {}", root.value, model::format_local(deadline, s.zone))}});
}

Finding breach(const Settings& s, const RuleContext& context, const Root& root, Instant until,
               const std::vector<const model::Position*>& positions) {
  using model::ClearCause;
  Finding finding;
  std::int64_t held = 0;
  for (const auto* position : positions) {
    held += position->size();
    finding.at_most.push_back({position->contract, 0});
  }
  finding.actual = model::Measure::contracts(held);
  finding.limit = model::Measure::contracts(0);
  finding.subject = s.roots.empty() ? "" : root.value;
  finding.reason = fmt::format("{} is to be flat until {}", s.roots.empty() ? "the account" : root.value,
                               model::format_local(until, s.zone));
  if (s.cancel_orders) finding.cancel = orders_of(context, root);
  model::Lockout lockout;
  if (!s.roots.empty()) lockout.symbol = root;
  lockout.kind = model::LockoutKind::session;
  lockout.reason = finding.reason;
  lockout.expires_at = until;
  lockout.clear_on =
      model::ClearOn{}.with(ClearCause::session_start).with(ClearCause::expiry).with(ClearCause::admin);
  finding.lockout = std::move(lockout);
  return finding;
}

/// One breach for whatever is locked together: a second one of the same subject would be taken for the first
/// one still standing.
void add(Verdict& verdict, Finding finding) {
  for (auto& known : verdict.findings) {
    if (known.subject != finding.subject) continue;
    known.actual.value += finding.actual.value;
    known.at_most.insert(known.at_most.end(), finding.at_most.begin(), finding.at_most.end());
    known.cancel.insert(known.cancel.end(), finding.cancel.begin(), finding.cancel.end());
    return;
  }
  verdict.findings.push_back(std::move(finding));
}

Verdict evaluate(const Settings& s, const RuleContext& context) {
  const auto& state = context.state;
  std::map<Root, std::vector<const model::Position*>> open;
  for (const auto& [contract, position] : state.positions)
    open[context.roots.root_of(contract)].push_back(&position);
  if (s.cancel_orders) {
    for (const auto& [id, live] : state.orders) {
      if (live.order.resting()) open[context.roots.root_of(live.order.contract)];
    }
  }
  Verdict verdict;
  for (const auto& [root, positions] : open) {
    const auto [deadline, until] = window_of(s, context, root);
    if (context.event.at < deadline) {
      verdict.wake(deadline);
      warn(s, context, root, deadline, verdict);
      continue;
    }
    add(verdict, breach(s, context, root, until, positions));
  }
  return verdict;
}

Binding bind(Params& params) {
  const Settings settings = read(params);
  return {[settings](const RuleContext& context) { return evaluate(settings, context); }, nullptr, 0};
}

} // namespace

extern const RuleSpec flat_by_rule;
const RuleSpec flat_by_rule{
    .number = 18,
    .key = "flat_by",
    .name = "FlatBy",
    .summary = "closes everything at a local time of day and keeps it closed until another",
    .events = model::events<model::PositionUpdate, model::Order>(),
    .bind = bind,
    .on_by_default = false,
};

} // namespace bulkhead::rules
