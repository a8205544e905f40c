#pragma once
// Everything that can happen to an account, in one variant. The same events in the same order give the same
// decisions live, after a crash and in a replay; so time is a field here, and whatever a decision depends on
// arrives as an event.

#include "model/account.hpp"
#include "model/account_history.hpp"
#include "model/contract.hpp"
#include "model/fill.hpp"
#include "model/intent.hpp"
#include "model/lockout.hpp"
#include "model/order.hpp"
#include "model/position.hpp"
#include "model/quote.hpp"

#include <optional>
#include <string_view>
#include <variant>
#include <vector>

namespace bulkhead::model {

/// Tick data of a contract became known.
struct ContractLearned {
  Contract contract;
  friend bool operator==(const ContractLearned&, const ContractLearned&) = default;
};

/// A complete read of the account by REST: the truth at `requested_at`. What live events said after that
/// stays.
struct Reconciled {
  Instant requested_at;
  std::optional<Account> account;
  std::vector<PositionUpdate> positions; // every open one
  std::vector<Order> orders;             // every live one
  bool suspended_included = false;       // the read could see suspended bracket children (v2/query)
  std::vector<Fill> fills;               // since the start of the trading day
  friend bool operator==(const Reconciled&, const Reconciled&) = default;
};

/// A new trading day began. Carries its own bounds, so that applying it needs no calendar.
struct DailyReset {
  TradingDay day;
  Instant start;
  Instant end; // start of the next day
  friend bool operator==(const DailyReset&, const DailyReset&) = default;
};

struct ConnectionLost {
  friend bool operator==(const ConnectionLost&, const ConnectionLost&) = default;
};
struct ConnectionRestored {
  friend bool operator==(const ConnectionRestored&, const ConnectionRestored&) = default;
};
/// The rules were exchanged; every one is evaluated once.
struct ConfigReloaded {
  friend bool operator==(const ConfigReloaded&, const ConfigReloaded&) = default;
};
/// A deadline asked for by wake_at came.
struct TimeReached {
  friend bool operator==(const TimeReached&, const TimeReached&) = default;
};

/// A person, or the guard of a group of accounts, locked the account, or a part of it.
struct LockoutOrdered {
  Lockout lockout;
  friend bool operator==(const LockoutOrdered&, const LockoutOrdered&) = default;
};
/// A person lifted the lockouts of one source.
struct LockoutLifted {
  Source source;
  friend bool operator==(const LockoutLifted&, const LockoutLifted&) = default;
};
/// A person, or the guard of a group of accounts, asked for the account to be flat, once; or for a part of
/// it.
struct FlattenOrdered {
  std::string reason;
  std::optional<ContractId> contract = {}; // only this contract's position and orders
  std::optional<OrderId> order = {};       // only this order, no position
  bool only_orders = false;                // positions stay
  Source source = Source::manual();        // who asks
  std::optional<Epoch> epoch = {};         // of `contract`: nothing is done once that position is another
  friend bool operator==(const FlattenOrdered&, const FlattenOrdered&) = default;
};

/// Enforcement tells how an intent ended.
struct IntentReported {
  IntentId intent;
  IntentOutcome outcome = IntentOutcome::achieved;
  std::string detail;
  friend bool operator==(const IntentReported&, const IntentReported&) = default;
};

/// The process started again on stored state: nothing of the book is trusted until it is seen anew, and
/// intents that were under way are carried on under their own ids.
struct Restarted {
  friend bool operator==(const Restarted&, const Restarted&) = default;
};

/// The gateway's list of accounts does not name this one.
struct AccountMissing {
  friend bool operator==(const AccountMissing&, const AccountMissing&) = default;
};

/// How an AutomationRequest ended.
struct AutomationReported {
  IntentId request;
  bool done = false;            // false: refused by the gateway, or not sent
  std::optional<OrderId> order; // of a placed stop
  std::string detail;
  friend bool operator==(const AutomationReported&, const AutomationReported&) = default;
};

/// A person tells why the balance changes without a trade, before it shows or after.
struct BalanceAdjusted {
  enum class Kind : std::uint8_t {
    payout,     // money was taken out: the next period begins, no mark of a drawdown falls
    correction, // the firm put in or took out `amount`
    restart     // the firm set the account back to its start: all history ends
  };
  Kind kind = Kind::payout;
  Money amount; // of a payout a positive figure, of a correction a signed one
  friend bool operator==(const BalanceAdjusted&, const BalanceAdjusted&) = default;
};

/// A person took the account out of enforcement, or put it back: without it everything is watched and told,
/// and nothing is closed, cancelled, placed or locked.
struct EnforcementSwitched {
  bool on = true;
  std::string reason;
  friend bool operator==(const EnforcementSwitched&, const EnforcementSwitched&) = default;
};

/// "a payout of 1500.00", as people read it.
[[nodiscard]] std::string to_string(const BalanceAdjusted& change);

/// What the gateway still knows of the days before this one, and of times nobody watched; without the
/// balances, which follow from the day's opening.
struct HistoryRead {
  std::vector<PastDay> days;        // oldest first
  std::optional<EquityHighs> highs; // where they were asked for
  friend bool operator==(const HistoryRead&, const HistoryRead&) = default;
};

using Payload =
    std::variant<Account, PositionUpdate, Order, Fill, QuoteUpdate, ContractLearned, Reconciled, DailyReset,
                 ConnectionLost, ConnectionRestored, ConfigReloaded, TimeReached, LockoutOrdered,
                 LockoutLifted, FlattenOrdered, IntentReported, Restarted, AccountMissing, AutomationReported,
                 BalanceAdjusted, EnforcementSwitched, HistoryRead>;

struct Event {
  Instant at; // trusted time of arrival
  std::int64_t received =
      0; // steady-clock nanoseconds of the frame, for measuring only; 0 for internal events
  Payload payload;
};

/// Bits to name sets of event kinds; the bit number is the variant index.
using EventMask = std::uint32_t;
template <class T>
[[nodiscard]] constexpr EventMask mask_of() {
  constexpr auto index = []<class... Ts>(std::variant<Ts...>*) {
    std::size_t i = 0;
    (void)((std::is_same_v<T, Ts> ? true : (++i, false)) || ...);
    return i;
  }(static_cast<Payload*>(nullptr));
  static_assert(index < std::variant_size_v<Payload>);
  return EventMask{1} << index;
}
template <class... Ts>
[[nodiscard]] constexpr EventMask events() {
  return (mask_of<Ts>() | ...);
}
[[nodiscard]] inline EventMask mask_of(const Event& event) { return EventMask{1} << event.payload.index(); }

/// "position", "fill", "daily_reset", ...: stable, used in logs and in replay output.
[[nodiscard]] std::string_view kind_name(const Event& event) noexcept;

} // namespace bulkhead::model
