// What status says of an account beside its figures.

#include "actors/account.hpp"
#include "tests/support/engine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;

actors::AccountView shown(TestEngine& engine) { return actors::view_of(engine.engine(), "desk", engine.now); }

TEST(AccountView, WarnsOfALimitThatIsNear) {
  TestEngine engine({block("daily_realized_loss", {{"limit", "500"}})});
  engine.on(fill(1).sell(1).pnl("-345"));
  EXPECT_TRUE(shown(engine).warnings.empty());
  engine.on(fill(2).sell(1).pnl("-5"));
  EXPECT_THAT(shown(engine).warnings, ElementsAre("RULE-003 is at 70% of its limit"));
}

TEST(AccountView, WarnsOfASessionThatEndsSoonUntilItHas) {
  const auto hours =
      map_node("hours", {{"start", "09:30"}, {"end", "16:00"}, {"timezone", "America/New_York"}});
  TestEngine engine(
      {with(block("session_block_outside", {{"respect_holidays", "false"}}), "global_session", hours)});
  engine.now = instant("2026-07-15T19:50:00Z");
  engine.on(position(mnq()).long_(1));
  EXPECT_THAT(shown(engine).warnings, ElementsAre("the session of the account ends at 2026-07-15T20:00:00Z"));
  engine.now = instant("2026-07-15T20:00:00Z");
  EXPECT_TRUE(shown(engine).warnings.empty());
}

TEST(AccountView, CountsWhatWasRefused) {
  TestEngine engine({});
  engine.on(position(mnq()).long_(1).average("21000"));
  for (int i = 0; i < 3; ++i) engine.on(quote(mnq()).last("0"));
  EXPECT_THAT(shown(engine).warnings, Contains("refused quotes: 3"));
}

TEST(AccountView, ShowsWhatTheConfigurationForbids) {
  auto rule = with(block("symbol_blocks", {}), "blocked_symbols", list_node("blocked_symbols", {"ep"}));
  TestEngine engine({rule});
  const auto view = shown(engine);
  ASSERT_EQ(view.lockouts.size(), 1u);
  EXPECT_EQ(view.lockouts[0].source, "RULE-011");
  EXPECT_EQ(view.lockouts[0].scope, "symbol:ES");
  EXPECT_EQ(view.lockouts[0].kind, "configured");
  EXPECT_FALSE(view.locked_out) << "the rest may be traded";
}

} // namespace
} // namespace bulkhead::testing
