// Settings that are refused: each names its key and says what it should be.

#include "tests/cli/config_test_files.hpp"

namespace bulkhead::cli {
namespace {

struct Bad {
  const char* rule;
  const char* complaint;
};

class BadSettings : public ::testing::TestWithParam<Bad> {};

TEST_P(BadSettings, AreNamed) {
  const auto problems = problems_of_rules(std::string("rules:\n  ") + GetParam().rule + "\n");
  EXPECT_NE(problems.find(GetParam().complaint), std::string::npos) << GetParam().rule << "\n" << problems;
}

constexpr Bad rows[] = {
    {"cooldown_after_loss: { loss_thresholds: 5 }", "must be a list of { loss_amount, cooldown_duration }"},
    {"cooldown_after_loss: { loss_thresholds: [] }", "must be a list of { loss_amount, cooldown_duration }"},
    {"cooldown_after_loss: { loss_thresholds: [{ loss_amount: -100 }] }",
     "must have loss_amount and cooldown_duration"},
    {"cooldown_after_loss: { loss_thresholds: [{ cooldown_duration: 60 }] }",
     "must have loss_amount and cooldown_duration"},
    {"cooldown_after_loss: { loss_thresholds: [{ loss_amount: -1, cooldown_duration: 60, los_amount: 3 }] }",
     "unknown key (did you mean 'loss_amount'?)"},
    {"cooldown_after_loss: { loss_thresholds: [{ loss_amount: -9, cooldown_duration: 60 }, { loss_amount: "
     "-9, "
     "cooldown_duration: 90 }] }",
     "names one loss twice"},
    {"cooldown_after_loss: { loss_thresholds: [{ loss_amount: -9, cooldown_duration: 60 }, { loss_amount: "
     "-99, cooldown_duration: 60 }] }",
     "a larger loss must have a longer cooldown"},
    {"cooldown_after_loss: { loss_thresholds: [{ loss_amount: -9, cooldown_duration: soon }] }",
     "must be whole seconds or a duration such as 30s"},
    {"cooldown_after_loss: { close_positions: true }", "loss_thresholds: is missing"},
    {"scaling_plan: { enabled: true, tiers: [] }", "tiers"},
    {"scaling_plan: { enabled: true, tiers: 3 }", "tiers"},
    {"scaling_plan: { enabled: true, tiers: [{ above: 5 }] }", "must have a limit, in minis"},
    {"scaling_plan: { enabled: true, tiers: [{ limit: 3, abov: 5 }] }",
     "unknown key (did you mean 'above'?)"},
    {"scaling_plan: { enabled: true, tiers: [{ above: 50000, limit: 3 }] }", "the first tier has no 'above'"},
    {"scaling_plan: { enabled: true, tiers: [{ limit: 3 }, { limit: 4 }] }", "each other one a larger"},
    {"scaling_plan: { enabled: true, tiers: [{ limit: 3 }, { above: 5, limit: 4 }, { above: 5, limit: 5 }] }",
     "each other one a larger"},
    {"session_block_outside: { allowed_hours: { start: \"09:00\", end: \"16:00\", days: [someday] } }",
     "days"},
    {"session_block_outside: { allowed_hours: { start: \"09:00\", end: \"16:00\", days: [] } }",
     "must name at least one day"},
    {"session_block_outside: { allowed_hours: { start: \"09:00\", end: \"09:00\" } }",
     "must differ from start"},
    {"session_block_outside: { allowed_hours: { start: \"Mon 09:00\", end: \"16:00\" } }",
     "either both start and end name a weekday or none does"},
    {"session_block_outside: { allowed_hours: { start: \"09:00\", end: \"16:00\", daily_break: [\"10:00\"] } "
     "}",
     "must be two times"},
    {"session_block_outside: { allowed_hours: { start: \"09:00\", end: \"16:00\", daily_break: [\"10:00\", "
     "\"10:00\"] } }",
     "must be two times"},
    {"session_block_outside: { allowed_hours: { start: \"09:00\", end: \"16:00\", daily_break: [a, b] } }",
     "must be two times"},
    {"session_block_outside: { allowed_hours: { start: \"09:00\", end: \"16:00\", days: [[Mon]] } }",
     "must be a text"},
    {"session_block_outside: { allowed_hours: { start: \"09:00\", end: \"16:00\", timezone: Mars/Base } }",
     "must be an IANA time zone"},
    {"flat_by: { enabled: true, time: \"25:00\" }", "must be a time of day such as \"15:00\""},
    {"flat_by: { enabled: true, time: \"15:00\", warn_minutes: soon }", "must be a list of whole numbers"},
    {"flat_by: { enabled: true, time: \"15:00\", warn_minutes: [a] }", "warn_minutes"},
    {"symbol_blocks: { blocked_symbols: RTY }", "must be a list"},
    {"cross_account_hedge: { enabled: true, correlated: { index: [ES] } }", "must list two roots or more"},
    {"group_limits: { enabled: true, daily_loss_total: 500, ratios: { \"101\": 2 } }",
     "means nothing without a leader"},
    {"group_limits: { enabled: true, leader: 101, ratios: { first: 2 } }",
     "must stand under the number of an account"},
    {"group_limits: { enabled: true }", "must state daily_loss_total"},
    {"group_limits: { enabled: true, daily_loss_total: 500, leader: 0 }", "leader = 0: must be within 1.."},
    {"max_unrealized_profit: { mode: breakeven, breakeven_arm_profit: 50, breakeven_offset: 60 }",
     "must be below breakeven_arm_profit"},
    {"max_unrealized_profit: { mode: breakeven, scope: total }",
     "breakeven looks at each position by itself"},
    {"max_loss_limit: { enabled: true, max_loss: 2000 }", "start_balance: is missing"},
    {"max_loss_limit: { enabled: true, start_balance: 50000, max_loss: 2000, safety_buffer: 2000 }",
     "must be smaller than max_loss"},
    {"daily_realized_loss: { limit: 500, mode: trailing, pnl_basis: gross }",
     "must be net when the mode is trailing"},
    {"daily_realized_loss: { limit: many }", "limit"},
    {"max_contracts_per_instrument: { limits: { MNQ: 2 }, unknown_symbol_action: \"allow_with_limit:0\" }",
     "unknown_symbol_action"},
    {"max_contracts_per_instrument: { limits: { MNQ: 2 }, unknown_symbol_action: \"allow_with_limit:x\" }",
     "unknown_symbol_action"},
    {"max_contracts_per_instrument: { limits: { MNQ: -1 } }", "MNQ"},
    {"max_contracts: { limit: 2, limt: 3 }", "unknown key (did you mean 'limit'?)"},
    {"max_contracts: 5", "max_contracts"},
    {"correlated_exposure: { enabled: true }", "groups"},
    {"correlated_exposure: { enabled: true, groups: { index: { weights: { ES: 1 } } } }", "limit"},
    {"correlated_exposure: { enabled: true, groups: { index: { limit: 9, weights: { ES: 101 } } } }",
     "ES = 101: must be a number within 0..100"},
    {"daily_unrealized_loss: { limit: 500, warn_at: [0] }", "must be within 1..99"},
    {"daily_unrealized_loss: { limit: 500, warn_at: [100] }", "must be within 1..99"},
    {"max_unrealized_profit: { mode: breakeven, profit_target: 0 }", "profit_target = 0: must be"},
    {"max_unrealized_profit: { mode: breakeven, limit: 0 }", "limit = 0: must be"},
    {"max_unrealized_profit: { mode: breakeven, target: 0 }", "target = 0: must be"},
    {"trade_frequency_limit: { limits: { per_minute: 0 } }", "per_minute"},
    {"min_hold: { enabled: true, min_hold_seconds: -1 }", "min_hold_seconds"},
    {"consistency: { enabled: true, max_share: 3 }", "max_share"},
    {"news_blackout: { enabled: true, before_minutes: x }", "news_blackout"},
};
INSTANTIATE_TEST_SUITE_P(Rows, BadSettings, ::testing::ValuesIn(rows));

TEST(BadGuards, AreNamedToo) {
  const auto told = [](const std::string& guard) {
    return problems_of_rules("rules:\n  max_contracts: { limit: 5 }\nguards:\n  " + guard + "\n");
  };
  EXPECT_NE(told("market: { price_gap_alert_pct: 0 }").find("must be positive"), std::string::npos);
  EXPECT_NE(told("market: { bid_ask_spread_max_pct: 0 }").find("must be positive"), std::string::npos);
  EXPECT_EQ(told("market: { price_gap_alert_pct: 0.0001 }"), "");
  EXPECT_EQ(told("market: { warning_seconds: 3600 }"), "");
  EXPECT_NE(told("market: { warning_seconds: 3601 }"), "");
  EXPECT_NE(told("drawdown: { max_drawdown_pct: 0 }").find("must be positive and not below"),
            std::string::npos);
  EXPECT_NE(told("drawdown: { max_drawdown_pct: 2, warning_threshold_pct: 3 }").find("not below"),
            std::string::npos);
}

TEST(BadSettings, WhatIsAsFarAwayAsNearIsNotSuggested) {
  const auto told = [](const std::string& key) {
    return problems_of_rules("rules:\n  max_contracts: { limit: 2, " + key + ": contracts }\n");
  };
  EXPECT_NE(told("unix").find("did you mean 'unit'?"), std::string::npos);
  EXPECT_EQ(told("unxx").find("did you mean"), std::string::npos) << "half of it is wrong";
}

} // namespace
} // namespace bulkhead::cli
