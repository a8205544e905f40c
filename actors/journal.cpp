#include "actors/journal.hpp"

#include "persistence/recovery.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <fmt/format.h>

namespace bulkhead::actors {
namespace {

using JournalSelf = journal_actor::stateful_pointer<JournalState>;
using model::Alert;

constexpr auto retry_interval = std::chrono::seconds{1};
constexpr TimerCame commit_now{0};
constexpr TimerCame try_again{1};

class Writer {
public:
  Writer(JournalSelf self, JournalDeps deps) : self_(self), deps_(std::move(deps)) {}

  /// What is already in the mailbox joins the same commit.
  void take(const Persist& message) {
    state().waiting.push_back(message);
    if (std::exchange(state().commit_planned, true)) return;
    self_->send(self_, commit_now);
  }

  void on_timer(const TimerCame& timer) {
    (timer.generation == try_again.generation ? state().retry_planned : state().commit_planned) = false;
    commit();
  }

  void commit() {
    auto waiting = std::exchange(state().waiting, {});
    std::set<model::AccountId> broken;
    for (const auto& item : waiting) {
      if (!sync(item)) broken.insert(item.account);
      enqueue(item);
    }
    const bool stored = store();
    for (auto& item : waiting) {
      const bool durable = (stored && is_kept(item)) || !broken.contains(item.account);
      for (auto& activity : item.announce) {
        activity.durable = durable;
        self_->send(deps_.notifier, std::move(activity));
      }
      if (item.wanted) state().owed.insert_or_assign(item.account, *item.wanted);
    }
    std::erase_if(state().owed, [&](const auto& entry) { return prepare(entry.first, entry.second); });
    const bool done = stored && state().owed.empty();
    if (done || std::exchange(state().retry_planned, true)) return;
    self_->delayed_send(self_, retry_interval, try_again);
  }

  void remember(const ContractFound& message) {
    const auto put = deps_.store->put_contract({message.contract, deps_.clock->now()});
    if (!put) alarm({}, "store-failing", put.error().message());
  }

  [[nodiscard]] RecoveredAccount recovered(const RecoverAccount& order) {
    commit(); // an account that died may have left something here
    auto out = recover(deps_, order);
    state().days.insert_or_assign(order.account, day_of(out.engine->state()));
    return out;
  }
  [[nodiscard]] JournalState& state() const { return self_->state; }

  /// Goes into the store with whatever is committed next.
  void note(const persistence::Note& message) {
    state().unsaved.add(message);
    if (!std::exchange(state().commit_planned, true)) self_->send(self_, commit_now);
  }

  [[nodiscard]] HistoryRows history(const HistoryRequest& request) {
    return read_history(*deps_.store, request);
  }

  void mark_clean() {
    commit();
    if (const auto ended = persistence::end_run(*deps_.store); !ended)
      alarm({}, "store-failing", ended.error().message());
  }

private:
  /// True when the journal holds everything up to the item, durably.
  bool sync(const Persist& item) {
    if (!item.journal) return false;
    const auto synced = item.journal->sync();
    if (!synced) return told(item.account, "journal-sync-failed", synced.error().message());
    ended(item.account, "journal-sync-failed");
    return *synced >= item.sequence; // else the rest waits in memory for a file
  }

  /// An account that could not be read at the start knows too little to replace what is stored.
  [[nodiscard]] static bool is_kept(const Persist& item) { return item.journal || item.sequence > 0; }

  void enqueue(const Persist& item) {
    for (const auto& activity : item.announce) enqueue_lockouts(activity);
    if (!is_kept(item)) return;
    const auto now = day_of(*item.state);
    if (const auto before = state().days.find(item.account); before != state().days.end()) {
      const auto day = finished_day(before->second, *item.state, *deps_.store, state().unsaved_lockouts);
      if (day) state().unsaved.add(*day);
      if (before->second.day.date.ok() && now.day != before->second.day)
        state().day_ended.insert(item.account);
    }
    state().days.insert_or_assign(item.account, now);
    state().unsaved.add(persistence::StoredAccount{*item.state, item.sequence});
    Persist newest = item;
    newest.announce.clear();
    state().uncovered.insert_or_assign(item.account, std::move(newest));
  }

  void enqueue_lockouts(const Activity& activity) {
    const auto* decision = std::get_if<model::Decision>(&activity.what);
    if (decision == nullptr) return;
    for (auto& record : history_of(activity.account, activity.at, *decision)) {
      if (state().unsaved_lockouts.size() < persistence::CommitQueue::max_rows)
        state().unsaved_lockouts.push_back(record);
      state().unsaved.add(std::move(record));
    }
  }

  bool store() {
    const auto committed = state().unsaved.commit(*deps_.store);
    if (!committed) return told({}, "store-failing", committed.error().message());
    ended({}, "store-failing");
    state().unsaved_lockouts.clear();
    for (const auto& [account, item] : std::exchange(state().uncovered, {})) {
      if (item.journal) item.journal->covered_by_state(item.sequence);
      if (state().day_ended.erase(account) == 0) continue;
      const auto kept = keep_house(*deps_.disk, deps_.data_dir.journal(account), {*item.state, item.sequence},
                                   deps_.retention_days);
      if (!kept) alarm(account, "journal-upkeep-failed", kept.error().message());
    }
    return true;
  }

  /// True when nothing is owed any more.
  bool prepare(model::AccountId id, const persistence::SegmentName& wanted) {
    const auto account = state().accounts.find(id);
    if (account == state().accounts.end()) return true;
    auto segment = persistence::prepare_next_segment(*deps_.disk, deps_.data_dir.journal(id), wanted,
                                                     persistence::JournalOptions{}.segment_bytes);
    if (!segment) return told(id, "journal-segment-failed", segment.error().message());
    ended(id, "journal-segment-failed");
    self_->send(account->second,
                SegmentPrepared{std::make_shared<persistence::JournalSegment>(std::move(*segment))});
    return true;
  }

  /// Alarms once until it has ended; always false.
  bool told(model::AccountId account, const char* code, const std::string& text) {
    if (state().failing.emplace(code, account).second) alarm(account, code, text);
    return false;
  }
  void ended(model::AccountId account, const char* code) {
    if (state().failing.erase({code, account}) == 0) return;
    tell(account, {Alert::Severity::warning, "storage-recovered", fmt::format("{} has ended", code)});
  }
  void alarm(model::AccountId account, const char* code, const std::string& text) {
    tell(account, {Alert::Severity::critical, code, text});
  }
  void tell(model::AccountId account, Alert alert) {
    self_->send(deps_.notifier,
                Activity{account, deps_.clock->now(), "journal", {}, false, std::move(alert)});
  }

  JournalSelf self_;
  JournalDeps deps_;
};

} // namespace

journal_actor::behavior_type journal(JournalSelf self, JournalDeps deps) {
  const auto writer = std::make_shared<Writer>(self, std::move(deps));
  return {
      [=](const AccountStarted& m) { writer->state().accounts.insert_or_assign(m.account, m.handle); },
      [=](const Persist& m) { writer->take(m); },
      [=](const RecoverAccount& m) { return writer->recovered(m); },
      [=](const ContractFound& m) { writer->remember(m); },
      [=](const TimerCame& m) { writer->on_timer(m); },
      [=](const HistoryRequest& m) { return writer->history(m); },
      [=](const persistence::Note& m) { writer->note(m); },
      [=](const ShutDown&) {
        writer->mark_clean();
        return true;
      },
  };
}

} // namespace bulkhead::actors
