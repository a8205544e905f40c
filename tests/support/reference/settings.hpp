#pragma once
// The settings of the rules as the naive reference knows them, already read; a rule that is absent is not
// there. Owned by one test.

#include "tests/support/reference/calendar.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace bulkhead::reference {

struct Rules {
  struct MaxContracts {
    int limit = 5;
    std::string count = "net";
    bool minis = false;
    bool reduce = false;
    bool whole = false;
    bool newest = false;
    bool lock = false;
  };
  struct PerInstrument {
    std::map<std::string, int> limits;
    std::optional<int> others = 0; // none: any size
    bool close = false;
    bool net = false;
    bool lock = false;
    bool family = false; // limits by family, in minis
  };
  struct DailyLoss {
    int limit = 500;
    bool net = true;
    bool with_open = false;
    bool lock = true;
    bool permanent = false;
  };
  /// RULE-004 and RULE-005.
  struct OpenProfit {
    std::string name;
    bool profit = false; // else loss
    bool total = false;
    int amount = 300;
    std::optional<int> arm; // breakeven: once this was reached, down to `offset`
    int offset = 0;
    bool all = false; // else the position alone
    bool lock = false;
    bool permanent = false;
    std::string how = "last";
    bool suspend = false;
    int blind_after = 60;
    bool flatten_blind = false;
  };
  struct Frequency {
    std::optional<int> minute, hour, session;
    int minute_pause = 60, hour_pause = 1800;
    std::optional<int> session_pause; // none: until the reset
    bool pauses = true;
    std::string unit = "order";
    bool close = false;
    bool extend = true;
  };
  struct LossPause {
    std::vector<std::pair<int, int>> tiers; // dollars, seconds
    std::string scope = "order";
    bool net = true;
    bool close = true;
    bool warn_only = false;
    bool ignore_enforced = false;
  };
  struct Stops {
    int grace = 30, regrace = 30;
    std::string action = "CLOSE_POSITION";
    bool full = true;
    bool stop_limits = true;
    std::optional<int> farthest;
    bool verify = true;
  };
  struct Sessions {
    std::optional<Hours> global;
    bool each = false; // hours by root
    std::map<std::string, Hours> by_root;
    bool close_at_end = true;
    bool lock = true;
    bool cancel_only = false;
  };
  struct MayTrade {
    bool restore = true;
  };
  struct SymbolBlocks {
    std::set<std::string> roots;
    bool family = false;
    bool close = true;
  };
  struct Manage {
    bool first_stop = false;
    int stop_ticks = 10;
    int delay_ms = 1500;
    std::optional<int> breakeven; // ticks
    int offset = 0;
    std::optional<int> trailing; // ticks
    int distance = 10;
    int step = 1;
    int interval_ms = 1000;
  };
  /// RULE-013, in dollars.
  struct DailyProfit {
    int target = 1000;
    bool with_open = false;
  };
  /// RULE-014, in dollars.
  struct MaxLoss {
    std::string mode = "eod_trailing"; // or intraday_trailing, static
    int start = 50'000;
    int loss = 2'000;
    std::optional<int> lock_at;
    std::optional<int> after_payout;
    std::optional<int> highest;
    int buffer = 0;
    bool permanent = true;
  };
  /// RULE-015, in dollars; the part of the best day in percent.
  struct Target {
    int start = 50'000;
    int target = 3'000;
    int share = 0; // 0: any
    bool lock = false;
  };
  /// RULE-016.
  struct Consistency {
    int share = 50;
    bool lock = false;
  };
  /// RULE-017: minis by the balance the day began with.
  struct Scaling {
    std::vector<std::pair<std::optional<int>, int>> tiers; // above so many dollars; minis
    bool at_or_above = false;
    bool reduce = false;
  };
  /// RULE-018, minutes of the day in Chicago.
  struct FlatBy {
    int time = 908, until = 1020;
    std::map<std::string, int> roots;
    int before_early = 5;
    bool cancel = true;
  };
  /// RULE-019.
  struct MinHold {
    int seconds = 10;
    int most = 0; // 0: tells only
    int pause = 900;
  };
  /// RULE-020.
  struct TradeRisk {
    std::optional<int> dollars = 200;
    std::optional<int> percent = {}; // of the room to the floor of RULE-014
    int fallback = 400;
    int grace = 2;
    std::string action = "reduce";
  };
  /// RULE-021.
  struct Streak {
    int losses = 3;
    std::optional<int> pause; // none: until the reset
    bool close = true;
    int scratch = 0;
    bool carry = false; // only a win ends a row, not the day
  };
  /// RULE-022.
  struct DailyTrades {
    std::optional<int> trips, orders;
  };
  /// RULE-023.
  struct News {
    struct Release {
      model::Instant at;
      std::set<std::string> families; // empty: all
      int before = 120, after = 300;
    };
    std::vector<Release> releases;
    std::optional<model::Instant> valid_until;
    bool flatten = false;
    bool cancel = true;
    bool block_missing = false;
  };
  /// RULE-024: one group, weights in tenths.
  struct Correlated {
    std::map<std::string, int> weights; // by family
    int limit = 4;                      // minis
    bool gross = false;
  };
  /// RULE-026.
  struct OrderLimits {
    std::optional<int> size, pending, working, working_each, collar;
  };
  bool strict = false;
  Holidays holidays;
  std::optional<DailyProfit> daily_profit;
  std::optional<MaxLoss> max_loss;
  std::optional<Target> profit_target;
  std::optional<Consistency> consistency;
  std::optional<Scaling> scaling;
  std::optional<FlatBy> flat_by;
  std::optional<MinHold> min_hold;
  std::optional<TradeRisk> trade_risk;
  std::optional<Streak> streak;
  std::optional<DailyTrades> daily_trades;
  std::optional<News> news;
  std::optional<Correlated> correlated;
  std::optional<OrderLimits> order_limits;
  std::optional<MaxContracts> max_contracts;
  std::optional<PerInstrument> per_instrument;
  std::optional<DailyLoss> daily_loss;
  std::vector<OpenProfit> open_profit;
  std::optional<Frequency> frequency;
  std::optional<LossPause> loss_pause;
  std::optional<Stops> stops;
  std::optional<Sessions> sessions;
  std::optional<MayTrade> may_trade;
  std::optional<SymbolBlocks> symbol_blocks;
  std::optional<Manage> manage;
};

} // namespace bulkhead::reference
