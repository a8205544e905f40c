#pragma once
// The state of one account: a fold over its events. Only apply() changes the book; the RiskEngine alone
// changes lockouts and latches. Plain data with value semantics: it is copied into snapshots, written by the
// codec and compared in tests. Nothing here reads a clock.

#include "model/account_history.hpp"
#include "model/account_memory.hpp"
#include "model/day_ledger.hpp"
#include "model/event.hpp"
#include "model/lockout.hpp"
#include "model/recent_moves.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace bulkhead::model {

/// What is remembered of a contract after its position is gone: epochs never restart, and an old snapshot
/// must not bring a closed position back.
struct ContractRecord {
  Epoch epoch = 0;
  Instant last_event;
  friend bool operator==(const ContractRecord&, const ContractRecord&) = default;
};

struct LiveOrder {
  Order order;
  Instant seen_at;
  friend bool operator==(const LiveOrder&, const LiveOrder&) = default;
};

struct EndedOrder {
  Instant updated;  // the venue's stamp of the ending
  Instant ended_at; // when we learned of it
  friend bool operator==(const EndedOrder&, const EndedOrder&) = default;
};

/// An intent handed to enforcement and not yet seen fulfilled. While it stands, the same wish is not issued
/// again.
struct PendingIntent {
  IntentId id;
  Source source;
  Epoch epoch = 0;
  std::int32_t target = 0;
  std::uint32_t ordinal = 0;
  Instant issued_at;
  std::optional<Instant> retry_at; // set when enforcement reported failure: ask again from then on
  bool resume = false; // interrupted by a restart: goes on under the same id once the book is trusted
  friend bool operator==(const PendingIntent&, const PendingIntent&) = default;
};

/// A breach announced and not yet seen false again; subject is a contract id, or empty for the account.
using BreachKey = std::pair<Source, std::string>;
struct BreachLatch {
  Epoch epoch = 0;
  Instant since;
  Instant occasion = {};  // the latest occasion announced: a later one is a new breach
  bool only_told = false; // by a rule in dry_run, or while the account was out of enforcement
  bool locked = false;    // a lockout was laid for it
  friend bool operator==(const BreachLatch&, const BreachLatch&) = default;
};

/// Input that was refused or looked wrong; shown in status.
struct Irregularities {
  std::uint64_t refused_quotes = 0;
  std::uint64_t refused_positions = 0;
  std::uint64_t undefined_direction = 0;
  std::uint64_t rule_failures = 0;
  std::uint64_t refused_fills = 0;
  std::uint64_t odd_orders = 0;        // sizes that cannot be; kept, but cut to what can
  std::uint64_t off_grid_quotes = 0;   // used all the same
  std::uint64_t odd_averages = 0;      // entry prices that cannot be; the position is not valued by them
  std::uint64_t unknown_contracts = 0; // positions whose contract id has no known shape
  friend bool operator==(const Irregularities&, const Irregularities&) = default;
};

struct AccountState {
  AccountId id;
  Account account;
  std::map<ContractId, Position> positions; // open ones only
  std::map<ContractId, ContractRecord> contracts;
  std::map<OrderId, LiveOrder> orders;        // live ones only
  std::map<OrderId, EndedOrder> ended_orders; // 10 minutes, at most 4096: against late updates
  std::map<ContractId, TickSpec> ticks;
  std::map<ContractId, Quote> quotes; // of contracts held or ordered, others leave
  std::map<ContractId, PositionPeaks> peaks;
  DayLedger ledger;
  Money unrealized_at_reset;
  LockoutSet lockouts;
  std::map<BreachKey, BreachLatch> breaches;
  std::map<ContractId, PendingIntent> pending_closes;
  std::map<OrderId, PendingIntent> pending_cancels;
  std::map<std::pair<Source, ContractId>, std::uint32_t> ordinals; // last ordinal used
  std::set<std::string> told_today;                                // keys of once-a-day alerts
  bool reconciled = false;                                         // a complete read was applied since start
  bool connected = false;
  Instant trusted_from; // what was last seen before this is not acted upon
  Instant last_event;
  Irregularities irregular;
  std::map<MemoryKey, RuleMemory> memory;  // what rules asked to be told again
  std::map<Source, Instant> wakes;         // when a rule wants to look again, whatever happens
  std::map<Source, std::uint32_t> failing; // failures in a row
  std::vector<CloseSpan> closes; // the latest 512, those under way last; older ones count as the trader's
  std::map<ContractId, UnseenFills> unseen;
  std::optional<Money> peak_equity; // highest balance plus open profit while both were settled
  Instant book_changed_at;          // last change of a position, last fill
  Instant balance_changed_at;
  std::optional<Instant> complete_from; // when the first complete read since start was applied
  Instant can_trade_seen_at;            // last account row with the flag
  bool can_trade_missing = false;       // the last account row had no flag
  std::uint32_t missing_reads = 0;      // account lists in a row that did not name this account
  Instant read_at;                      // when the last complete read was asked for
  AccountHistory history;
  std::map<ContractId, RecentMoves> moves; // of the contracts in quotes
  bool disabled = false;                   // out of enforcement, see EnforcementSwitched
  friend bool operator==(const AccountState&, const AccountState&) = default;

  [[nodiscard]] std::int32_t quantity(const ContractId& contract) const;
  /// Seen since the start of this process, so safe to act upon.
  [[nodiscard]] bool trusted(Instant seen_at) const noexcept { return seen_at >= trusted_from; }
  /// The book is whole: it was read since the last start, or there was no start to recover from.
  [[nodiscard]] bool complete() const noexcept { return reconciled || trusted_from == Instant{}; }
  /// What will be held once position updates have caught up with the fills; never less than what is.
  [[nodiscard]] std::int32_t expected_quantity(const ContractId& contract, Instant at) const;
};

/// What an event did to the state.
enum class Applied {
  changed,   // rules must look
  unchanged, // a duplicate, or out of date
  refused,   // impossible data, counted in irregular
};

/// Folds one event into the book: positions with epochs, orders, fills, quotes, account flags. Lockout and
/// intent payloads are left to the RiskEngine.
Applied apply(AccountState& state, const Event& event);

/// Open profit of one position at its mark; none without tick data or quote.
[[nodiscard]] std::optional<Money> unrealized(const AccountState& state, const Position& position,
                                              PriceSource source = PriceSource::last);

struct UnrealizedTotal {
  Money sum;                // over the positions that can be valued
  std::size_t unvalued = 0; // positions without tick data or quote
};
[[nodiscard]] UnrealizedTotal unrealized_total(const AccountState& state,
                                               PriceSource source = PriceSource::last);

/// Balance plus open profit; none without a balance or with a position that cannot be valued.
[[nodiscard]] std::optional<Money> equity(const AccountState& state);
/// From when on balance and positions tell of the same trades: a close takes its profit out of the one before
/// it is in the other.
[[nodiscard]] Instant equity_settled_at(const AccountState& state);
/// Equity that no half-told trade distorts: by the balance once that has settled, else by the day's fills
/// when they and the positions tell of the same trades. None when it cannot be said now, as between a start
/// and the first read.
[[nodiscard]] std::optional<Money> sure_equity(const AccountState& state, Instant at);
/// Net of the day and the open profit since the reset, when fills and positions tell of the same trades.
[[nodiscard]] std::optional<Money> sure_day_result(const AccountState& state, Instant at);

} // namespace bulkhead::model
