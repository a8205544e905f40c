#pragma once
// The worker behind one account's enforcement: performs what the Enforcer asks for over the account's own
// warm lane and feeds the answers back. Knows nothing of other accounts, so their trouble cannot reach it.
// Ends with its account.

#include "actors/book_read.hpp"
#include "actors/enforcer.hpp"
#include "actors/gateway_sender.hpp"
#include "actors/interfaces.hpp"
#include "actors/self_timer.hpp"

#include <map>
#include <memory>
#include <optional>

namespace bulkhead::actors {

struct EnforcementDeps {
  std::shared_ptr<const Clock> clock;
  std::shared_ptr<GatewaySender> sender;
  notifier_actor notifier;
  account_actor account;
};

struct EnforcementState {
  static inline const char* name = "enforcement";
  std::optional<Enforcer> enforcer;
  std::map<std::uint64_t, Enforcer::Send> in_flight; // by the Enforcer's tag
  std::map<std::uint64_t, BookRead::Part> reading;   // by our own tags, which start high
  std::optional<BookRead> book_read;
  std::uint64_t last_read_tag = std::uint64_t{1} << 63U;
  bool query_exists = true;
  std::size_t lane_width = 0;
  SelfTimer timer;
};

enforcement_actor::behavior_type enforcement(enforcement_actor::stateful_pointer<EnforcementState> self,
                                             model::AccountId account, EnforcementDeps deps);

} // namespace bulkhead::actors
