#include "actors/reconciler.hpp"

#include "actors/text.hpp"
#include "protocol/projectx/requests.hpp"
#include "protocol/projectx/responses.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <fmt/format.h>

namespace bulkhead::actors {
namespace {

namespace projectx = protocol::projectx;
using namespace std::chrono_literals;
using Self = reconciler_actor::stateful_pointer<ReconcilerState>;
using Asked = ReconcilerState::Asked;
using model::AccountId;
using protocol::RequestClass;

constexpr model::Duration periodic = 5min;
constexpr model::Duration poll_while_down = 5s;
constexpr model::Duration tolerated_gap = 10s;
constexpr model::Duration retry_pause = 2s;
constexpr model::Duration doubt_pause = 250ms; // several doubts in a row cost one read

class Worker {
public:
  Worker(Self self, model::CredentialId credential, ReconcilerDeps deps)
      : self_(self), credential_(std::move(credential)), deps_(std::move(deps)) {}

  void on_started(const AccountStarted& message) {
    if (message.credential != credential_) return;
    state().accounts.insert_or_assign(message.account, message.handle);
    want(message.account, now());
  }

  void on_stream(bool connected) {
    state().connected = connected;
    state().lost_at = connected ? std::nullopt : std::optional(now());
    want_all(connected ? now() : now() + tolerated_gap);
  }

  void want_all(model::Instant at) {
    for (const auto& [id, handle] : state().accounts) want(id, at);
    work();
  }
  void want_later(AccountId account) { want(account, now() + doubt_pause), work(); }
  void doubt() { want_all(now() + doubt_pause); }

  void learn(const model::ContractId& contract) {
    state().contracts_due.try_emplace(contract, now());
    work();
  }

  /// Starts whatever is due and arms the timer for the rest.
  void work() {
    const auto at = now();
    ask_contracts(at);
    for (auto& [account, due] : state().due) {
      if (due > at || state().reading.contains(account)) continue;
      if (!state().accounts_known) {
        ask_accounts();
        break;
      }
      start_read(account, due);
    }
    arm();
  }

  void on_reply(const ReplyReceived& message) {
    const auto node = state().asked.extract(message.tag);
    if (!node) return;
    const Asked& asked = node.mapped();
    switch (asked.what) {
    case Asked::What::accounts: take_accounts(message); break;
    case Asked::What::contract: take_contract(asked.contract, message); break;
    case Asked::What::part: take_part(asked, message); break;
    }
    work();
  }

  [[nodiscard]] ReconcilerState& state() const { return self_->state; }

private:
  [[nodiscard]] model::Instant now() const { return deps_.clock->now(); }

  void want(AccountId account, model::Instant at) {
    const auto [it, added] = state().due.try_emplace(account, at);
    if (!added) it->second = std::min(it->second, at);
  }

  bool submit(Asked asked, RequestClass urgency, protocol::HttpRequest request) {
    const auto tag = ++state().last_tag;
    const auto me = caf::actor_cast<reconciler_actor>(self_);
    const auto held_back = deps_.sender->send(urgency, std::move(request), [me, tag](auto outcome) {
      if (outcome) {
        caf::anon_send(me, ReplyReceived{tag, std::move(*outcome)});
      } else {
        caf::anon_send(me, ReplyReceived{tag, outcome.error()});
      }
    });
    if (!held_back) state().asked.emplace(tag, std::move(asked));
    return !held_back;
  }

  void ask_accounts() {
    if (state().accounts_asked) return;
    state().accounts_asked = submit({Asked::What::accounts, {}, {}, {}}, RequestClass::verification_read,
                                    projectx::search_accounts({}, false));
  }

  void take_accounts(const ReplyReceived& message) {
    state().accounts_asked = false;
    const auto* reply = std::get_if<protocol::HttpReply>(&message.outcome);
    auto rows = reply != nullptr ? projectx::read_accounts(*reply)
                                 : model::Result<std::vector<model::Account>>(
                                       std::get<protocol::HttpFailure>(message.outcome).error);
    if (!rows) return postpone_all(rows.error());
    for (auto& row : *rows) state().facts.insert_or_assign(row.id, std::move(row));
    state().accounts_known = true;
    for (const auto& [id, handle] : state().accounts) {
      if (state().facts.contains(id)) continue;
      tell(id, model::Alert::Severity::critical, "account-missing",
           fmt::format("the gateway shows no account {} for {}: nothing protects it", id.value,
                       credential_.value));
    }
  }

  void start_read(AccountId account, model::Instant& due) {
    const auto fills_from = deps_.reset.last_at_or_before(now());
    BookRead book(account, now(), fills_from, state().query_exists);
    for (const auto part : book.first_parts()) {
      if (submit({Asked::What::part, account, part, {}}, RequestClass::verification_read,
                 book.request(part, {})))
        continue;
      due = now() + retry_pause;
      return;
    }
    state().reading.insert_or_assign(account, std::move(book));
    due = model::Instant::max(); // decided when the read ends
  }

  void take_part(const Asked& asked, const ReplyReceived& message) {
    const auto it = state().reading.find(asked.account);
    if (it == state().reading.end()) return; // the read failed on another part
    const auto progress = it->second.on_reply(asked.part, message.outcome);
    for (const auto part : progress.ask) {
      if (submit({Asked::What::part, asked.account, part, {}}, RequestClass::verification_read,
                 it->second.request(part, {}))) {
        continue;
      }
      return end_read(asked.account, model::Error{model::Errc::rate_limited, "request budget"});
    }
    state().query_exists = it->second.query_exists();
    if (progress.done) end_read(asked.account, *progress.done);
  }

  void end_read(AccountId account, const model::Result<model::Reconciled>& result) {
    state().reading.erase(account);
    auto& due = state().due[account]; // max, unless somebody wants another read already
    if (!result) {
      due = std::min(due, now() + retry_pause);
      if (state().failing.insert(account).second) {
        tell(account, model::Alert::Severity::critical, "reconcile-failed",
             escaped(result.error().message()) + "; trying again");
      }
      return;
    }
    state().failing.erase(account);
    due = std::min(due, now() + (state().connected ? periodic : poll_while_down));
    // Balance and permission change with every read while the hub is down.
    state().accounts_known = state().connected;
    model::Reconciled book = *result;
    const auto facts = state().facts.find(account);
    if (facts != state().facts.end()) book.account = facts->second;
    const auto handle = state().accounts.find(account);
    if (handle != state().accounts.end()) self_->send(handle->second, Happened{{now(), 0, std::move(book)}});
  }

  void postpone_all(const model::Error& error) {
    for (auto& [account, due] : state().due) {
      if (due <= now()) due = now() + retry_pause;
      if (state().failing.insert(account).second) {
        tell(account, model::Alert::Severity::critical, "reconcile-failed",
             escaped(error.message()) + "; trying again");
      }
    }
  }

  void ask_contracts(model::Instant at) {
    for (auto& [contract, due] : state().contracts_due) {
      if (due > at) continue;
      const bool sent = submit({Asked::What::contract, {}, {}, contract}, RequestClass::verification_read,
                               projectx::search_contract_by_id({}, contract));
      due = sent ? model::Instant::max() : at + retry_pause;
    }
  }

  void take_contract(const model::ContractId& contract, const ReplyReceived& message) {
    const auto* reply = std::get_if<protocol::HttpReply>(&message.outcome);
    auto found = reply != nullptr
                     ? projectx::read_contract(*reply)
                     : model::Result<model::Contract>(std::get<protocol::HttpFailure>(message.outcome).error);
    if (!found || !found->tick.valid()) {
      state().contracts_due[contract] = now() + poll_while_down;
      return;
    }
    state().contracts_due.erase(contract);
    self_->send(deps_.router, ContractFound{*found});
    self_->send(deps_.journal, ContractFound{std::move(*found)});
  }

  void tell(AccountId account, model::Alert::Severity severity, std::string code, std::string text) {
    self_->send(
        deps_.notifier,
        Activity{
            account, now(), "reconcile", {}, true, model::Alert{severity, std::move(code), std::move(text)}});
  }

  void arm() {
    std::optional<model::Instant> next;
    const auto sooner = [&](model::Instant at) {
      if (at != model::Instant::max() && (!next || at < *next)) next = at;
    };
    for (const auto& [account, due] : state().due) {
      if (!state().reading.contains(account)) sooner(due);
    }
    for (const auto& [contract, due] : state().contracts_due) sooner(due);
    // Something is due but cannot leave yet: no token, no budget, or the account list is on its way.
    if (next && *next <= now()) next = now() + 100ms;
    state().timer.arm(self_, next, now());
  }

  Self self_;
  model::CredentialId credential_;
  ReconcilerDeps deps_;
};

} // namespace

reconciler_actor::behavior_type reconciler(Self self, model::CredentialId credential, ReconcilerDeps deps) {
  const auto worker = std::make_shared<Worker>(self, std::move(credential), std::move(deps));
  return {
      [=](const AccountStarted& m) { worker->on_started(m), worker->work(); },
      [=](const ReconcileAccount& m) { worker->want_later(m.account); },
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
