// RULE-009 SessionBlockOutside: no positions or orders outside the permitted hours and on holidays. The end
// of a session is outside. With hours per instrument each root is locked by itself, else the account.

#include "rules/book_queries.hpp"
#include "rules/session_params.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::rules {
namespace {

using model::Instant;
using model::Root;
using model::SessionHours;
using Kind = model::ConfigNode::Kind;

struct Settings {
  std::optional<SessionHours> global;
  bool per_instrument = false;
  std::map<std::string, SessionHours> sessions; // by root, as written
  bool close_at_end = true;
  bool lockout = true;
  bool cancel_only = false;
  std::vector<std::int64_t> warn_minutes;
};

void read_instruments(Params& params, Settings& s, bool respect_holidays) {
  s.per_instrument = params.boolean("enabled", false);
  params.section("sessions", [&](Params& sessions) {
    for (const auto& [root, node] : sessions.block().entries)
      sessions.section(root, [&, name = root](Params& one) {
        s.sessions[name] = read_session_hours(one, respect_holidays);
      });
  });
}

Settings read(Params& params) {
  Settings s;
  const bool holidays = params.boolean("respect_holidays", true);
  const char* form = params.has("allowed_hours") ? "allowed_hours" : "global_session";
  params.section(form, [&](Params& global) {
    const bool on = global.boolean("enabled", true);
    const auto hours = read_session_hours(global, holidays);
    if (on) s.global = hours;
  });
  params.section("per_instrument_sessions", [&](Params& each) { read_instruments(each, s, holidays); });
  s.close_at_end = params.boolean("close_positions_at_session_end", true);
  s.lockout = params.boolean("lockout_outside_session", true);
  s.cancel_only = params.one_of<bool>(
      "enforcement", {{"close_immediately", false}, {"cancel_orders_only", true}, {"CANCEL_ORDER", true}},
      false);
  s.warn_minutes = params.integers("warn_minutes_before_end", {15, 5, 1}, 1, 120);
  return s;
}

/// The hours of a root; none: it may always be traded.
const SessionHours* hours_of(const Settings& s, const RuleContext& context, const Root& root) {
  for (const auto& [name, hours] : s.sessions) {
    if (s.per_instrument && context.roots.canonical(name) == root) return &hours;
  }
  return s.global ? &*s.global : nullptr;
}

model::Lockout session_lockout(const Settings& s, const RuleContext& context, const Root& root,
                               std::optional<Instant> until, const std::string& reason) {
  using model::ClearCause;
  model::Lockout lockout;
  if (s.per_instrument) lockout.symbol = root;
  lockout.kind = model::LockoutKind::session;
  const bool keep = s.cancel_only || !s.close_at_end;
  lockout.mode = keep ? model::LockoutMode::no_new_exposure : model::LockoutMode::flatten;
  if (keep) lockout.baseline = held_now(context);
  lockout.reason = reason;
  lockout.expires_at = until;
  lockout.clear_on =
      model::ClearOn{}.with(ClearCause::session_start).with(ClearCause::expiry).with(ClearCause::admin);
  return lockout;
}

void warn(const Settings& s, const RuleContext& context, const Root& root, Instant end, Verdict& verdict) {
  const std::string who = s.per_instrument ? root.value : "the account";
  std::optional<std::int64_t> tightest;
  for (const auto level : s.warn_minutes) {
    const Instant from = end - std::chrono::minutes{level};
    if (context.event.at < from)
      verdict.wake(from);
    else
      tightest = std::min(tightest.value_or(level), level);
  }
  if (!tightest) return;
  verdict.notices.push_back({fmt::format("session-end|{}|{}|{}", who, model::format_instant(end), *tightest),
                             {model::Alert::Severity::warning, "session-ends",
                              fmt::format("the session of {} ends at {}", who, model::format_instant(end))}});
}

struct OfRoot {
  std::vector<const model::Position*> positions;
  std::vector<model::OrderId> orders; // resting
};

void outside(const Settings& s, const RuleContext& context, const Root& root, const SessionHours& hours,
             const OfRoot& held, Verdict& verdict) {
  const auto next = next_session(hours, context.holidays, context.event.at);
  if (next) verdict.wake(next->from);
  const auto reason = fmt::format("{} is outside its session until {}", root.value,
                                  next ? model::format_instant(next->from) : "further notice");
  bool found = false;
  for (const auto* position : held.positions) {
    const bool held_over = session_at(hours, context.holidays, position->increased_at).has_value();
    if (held_over && !s.close_at_end) continue;
    Finding finding;
    finding.contract = position->contract;
    finding.actual = model::Measure::contracts(position->size());
    finding.limit = model::Measure::contracts(0);
    finding.reason = reason;
    if (!s.cancel_only) finding.at_most = {{position->contract, 0}};
    finding.cancel = orders_of(context, root);
    if (s.lockout)
      finding.lockout =
          session_lockout(s, context, root, next ? std::optional(next->from) : std::nullopt, reason);
    verdict.findings.push_back(std::move(finding));
    found = true;
  }
  for (const auto id : held.orders) {
    const auto& order = context.state.orders.at(id).order;
    // The stop of a position that may stay, or is just being closed, stays with it.
    if (found || !increases_exposure(order, context.state.quantity(order.contract))) continue;
    Finding finding;
    finding.subject = fmt::format("order {}", id.value);
    finding.actual = model::Measure::contracts(order.remaining());
    finding.limit = model::Measure::contracts(0);
    finding.reason = reason;
    finding.cancel = {id};
    verdict.findings.push_back(std::move(finding));
  }
}

Verdict evaluate(const Settings& s, const RuleContext& context) {
  std::map<Root, OfRoot> roots;
  for (const auto& [contract, position] : context.state.positions)
    roots[context.roots.root_of(contract)].positions.push_back(&position);
  for (const auto& [id, live] : context.state.orders) {
    if (live.order.resting()) roots[context.roots.root_of(live.order.contract)].orders.push_back(id);
  }
  Verdict verdict;
  for (const auto& [root, held] : roots) {
    const auto* hours = hours_of(s, context, root);
    if (hours == nullptr) continue;
    if (const auto session = session_at(*hours, context.holidays, context.event.at)) {
      verdict.wake(session->to);
      warn(s, context, root, session->to, verdict);
    } else {
      outside(s, context, root, *hours, held, verdict);
    }
  }
  return verdict;
}

Binding bind(Params& params) {
  const Settings settings = read(params);
  return {[settings](const RuleContext& context) { return evaluate(settings, context); }, nullptr, 0};
}

} // namespace

extern const RuleSpec session_block_outside_rule;
const RuleSpec session_block_outside_rule{
    .number = 9,
    .key = "session_block_outside",
    .name = "SessionBlockOutside",
    .summary = "closes and locks outside the permitted hours and on holidays",
    .events = model::events<model::PositionUpdate, model::Order>(),
    .bind = bind,
};

} // namespace bulkhead::rules
