// Which quotes the RiskEngine can do without: the prices between which neither a rule nor the fold itself
// would decide or remember anything else. Where that cannot be said, every quote is wanted.

#include "rules/band_plan.hpp"
#include "rules/risk_engine.hpp"

#include <algorithm>

namespace bulkhead::rules {
namespace {

using model::AccountState;
using model::Instant;
using model::Money;

/// A close under way is repeated, a lockout closes what is open, a half-told trade ends by time alone, and
/// before the first read nothing is sure.
bool is_busy(const AccountState& state, Instant at) {
  if (!state.pending_closes.empty() || !state.pending_cancels.empty() || !state.complete()) return true;
  if (state.lockouts.locked() && !(state.positions.empty() && state.orders.empty())) return true;
  constexpr auto telling = std::chrono::seconds{2};
  return at < equity_settled_at(state) ||
         std::any_of(state.unseen.begin(), state.unseen.end(),
                     [&](const auto& entry) { return at - entry.second.at <= telling; });
}

bool is_valued(const AccountState& state, const model::Position& position) {
  const auto tick = state.ticks.find(position.contract);
  const auto quote = state.quotes.find(position.contract);
  return position.direction_known && position.average_price != model::Price{} && tick != state.ticks.end() &&
         quote != state.quotes.end() && quote->second.last && quote->second.bid && quote->second.ask;
}

/// A new highest equity, or result of the day, is remembered for good, whatever rule asks for it one day.
void hold_highs(const AccountState& state, Instant at, BandPlan& plan) {
  const auto& history = state.history;
  const Money open = unrealized_total(state).sum;
  Calm calm(open);
  const auto no_higher = [&](const std::optional<Money>& figure, const std::optional<Money>& highest) {
    if (figure && !highest) return plan.want_every();
    if (figure) calm.at_or_above(*highest + Money{1} - (*figure - open));
  };
  if (state.account.balance) {
    no_higher(sure_equity(state, at), history.high_equity);
    no_higher(*state.account.balance + history.awaited + open, state.peak_equity);
  }
  no_higher(sure_day_result(state, at), history.high_result_today);
  plan.hold_total(model::PriceSource::last, calm);
}

} // namespace

void RiskEngine::note_heard(const model::Event& event, model::Applied applied,
                            const model::Decision& decision) {
  constexpr auto asks = asked_always | model::mask_of<model::QuoteUpdate>();
  all_heard_ = applied == model::Applied::changed && decision.empty() && (mask_of(event) & asks) != 0;
}

bool RiskEngine::state_bands(const BoundRule& rule, Instant at, BandPlan& plan) const {
  const bool listens = (rule.events() & model::mask_of<model::QuoteUpdate>()) != 0;
  if (!listens || !rule.applies_to(state_.id)) return true;
  const auto breach = state_.breaches.lower_bound({rule.source, std::string{}});
  const bool stands = breach != state_.breaches.end() && breach->first.first == rule.source;
  if (stands || state_.failing.contains(rule.source) || !rule.binding.bands) return false;
  const model::Event now{at, 0, model::TimeReached{}};
  // A band that cannot be said is none.
  try {
    rule.binding.bands(context_of(now, rule.source), plan);
  } catch (const std::exception&) {
    return false;
  }
  return true;
}

bool RiskEngine::is_calm(const model::Event& event, model::Applied applied) const {
  const auto* quote = std::get_if<model::QuoteUpdate>(&event.payload);
  if (quote == nullptr || applied != model::Applied::changed) return false;
  const auto band = stated_.find(quote->contract);
  if (band == stated_.end() || !band->second.contains(state_.quotes.at(quote->contract))) return false;
  // Where a lockout binds, nothing was stated.
  return std::none_of(state_.wakes.begin(), state_.wakes.end(),
                      [&](const auto& wake) { return wake.second <= event.at; });
}

const model::Bands& RiskEngine::bands() {
  stated_ = bands_now();
  return stated_;
}

model::Bands RiskEngine::bands_now() const {
  const Instant at = state_.last_event;
  const auto& held = state_.positions;
  const bool unsure = !all_heard_ || is_busy(state_, at) ||
                      std::any_of(held.begin(), held.end(),
                                  [&](const auto& entry) { return !is_valued(state_, entry.second); });
  // How long a distance takes depends on the range of every minute.
  if (unsure || (!held.empty() && !rules_->room.lengths.empty())) return {};
  BandPlan plan(state_, rules_->room.dollars);
  if (!held.empty()) hold_highs(state_, at, plan);
  for (const auto& rule : rules_->rules)
    if (!state_bands(rule, at, plan)) return {};
  return std::move(plan.bands());
}

} // namespace bulkhead::rules
