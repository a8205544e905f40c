#include "actors/journal.hpp"

#include "persistence/recovery.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <fmt/format.h>

namespace bulkhead::actors {
namespace {

using Self = journal_actor::stateful_pointer<JournalState>;
using model::Alert;

class Writer {
public:
  Writer(Self self, JournalDeps deps) : self_(self), deps_(std::move(deps)) {}

  /// What is already in the mailbox joins the same commit.
  void take(const Persist& message) {
    state().waiting.push_back(message);
    if (state().commit_planned) return;
    state().commit_planned = true;
    self_->send(self_, TimerCame{});
  }

  void commit() {
    state().commit_planned = false;
    auto waiting = std::exchange(state().waiting, {});
    std::set<model::AccountId> broken;
    for (const auto& item : waiting) {
      if (!sync(item)) broken.insert(item.account);
    }
    const bool stored = store(waiting);
    for (auto& item : waiting) {
      if (stored && item.journal) item.journal->covered_by_state(item.sequence);
      const bool durable = stored || !broken.contains(item.account);
      for (auto& activity : item.announce) {
        activity.durable = durable;
        self_->send(deps_.notifier, std::move(activity));
      }
      if (item.wanted) prepare(item);
    }
  }

  void remember(const ContractFound& message) {
    const auto put = deps_.store->put_contract({message.contract, deps_.clock->now()});
    if (!put) alarm({}, "store-failing", put.error().message());
  }

  [[nodiscard]] RecoveredAccount recovered(const RecoverAccount& order) const {
    return recover(deps_, order);
  }
  [[nodiscard]] JournalState& state() const { return self_->state; }

  void mark_clean() {
    commit();
    if (const auto ended = persistence::end_run(*deps_.store); !ended)
      alarm({}, "store-failing", ended.error().message());
  }

private:
  bool sync(const Persist& item) {
    if (!item.journal) return false;
    const auto synced = item.journal->sync();
    if (synced) return state().failing.erase(item.account), true;
    if (state().failing.insert(item.account).second)
      alarm(item.account, "journal-sync-failed", synced.error().message());
    return false;
  }

  bool store(const std::vector<Persist>& waiting) {
    persistence::StoreBatch batch;
    std::map<model::AccountId, const Persist*> newest;
    for (const auto& item : waiting) newest[item.account] = &item;
    for (const auto& [account, item] : newest) batch.accounts.push_back({*item->state, item->sequence});
    for (const auto& item : waiting) {
      for (const auto& activity : item.announce) add_lockouts(activity, batch);
    }
    const auto committed = deps_.store->commit(batch);
    if (!committed) alarm({}, "store-failing", committed.error().message());
    return committed.has_value();
  }

  static void add_lockouts(const Activity& activity, persistence::StoreBatch& batch) {
    const auto* decision = std::get_if<model::Decision>(&activity.what);
    if (decision == nullptr) return;
    for (const auto& row : decision->lockouts_set) {
      batch.lockouts.push_back({activity.account, activity.at, row, std::nullopt});
    }
    for (const auto& ended : decision->lockouts_cleared) {
      batch.lockouts.push_back({activity.account, ended.at, ended.lockout, ended.cause});
    }
  }

  void prepare(const Persist& item) {
    const auto account = state().accounts.find(item.account);
    if (account == state().accounts.end()) return;
    auto segment = persistence::prepare_segment(*deps_.disk, deps_.data_dir.journal(item.account),
                                                *item.wanted, persistence::JournalOptions{}.segment_bytes);
    if (!segment) return alarm(item.account, "journal-segment-failed", segment.error().message());
    self_->send(account->second,
                SegmentPrepared{std::make_shared<persistence::JournalSegment>(std::move(*segment))});
  }

  void alarm(model::AccountId account, const char* code, const std::string& text) {
    self_->send(
        deps_.notifier,
        Activity{
            account, deps_.clock->now(), "journal", {}, false, Alert{Alert::Severity::critical, code, text}});
  }

  Self self_;
  JournalDeps deps_;
};

} // namespace

journal_actor::behavior_type journal(Self self, JournalDeps deps) {
  const auto writer = std::make_shared<Writer>(self, std::move(deps));
  return {
      [=](const AccountStarted& m) { writer->state().accounts.insert_or_assign(m.account, m.handle); },
      [=](const Persist& m) { writer->take(m); },
      [=](const RecoverAccount& m) { return writer->recovered(m); },
      [=](const ContractFound& m) { writer->remember(m); },
      [=](const TimerCame&) { writer->commit(); },
      [=](const ShutDown&) {
        writer->mark_clean();
        return true;
      },
  };
}

} // namespace bulkhead::actors
