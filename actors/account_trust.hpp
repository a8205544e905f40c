#pragma once
// What an account does about records it may have lost: after a loss of power its first complete read is
// compared with what was recovered, and what the journal cannot explain locks the account against new
// exposure until an admin has looked. Pure functions, any thread.

#include "actors/interfaces.hpp"

#include <map>

namespace bulkhead::actors {

/// The source of the lockout row.
inline constexpr model::Source lost_records_source{model::Source::Kind::guard, 91, 0};

/// What was recovered, as far as a read can contradict it.
struct LastKnown {
  Trust trust = Trust::whole;
  std::map<model::ContractId, std::int32_t> positions; // signed, before anything was heard in this run
};
[[nodiscard]] LastKnown last_known(Trust trust, const model::AccountState& recovered);

/// What to tell after the first complete read, and the lockout if there must be one.
struct TrustFinding {
  model::Alert alert;
  std::optional<model::LockoutOrdered> lock;
};
/// `before`: the state just before the read is applied, live events of this run included. None when the
/// records are whole.
[[nodiscard]] std::optional<TrustFinding> judge(const LastKnown& known, const model::AccountState& before,
                                                const model::Reconciled& read, model::Instant now);

} // namespace bulkhead::actors
