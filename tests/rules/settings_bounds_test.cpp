// The least and the most each number of a rule may be: both are taken, and what lies beyond them is refused
// with the key's name.

#include "tests/support/engine.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

struct Bounds {
  const char* rule;
  const char* key; // "section.key" inside a section
  std::int64_t least, most;
  friend std::ostream& operator<<(std::ostream& out, const Bounds& b) {
    return out << b.rule << '.' << b.key;
  }
};

/// What is wrong with that key, if it has this value.
std::string complaint(const Bounds& bounds, const std::string& value) {
  const std::string key = bounds.key, rule = bounds.rule;
  const auto point = key.find('.');
  RuleBlock one = block(rule, {{"enabled", "true"}});
  if (point == std::string::npos)
    one.settings.entries.emplace_back(key, scalar("rules." + rule + "." + key, value));
  else
    one = with(one, key.substr(0, point),
               map_node("rules." + rule + "." + key.substr(0, point), {{key.substr(point + 1), value}}));
  for (const auto& problem : TestEngine({one}).problems)
    if (problem.path == "rules." + rule + "." + key) return problem.message;
  return "";
}

class SettingsBounds : public ::testing::TestWithParam<Bounds> {};

TEST_P(SettingsBounds, AreTakenAndNothingBeyondThem) {
  const auto& bounds = GetParam();
  EXPECT_EQ(complaint(bounds, std::to_string(bounds.least)), "");
  EXPECT_EQ(complaint(bounds, std::to_string(bounds.most)), "");
  EXPECT_NE(complaint(bounds, std::to_string(bounds.least - 1)), "");
  EXPECT_NE(complaint(bounds, std::to_string(bounds.most + 1)), "");
}

INSTANTIATE_TEST_SUITE_P(
    Rows, SettingsBounds,
    ::testing::Values(
        Bounds{"auth_loss_guard", "verify_interval_seconds", 10, 3600},
        Bounds{"consecutive_losses", "losses", 1, 100}, Bounds{"consistency", "winning_days", 0, 100},
        Bounds{"cross_account_hedge", "tolerance_ms", 0, 600'000},
        Bounds{"drawdown", "warning_seconds", 0, 3600}, Bounds{"drawdown", "max_drawdown_pct", 1, 100},
        Bounds{"flat_by", "minutes_before_early_close", 0, 120},
        Bounds{"market", "max_spread_ticks", 1, 10'000}, Bounds{"market", "spread_persist_seconds", 0, 600},
        Bounds{"market", "warning_seconds", 0, 3600},
        Bounds{"market", "min_liquidity_volume_lots", 0, 1'000'000},
        Bounds{"max_contracts", "limit", 1, 1000},
        Bounds{"max_contracts_per_instrument", "default_limit", 1, 1000},
        Bounds{"max_daily_trades", "max_round_trips", 1, 1000},
        Bounds{"max_daily_trades", "max_orders", 1, 10'000},
        Bounds{"max_trade_risk", "percent_of_room", 1, 100},
        Bounds{"max_trade_risk", "fallback_ticks", 1, 1'000'000},
        Bounds{"max_trade_risk", "grace_seconds", 0, 3600}, Bounds{"min_hold", "min_hold_seconds", 1, 3600},
        Bounds{"min_hold", "min_trades_percent", 0, 100}, Bounds{"min_hold", "min_profit_percent", 0, 100},
        Bounds{"min_hold", "max_violations", 0, 1000}, Bounds{"min_hold", "cooldown_seconds", 1, 86'400},
        Bounds{"news_blackout", "before_seconds", 1, 86'400},
        Bounds{"no_stop_loss_grace", "grace_period_seconds", 1, 3600},
        Bounds{"no_stop_loss_grace", "regrace_seconds", 1, 3600},
        Bounds{"no_stop_loss_grace", "max_stop_distance_ticks", 1, 100'000},
        Bounds{"daily_unrealized_loss", "max_quote_age_seconds", 1, 600},
        Bounds{"daily_unrealized_loss", "blind_after_seconds", 5, 3600},
        Bounds{"order_limits", "max_working_orders", 1, 10'000},
        Bounds{"order_limits", "max_working_orders_per_contract", 1, 10'000},
        Bounds{"profit_target", "max_share", 0, 1}, Bounds{"trade_management", "stop_loss_ticks", 1, 10'000},
        Bounds{"trade_management", "auto_stop_delay_ms", 0, 60'000},
        Bounds{"trade_management", "min_modify_interval_ms", 250, 60'000},
        Bounds{"trade_management", "auto_breakeven.profit_trigger_ticks", 1, 10'000},
        Bounds{"trade_management", "auto_breakeven.offset_ticks", 0, 9},
        Bounds{"trade_management", "trailing_stop.activation_ticks", 1, 10'000},
        Bounds{"trade_management", "trailing_stop.trail_distance_ticks", 1, 10'000},
        Bounds{"trade_management", "trailing_stop.update_frequency", 1, 10'000},
        Bounds{"trade_frequency_limit", "limits.per_minute", 1, 1000},
        Bounds{"trade_frequency_limit", "limits.per_hour", 1, 1000},
        Bounds{"trade_frequency_limit", "limits.per_session", 1, 10'000},
        Bounds{"trade_frequency_limit", "max_trades", 1, 10'000},
        Bounds{"trade_frequency_limit", "time_window_minutes", 1, 1440}));

} // namespace
} // namespace bulkhead::testing
