#pragma once
// Round trips from flat to flat, out of the fills of this and the previous days: what rules that speak of
// "trades" stand on. Pure functions over AccountState.

#include "model/account_state.hpp"

#include <optional>
#include <vector>

namespace bulkhead::model {

struct RoundTrip {
  ContractId contract;
  FillId first;      // the fill that began it, which names it
  Instant opened_at; // first and last fill
  Instant closed_at; // of one that is still open: its last fill so far
  bool closed = false;
  Money net;                    // of all of its fills, costs included
  std::optional<Duration> held; // volume-weighted exit less entry; none when the entry is not among the fills
};

/// In order of closing, those still open last. A fill that turns a position ends one trip and begins the
/// next; all it earned and cost belongs to the one it ends. A close whose entry is not among the fills is a
/// trip of its own.
[[nodiscard]] std::vector<RoundTrip> round_trips(const AccountState& state);

} // namespace bulkhead::model
