// What people are told of days before the account was watched.

#include "tests/support/engine.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

TEST(EarlierDays, ThatNothingIsKnownIsToldOnceNotAtEveryStart) {
  TestEngine engine({});
  engine.on(account().balance("50000"));
  ASSERT_EQ(engine.happen(HistoryRead{}).alerts.size(), 1u);
  EXPECT_EQ(engine.last.alerts[0].code, "history-unknown");
  engine.happen(Restarted{});
  engine.on(read(engine.now).has(account().balance("50000")));
  EXPECT_TRUE(engine.happen(HistoryRead{}).alerts.empty());
  PastDay day;
  day.day = trading_day("2026-07-13");
  ASSERT_EQ(engine.happen(HistoryRead{{day}, {}}).alerts.size(), 1u) << "the gateway can be asked again";
  EXPECT_EQ(engine.last.alerts[0].code, "history-rebuilt");
}

} // namespace
} // namespace bulkhead::testing
