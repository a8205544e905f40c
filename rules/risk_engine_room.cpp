// What the RiskEngine tells beside the rules: that a loss limit is near, and what is known of earlier days.

#include "rules/risk_engine.hpp"

#include <fmt/format.h>

namespace bulkhead::rules {

using model::Decision;
using model::Event;

namespace {

constexpr auto moving = model::events<model::QuoteUpdate, model::PositionUpdate, model::Fill, model::Account,
                                      model::Reconciled>();

/// The tightest of the levels that are reached, by its number; the levels are given widest first.
template <class Level>
std::optional<std::size_t> reached(const std::vector<Level>& levels, Level left) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < levels.size() && left <= levels[i]; ++i) found = i;
  return found;
}

} // namespace

void RiskEngine::tell_of_past(const model::HistoryRead& read, Decision& decision) const {
  const auto& marks = state_.history;
  decision.alerts.push_back(
      read.days.empty()
          ? model::Alert{model::Alert::Severity::warning, "history-unknown",
                         "the gateway tells of no earlier day: compare floors and best day with the firm's"}
          : model::Alert{
                model::Alert::Severity::warning, "history-rebuilt",
                fmt::format(
                    "{} days were read from the gateway, the highest balance at the end of one is {}; "
                    "payouts are not in it: compare with the firm's figures",
                    read.days.size(), to_string(marks.high_balance.value_or(model::Money{})))});
}

void RiskEngine::tell_of_highs(const model::EquityHighs& highs, Decision& decision) const {
  using Severity = model::Alert::Severity;
  const auto highest = to_string(state_.history.high_equity.value_or(model::Money{}));
  decision.alerts.push_back(
      highs.whole
          ? model::Alert{Severity::info, "high-water-read",
                         "the time nobody watched was read from fills and bars: the highest equity is " +
                             highest}
          : model::Alert{
                Severity::warning, "high-water-unknown",
                fmt::format("fills and bars do not cover all that was held while nobody watched: the "
                            "highest equity is {} or more; compare, and state highest_balance",
                            highest)});
}

void RiskEngine::warn_of_room(const Event& event, Decision& decision) {
  if ((mask_of(event) & moving) == 0) return;
  const auto warn = [&](const RuleStatus& status, const char* of, std::size_t level) {
    const auto rule = to_string(status.rule->source);
    if (!state_.told_today.insert(fmt::format("{}|room|{}|{}", rule, of, level)).second) return;
    decision.alerts.push_back(
        {model::Alert::Severity::warning, "room-low",
         fmt::format("{} {} is {} away", rule, status.rule->spec->name, to_string(status.room))});
  };
  for (const auto& status : rule_status(event.at)) {
    // A breach tells of itself, and a profit that comes near its target warns of nothing.
    const bool loss = status.gauge && status.gauge->limit.value < 0;
    if (!loss || !status.room.dollars || *status.room.dollars == model::Money{}) continue;
    if (const auto level = reached(rules_->room.dollars, *status.room.dollars))
      warn(status, "dollars", *level);
    if (!status.room.time) continue;
    if (const auto level = reached(rules_->room.lengths, *status.room.time)) warn(status, "time", *level);
  }
}

} // namespace bulkhead::rules
