#pragma once
// What an account tells the guard of its group: small, complete each time, and numbered, so that a late one
// never replaces a newer one and a lost one is no harm. Made by the account from its state after its own
// decisions. A plain value; pure functions, any thread.

#include "model/account_state.hpp"
#include "model/contract.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace bulkhead::rules {

/// Grows with every summary of an account, over its restarts too.
struct SummaryNumber {
  model::Instant life; // when this life of the account began
  std::uint64_t count = 0;
  friend auto operator<=>(const SummaryNumber&, const SummaryNumber&) = default;
};

struct GroupPosition {
  model::ContractId contract;
  model::Root root;
  model::Root family;
  std::int32_t quantity = 0; // signed
  bool direction_known = true;
  int weight_tenths = 10; // of one contract, in tenths of a mini
  model::Epoch epoch = 0;
  model::Instant opened_at;
  model::Instant increased_at;
  std::optional<model::Money> open_profit = std::nullopt; // none: cannot be valued now
};

/// An order that would raise exposure, were it filled.
struct GroupOrder {
  model::OrderId id;
  model::ContractId contract;
  model::Root family;
  bool buys = false;
};

/// A row of the account's lockouts: who laid it, and on what; no root: the whole account.
using LockedBy = std::pair<model::Source, std::optional<model::Root>>;

struct AccountSummary {
  model::AccountId account;
  SummaryNumber number;
  bool ready = false;    // read since its start, and connected
  model::Money realized; // net of the day
  model::Money open_at_reset;
  bool half_told =
      false; // of a trade its fill or its position is still to come: the result is not to be used
  model::Instant day_end;
  std::vector<GroupPosition> positions;
  std::vector<GroupOrder> orders;
  std::set<LockedBy> locked_by;
  std::uint64_t gate_closes = 0; // in this life: positions opened while locked, and closed for that
};

/// Everything but the number and the gate closes, which the account counts.
[[nodiscard]] AccountSummary summary_of(const model::AccountState& state, const model::RootTable& roots,
                                        model::Instant at);

} // namespace bulkhead::rules
