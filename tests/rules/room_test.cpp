// How far away limits are: dollars, ticks, contracts, time.

#include "rules/room.hpp"
#include "tests/support/engine.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using namespace std::chrono_literals;
using rules::Gauge;
using rules::room_of;

Gauge loss(const char* value, const char* limit) {
  return {Measure::money(usd(value)), Measure::money(usd(limit))};
}

TEST(Room, OfAContractLimitIsWhatItLeaves) {
  const AccountState state;
  EXPECT_EQ(to_string(room_of({Measure::contracts(3), Measure::contracts(5)}, state)), "2 contracts");
  EXPECT_EQ(room_of({Measure::contracts(7), Measure::contracts(5)}, state).contracts, Measure::contracts(0));
}

TEST(Room, OfALossIsDownAndOfAProfitUp) {
  const AccountState state;
  EXPECT_EQ(room_of(loss("-320", "-500"), state).dollars, usd("180"));
  EXPECT_EQ(room_of(loss("700", "1000"), state).dollars, usd("300"));
  EXPECT_EQ(room_of(loss("-600", "-500"), state).dollars, usd("0"));
}

TEST(Room, IsMeasuredInTicksOfWhatIsHeldAndInTime) {
  TestEngine engine({block("daily_realized_loss", {{"limit", "500"}, {"include_unrealized", "true"}})});
  engine.on(position(mnq()).long_(2).average("21000"));
  engine.on(quote(mnq()).last("21000"));
  engine.now += 60s;
  engine.on(quote(mnq()).last("20975"));
  const auto room = engine.engine().rule_status(engine.now).at(0).room;
  EXPECT_EQ(room.dollars, usd("400"));
  EXPECT_EQ(room.ticks, 400) << "a dollar a tick";
  // 0 and 25 points in two minutes are 12.5 a minute, $50: eight times that takes 64 minutes.
  EXPECT_EQ(room.time, 64min);
  EXPECT_EQ(to_string(room), "$400.00, 400 ticks, about 1h 04m");
}

TEST(Room, SaysNoTimeWhereItIsOverADayOrUnknown) {
  TestEngine engine({block("daily_realized_loss", {{"limit", "500"}, {"include_unrealized", "true"}})});
  engine.on(position(mnq()).long_(2).average("21000"));
  engine.on(quote(mnq()).last("21000"));
  EXPECT_FALSE(engine.engine().rule_status(engine.now).at(0).room.time);
  engine.now += 60s;
  engine.on(quote(mnq()).last("20999.75"));
  EXPECT_FALSE(engine.engine().rule_status(engine.now).at(0).room.time);
}

TestEngine warned_at(std::vector<Money> dollars, std::vector<Duration> lengths) {
  TestEngine engine({block("daily_realized_loss", {{"limit", "500"}, {"include_unrealized", "true"}})});
  auto rules = engine.engine().rules();
  rules.room = {std::move(dollars), std::move(lengths)};
  engine.engine().use_rules(std::make_shared<rules::RuleSet>(std::move(rules)));
  engine.on(position(mnq()).long_(2).average("21000"));
  engine.on(quote(mnq()).last("21000"));
  return engine;
}

std::vector<std::string> told(const Decision& decision) {
  std::vector<std::string> out;
  for (const auto& alert : decision.alerts)
    if (alert.code == "room-low") out.push_back(alert.text);
  return out;
}

TEST(Room, IsWarnedOfOncePerLevelAndOnlyByTheTightest) {
  auto engine = warned_at({usd("300"), usd("200"), usd("50")}, {});
  EXPECT_TRUE(told(engine.last).empty());
  engine.on(quote(mnq()).last("20949.75")); // $201 lost
  ASSERT_EQ(told(engine.last).size(), 1u);
  EXPECT_EQ(told(engine.last)[0].rfind("RULE-003 DailyRealizedLoss is $299.00, 299 ticks", 0), 0u)
      << told(engine.last)[0];
  engine.on(quote(mnq()).last("20949.50"));
  EXPECT_TRUE(told(engine.last).empty());
  engine.on(quote(mnq()).last("20880")); // $20 left: past two levels at once
  ASSERT_EQ(told(engine.last).size(), 1u);
  engine.on(quote(mnq()).last("20875")); // the limit itself
  EXPECT_TRUE(told(engine.last).empty()) << "a breach tells of itself";
  EXPECT_EQ(engine.last.breaches.size(), 1u);
}

TEST(Room, IsWarnedOfByTimeToo) {
  auto engine = warned_at({}, {90min, 30min});
  engine.now += 60s;
  engine.on(quote(mnq()).last("20975"));
  ASSERT_EQ(told(engine.last).size(), 1u);
  EXPECT_NE(told(engine.last)[0].find("about 1h 04m"), std::string::npos);
}

TEST(Room, IsNotWarnedOfUnlessAskedFor) {
  auto engine = warned_at({}, {});
  engine.on(quote(mnq()).last("20880"));
  EXPECT_TRUE(told(engine.last).empty());
}

} // namespace
} // namespace bulkhead::testing
