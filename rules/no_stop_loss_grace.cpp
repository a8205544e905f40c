// RULE-008 NoStopLossGrace: every open position must have stops for its size within a grace time, and keep
// them. The deadline runs from the opening, or anew from the loss of protection; size changes do not move it.
// Before it closes, the rule asks for a fresh read, since stops placed in the broker's own screen may show
// there alone; when none comes in time it closes all the same.

#include "rules/book_queries.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::rules {
namespace {

using model::Instant;
using model::Position;
using model::RuleMemory;
using std::chrono::seconds;

enum class Action { close_position, reduce_to_covered, alert };

struct Settings {
  seconds grace{30};
  seconds regrace{30};
  Action action = Action::close_position;
  bool full_coverage = true;
  bool accept_stop_limit = true;
  std::optional<std::int64_t> max_distance; // ticks on the losing side of the entry
  bool verify = true;
};

constexpr seconds startup_grace{10};
constexpr seconds read_takes_at_most{5};

Settings read(Params& params) {
  Settings s;
  s.grace = seconds{params.integer("grace_period_seconds", 30, 1, 3600)};
  s.regrace = seconds{params.integer("regrace_seconds", s.grace.count(), 1, 3600)};
  s.action = params.one_of<Action>("action",
                                   {{"CLOSE_POSITION", Action::close_position},
                                    {"REDUCE_TO_COVERED", Action::reduce_to_covered},
                                    {"ALERT", Action::alert}},
                                   Action::close_position);
  s.full_coverage = params.boolean("require_full_coverage", true);
  s.accept_stop_limit = params.boolean("accept_stop_limit", true);
  s.max_distance = params.optional_integer("max_stop_distance_ticks", 1, 100'000);
  s.verify = params.boolean("verify_before_close", true);
  return s;
}

bool near_enough(const Settings& s, const RuleContext& context, const Position& position,
                 const model::Order& order) {
  const auto tick = context.state.ticks.find(position.contract);
  if (!s.max_distance || !order.stop_price || tick == context.state.ticks.end()) return true;
  if (position.average_price == model::Price{}) return true;
  const auto away = position.quantity > 0 ? position.average_price - *order.stop_price
                                          : *order.stop_price - position.average_price;
  return away.nanos / tick->second.size.nanos < *s.max_distance ||
         (away.nanos / tick->second.size.nanos == *s.max_distance &&
          away.nanos % tick->second.size.nanos == 0);
}

std::int32_t covered_by_stops(const Settings& s, const RuleContext& context, const OrdersByContract& orders,
                              const Position& position) {
  std::int64_t covered = 0;
  for (const auto* order : orders.of(position.contract)) {
    if (!protects(*order, position.quantity, s.accept_stop_limit)) continue;
    if (near_enough(s, context, position, *order)) covered += order->remaining();
  }
  return static_cast<std::int32_t>(std::min<std::int64_t>(covered, position.size()));
}

Finding breach(const Settings& s, const RuleContext& context, const Position& position,
               std::int32_t covered) {
  Finding finding;
  finding.contract = position.contract;
  finding.actual = model::Measure::contracts(covered);
  finding.limit = model::Measure::contracts(position.size());
  finding.reason =
      fmt::format("stops cover {} of {} contracts after the grace time", covered, position.size());
  if (s.action == Action::alert) return finding;
  const bool reduce = s.action == Action::reduce_to_covered;
  finding.at_most = {{position.contract, reduce ? covered : 0}};
  for (const auto id : orders_of(context.state, position.contract)) {
    if (increases_exposure(context.state.orders.at(id).order, position.quantity))
      finding.cancel.push_back(id);
  }
  return finding;
}

/// Somebody else is closing it already.
bool being_closed(const RuleContext& context, const Position& position) {
  const auto pending = context.state.pending_closes.find(position.contract);
  return pending != context.state.pending_closes.end() && pending->second.epoch == position.epoch &&
         pending->second.target == 0 && pending->second.source != context.self;
}

Instant deadline_of(const Settings& s, const RuleContext& context, const Position& position,
                    const RuleMemory* known) {
  if (known == nullptr) return position.opened_at + s.grace;
  return known->deadline ? *known->deadline : context.event.at + s.regrace;
}

/// Whether the book is known well enough to close now; asks for a read when it is not.
bool verified(const Settings& s, const RuleContext& context, Instant due, RuleMemory& memory,
              Verdict& verdict) {
  constexpr std::int64_t confirmed = 1;
  if (!s.verify) return true;
  // Asked or confirmed for a deadline that a start has moved: the book was read anew since.
  if (memory.since && *memory.since < due) memory.since.reset(), memory.number = 0;
  const auto* read = std::get_if<model::Reconciled>(&context.event.payload);
  if (read != nullptr && read->requested_at >= due) memory.number = confirmed;
  if (!memory.since) {
    memory.since = context.event.at;
    if (memory.number != confirmed) verdict.reads.emplace_back("before closing a position without a stop");
  }
  if (memory.number == confirmed) return true;
  if (context.event.at >= *memory.since + read_takes_at_most) return true;
  verdict.wake(*memory.since + read_takes_at_most);
  return false;
}

void check(const Settings& s, const RuleContext& context, const OrdersByContract& orders,
           const Position& position, Verdict& verdict) {
  const auto* known = context.memory(position.contract.value);
  if (known != nullptr && known->epoch != position.epoch) known = nullptr;
  const auto covered = covered_by_stops(s, context, orders, position);
  RuleMemory& memory = verdict.memory[position.contract.value];
  memory.epoch = position.epoch;
  if (covered == position.size() || (covered > 0 && !s.full_coverage)) return;
  if (known != nullptr) memory = *known;
  memory.deadline = deadline_of(s, context, position, known);
  if (!context.state.complete() || being_closed(context, position)) return;
  // After a start the trader may not have had a chance to see what is missing.
  Instant due = *memory.deadline;
  const auto& start = context.state.complete_from;
  if (start && due <= *start && context.state.trusted_from != Instant{}) due = *start + startup_grace;
  if (context.event.at < due) return verdict.wake(due);
  if (verified(s, context, due, memory, verdict))
    verdict.findings.push_back(breach(s, context, position, covered));
}

Verdict evaluate(const Settings& s, const RuleContext& context) {
  Verdict verdict;
  const OrdersByContract orders(context.state);
  for (const auto& [contract, position] : context.state.positions)
    check(s, context, orders, position, verdict);
  return verdict;
}

Binding bind(Params& params) {
  const Settings settings = read(params);
  return {[settings](const RuleContext& context) { return evaluate(settings, context); }, nullptr, 0};
}

} // namespace

extern const RuleSpec no_stop_loss_grace_rule;
const RuleSpec no_stop_loss_grace_rule{
    .number = 8,
    .key = "no_stop_loss_grace",
    .name = "NoStopLossGrace",
    .summary = "closes a position that has no stop within the grace time, or loses it",
    .events = model::events<model::PositionUpdate, model::Order>(),
    .bind = bind,
};

} // namespace bulkhead::rules
