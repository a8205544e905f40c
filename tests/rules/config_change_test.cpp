#include "rules/config_change.hpp"
#include "tests/support/engine.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using rules::ConfigChange;

Config with_rules(std::vector<RuleBlock> blocks) {
  Config config;
  config.rules = std::move(blocks);
  return config;
}
std::vector<std::string> told(const Config& before, const Config& after) {
  std::vector<std::string> lines;
  for (const auto& change : rules::changes(before, after)) lines.push_back(to_string(change));
  return lines;
}
using Lines = std::vector<std::string>;
Config contracts(const Settings& settings) { return with_rules({block("max_contracts", settings)}); }
/// The value that holds at once when `after` comes while positions are open.
std::string held(const Config& before, const Config& after, const std::string& key) {
  const auto merged = rules::without_loosening(before, after);
  const auto* node = merged.rules.at(0).settings.find(key);
  return node == nullptr ? "" : node->scalar;
}

TEST(ConfigChange, ALimitThatComesNearerIsTighterAndOneThatGoesAwayLooser) {
  const auto five = contracts({{"limit", "5"}});
  const auto nine = contracts({{"limit", "9"}});
  EXPECT_EQ(told(five, nine), Lines{"rules.max_contracts.limit: 5 -> 9 (looser)"});
  EXPECT_EQ(told(nine, five), Lines{"rules.max_contracts.limit: 9 -> 5 (tighter)"});
  EXPECT_EQ(held(five, nine, "limit"), "5");
  EXPECT_EQ(held(nine, five, "limit"), "5");
  EXPECT_EQ(told(five, five), Lines{});
}

TEST(ConfigChange, TheSignOfALossDoesNotMatter) {
  const auto loss = [](const char* limit) {
    return with_rules({block("daily_realized_loss", {{"limit", limit}})});
  };
  EXPECT_EQ(held(loss("-500"), loss("-900"), "limit"), "-500");
  EXPECT_EQ(held(loss("-500"), loss("400"), "limit"), "400");
}

TEST(ConfigChange, ALongerPauseIsTighter) {
  const auto pause = [](const char* seconds) { return contracts({{"cooldown_seconds", seconds}}); };
  EXPECT_EQ(held(pause("300"), pause("600"), "cooldown_seconds"), "600");
  EXPECT_EQ(held(pause("300"), pause("60"), "cooldown_seconds"), "300");
}

TEST(ConfigChange, SwitchesHaveATightSide) {
  const auto of = [](const char* enabled, const char* dry) {
    return contracts({{"enabled", enabled}, {"dry_run", dry}});
  };
  EXPECT_EQ(held(of("true", "false"), of("false", "false"), "enabled"), "true");
  EXPECT_EQ(held(of("false", "false"), of("true", "false"), "enabled"), "true");
  EXPECT_EQ(held(of("true", "false"), of("true", "true"), "dry_run"), "false");
  EXPECT_EQ(held(of("true", "true"), of("true", "false"), "dry_run"), "false");
}

TEST(ConfigChange, AWordIsTightForItsKeyAlone) {
  const auto of = [](const char* value) { return contracts({{"limit", "5"}, {"some_key", value}}); };
  EXPECT_EQ(told(of("allow"), of("block")), Lines{"rules.max_contracts.some_key: allow -> block (looser)"});
}

TEST(ConfigChange, TheFlagsOfTheWholeProgramHaveATightSide) {
  Config lax;
  Config strict;
  strict.global.strict_mode = true;
  ASSERT_EQ(told(lax, strict).size(), 1u);
  EXPECT_NE(told(lax, strict).at(0).find("(tighter)"), std::string::npos) << told(lax, strict).at(0);
  EXPECT_NE(told(strict, lax).at(0).find("(looser)"), std::string::npos) << told(strict, lax).at(0);
}

TEST(ConfigChange, MixedChangesTightenAtOnceAndLoosenLater) {
  const auto before = contracts({{"limit", "5"}, {"cooldown_seconds", "300"}});
  const auto after = contracts({{"limit", "3"}, {"cooldown_seconds", "60"}});
  EXPECT_EQ(held(before, after, "limit"), "3");
  EXPECT_EQ(held(before, after, "cooldown_seconds"), "300");
}

TEST(ConfigChange, WhatNobodyKnowsTheDirectionOfCountsAsLooser) {
  const auto before = contracts({{"unit", "contracts"}});
  const auto after = contracts({{"unit", "minis"}});
  EXPECT_EQ(told(before, after), Lines{"rules.max_contracts.unit: contracts -> minis (looser)"});
  EXPECT_EQ(held(before, after, "unit"), "contracts");
}

TEST(ConfigChange, AKeyThatComesOrGoesCountsAsLooser) {
  const auto with_it = contracts({{"limit", "5"}, {"count_type", "net"}});
  const auto without = contracts({{"limit", "5"}});
  EXPECT_EQ(told(with_it, without), Lines{"rules.max_contracts.count_type: net -> (none) (looser)"});
  EXPECT_EQ(held(with_it, without, "count_type"), "net");
  EXPECT_EQ(held(without, with_it, "count_type"), "");
}

TEST(ConfigChange, ARuleThatIsAddedHoldsAtOnceAndOneThatIsRemovedStays) {
  const auto one = with_rules({block("max_contracts", {{"limit", "5"}})});
  const auto two = with_rules(
      {block("max_contracts", {{"limit", "5"}}), block("daily_realized_loss", {{"limit", "500"}})});
  EXPECT_EQ(rules::without_loosening(one, two).rules.size(), 2U);
  EXPECT_EQ(rules::without_loosening(two, one).rules.size(), 2U);
  EXPECT_EQ(told(two, one), Lines{"rules.daily_realized_loss: {limit: 500} -> (none) (looser)"});
}

TEST(ConfigChange, LimitsByInstrumentAreLimits) {
  const auto limits = [](const char* es) {
    auto rule = block("max_contracts_per_instrument", {});
    return with_rules(
        {with(rule, "limits", map_node("rules.max_contracts_per_instrument.limits", {{"ES", es}}))});
  };
  EXPECT_EQ(told(limits("2"), limits("1")),
            Lines{"rules.max_contracts_per_instrument.limits.ES: 2 -> 1 (tighter)"});
  EXPECT_EQ(told(limits("2"), limits("3")),
            Lines{"rules.max_contracts_per_instrument.limits.ES: 2 -> 3 (looser)"});
}

struct Direction {
  const char* rule;
  const char* key;
  const char* loose;
  const char* tight;
};
void PrintTo(const Direction& row, std::ostream* out) { *out << row.rule << "." << row.key; }
class Directions : public ::testing::TestWithParam<Direction> {};

TEST_P(Directions, TheTighterValueHoldsWhicheverWayItChanges) {
  const auto& row = GetParam();
  const auto of = [&](const char* value) { return with_rules({block(row.rule, {{row.key, value}})}); };
  EXPECT_EQ(held(of(row.loose), of(row.tight), row.key), row.tight);
  EXPECT_EQ(held(of(row.tight), of(row.loose), row.key), row.tight);
}

INSTANTIATE_TEST_SUITE_P(
    FirmRules, Directions,
    ::testing::Values(Direction{"daily_realized_profit", "target", "1500", "1000"},
                      Direction{"max_loss_limit", "max_loss", "2500", "2000"},
                      Direction{"max_loss_limit", "safety_buffer", "50", "100"},
                      Direction{"max_loss_limit", "lock_at", "50000", "50100"},
                      Direction{"max_loss_limit", "lockout_until", "daily_reset", "permanent"},
                      Direction{"profit_target", "action", "notify", "lockout_permanent"},
                      Direction{"consistency", "max_share", "0.5", "0.4"},
                      Direction{"consistency", "action", "warn", "lockout_at_cap"},
                      Direction{"scaling_plan", "action", "reduce_to_limit", "close_all"},
                      Direction{"flat_by", "minutes_before_early_close", "5", "10"},
                      Direction{"flat_by", "cancel_orders", "false", "true"},
                      Direction{"min_hold", "min_hold_seconds", "5", "10"},
                      Direction{"min_hold", "max_violations", "3", "2"},
                      Direction{"max_trade_risk", "percent_of_room", "20", "10"},
                      Direction{"max_trade_risk", "action", "warn", "close"},
                      Direction{"consecutive_losses", "losses", "4", "3"},
                      Direction{"consecutive_losses", "action", "cooldown", "lockout"},
                      Direction{"max_daily_trades", "max_round_trips", "10", "5"},
                      Direction{"max_daily_trades", "max_orders", "50", "20"},
                      Direction{"news_blackout", "before_seconds", "60", "120"},
                      Direction{"news_blackout", "min_impact", "high", "low"},
                      Direction{"news_blackout", "on_missing", "allow", "block"},
                      Direction{"correlated_exposure", "limit", "6", "4"},
                      Direction{"correlated_exposure", "count", "net", "gross"},
                      Direction{"order_limits", "max_order_size", "5", "3"},
                      Direction{"order_limits", "max_working_orders", "20", "10"},
                      Direction{"order_limits", "price_collar_ticks", "40", "20"}),
    [](const auto& row) { return std::string(row.param.rule) + "_" + row.param.key; });

TEST(ConfigChange, LimitsOfOrdersByInstrumentAreLimits) {
  const auto of = [](const char* es) {
    return with_rules({with(block("order_limits", {}), "max_order_size",
                            map_node("rules.order_limits.max_order_size", {{"ES", es}}))});
  };
  EXPECT_EQ(told(of("5"), of("3")), Lines{"rules.order_limits.max_order_size.ES: 5 -> 3 (tighter)"});
  EXPECT_EQ(told(of("3"), of("5")), Lines{"rules.order_limits.max_order_size.ES: 3 -> 5 (looser)"});
}

TEST(ConfigChange, SecretsAreNotShown) {
  Config before;
  AccountConfig account;
  account.id = AccountId{1};
  account.api_key = Secret{"first"};
  before.accounts = {account};
  auto after = before;
  after.accounts[0].api_key = Secret{"second"};
  EXPECT_EQ(told(before, after), Lines{"accounts.1: as started -> changed (with the next start)"});
}

TEST(ConfigChange, OnlyAStartMovesTheResetOrRemovesAnAccount) {
  Config before;
  AccountConfig account;
  account.id = AccountId{1};
  before.accounts = {account};
  Config after;
  after.reset = *ResetSchedule::make(TimeOfDay{18 * 60}, "America/New_York");
  const auto now = rules::without_restart(before, after);
  EXPECT_EQ(now.reset, before.reset);
  EXPECT_EQ(now.accounts.size(), 1U);
  EXPECT_EQ(told(before, after), (Lines{"accounts.1: enforced -> (none) (with the next start)",
                                        "daily_reset: 17:00 America/Chicago -> 18:00 America/New_York (with "
                                        "the next start)"}));
}

ConfigNode list_of(const std::vector<std::string>& texts) {
  ConfigNode list;
  list.kind = ConfigNode::Kind::list;
  for (const auto& text : texts) {
    ConfigNode item;
    item.kind = ConfigNode::Kind::scalar, item.scalar = text;
    list.items.push_back(item);
  }
  return list;
}

TEST(ConfigChange, ListsAndEmptyValuesAreShownAsTheyStand) {
  auto before = with_rules({block("symbol_blocks", {})}), after = before;
  before.rules[0].settings.entries = {{"blocked_symbols", list_of({"RTY", "CL"})}};
  after.rules[0].settings.entries = {{"blocked_symbols", list_of({"RTY"})}, {"note", ConfigNode{}}};
  EXPECT_EQ(told(before, after), (Lines{"rules.symbol_blocks.blocked_symbols: [RTY, CL] -> [RTY] (looser)",
                                        "rules.symbol_blocks.note: (none) -> null (looser)"}));
}

TEST(ConfigChange, WhateverAnAccountIsStartedWithWaitsForTheNextStart) {
  AccountConfig account;
  account.id = AccountId{1};
  Config before;
  before.accounts = {account};
  const auto changed = [&](auto change) {
    auto after = before;
    change(after.accounts[0]);
    return told(before, after);
  };
  const Lines restart{"accounts.1: as started -> changed (with the next start)"};
  EXPECT_EQ(changed([](auto& a) { a.username = "other"; }), restart);
  EXPECT_EQ(changed([](auto& a) { a.nickname = "other"; }), restart);
  EXPECT_EQ(changed([](auto& a) { a.group = "other"; }), restart);
  EXPECT_EQ(changed([](auto& a) { a.api.base_url = "https://other.example.com"; }), restart);
  EXPECT_EQ(changed([](auto& a) { a.enabled = false; }), restart);
  before.accounts[0].enabled = false;
  EXPECT_EQ(changed([](auto& a) { a.enabled = true; }), Lines{"accounts.1: (none) -> enabled (tighter)"});
}

TEST(ConfigChange, AProfileThatIsGoneHoldsOnWhilePositionsAreOpen) {
  Config before;
  before.profiles.emplace_back().name = "small";
  before.accounts.emplace_back().profile = "small";
  auto after = before;
  after.profiles.clear();
  after.accounts[0].profile = {};
  const auto held = rules::without_loosening(before, after);
  ASSERT_EQ(held.profiles.size(), 1U);
  EXPECT_EQ(held.accounts[0].profile, before.accounts[0].profile);
}

} // namespace
} // namespace bulkhead::testing
