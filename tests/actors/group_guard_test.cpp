// Groups of accounts in the real supervisor and all it spawns, before the simulated gateway, in virtual time.

#include "tests/support/house.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

const AccountId three{103};

RuleBlock loss_1500() {
  return block("group_limits",
               {{"enabled", "true"}, {"daily_loss_total", "1500"}, {"include_unrealized", "false"}});
}

class Grouped : public ::testing::Test {
public:
  Site site;
  std::optional<House> house;
  Grouped() {
    site.blocks = {max_5(), loss_1500(), block("cross_account_hedge", {{"enabled", "true"}})};
    site.accounts = {101, 102, 103};
    site.grouped = {101, 102, 103};
  }
  void start() {
    house.reset();
    house.emplace(site);
    EXPECT_TRUE(house->run_until([&] { return house->alerts(103, "ready") == 1; }, 10s));
    house->run_for(2s);
  }
  [[nodiscard]] bool flat(AccountId account) const { return site.venue.held(account, mnq()) == 0; }
  [[nodiscard]] std::string locked_by(std::int64_t account) {
    std::string sources;
    for (const auto& row : house->view(account).lockouts) sources += row.source;
    return sources;
  }
  void expect_all_locked() {
    for (const auto account : {101, 102, 103}) EXPECT_EQ(locked_by(account), "RULE-025") << account;
  }
};

TEST_F(Grouped, AllAreFlattenedAndLockedTogether) {
  start();
  for (const auto account : {one, two, three}) site.venue.hold(account, mnq(), 2);
  site.venue.lose(one, es(), "600");
  site.venue.lose(two, es(), "500");
  house->run_for(1s);
  EXPECT_FALSE(flat(one) || flat(two) || flat(three));
  const auto closes = site.venue.requests("/api/Position/closeContract");
  site.venue.lose(three, es(), "400");
  EXPECT_TRUE(house->run_until([&] { return flat(one) && flat(two) && flat(three); }, 50ms));
  house->run_for(1s);
  EXPECT_EQ(site.venue.requests("/api/Position/closeContract") - closes, 3U) << "one each";
  expect_all_locked();
  EXPECT_EQ(house->alerts(0, "group-loss"), 1U);
}

TEST_F(Grouped, AccountsWithoutTheGroupNeitherCountNorAreTouched) {
  site.grouped = {101, 102};
  start();
  site.venue.lose(three, es(), "5000");
  site.venue.lose(one, es(), "1400");
  house->run_for(1s);
  EXPECT_EQ(locked_by(101), "");
  site.venue.lose(two, es(), "100");
  house->run_for(1s);
  EXPECT_EQ(locked_by(101) + locked_by(102), "RULE-025RULE-025");
  EXPECT_EQ(locked_by(103), "");
}

TEST_F(Grouped, TheLockoutOutlivesTheDaemonAndIsNotOrderedTwice) {
  start();
  site.venue.lose(one, es(), "1500");
  house->run_for(1s);
  expect_all_locked();
  start();
  house->run_for(15s);
  expect_all_locked();
  EXPECT_FALSE(house->lockout_told(101)) << "it stands already";
  site.venue.hold(two, mnq(), 1);
  EXPECT_TRUE(house->run_until([&] { return flat(two); }, 50ms));
}

TEST_F(Grouped, ADyingMemberDelaysNobodyAndIsLockedWhenItIsBack) {
  site.deadly = [](const rules::RuleContext& context) {
    return context.state.id == one && std::holds_alternative<Fill>(context.event.payload);
  };
  start();
  site.venue.hold(two, mnq(), 2);
  house->run_for(1s);
  site.venue.hold(one, mnq(), 1); // its fill ends the account
  site.venue.lose(three, es(), "1500");
  EXPECT_TRUE(house->run_until([&] { return flat(two); }, 50ms));
  house->run_for(10s);
  EXPECT_GE(house->alerts(101, "account-died"), 1U);
  expect_all_locked();
  EXPECT_TRUE(flat(one));
}

TEST_F(Grouped, AnAccountsOwnBreachIsClosedAsFastAsWithoutAGroup) {
  start();
  site.venue.hold(two, mnq(), 6);
  EXPECT_TRUE(house->run_until([&] { return flat(two); }, 30ms)) << "one way each for event and close";
}

TEST_F(Grouped, AHedgeEndsAfterTheToleranceAndNotBefore) {
  start();
  site.venue.hold(one, es(), 5);
  house->run_for(5s);
  site.venue.hold(two, mes(), -5);
  house->run_for(1990ms);
  EXPECT_EQ(site.venue.held(two, mes()), -5);
  EXPECT_TRUE(house->run_until([&] { return site.venue.held(two, mes()) == 0; }, 100ms));
  EXPECT_EQ(site.venue.held(one, es()), 5);
  EXPECT_EQ(house->alerts(0, "cross-account-hedge"), 1U);
}

TEST_F(Grouped, NobodyIsCalledSilentWhileAllGoesWell) {
  start();
  house->run_for(60s);
  for (const auto account : {101, 102, 103}) EXPECT_EQ(house->alerts(account, "group-member-silent"), 0U);
}

TEST_F(Grouped, ACopierThatOpensAgainIsClosedEachTimeAndToldOf) {
  start();
  site.venue.lose(one, es(), "1500");
  house->run_for(1s);
  for (int n = 0; n < 3; ++n) {
    site.venue.hold(two, mnq(), 1);
    EXPECT_TRUE(house->run_until([&] { return flat(two); }, 50ms));
    house->run_for(5s);
  }
  EXPECT_EQ(house->alerts(102, "copier-fights"), 1U);
}

TEST_F(Grouped, ATighterLimitHoldsFromTheReloadOn) {
  start();
  site.venue.lose(one, es(), "1000");
  house->run_for(1s);
  site.blocks[1] = block("group_limits",
                         {{"enabled", "true"}, {"daily_loss_total", "900"}, {"include_unrealized", "false"}});
  house->reload();
  house->run_for(1s);
  expect_all_locked();
}

} // namespace
} // namespace bulkhead::testing
