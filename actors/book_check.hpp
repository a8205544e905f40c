#pragma once
// What a complete read by REST shows that the account did not know: positions, orders and fills that live
// events never told of, and a balance that the day's fills do not explain (a payout, a fee, a reset by the
// firm). The read wins in any case; this is for people, who should know that events get lost, and why a
// figure jumped. Pure; owned by the account's actor. Remembers one balance.

#include "model/account_state.hpp"
#include "model/decision.hpp"

#include <optional>
#include <string>
#include <vector>

namespace bulkhead::actors {

/// One read compared with the book as it was before it.
struct BookDifferences {
  model::Instant read_at;         // when it was asked for
  std::vector<std::string> found; // one sentence each, at most 20
  [[nodiscard]] bool none() const noexcept { return found.empty(); }
};

/// Leaves out what changed after the read was asked for, and fills of the five seconds before, whose events
/// may still be on their way. `before`: without the read folded in.
[[nodiscard]] BookDifferences compare(const model::AccountState& before, const model::Reconciled& read);

/// Watches that the balance moves by the day's result and by nothing else.
class BalanceCheck {
public:
  /// After each complete read. An alert when balance and fills differ by more than a dollar twice in a row,
  /// by the same amount: once each. What a person has told of explains the difference that shows it, or has
  /// shown it before, and is no news. Starts anew with every trading day and every restart.
  [[nodiscard]] std::optional<model::Alert> look(const model::AccountState& after);

private:
  struct Mark {
    model::TradingDay day;
    model::Money balance_without_day; // balance less the day's result
    model::Money told;                // put in or taken out, that the balance shows
  };
  std::optional<Mark> mark_;
  model::Money suspected_; // difference seen at the last read
};

} // namespace bulkhead::actors
