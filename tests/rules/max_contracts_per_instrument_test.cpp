// RULE-002: its edges. The rows of its table are tests/examples.

#include "tests/support/engine.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

TestEngine with(const Settings& limits, const Settings& settings = {}) {
  RuleBlock rule = block("max_contracts_per_instrument", settings);
  rule.settings.entries.emplace_back("limits", map_node("rules.max_contracts_per_instrument.limits", limits));
  return TestEngine({rule});
}
const Settings mnq_2_es_1 = {{"MNQ", "2"}, {"ES", "1"}};

TEST(MaxContractsPerInstrument, MatchesRootsExactlyAndWithoutCase) {
  auto engine = with({{"es", "1"}, {"MES", "5"}});
  EXPECT_EQ(asked(engine.on(position(mes()).long_(3))), "");
  EXPECT_EQ(asked(engine.on(position(es()).long_(2))), "reduce ES to 1");
}

TEST(MaxContractsPerInstrument, ALimitOfZeroAllowsNothing) {
  auto engine = with({{"MNQ", "0"}});
  EXPECT_EQ(asked(engine.on(position(mnq()).long_(1))), "close MNQ");
}

TEST(MaxContractsPerInstrument, FamiliesCountInMinis) {
  auto engine = with({{"ES", "2"}}, {{"family", "true"}});
  engine.on(position(es()).long_(1));
  EXPECT_EQ(asked(engine.on(position(mes()).long_(10))), "");
  EXPECT_EQ(asked(engine.on(position(mes()).long_(12))), "reduce MES to 10");
}

TEST(MaxContractsPerInstrument, LocksTheSymbolWhenAskedTo) {
  auto engine = with(mnq_2_es_1, {{"lockout_on_breach", "true"}, {"enforcement", "close_all"}});
  engine.on(position(es()).long_(1));
  const auto decision = engine.on(position(mnq()).long_(3));
  ASSERT_EQ(decision.lockouts_set.size(), 1U);
  EXPECT_EQ(decision.lockouts_set[0].symbol, Root{"MNQ"});
  engine.on(position(mnq()).flat());
  EXPECT_EQ(asked(engine.on(position(mnq()).long_(1))), "close MNQ"); // ES stays untouched
}

TEST(MaxContractsPerInstrument, TheLockoutOfAFamilyIsForAllOfIt) {
  auto engine =
      with({{"ES", "1"}}, {{"family", "true"}, {"lockout_on_breach", "true"}, {"enforcement", "close_all"}});
  const auto decision = engine.on(position(mes()).long_(11));
  ASSERT_EQ(decision.breaches.size(), 1U);
  ASSERT_EQ(decision.lockouts_set.size(), 2U);
  engine.on(position(mes()).flat());
  EXPECT_EQ(asked(engine.on(position(es()).long_(1))), "close ES");
  EXPECT_EQ(asked(engine.on(position(mes()).long_(1))), "close MES");
  EXPECT_EQ(asked(engine.on(position(mnq()).long_(1))), "close MNQ") << "not listed";
}

TEST(MaxContractsPerInstrument, ALockoutLeavesWhatTheReductionLeaves) {
  auto engine = with(mnq_2_es_1, {{"lockout_on_breach", "true"}});
  const auto decision = engine.on(position(mnq()).long_(3));
  EXPECT_EQ(asked(decision), "reduce MNQ to 2");
  ASSERT_EQ(decision.lockouts_set.size(), 1U);
  EXPECT_EQ(decision.lockouts_set[0].mode, LockoutMode::no_new_exposure);
  EXPECT_EQ(asked(engine.on(order(7).on(mnq()).buy(1).limit("20000"))), "cancel 7") << "nothing is closed";
  EXPECT_EQ(asked(engine.on(position(mnq()).long_(2))), "");
  engine.on(position(mnq()).long_(1));
  EXPECT_EQ(asked(engine.on(position(mnq()).long_(2))), "reduce MNQ to 1") << "locked, within the limit";
}

TEST(MaxContractsPerInstrument, TakesTheOlderFormOfOneLimitForAll) {
  TestEngine engine({block("max_contracts_per_instrument", {{"limit", "2"}, {"close_contract", "true"}})});
  EXPECT_FALSE(has_errors(engine.problems));
  EXPECT_EQ(asked(engine.on(position(rty()).long_(2))), "");
  EXPECT_EQ(asked(engine.on(position(mnq()).long_(3))), "close MNQ");
}

TEST(MaxContractsPerInstrument, RefusesMissingLimitsAndBadUnknownActions) {
  EXPECT_TRUE(has_errors(TestEngine({block("max_contracts_per_instrument", {})}).problems));
  EXPECT_TRUE(has_errors(with(mnq_2_es_1, {{"unknown_symbol_action", "allow_with_limit:0"}}).problems));
  EXPECT_FALSE(has_errors(with(mnq_2_es_1, {{"unknown_symbol_action", "allow_with_limit:1000"}}).problems));
  EXPECT_TRUE(has_errors(with(mnq_2_es_1, {{"unknown_symbol_action", "allow_with_limit:1001"}}).problems));
  EXPECT_TRUE(has_errors(with({{"MNQ", "-1"}}).problems));
}

} // namespace
} // namespace bulkhead::testing
