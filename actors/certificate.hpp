#pragma once
// The proof of one enforcement with its stamps, as people and the audit get it. Plain values: written by the
// Enforcer, read by whoever is told.

#include "actors/close_result.hpp"
#include "protocol/transport.hpp"

#include <optional>
#include <string>
#include <vector>

namespace bulkhead::actors {

using protocol::MonotonicNanos;

/// When the way of a breach through the process began and went on; 0 where it did not come from a frame.
struct BreachStamps {
  MonotonicNanos received = 0;
  MonotonicNanos decided = 0;
  MonotonicNanos journaled = 0;
};
/// One request of an enforcement.
struct RequestTrace {
  std::string what;   // "closeContract CON.F.US.MNQ.U26"
  std::string result; // "accepted", "code 2 PositionNotFound", ...
  MonotonicNanos written = 0;
  MonotonicNanos replied = 0;
};
/// The first live event that showed a contract at its target.
struct ZeroStamp {
  model::ContractId contract;
  MonotonicNanos received = 0;
};
/// Proof of one enforcement, from the frame to the read that showed it flat.
struct Certificate {
  model::AccountId account;
  std::string reason;
  std::vector<model::EnforcementIntent> done;
  BreachStamps stamps;
  std::vector<RequestTrace> requests; // the first 256
  std::size_t untold_requests = 0;    // beyond them
  std::vector<ZeroStamp> zeros;       // position events that showed a target reached
  std::size_t reads = 0;
  MonotonicNanos verified = 0;
  bool achieved = false;
  std::string detail; // what the proving read showed
  bool whole_account = false;
  BulkCloseResult closes;
  std::optional<model::Money> slipped; // between the mark at the decision and the fills; negative: lost
};

} // namespace bulkhead::actors
