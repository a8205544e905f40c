#pragma once
// The worker behind one account's enforcement: performs what the Enforcer asks for over the account's own
// warm lane and feeds the answers back. Knows nothing of other accounts, so their trouble cannot reach it.
// Ends with its account.

#include "actors/book_read.hpp"
#include "actors/enforcer.hpp"
#include "actors/gateway_sender.hpp"
#include "actors/interfaces.hpp"
#include "actors/self_timer.hpp"
#include "actors/stage_histogram.hpp"

#include <map>
#include <memory>
#include <optional>

namespace bulkhead::actors {

struct EnforcementDeps {
  std::shared_ptr<const Clock> clock;
  std::shared_ptr<GatewaySender> sender;
  notifier_actor notifier;
  account_actor account;
  MarketHours hours = MarketHours{};
  journal_actor journal = journal_actor{}; // keeps a note of each enforcement; none: nobody does
};

struct EnforcementState {
  static inline const char* name = "enforcement";
  std::optional<Enforcer> enforcer;
  std::map<std::uint64_t, Enforcer::Send> in_flight; // by the Enforcer's tag
  std::map<std::uint64_t, BookRead::Part> reading;   // by our own tags, which start high
  std::optional<BookRead> book_read;
  std::vector<BookRead::Part> unsent; // of the read under way, held back by the budget
  std::optional<model::Instant> ask_again_at;
  std::uint64_t last_read_tag = std::uint64_t{1} << 63U;
  model::Instant read_not_before;
  bool query_exists = true;
  std::size_t lane_width = 0;
  StageHistograms stages;
  EnforcementStatus told; // the account's last word from here
  SelfTimer timer;
};

enforcement_actor::behavior_type enforcement(enforcement_actor::stateful_pointer<EnforcementState> self,
                                             model::AccountId account, EnforcementDeps deps);

} // namespace bulkhead::actors
