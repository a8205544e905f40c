// What an account tells the guard of its group, when it has done its own work.

#include "actors/account_keeper.hpp"

#include <algorithm>

namespace bulkhead::actors {

namespace {

constexpr auto heartbeat = std::chrono::seconds{1};

} // namespace

/// Positions that were opened while the account was locked, and are closed for that.
void AccountKeeper::note_reopened(const model::Decision& decision) {
  if (!deps_.group) return;
  const auto& book = state().engine->state();
  state().telling.gate_closes += static_cast<std::uint64_t>(
      std::count_if(decision.intents.begin(), decision.intents.end(), [&](const auto& intent) {
        const auto held = book.positions.find(intent.contract);
        if (intent.source != model::Source::gate() || intent.epoch == 0 || held == book.positions.end())
          return false;
        const auto& rows = book.lockouts.rows();
        return std::any_of(rows.begin(), rows.end(), [&](const model::Lockout& row) {
          return row.mode == model::LockoutMode::flatten && held->second.opened_at > row.created_at;
        });
      }));
}

void AccountKeeper::tell_group() {
  if (!deps_.group) return;
  auto& telling = state().telling;
  const auto& engine = *state().engine;
  telling.due = telling.under_way;
  if (telling.under_way) return;
  telling.under_way = true;
  ++telling.number.count;
  auto summary =
      std::make_shared<rules::AccountSummary>(rules::summary_of(engine.state(), engine.rules().roots, now()));
  summary->number = telling.number;
  summary->gate_closes = telling.gate_closes;
  self_->send(deps_.group, AccountSummarised{std::move(summary)});
}

void AccountKeeper::on_summary_taken(const SummaryTaken& message) {
  state().telling.under_way = false;
  state().telling.gauges = message.gauges;
  if (state().telling.due) tell_group();
}

void AccountKeeper::on_summary_due() {
  if (!deps_.group) return;
  tell_group();
  self_->delayed_send(self_, heartbeat, SummaryDue{});
}

} // namespace bulkhead::actors
