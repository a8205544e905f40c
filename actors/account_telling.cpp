// Whom an account tells of what: quotes it needs, deadlines, the journal, people.

#include "actors/account_keeper.hpp"
#include "actors/past_read.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace bulkhead::actors {

using model::Alert;
using model::Event;

void AccountKeeper::publish_book(const Event& event) {
  std::set<model::ContractId> wanted;
  for (const auto& [contract, position] : state().engine->state().positions) wanted.insert(contract);
  for (const auto& [order, live] : state().engine->state().orders) wanted.insert(live.order.contract);
  self_->send(state().enforcement, book_of(event, state().engine->state()));
  if (wanted == state().watched) return;
  state().watched = wanted;
  self_->send(deps_.router, WatchContracts{id(), std::move(wanted)});
}

void AccountKeeper::wake_at(model::Instant at, const Event& event) {
  const bool sooner_one_stands = state().armed && *state().armed <= at && *state().armed > event.at;
  if (sooner_one_stands) return;
  state().armed = at;
  self_->send(deps_.timers, WakeMe{id(), at});
}

void AccountKeeper::persist(std::vector<Activity> announce) {
  if (!state().dirty && announce.empty()) return;
  state().dirty = false;
  state().last_snapshot = now();
  state().asked_for = state().journal->wanted();
  self_->send(deps_.journal, Persist{id(), state().journal->sync_handle(),
                                     std::make_shared<const model::AccountState>(state().engine->state()),
                                     state().journal->sequence(), std::move(announce), state().asked_for});
}

void AccountKeeper::arm_snapshot() {
  if (state().dirty) state().timer.arm(self_, state().last_snapshot + deps_.snapshot_interval, now());
}

void AccountKeeper::ask_for_past() {
  const auto& engine = *state().engine;
  const auto& book = engine.state();
  const auto any = [&](auto wants) {
    const auto& rules = engine.rules().rules;
    return std::any_of(rules.begin(), rules.end(),
                       [&](const auto& rule) { return rule.applies_to(book.id) && wants(rule); });
  };
  const auto& history = book.history;
  if (!history.opening) return;
  const bool unknown = history.days.empty() && history.earlier != model::EarlierDays::closed;
  const bool days = unknown && any([](const auto& rule) { return rule.spec->by_days; }) &&
                    !std::exchange(state().asked_for_past, true);
  PastWanted wanted;
  if (any([](const auto& rule) { return rule.binding.by_highs; }))
    wanted.highs_from = days && history.earlier == model::EarlierDays::unread
                            ? std::optional(now() - PastRead::reach)
                            : history.unwatched_from;
  const bool gap = history.unwatched_from && wanted.highs_from &&
                   std::exchange(state().asked_from, history.unwatched_from) != history.unwatched_from;
  if (!days && !gap) return;
  for (const auto& [contract, position] : book.positions) wanted.holding[contract] = position.quantity;
  self_->send(deps_.reconciler, ReconcileAccount{id(), "what was before is unknown", std::move(wanted)});
}

void AccountKeeper::tell(const char* trigger, Alert alert) {
  self_->send(deps_.notifier, Activity{id(), now(), trigger, {}, true, std::move(alert)});
}

/// What a read found is natural at the start and news later.
void AccountKeeper::tell_of_read(BookDifferences differences) {
  const bool first = state().last_read.read_at == model::Instant{};
  if (!differences.none())
    tell("reconcile", Alert{first ? Alert::Severity::info : Alert::Severity::warning, "book-differed",
                            fmt::format("{}", fmt::join(differences.found, "; "))});
  if (auto alert = state().balance.look(state().engine->state())) tell("reconcile", std::move(*alert));
  state().last_read = std::move(differences);
}

void AccountKeeper::tell_of_journal() {
  // Thousands of events in a second fill a segment long before the next snapshot is due.
  if (const auto wanted = state().journal->wanted(); wanted && wanted != state().asked_for) persist({});
  if (const auto failure = state().journal->take_failure()) {
    state().journal_failing = true;
    tell("journal", Alert{Alert::Severity::critical, "journal-failing",
                          fmt::format("{}; enforcement goes on from memory", failure->message())});
  } else if (state().journal_failing && state().journal->all_written()) {
    state().journal_failing = false;
    tell("journal", Alert{Alert::Severity::warning, "storage-recovered", "journal-failing has ended"});
  }
}

} // namespace bulkhead::actors
