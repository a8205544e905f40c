// The requests of a reconciler and what their answers mean.

#include "actors/reconciler_worker.hpp"
#include "actors/text.hpp"
#include "protocol/projectx/requests.hpp"
#include "protocol/projectx/responses.hpp"

#include <algorithm>
#include <caf/send.hpp>
#include <fmt/format.h>
#include <utility>

namespace bulkhead::actors {

namespace projectx = protocol::projectx;
using namespace std::chrono_literals;
using model::AccountId;
using protocol::RequestClass;

namespace {
constexpr model::Duration periodic = 5min;
constexpr model::Duration poll_while_down = 5s;
constexpr model::Duration accounts_asked_again_after = 5s; // when one was missing from the list
} // namespace

bool ReconcilerWorker::submit(Asked asked, RequestClass urgency, protocol::HttpRequest request) {
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

void ReconcilerWorker::ask_accounts() {
  if (state().accounts_asked) return;
  if (submit({Asked::What::accounts, {}, {}, {}}, RequestClass::verification_read,
             projectx::search_accounts({}, false)))
    state().accounts_asked = now();
}

void ReconcilerWorker::take_accounts(const ReplyReceived& message) {
  const auto asked_at = std::exchange(state().accounts_asked, std::nullopt);
  const auto* reply = std::get_if<protocol::HttpReply>(&message.outcome);
  auto rows = reply != nullptr ? projectx::read_accounts(*reply)
                               : model::Result<std::vector<model::Account>>(
                                     std::get<protocol::HttpFailure>(message.outcome).error);
  if (!rows) return postpone_all(rows.error());
  state().facts.clear();
  for (auto& row : *rows) state().facts.insert_or_assign(row.id, std::move(row));
  state().facts_at = asked_at;
  state().accounts_due.reset();
  for (const auto& [id, handle] : state().accounts) {
    if (state().facts.contains(id)) continue;
    self_->send(handle, Happened{{now(), 0, model::AccountMissing{}}});
    tell(id, model::Alert::Severity::critical, "account-missing",
         fmt::format("the gateway shows no account {} for {}: nothing protects it", id.value,
                     credential_.value));
    state().accounts_due = now() + accounts_asked_again_after;
  }
}

void ReconcilerWorker::start_read(AccountId account, model::Instant& due) {
  const auto fills_from = deps_.reset.last_at_or_before(now());
  BookRead book(account, *state().facts_at, fills_from, state().query_exists);
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

void ReconcilerWorker::take_part(const Asked& asked, const ReplyReceived& message) {
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

void ReconcilerWorker::end_read(AccountId account, const model::Result<model::Reconciled>& result) {
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
  model::Reconciled book = *result;
  const auto facts = state().facts.find(account);
  if (facts != state().facts.end()) book.account = facts->second;
  const auto handle = state().accounts.find(account);
  if (handle != state().accounts.end()) self_->send(handle->second, Happened{{now(), 0, std::move(book)}});
}

void ReconcilerWorker::ask_contracts(model::Instant at) {
  for (auto& [contract, due] : state().contracts_due) {
    if (due > at) continue;
    const bool sent = submit({Asked::What::contract, {}, {}, contract}, RequestClass::verification_read,
                             projectx::search_contract_by_id({}, contract));
    due = sent ? model::Instant::max() : at + retry_pause;
  }
}

void ReconcilerWorker::take_contract(const model::ContractId& contract, const ReplyReceived& message) {
  const auto* reply = std::get_if<protocol::HttpReply>(&message.outcome);
  auto found = reply != nullptr
                   ? projectx::read_contract(*reply)
                   : model::Result<model::Contract>(std::get<protocol::HttpFailure>(message.outcome).error);
  if (found && !found->tick.valid()) {
    tell({}, model::Alert::Severity::critical, "contract-unusable",
         fmt::format("{}: tick size or tick value is not positive; its positions have no value",
                     escaped(contract.value)));
  }
  if (!found || !found->tick.valid()) {
    state().contracts_due[contract] = now() + (found ? periodic : poll_while_down);
    return;
  }
  state().contracts_due.erase(contract);
  self_->send(deps_.router, ContractFound{*found});
  self_->send(deps_.journal, ContractFound{std::move(*found)});
}

} // namespace bulkhead::actors
