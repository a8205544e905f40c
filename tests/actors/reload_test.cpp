// A new configuration for a daemon that runs: tighter at once, looser after the reset, accounts that come and
// go, on the real supervisor before the simulated gateway.

#include "tests/support/house.hpp"

#include "persistence/journal_reader.hpp"

#include <fstream>
#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

RuleBlock at_most(const char* limit) {
  return block("max_contracts", {{"limit", limit}, {"unit", "contracts"}, {"close_all", "true"}});
}

class Reloading : public ::testing::Test {
public:
  Site site;
  std::optional<House> house;
  Reloading() { site.blocks = {at_most("5")}; }
  void start() {
    house.emplace(site);
    EXPECT_TRUE(house->run_until([&] { return house->alerts(102, "ready") == 1; }, 10s));
    house->run_for(2s);
  }
  void reload_with(const char* limit) {
    site.blocks = {at_most(limit)};
    house->reload();
  }
  void restart_with(const char* limit) {
    site.blocks = {at_most(limit)};
    house.reset(); // as by kill -9
    start();
  }
  void hold(AccountId account, std::int32_t quantity) {
    site.venue.hold(account, mnq(), quantity);
    house->run_for(3s);
  }
  [[nodiscard]] std::int32_t held(AccountId account) const { return site.venue.held(account, mnq()); }
  [[nodiscard]] bool noted(AccountId account, std::string_view text) const {
    auto reader = persistence::JournalReader::open(*site.disk, site.journal_of(account), account);
    persistence::JournalRecord record;
    while (*reader->next(record)) {
      if (record.kind == persistence::RecordKind::note && record.payload.find(text) != std::string::npos)
        return true;
    }
    return false;
  }
};

TEST_F(Reloading, TighterHoldsAtOnceForWhatIsOpen) {
  start();
  hold(one, 3);
  reload_with("2");
  house->run_for(2s);
  EXPECT_EQ(held(one), 0);
  EXPECT_EQ(house->alerts(101, "config-held-back"), 0U);
}

TEST_F(Reloading, LooserWaitsForTheResetWherePositionsAreOpenAndHoldsElsewhereAtOnce) {
  start();
  hold(one, 3);
  reload_with("9");
  EXPECT_EQ(house->alerts(101, "config-held-back"), 1U);
  EXPECT_EQ(house->alerts(102, "config-held-back"), 0U);
  hold(one, 6);
  EXPECT_EQ(held(one), 0) << "the old limit";
  hold(two, 6);
  EXPECT_EQ(held(two), 6) << "the new one";
  hold(one, 6);
  EXPECT_EQ(held(one), 0) << "closing everything does not end the wait";
  house->run_until([&] { return house->now() > instant("2026-07-15T22:00:01Z"); }, 10h);
  hold(one, 6);
  EXPECT_EQ(held(one), 6);
}

TEST_F(Reloading, EveryChangeIsToldAndJournaledWithOldAndNew) {
  start();
  reload_with("9");
  EXPECT_EQ(house->text_of(0, "config-changed"), "rules.max_contracts.limit: 5 -> 9 (looser)");
  house->run_for(1s);
  EXPECT_TRUE(noted(one, "config: rules.max_contracts.limit: 5 -> 9 (looser)"));
  EXPECT_TRUE(noted(two, "config: rules.max_contracts.limit: 5 -> 9 (looser)"));
}

TEST_F(Reloading, SeveralReloadsInARowLoosenNothingEither) {
  start();
  hold(one, 3);
  reload_with("9");
  reload_with("9");
  reload_with("10");
  hold(one, 6);
  EXPECT_EQ(held(one), 0);
}

TEST_F(Reloading, LooserHoldsAtOnceWhereTheConfigurationAllowedItBefore) {
  site.deny_loosening = false;
  start();
  hold(one, 3);
  reload_with("9");
  hold(one, 6);
  EXPECT_EQ(held(one), 6);
}

TEST_F(Reloading, TheReloadThatAllowsLooseningDoesNotProfitFromIt) {
  start();
  hold(one, 3);
  site.deny_loosening = false;
  reload_with("9");
  hold(one, 6);
  EXPECT_EQ(held(one), 0);
}

TEST_F(Reloading, AnAddedAccountIsProtectedAndTheOthersKeepTheirStream) {
  start();
  const auto sockets = site.venue.core.hubs().count(simulator::HubKind::user);
  const auto logins = site.venue.requests("/api/Auth/loginKey");
  site.accounts.push_back(103);
  house->reload();
  EXPECT_TRUE(house->run_until([&] { return house->alerts(103, "ready") == 1; }, 5s));
  hold(AccountId{103}, 6);
  EXPECT_EQ(held(AccountId{103}), 0);
  EXPECT_EQ(site.venue.core.hubs().count(simulator::HubKind::user), sockets);
  EXPECT_EQ(site.venue.requests("/api/Auth/loginKey"), logins);
  EXPECT_EQ(house->alerts(0, "stream-lost"), 0U);
  EXPECT_EQ(house->alerts(101, "ready"), 1U);
}

TEST_F(Reloading, AnAddedAccountOfAnotherUserGetsItsOwnConnection) {
  start();
  site.accounts.push_back(201);
  house->reload();
  EXPECT_TRUE(house->run_until([&] { return house->alerts(201, "ready") == 1; }, 5s));
  hold(AccountId{201}, 6);
  EXPECT_EQ(held(AccountId{201}), 0);
  EXPECT_EQ(site.venue.core.hubs().count(simulator::HubKind::user), 2U);
}

TEST_F(Reloading, ARemovedAccountStaysProtectedUntilTheNextStart) {
  start();
  site.accounts = {102};
  house->reload();
  EXPECT_EQ(house->text_of(0, "config-changed"), "accounts.101: enforced -> (none) (with the next start)");
  hold(one, 6);
  EXPECT_EQ(held(one), 0);
}

TEST_F(Reloading, ARestartLoosensNoMoreThanAReload) {
  start();
  hold(one, 3);
  restart_with("9");
  EXPECT_EQ(house->alerts(101, "config-held-back"), 1U);
  EXPECT_EQ(house->alerts(102, "config-held-back"), 0U);
  EXPECT_EQ(house->text_of(0, "config-changed"), "rules.max_contracts.limit: 5 -> 9 (looser)");
  hold(one, 6);
  EXPECT_EQ(held(one), 0) << "the old limit";
  hold(two, 6);
  EXPECT_EQ(held(two), 6) << "flat when it was started: the new one";
  house->run_until([&] { return house->now() > instant("2026-07-15T22:00:01Z"); }, 10h);
  hold(one, 6);
  EXPECT_EQ(held(one), 6);
}

TEST_F(Reloading, SeveralRestartsInARowLoosenNothingEither) {
  start();
  hold(one, 3);
  restart_with("9");
  restart_with("9");
  hold(one, 6);
  EXPECT_EQ(held(one), 0);
}

TEST_F(Reloading, ARestartAfterTheResetTakesTheFileAsItStands) {
  start();
  hold(one, 3);
  house.reset();
  site.venue.now = instant("2026-07-15T22:10:00Z");
  restart_with("9");
  hold(one, 6);
  EXPECT_EQ(held(one), 6);
}

TEST_F(Reloading, RulesThatWereNotKeptAreToldAndTheFilesHold) {
  start();
  house.reset();
  std::ofstream(site.data->path() / "rules_in_force.json") << "{\"version\": 1";
  start();
  EXPECT_EQ(house->alerts(0, "rules-not-kept"), 1U);
  hold(one, 6);
  EXPECT_EQ(held(one), 0);
}

TEST_F(Reloading, AnAccountThatDiesMeanwhileStillWaitsForTheReset) {
  site.deadly = [](const rules::RuleContext& context) {
    const auto* update = std::get_if<PositionUpdate>(&context.event.payload);
    return update != nullptr && update->size == 4;
  };
  start();
  hold(one, 3);
  reload_with("9");
  hold(one, 4);
  EXPECT_EQ(house->alerts(101, "account-died"), 1U);
  EXPECT_EQ(held(one), 4);
  hold(one, 6);
  EXPECT_EQ(held(one), 0);
}

} // namespace
} // namespace bulkhead::testing
