#pragma once
// What an account is handed to when its own actor keeps dying: the same interface with as little behind it as
// can be. Knows the book of the last REST read and nothing else; every read that shows anything open is
// answered by closing and cancelling all of it. Keeps the account locked, the next start included, until an
// admin clears it, and says so every minute. Evaluates no rules, books no fills. Live events only make it
// read again, at most once a second.

#include "actors/account.hpp"

#include <map>
#include <set>

namespace bulkhead::actors {

/// The source of its lockout row, and of its intents.
inline constexpr model::Source last_resort_source{model::Source::Kind::guard, 90, 0};

struct LastResortState {
  static inline const char* name = "last_resort";
  std::shared_ptr<AccountJournal> journal; // not a handle first: CAF would construct the state from it
  enforcement_actor enforcement;
  std::map<model::ContractId, std::int32_t> positions; // signed, of the last read
  std::map<model::OrderId, model::ContractId> orders;
  std::map<model::ContractId, std::uint32_t> ordinals; // how often it was seen open anew
  model::LockoutSet lockouts;
  std::shared_ptr<rules::RiskEngine> engine; // for what admins order; asked about nothing else
  model::Money realized_net;                 // when the account was handed over
  EnforcementStatus enforcing;
  bool connected = false;
  bool read_once = false;
  model::Instant read_at; // when the next read is asked for
  model::Instant asked_at;
  model::Instant alarm_at;
  SelfTimer timer;
};

/// Takes the book of the read over, and asks for all of it to go.
[[nodiscard]] Enforce closing_all(const model::Reconciled& read, LastResortState& state,
                                  model::AccountId account);
[[nodiscard]] AccountView view_of(const LastResortState& state, model::AccountId account,
                                  const AccountDeps& deps);

account_actor::behavior_type last_resort(account_actor::stateful_pointer<LastResortState> self,
                                         RecoveredAccount recovered, AccountDeps deps);

} // namespace bulkhead::actors
