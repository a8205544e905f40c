// What a dying account costs: itself a pause, the others nothing. The real supervisor and all it spawns,
// before the simulated gateway, in virtual time.

#include "tests/support/house.hpp"

#include "actors/last_resort.hpp"
#include "persistence/journal_reader.hpp"
#include "persistence/set_aside.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

const AccountId three{103};

bool is_of(const rules::RuleContext& context, AccountId account) { return context.state.id == account; }

/// The fills of this size end the account: alone, and in a read.
auto fills_of_size(AccountId account, std::int32_t size) {
  return [=](const rules::RuleContext& context) {
    const auto is_it = [&](const Fill& fill) { return fill.size == size; };
    if (!is_of(context, account)) return false;
    if (const auto* fill = std::get_if<Fill>(&context.event.payload)) return is_it(*fill);
    const auto* read = std::get_if<Reconciled>(&context.event.payload);
    return read != nullptr && std::any_of(read->fills.begin(), read->fills.end(), is_it);
  };
}
auto every_read(AccountId account) {
  return [=](const rules::RuleContext& context) {
    return is_of(context, account) && std::holds_alternative<Reconciled>(context.event.payload);
  };
}

class Supervised : public ::testing::Test {
public:
  Site site;
  std::optional<House> house;
  Supervised() { site.blocks = {max_5()}; }
  void start() {
    house.reset();
    house.emplace(site);
    EXPECT_TRUE(house->run_until([&] { return house->alerts(102, "ready") == 1; }, 10s));
    house->run_for(2s);
  }
  /// Six contracts, one too many, are closed, within `span`.
  void expect_protected(AccountId account, Duration span = 2s) {
    site.venue.hold(account, mnq(), 6);
    EXPECT_TRUE(house->run_until([&] { return site.venue.held(account, mnq()) == 0; }, span));
  }
  [[nodiscard]] std::vector<persistence::SetAside> set_aside(AccountId account) const {
    return persistence::list_set_aside(*site.disk, site.journal_of(account));
  }
  [[nodiscard]] std::vector<std::string> journal_notes(AccountId account) const {
    std::vector<std::string> notes;
    auto reader = persistence::JournalReader::open(*site.disk, site.journal_of(account), account);
    persistence::JournalRecord record;
    while (*reader->next(record)) {
      if (record.kind == persistence::RecordKind::note) notes.emplace_back(record.payload);
    }
    return notes;
  }
};

TEST_F(Supervised, StartsReadsAndProtectsEveryAccount) {
  start();
  expect_protected(one);
  expect_protected(two);
  EXPECT_EQ(house->alerts(101, "account-died") + house->alerts(102, "account-died"), 0U);
}

TEST_F(Supervised, AnEventThatKillsTwiceIsPutAsideAndProtectionGoesOnWithoutIt) {
  site.deadly = fills_of_size(one, 3);
  start();
  const auto reads = site.venue.requests("/api/Position/searchOpen");
  site.venue.hold(one, mnq(), 3);
  EXPECT_TRUE(house->run_until([&] { return house->alerts(101, "event-set-aside") == 1; }, 5s));
  house->run_for(5s);
  EXPECT_EQ(house->alerts(101, "account-died"), 1U);
  ASSERT_EQ(set_aside(one).size(), 1U);
  const auto file = site.journal_of(one) / persistence::set_aside_name(set_aside(one)[0].sequence);
  EXPECT_NE(house->text_of(101, "event-set-aside").find(file.string()), std::string::npos);
  ASSERT_EQ(journal_notes(one).size(), 1U);
  EXPECT_EQ(journal_notes(one)[0].rfind("set aside: record", 0), 0U);
  EXPECT_GT(site.venue.requests("/api/Position/searchOpen"), reads) << "the account is read anew";
  EXPECT_EQ(house->view(101).contracts, 3) << "the read tells of the position";
  site.venue.hold(one, mnq(), 7); // by a fill of four
  EXPECT_TRUE(house->run_until([&] { return site.venue.held(one, mnq()) == 0; }, 2s));
  EXPECT_EQ(house->alerts(101, "account-died"), 1U) << "the reads of the day hold the same fill";
}

TEST_F(Supervised, ThePoisonIsNotFoldedAgainAfterARestart) {
  site.deadly = fills_of_size(one, 3);
  start();
  site.venue.hold(one, mnq(), 3);
  house->run_for(5s);
  *site.store = {}; // only the journal is left: every record is folded again
  start();
  EXPECT_EQ(house->alerts(101, "event-set-aside"), 0U) << "it is known, and not news";
  EXPECT_EQ(house->alerts(101, "account-died"), 0U);
  EXPECT_EQ(set_aside(one).size(), 1U);
  expect_protected(one);
}

TEST_F(Supervised, NeighboursDoNotNoticeADyingAccount) {
  site.deadly = every_read(one);
  start();
  for (int n = 0; n < 5; ++n) {
    const auto began = house->now();
    expect_protected(two, 100ms);
    EXPECT_LE(house->now() - began, Duration{30ms}) << "one way each for event and close, and no more";
    house->run_for(1s);
  }
  EXPECT_EQ(house->alerts(102, "account-died"), 0U);
  EXPECT_GE(house->alerts(101, "account-died"), 5U);
}

TEST_F(Supervised, AnAccountThatKeepsDyingIsHandedToItsLastResort) {
  start();
  site.deadly = every_read(one);
  house.reset(); // the defect comes with the next release
  site.venue.hold(one, mnq(), 2);
  site.venue.place_stop(one, mnq(), Side::sell, 2, "15000");
  ASSERT_EQ(site.venue.working_orders(one), 1U);
  start();
  EXPECT_TRUE(house->run_until([&] { return house->alerts(101, "last-resort") >= 1; }, 60s));
  EXPECT_TRUE(house->run_until([&] { return site.venue.held(one, mnq()) == 0; }, 10s));
  house->run_for(1s);
  EXPECT_EQ(site.venue.working_orders(one), 0U);
  EXPECT_EQ(house->alerts(101, "account-died"), 6U);
  const auto view = house->view(101);
  EXPECT_TRUE(view.responding);
  EXPECT_FALSE(view.ready);
  EXPECT_TRUE(view.locked_out);
  EXPECT_EQ(view.alarm.rfind("LAST RESORT", 0), 0U);
  ASSERT_EQ(view.lockouts.size(), 1U);
  EXPECT_EQ(view.lockouts[0].source, to_string(actors::last_resort_source));
  EXPECT_TRUE(house->lockout_told(101));
}

TEST_F(Supervised, TheLastResortClosesWhateverIsOpenedAndGoesOnSayingSo) {
  site.deadly = every_read(one);
  start();
  EXPECT_TRUE(house->run_until([&] { return house->alerts(101, "last-resort") >= 1; }, 60s));
  for (int n = 0; n < 3; ++n) {
    site.venue.hold(one, mnq(), 1); // allowed by every rule
    EXPECT_TRUE(house->run_until([&] { return site.venue.held(one, mnq()) == 0; }, 5s));
    house->run_for(3s);
  }
  const auto said = house->alerts(101, "last-resort");
  house->run_for(10min);
  EXPECT_GE(house->alerts(101, "last-resort"), said + 9);
  EXPECT_EQ(house->alerts(101, "account-died"), 6U) << "it does not die";
  expect_protected(two);
}

TEST_F(Supervised, TheLockOfTheLastResortOutlivesTheDefect) {
  site.deadly = every_read(one);
  start();
  EXPECT_TRUE(house->run_until([&] { return house->alerts(101, "last-resort") >= 1; }, 60s));
  site.deadly = [](const auto&) { return false; };
  start();
  const auto view = house->view(101);
  EXPECT_TRUE(view.ready);
  EXPECT_TRUE(view.alarm.empty());
  ASSERT_EQ(view.lockouts.size(), 1U);
  EXPECT_EQ(view.lockouts[0].source, to_string(actors::last_resort_source));
  EXPECT_TRUE(view.lockouts[0].expires_at.empty());
  site.venue.hold(one, mnq(), 1);
  EXPECT_TRUE(house->run_until([&] { return site.venue.held(one, mnq()) == 0; }, 2s));
}

TEST_F(Supervised, DeathsFarApartAreForgiven) {
  site.deadly = [](const rules::RuleContext& context) {
    const auto* update = std::get_if<PositionUpdate>(&context.event.payload);
    return update != nullptr && is_of(context, one) && update->size == 3;
  };
  start();
  for (int n = 0; n < 8; ++n) {
    site.venue.hold(one, mnq(), 3);
    house->run_for(30s);
    site.venue.hold(one, mnq(), 0);
    house->run_for(30s);
  }
  EXPECT_EQ(house->alerts(101, "account-died"), 8U);
  EXPECT_EQ(house->alerts(101, "last-resort"), 0U);
  EXPECT_EQ(set_aside(one).size(), 8U);
  expect_protected(one);
}

} // namespace
} // namespace bulkhead::testing
