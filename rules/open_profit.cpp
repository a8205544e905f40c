#include "rules/open_profit.hpp"

#include "model/session_hours.hpp"
#include "rules/book_queries.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::rules {

using model::Alert;
using model::Instant;
using model::Measure;
using model::Position;
using model::PriceSource;

PriceOptions read_price_options(Params& params) {
  PriceOptions o;
  o.source = params.one_of<PriceSource>(
      "price_source",
      {{"last", PriceSource::last}, {"exit_side", PriceSource::exit_side}, {"mid", PriceSource::mid}},
      PriceSource::last);
  o.max_quote_age = std::chrono::seconds{params.integer("max_quote_age_seconds", 10, 1, 600)};
  o.suspend =
      params.one_of<bool>("missing_quote_policy", {{"skip_position", false}, {"suspend", true}}, false);
  o.blind_after = std::chrono::seconds{params.integer("blind_after_seconds", 60, 5, 3600)};
  o.flatten_when_blind = params.one_of<bool>("on_blind", {{"alert", false}, {"flatten", true}}, false);
  return o;
}

ProfitSettings read_profit_settings(Params& params) {
  ProfitSettings s;
  s.scope = params.one_of<ProfitScope>(
      "scope", {{"per_position", ProfitScope::per_position}, {"total", ProfitScope::total}},
      ProfitScope::per_position);
  const bool total = s.scope == ProfitScope::total;
  s.action =
      params.one_of<ProfitAction>("action",
                                  {{"CLOSE_POSITION", ProfitAction::close_position},
                                   {"CLOSE_ALL_POSITIONS", ProfitAction::close_all},
                                   {"CLOSE_ALL_AND_LOCKOUT", ProfitAction::close_all_and_lockout}},
                                  total ? ProfitAction::close_all_and_lockout : ProfitAction::close_position);
  if (total && s.action == ProfitAction::close_position)
    params.complain("action", "closes one position, but the scope is the sum of all");
  s.lockout = params.boolean("lockout", s.action == ProfitAction::close_all_and_lockout);
  s.permanent = params.one_of<bool>("lockout_until", {{"daily_reset", false}, {"permanent", true}}, false);
  s.price = read_price_options(params);
  return s;
}

void act_on_profit(const ProfitSettings& settings, const RuleContext& context, const Position* position,
                   Finding& finding) {
  if (settings.action == ProfitAction::close_position && position != nullptr) {
    finding.at_most = {{position->contract, 0}};
    finding.cancel = orders_of(context.state, position->contract);
    return;
  }
  finding.at_most = flatten(context.state);
  finding.cancel = all_orders(context.state);
  if (settings.lockout) finding.lockout = hard_lockout(context, finding.reason, settings.permanent);
}

namespace {

bool was_valued(const PriceOptions& options, const RuleContext& context, const Position& p) {
  const auto peaks = context.state.peaks.find(p.contract);
  if (peaks == context.state.peaks.end() || peaks->second.epoch != p.epoch) return false;
  switch (options.source) {
  case PriceSource::last: return peaks->second.last.has_value();
  case PriceSource::exit_side: return peaks->second.exit_side.has_value();
  case PriceSource::mid: return peaks->second.mid.has_value();
  }
  return false;
}

/// Since when a position has been without the figures that value it. That is remembered, since it may have
/// had them before.
Instant blind_since(const PriceOptions& options, const RuleContext& context, const Position& p,
                    Verdict& verdict) {
  const auto* known = context.memory(p.contract.value);
  const auto quote = context.state.quotes.find(p.contract);
  const bool quoted =
      quote != context.state.quotes.end() && quote->second.mark(options.source, p.quantity > 0).has_value();
  Instant since = p.opened_at;
  if (known != nullptr && known->epoch == p.epoch && known->since)
    since = *known->since;
  else if (quoted && was_valued(options, context, p))
    since = context.event.at;
  since = std::max(since, context.state.trusted_from);
  verdict.memory[p.contract.value] = {p.epoch, since};
  return since;
}

void watch_blind(const PriceOptions& options, const RuleContext& context, const Position& p, Instant since,
                 Verdict& verdict) {
  const auto hours = model::exchange_hours();
  const auto session = session_at(hours, context.holidays, context.event.at);
  if (!session) {
    if (const auto next = next_session(hours, context.holidays, context.event.at)) verdict.wake(next->from);
    return;
  }
  // A pause of the market is no blindness.
  const Instant from = std::max(since, session->from);
  if (context.event.at < from + options.blind_after) return verdict.wake(from + options.blind_after);
  const auto text = fmt::format("{} cannot be valued for {}", p.contract.value,
                                model::format_duration(context.event.at - from));
  verdict.notices.push_back({fmt::format("blind|{}|e{}", p.contract.value, p.epoch),
                             {Alert::Severity::critical, "position-blind", text}});
  if (!options.flatten_when_blind) return;
  Finding finding;
  finding.contract = p.contract;
  finding.subject = "blind " + p.contract.value; // a breach of its own beside that of the loss
  finding.actual = {Measure::Unit::seconds,
                    std::chrono::duration_cast<std::chrono::seconds>(context.event.at - from).count()};
  finding.limit = {Measure::Unit::seconds, options.blind_after.count()};
  finding.reason = text;
  finding.at_most = {{p.contract, 0}};
  finding.cancel = orders_of(context.state, p.contract);
  verdict.findings.push_back(std::move(finding));
}

} // namespace

void watch_quotes(const PriceOptions& options, const RuleContext& context, const ProfitValues& values,
                  Verdict& verdict) {
  auto value = values.begin();
  auto quote = context.state.quotes.begin(); // sorted as the positions are
  for (const auto& [contract, position] : context.state.positions) {
    while (quote != context.state.quotes.end() && quote->first < contract) ++quote;
    if (!(value++)->has_value()) {
      watch_blind(options, context, position, blind_since(options, context, position, verdict), verdict);
    } else {
      const Instant stale_at = quote->second.received_at + options.max_quote_age;
      if (context.event.at <= stale_at) {
        verdict.wake(stale_at + model::Duration{1});
        continue;
      }
      if (!session_at(model::exchange_hours(), context.holidays, context.event.at)) continue;
      verdict.notices.push_back({fmt::format("stale|{}|e{}", contract.value, position.epoch),
                                 {Alert::Severity::warning, "quote-stale",
                                  fmt::format("the last quote of {} is older than {} s and still used",
                                              contract.value, options.max_quote_age.count())}});
    }
  }
}

bool all_fresh(const PriceOptions& options, const RuleContext& context) {
  const auto& state = context.state;
  return std::all_of(state.positions.begin(), state.positions.end(), [&](const auto& entry) {
    const auto quote = state.quotes.find(entry.first);
    return quote != state.quotes.end() &&
           context.event.at <= quote->second.received_at + options.max_quote_age;
  });
}

std::optional<model::Money> total_profit(const PriceOptions& options, const RuleContext& context,
                                         const ProfitValues& values, Verdict& verdict) {
  model::UnrealizedTotal total;
  for (const auto& value : values) {
    total.sum += value.value_or(model::Money{});
    if (!value) ++total.unvalued;
  }
  if (total.unvalued > 0) verdict.undecided.insert("");
  if (total.unvalued == 0 || !options.suspend) return total.sum;
  // The first quote of a new position takes a moment; longer than a quote may be old is news.
  for (const auto& [subject, memory] : verdict.memory) {
    const Instant tell_at = memory.since.value_or(context.event.at) + options.max_quote_age;
    if (context.event.at < tell_at) {
      verdict.wake(tell_at);
      continue;
    }
    verdict.notices.push_back(
        {"suspended",
         {Alert::Severity::warning, "total-suspended",
          fmt::format("{} positions cannot be valued: no decision on the total", total.unvalued)}});
  }
  return std::nullopt;
}

} // namespace bulkhead::rules
