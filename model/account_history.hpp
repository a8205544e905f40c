#pragma once
// What an account has behind it: trading days that are over, high-water marks, and the best of the present
// day. Firms measure drawdown and consistency by these. Plain data, part of the AccountState that holds it
// and changed only by apply().

#include "model/money.hpp"
#include "model/time.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace bulkhead::model {

/// One trading day that is over.
struct PastDay {
  TradingDay day;
  std::optional<Money> balance; // at its end; none until a read has told it
  Money net;                    // realized, after fees
  Money adjusted;               // put in or taken out, see BalanceAdjusted
  std::uint32_t fills = 0;
  friend bool operator==(const PastDay&, const PastDay&) = default;
};

/// The highest equity of times nobody watched, above the balance with which the present day began.
struct EquityHighs {
  std::optional<Money> earlier; // before the present day; none: nothing was held or closed
  std::optional<Money> today;
  bool whole = true; // false: it may have been higher
  friend bool operator==(const EquityHighs&, const EquityHighs&) = default;
};

/// What is known of the days before the account was watched.
enum class EarlierDays : std::uint8_t {
  unread,
  untold, // the gateway had nothing to tell, or could not be asked, and people know
  closed  // read, or of no account any more: the firm set it back
};

struct AccountHistory {
  static constexpr std::size_t days_kept = 260;

  std::vector<PastDay> days; // oldest first, the latest 260; days on which nothing happened are left out
  Money older_net;           // of days that are no longer listed, since period_start
  Money older_best;
  TradingDay period_start;           // earlier days do not count: the last payout was on this day
  std::uint32_t payouts = 0;         // since the account's start
  std::optional<Money> opening;      // the balance at the end of the day before
  bool opening_settled = false;      // false: the day began unobserved, the next read tells
  std::optional<Money> high_balance; // highest end-of-day balance
  std::optional<Money> high_equity;  // highest equity, open profit included; no withdrawal lowers it
  Money adjusted_today;              // put in or taken out, as far as the balance shows it
  Money high_realized_today;         // highest net of the day, 0 at least
  Money high_result_today;           // the same with the open profit since the reset
  std::optional<Money> base;         // balance less the day's net, when both last told of the same trades
  Money awaited;                     // told to be put in or taken out, and not in the balance yet
  TradingDay awaited_from;           // when that was told; after a week it is given up
  EarlierDays earlier = EarlierDays::unread;
  std::optional<Instant> unwatched_from; // since when highs may have been missed; none: no gap is open
  friend bool operator==(const AccountHistory&, const AccountHistory&) = default;
};

/// The finished days of the present period and today, as consistency rules count them.
struct PeriodProfit {
  Money others;     // net of the finished days
  Money best_other; // best of them, 0 at least
  Money today;
  int winning_days = 0; // finished days with at least `winning` net
  [[nodiscard]] Money total() const noexcept { return others + today; }
  [[nodiscard]] Money best() const noexcept { return today > best_other ? today : best_other; }
};
struct AccountState;
[[nodiscard]] PeriodProfit period_profit(const AccountState& state, Money winning = Money::dollars(150));

} // namespace bulkhead::model
