#include "actors/reconciler_worker.hpp"
#include "actors/text.hpp"

#include <algorithm>

namespace bulkhead::actors {

using namespace std::chrono_literals;
using model::AccountId;

namespace {
constexpr model::Duration tolerated_gap = 10s;
constexpr model::Duration doubt_pause = 250ms; // several doubts in a row cost one read
} // namespace

void ReconcilerWorker::on_started(const AccountStarted& message) {
  if (message.credential != credential_) return;
  state().accounts.insert_or_assign(message.account, message.handle);
  want(message.account, now());
}

void ReconcilerWorker::on_stream(bool connected) {
  state().connected = connected;
  state().lost_at = connected ? std::nullopt : std::optional(now());
  want_all(connected ? now() : now() + tolerated_gap);
}

void ReconcilerWorker::want_all(model::Instant at) {
  for (const auto& [id, handle] : state().accounts) want(id, at);
  work();
}

void ReconcilerWorker::want_now(AccountId account) { want(account, now()), work(); }

void ReconcilerWorker::doubt() { want_all(now() + doubt_pause); }

void ReconcilerWorker::learn(const model::ContractId& contract) {
  state().contracts_due.try_emplace(contract, now());
  work();
}

void ReconcilerWorker::work() {
  const auto at = now();
  ask_contracts(at);
  read_past(at);
  if (state().accounts_due && *state().accounts_due <= at) ask_accounts();
  for (auto& [account, due] : state().due) {
    if (due > at || state().reading.contains(account)) continue;
    if (!state().facts_at || *state().facts_at < due) { // reads that are due together share one list
      ask_accounts();
      break;
    }
    start_read(account, due);
  }
  arm();
}

void ReconcilerWorker::on_reply(const ReplyReceived& message) {
  const auto node = state().asked.extract(message.tag);
  if (!node) return;
  const Asked& asked = node.mapped();
  switch (asked.what) {
  case Asked::What::accounts: take_accounts(message); break;
  case Asked::What::contract: take_contract(asked.contract, message); break;
  case Asked::What::part: take_part(asked, message); break;
  case Asked::What::past: take_past(asked, message); break;
  }
  work();
}

void ReconcilerWorker::want(AccountId account, model::Instant at) {
  const auto [it, added] = state().due.try_emplace(account, at);
  if (!added) it->second = std::min(it->second, at);
}

void ReconcilerWorker::postpone_all(const model::Error& error) {
  for (auto& [account, due] : state().due) {
    if (due <= now()) due = now() + retry_pause;
    if (state().failing.insert(account).second) {
      tell(account, model::Alert::Severity::critical, "reconcile-failed",
           escaped(error.message()) + "; trying again");
    }
  }
}

void ReconcilerWorker::tell(AccountId account, model::Alert::Severity severity, std::string code,
                            std::string text) {
  self_->send(
      deps_.notifier,
      Activity{
          account, now(), "reconcile", {}, true, model::Alert{severity, std::move(code), std::move(text)}});
}

void ReconcilerWorker::arm() {
  std::optional<model::Instant> next;
  const auto sooner = [&](model::Instant at) {
    if (at != model::Instant::max() && (!next || at < *next)) next = at;
  };
  for (const auto& [account, due] : state().due) {
    if (!state().reading.contains(account)) sooner(due);
  }
  for (const auto& [contract, due] : state().contracts_due) sooner(due);
  for (const auto& [account, past] : state().past) {
    if (past.due) sooner(*past.due);
  }
  if (state().accounts_due) sooner(*state().accounts_due);
  // Something is due but cannot leave yet: no token, no budget, or the account list is on its way.
  if (next && *next <= now()) next = now() + 100ms;
  state().timer.arm(self_, next, now());
}

reconciler_actor::behavior_type reconciler(ReconcilerWorker::Self self, model::CredentialId credential,
                                           ReconcilerDeps deps) {
  const auto worker = std::make_shared<ReconcilerWorker>(self, std::move(credential), std::move(deps));
  return {
      [=](const AccountStarted& m) { worker->on_started(m), worker->work(); },
      [=](const ReconcileAccount& m) {
        m.past ? worker->want_past(m.account, *m.past) : worker->want_now(m.account);
      },
      [=](const StreamChanged& m) { worker->on_stream(m.connected); },
      [=](const StreamDoubted&) { worker->doubt(); },
      [=](const LearnContract& m) { worker->learn(m.contract); },
      [=](const ReplyReceived& m) { worker->on_reply(m); },
      [=](const TimerCame& m) {
        if (self->state.timer.take(m)) worker->work();
      },
  };
}

} // namespace bulkhead::actors
