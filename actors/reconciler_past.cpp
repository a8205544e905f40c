// Reads of what was before: highs and days that an account has no records of.

#include "actors/reconciler_worker.hpp"

#include <utility>

namespace bulkhead::actors {

using namespace std::chrono_literals;
using model::AccountId;
using protocol::RequestClass;

namespace {
constexpr int most_tries = 5;
constexpr model::Duration pause_after_try = 5s;
} // namespace

void ReconcilerWorker::want_past(AccountId account, PastWanted wanted) {
  auto& past = state().past[account];
  past = {std::move(wanted), past.number + 1, 0, now(), std::nullopt};
  work();
}

void ReconcilerWorker::read_past(model::Instant at) {
  for (auto& [account, past] : state().past) {
    if (!past.due || *past.due > at) continue;
    past.due.reset();
    ++past.tries, ++past.number;
    past.read.emplace(account, past.wanted, deps_.reset, at);
    if (!ask_past(account, past.read->first_part()))
      end_past(account, model::Error{model::Errc::rate_limited, "request budget"});
  }
}

bool ReconcilerWorker::ask_past(AccountId account, const PastRead::Part& part) {
  const auto& past = state().past.at(account);
  const bool fills = part.what == PastRead::Part::What::fills;
  return submit({Asked::What::past, account, {}, {}, part, past.number},
                fills ? RequestClass::verification_read : RequestClass::history, past.read->request(part));
}

void ReconcilerWorker::take_past(const Asked& asked, const ReplyReceived& message) {
  auto& past = state().past.at(asked.account);
  if (asked.read != past.number || !past.read) return; // of one that was given up
  const auto progress = past.read->on_reply(asked.past, message.outcome);
  for (const auto& part : progress.ask) {
    if (!ask_past(asked.account, part))
      return end_past(asked.account, model::Error{model::Errc::rate_limited, "request budget"});
  }
  if (progress.done) end_past(asked.account, *progress.done);
}

void ReconcilerWorker::end_past(AccountId account, const model::Result<model::HistoryRead>& read) {
  auto& past = state().past.at(account);
  past.read.reset();
  const bool again = (!read || (read->highs && !read->highs->whole)) && past.tries < most_tries;
  if (again) {
    past.due = now() + pause_after_try;
    return;
  }
  model::HistoryRead found;
  if (read)
    found = *read;
  else if (past.wanted.highs_from)
    found.highs = model::EquityHighs{{}, {}, false};
  const auto handle = state().accounts.find(account);
  if (handle != state().accounts.end()) self_->send(handle->second, Happened{{now(), 0, std::move(found)}});
}

} // namespace bulkhead::actors
