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

} // namespace
} // namespace bulkhead::testing
