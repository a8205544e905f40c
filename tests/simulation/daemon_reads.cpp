// Reads of the gateway, and records to the disk.

#include "persistence/journal_segment.hpp"
#include "protocol/projectx/requests.hpp"
#include "protocol/projectx/responses.hpp"
#include "tests/simulation/daemon.hpp"
#include "tests/simulation/watch.hpp"

namespace bulkhead::simulation {

namespace projectx = protocol::projectx;
using namespace std::chrono_literals;
using actors::BookRead;
using model::AccountId;
using protocol::RequestClass;

void Daemon::want_read(AccountId account, model::Instant at) {
  const auto [it, added] = due_.try_emplace(account, at);
  if (!added) it->second = std::min(it->second, at);
  work();
}

void Daemon::doubt() {
  for (const auto& [id, keeper] : keepers_) want_read(id, clock_.now() + 250ms);
}

void Daemon::work() {
  const auto now = clock_.now();
  std::optional<model::Instant> next;
  for (auto& [account, due] : due_) {
    if (reading_.contains(account) || due == model::Instant::max()) continue;
    if (due > now) {
      next = std::min(next.value_or(due), due);
    } else if (!facts_at_ || *facts_at_ < due) {
      ask_accounts();
      if (!accounts_asked_) next = now + 100ms;
    } else {
      start_read(account);
      if (due != model::Instant::max()) next = std::min(next.value_or(due), std::max(due, now + 100ms));
    }
  }
  read_timer_.arm(next);
}

void Daemon::ask_accounts() {
  if (accounts_asked_) return;
  const auto held =
      sender_.send(RequestClass::verification_read, projectx::search_accounts({}, false),
                   [weak = weak_from_this(), this, asked_at = clock_.now()](const Outcome& outcome) {
                     const auto me = weak.lock();
                     if (!me) return;
                     accounts_asked_ = false;
                     auto rows = outcome ? projectx::read_accounts(*outcome)
                                         : model::Result<std::vector<model::Account>>(outcome.error().error);
                     if (!rows) {
                       for (auto& [account, due] : due_) {
                         if (due <= clock_.now()) due = clock_.now() + 2s;
                       }
                       return work();
                     }
                     facts_.clear();
                     for (auto& row : *rows) facts_.insert_or_assign(row.id, std::move(row));
                     facts_at_ = asked_at;
                     for (const auto& [id, keeper] : keepers_) {
                       if (!facts_.contains(id)) keeper->happen(model::AccountMissing{});
                     }
                     work();
                   });
  accounts_asked_ = !held;
}

void Daemon::start_read(AccountId account) {
  Reading reading{BookRead(account, *facts_at_, reset_.last_at_or_before(clock_.now()), true), ++reads_};
  const auto parts = reading.book.first_parts();
  reading_.insert_or_assign(account, std::move(reading));
  due_[account] = model::Instant::max();
  for (const auto part : parts) {
    if (reading_.contains(account)) ask_part(account, part, reads_);
  }
}

void Daemon::ask_part(AccountId account, BookRead::Part part, std::uint64_t number) {
  const auto held =
      sender_.send(RequestClass::verification_read, reading_.at(account).book.request(part, {}),
                   [weak = weak_from_this(), this, account, part, number](const Outcome& outcome) {
                     const auto me = weak.lock();
                     if (me) take_part(account, part, outcome, number), work();
                   });
  if (held) read_failed(account);
}

void Daemon::read_failed(AccountId account) {
  reading_.erase(account);
  due_[account] = std::min(due_[account], clock_.now() + 2s);
}

void Daemon::take_part(AccountId account, BookRead::Part part, const Outcome& outcome, std::uint64_t number) {
  const auto it = reading_.find(account);
  if (it == reading_.end() || it->second.number != number) return;
  auto progress =
      outcome ? it->second.book.on_reply(part, *outcome) : it->second.book.on_reply(part, outcome.error());
  for (const auto more : progress.ask) {
    if (reading_.contains(account)) ask_part(account, more, number);
  }
  if (!progress.done) return;
  if (!*progress.done) return read_failed(account);
  model::Reconciled book = std::move(**progress.done);
  reading_.erase(account);
  due_[account] =
      std::min(due_[account], clock_.now() + (streaming_ ? model::Duration(5min) : model::Duration(5s)));
  if (const auto facts = facts_.find(account); facts != facts_.end()) book.account = facts->second;
  machine_.watch.seen("account read");
  keepers_.at(account)->happen(std::move(book));
}

void Daemon::watch_contracts(AccountId account, const std::set<model::ContractId>& contracts) {
  for (const auto& contract : contracts) {
    if (const auto known = contracts_.find(contract); known != contracts_.end()) {
      later(0ms, [this, account, found = known->second] {
        keepers_.at(account)->happen(model::ContractLearned{found});
      });
    } else if (learning_.insert(contract).second) {
      learn(contract);
    }
  }
}

void Daemon::learn(const model::ContractId& contract) {
  const auto again = [this, contract] { later(2s, [this, contract] { learn(contract); }); };
  const auto held =
      sender_.send(RequestClass::verification_read, projectx::search_contract_by_id({}, contract),
                   [weak = weak_from_this(), this, contract, again](const Outcome& outcome) {
                     const auto me = weak.lock();
                     if (!me) return;
                     const auto found = outcome ? projectx::read_contract(*outcome)
                                                : model::Result<model::Contract>(outcome.error().error);
                     if (!found || !found->tick.valid()) return again();
                     contracts_.insert_or_assign(contract, *found);
                     for (const auto& [id, keeper] : keepers_) {
                       if (keeper->watches(contract)) keeper->happen(model::ContractLearned{*found});
                     }
                   });
  if (held) again();
}

// ---- the journal actor

void Daemon::persist(actors::Persist message) {
  waiting_.push_back(std::move(message));
  if (std::exchange(commit_planned_, true)) return;
  const auto pause = machine_.slow_disk ? disk_luck_.draw(500'000, 5'000'000) : disk_luck_.draw(200, 9'000);
  later(model::Duration{pause}, [this] { commit(); });
}

bool Daemon::sync(const actors::Persist& item) {
  const auto synced = item.journal
                          ? item.journal->sync()
                          : model::Result<std::uint64_t>(model::Error{model::Errc::io, "no journal"});
  if (!synced) machine_.watch.seen("sync failed");
  return synced && *synced >= item.sequence;
}

void Daemon::commit() {
  commit_planned_ = false;
  auto waiting = std::exchange(waiting_, {});
  machine_.store->fail_with(
      machine_.disk->full ? std::optional(model::Error{model::Errc::full, "no space left"}) : std::nullopt);
  std::set<AccountId> broken;
  for (const auto& item : waiting) {
    if (!sync(item)) broken.insert(item.account);
    for (const auto& activity : item.announce) {
      if (const auto* decision = std::get_if<model::Decision>(&activity.what)) {
        for (auto& row : actors::history_of(activity.account, activity.at, *decision))
          unsaved_.add(std::move(row));
      }
    }
    if (!item.journal && item.sequence == 0) continue;
    const auto now = actors::day_of(*item.state);
    const auto before = days_.at(item.account);
    if (before.day.date.ok() && now.day != before.day) day_ended_.insert(item.account);
    days_.insert_or_assign(item.account, now);
    unsaved_.add(persistence::StoredAccount{*item.state, item.sequence});
    uncovered_.insert_or_assign(item.account, item);
  }
  const bool stored = unsaved_.commit(*machine_.store).has_value();
  if (!stored) machine_.watch.seen("store failed");
  for (const auto& [account, item] :
       stored ? std::exchange(uncovered_, {}) : std::map<AccountId, actors::Persist>{}) {
    if (item.journal) item.journal->covered_by_state(item.sequence);
    if (day_ended_.erase(account) > 0)
      (void)actors::keep_house(*machine_.disk, machine_.data->journal(account), {*item.state, item.sequence},
                               90);
  }
  for (auto& item : waiting) {
    for (auto& activity : item.announce) {
      const bool kept = item.journal || item.sequence > 0;
      activity.durable = (stored && kept) || !broken.contains(item.account);
      machine_.watch.on_told(activity, machine_.timeline.now());
    }
    if (item.wanted) owed_.insert_or_assign(item.account, *item.wanted);
  }
  std::erase_if(owed_, [&](const auto& entry) {
    auto segment =
        persistence::prepare_next_segment(*machine_.disk, machine_.data->journal(entry.first), entry.second,
                                          persistence::JournalOptions{}.segment_bytes);
    if (segment) keepers_.at(entry.first)->journal().take(std::move(*segment));
    return segment.has_value();
  });
  if (stored && owed_.empty()) return;
  if (!std::exchange(commit_planned_, true)) later(1s, [this] { commit(); });
}

} // namespace bulkhead::simulation
