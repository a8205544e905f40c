// The machine goes down with the daemon: what the first read shows decides whether the account starts locked.

#include "tests/support/house.hpp"

#include "actors/account_trust.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using persistence::LastRun;

class PowerLoss : public ::testing::Test {
public:
  Site site;
  std::optional<House> house;
  PowerLoss() {
    site.blocks = {max_5()};
    EXPECT_EQ(site.begin_run("boot-1"), LastRun::none);
    start();
    site.venue.hold(one, mnq(), 2);
    house->run_for(10s); // stored
  }
  void start() {
    house.emplace(site);
    EXPECT_TRUE(house->run_until([&] { return house->alerts(102, "ready") == 1; }, 10s));
    house->run_for(2s);
  }
  void expect_unlocked() {
    EXPECT_FALSE(house->view(101).locked_out);
    EXPECT_FALSE(house->view(102).locked_out);
  }
  void expect_locked() {
    const auto view = house->view(101);
    ASSERT_EQ(view.lockouts.size(), 1U);
    EXPECT_EQ(view.lockouts[0].source, to_string(actors::lost_records_source));
    EXPECT_EQ(view.lockouts[0].mode, "no_new_exposure");
    EXPECT_TRUE(view.lockouts[0].expires_at.empty());
  }
};

TEST_F(PowerLoss, WithEverythingExplainedIsToldAndNoMore) {
  house.reset();
  EXPECT_EQ(site.begin_run("boot-2"), LastRun::rebooted);
  start();
  EXPECT_EQ(house->alerts(101, "power-loss"), 1U);
  expect_unlocked();
  EXPECT_EQ(site.venue.held(one, mnq()), 2);
}

TEST_F(PowerLoss, WithFillsNobodyKnowsOfLocksAgainstNewExposureAndLetsStayWhatIsThere) {
  house.reset();
  site.venue.hold(one, mnq(), 3);
  EXPECT_EQ(site.begin_run("boot-2"), LastRun::rebooted);
  start();
  EXPECT_EQ(house->alerts(101, "power-loss-unexplained"), 1U);
  expect_locked();
  EXPECT_EQ(site.venue.held(one, mnq()), 3) << "what the first read shows may stay";
  EXPECT_EQ(house->alerts(102, "power-loss"), 1U) << "the other account is explained";
  EXPECT_FALSE(house->view(102).locked_out);
  site.venue.hold(one, mnq(), 4);
  EXPECT_TRUE(house->run_until([&] { return site.venue.held(one, mnq()) == 3; }, 5s));
}

TEST_F(PowerLoss, WithARoundTripNobodyKnowsOfLocksThoughThePositionsAgree) {
  house.reset();
  site.venue.hold(one, mnq(), 0);
  site.venue.hold(one, mnq(), 2);
  EXPECT_EQ(site.begin_run("boot-2"), LastRun::rebooted);
  start();
  expect_locked();
}

TEST_F(PowerLoss, ADoubtOutlivesAStartThatEndedBeforeTheFirstRead) {
  house.reset();
  site.venue.hold(one, mnq(), 3);
  EXPECT_EQ(site.begin_run("boot-2"), LastRun::rebooted);
  house.emplace(site);
  house->run_for(5ms);
  house.reset();
  EXPECT_EQ(site.begin_run("boot-2"), LastRun::killed);
  start();
  expect_locked();
}

TEST_F(PowerLoss, TheLockHoldsUntilAnAdminClearsIt) {
  house.reset();
  site.venue.hold(one, mnq(), 3);
  (void)site.begin_run("boot-2");
  start();
  house->run_for(std::chrono::hours{30}); // a reset lies in between
  expect_locked();
  house.reset();
  (void)site.begin_run("boot-2");
  start();
  expect_locked();
  EXPECT_EQ(house->alerts(101, "power-loss-unexplained"), 0U) << "looked at once";
}

TEST_F(PowerLoss, AKillWithoutARebootIsNone) {
  house.reset();
  site.venue.hold(one, mnq(), 3);
  EXPECT_EQ(site.begin_run("boot-1"), LastRun::killed);
  start();
  expect_unlocked();
  EXPECT_EQ(house->alerts(101, "power-loss") + house->alerts(101, "power-loss-unexplained"), 0U);
}

TEST_F(PowerLoss, ARebootAfterAnOrderlyShutdownIsNone) {
  house->stop();
  house.reset();
  site.venue.hold(one, mnq(), 3);
  EXPECT_EQ(site.begin_run("boot-2"), LastRun::clean);
  start();
  expect_unlocked();
}

TEST_F(PowerLoss, AnAccountThatWasNeverSeenBeforeIsNotDoubted) {
  house.reset();
  (void)site.begin_run("boot-2");
  site.venue.hold(AccountId{103}, mnq(), 1);
  site.accounts.push_back(103);
  start();
  EXPECT_FALSE(house->view(103).locked_out);
}

TEST_F(PowerLoss, WithoutStoreAndJournalTheAccountStartsLocked) {
  house.reset();
  site.store->fail_with(Error{Errc::io, "no such disk"});
  start();
  EXPECT_EQ(house->alerts(101, "records-lost"), 1U);
  expect_locked();
  EXPECT_EQ(site.venue.held(one, mnq()), 2);
  site.venue.hold(one, mnq(), 3);
  EXPECT_TRUE(house->run_until([&] { return site.venue.held(one, mnq()) == 2; }, 5s));
}

} // namespace
} // namespace bulkhead::testing
