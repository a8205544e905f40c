// Deadlines and daily resets of the running daemon, killed and started again before, across and after each
// instant.

#include "tests/support/house.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

/// A day's loss locks until the reset of the row; what is expected is when that reset comes.
struct Row {
  const char* name;
  const char* time;
  const char* zone;
  const char* begin;
  const char* reset;
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

class ResetInstants : public ::testing::TestWithParam<Row> {
public:
  Site site{GetParam().begin};
  std::optional<House> house;
  Instant at = instant(GetParam().reset);

  ResetInstants() {
    site.accounts = {101};
    site.blocks = {block("daily_realized_loss", {{"limit", "500"}})};
    site.reset = *ResetSchedule::make(time_of_day(GetParam().time), GetParam().zone);
    start();
    site.venue.lose(one, mnq(), "600");
    EXPECT_TRUE(house->run_until([&] { return house->lockout_told(101); }, 5s));
  }
  void start() {
    house.reset(); // as by kill -9
    house.emplace(site);
    EXPECT_TRUE(house->run_until([&] { return house->alerts(101, "ready") == 1; }, 10s));
  }
  void run_to(Instant when) {
    house->run_until([&] { return house->now() >= when; }, when - house->now());
  }
  /// While nobody runs.
  void sleep_to(Instant when) {
    house.reset();
    site.venue.now = when;
  }
  [[nodiscard]] std::size_t days_ended() const { return site.store->list_days(one, 10)->size(); }
  void expect_new_day() {
    house->run_for(10s);
    EXPECT_FALSE(house->view(101).locked_out);
    EXPECT_EQ(house->view(101).realized_net_micros, 0);
    EXPECT_EQ(days_ended(), 1U);
    EXPECT_EQ(house->view(101).next_reset, format_instant(site.reset->next_after(at)));
  }
};

TEST_P(ResetInstants, ComesAtItsInstantAndNoEarlier) {
  run_to(at - 1s);
  EXPECT_TRUE(house->view(101).locked_out);
  run_to(at + 1s);
  expect_new_day();
}

TEST_P(ResetInstants, ComesAfterARestartJustBeforeIt) {
  run_to(at - 10s);
  start();
  EXPECT_TRUE(house->view(101).locked_out);
  EXPECT_EQ(days_ended(), 0U);
  run_to(at + 1s);
  expect_new_day();
}

TEST_P(ResetInstants, ComesOnceWhenTheDaemonWasDownAcrossIt) {
  run_to(at - 10min);
  sleep_to(at + 10min);
  start();
  expect_new_day();
}

TEST_P(ResetInstants, DoesNotComeAgainAfterARestartJustAfterIt) {
  run_to(at + 10s);
  start();
  EXPECT_EQ(std::count_if(house->told.begin(), house->told.end(),
                          [](const auto& activity) {
                            const auto* decision = std::get_if<Decision>(&activity.what);
                            return decision != nullptr && !decision->lockouts_cleared.empty();
                          }),
            0);
  expect_new_day();
}

INSTANTIATE_TEST_SUITE_P(
    Table, ResetInstants,
    ::testing::Values(
        Row{"spring", "17:00", "America/Chicago", "2026-03-07T23:30:00Z", "2026-03-08T22:00:00Z"},
        Row{"autumn", "17:00", "America/Chicago", "2026-10-31T22:30:00Z", "2026-11-01T23:00:00Z"},
        Row{"gap", "02:30", "America/Chicago", "2026-03-08T06:00:00Z", "2026-03-08T08:00:00Z"},
        Row{"twice", "01:30", "America/Chicago", "2026-11-01T05:00:00Z", "2026-11-01T06:30:00Z"},
        Row{"summer", "17:00", "America/Chicago", "2026-07-15T21:00:00Z", "2026-07-15T22:00:00Z"},
        Row{"new_york", "17:00", "America/New_York", "2026-01-15T21:00:00Z", "2026-01-15T22:00:00Z"}),
    [](const auto& row) { return row.param.name; });

/// A rule's own lockout of 60 seconds after the third fill within a minute.
class Deadlines : public ::testing::Test {
public:
  Site site;
  std::optional<House> house;
  Deadlines() {
    site.blocks = {with(block("trade_frequency_limit", {}), "limits",
                        map_node("rules.trade_frequency_limit.limits", {{"per_minute", "3"}}))};
  }
  void start() {
    house.reset();
    house.emplace(site);
    EXPECT_TRUE(house->run_until([&] { return house->alerts(102, "ready") == 1; }, 10s));
  }
  /// Answers when the cooldown ends.
  Instant lock(AccountId account) {
    for (int n = 0; n < 3; ++n) site.venue.lose(account, mnq(), "1");
    EXPECT_TRUE(house->run_until([&] { return house->lockout_told(account.value); }, 5s));
    const auto rows = house->view(account.value).lockouts;
    EXPECT_EQ(rows.size(), 1U);
    return rows.empty() ? Instant{} : instant(rows[0].expires_at);
  }
  void run_to(Instant when) {
    house->run_until([&] { return house->now() >= when; }, when - house->now());
  }
  /// When the lockout of the account was told to have ended; each time.
  [[nodiscard]] std::vector<Instant> ends(std::int64_t account) const {
    std::vector<Instant> out;
    for (const auto& activity : house->told) {
      const auto* decision = std::get_if<Decision>(&activity.what);
      if (decision != nullptr && activity.account.value == account && !decision->lockouts_cleared.empty())
        out.push_back(activity.at);
    }
    return out;
  }
};

TEST_F(Deadlines, ComeWithinATenthOfASecond) {
  start();
  const auto end = lock(one);
  run_to(end + 5s);
  ASSERT_EQ(ends(101).size(), 1U);
  EXPECT_GE(ends(101)[0], end);
  EXPECT_LE(ends(101)[0], end + 100ms);
}

TEST_F(Deadlines, SurviveARestartBeforeThem) {
  start();
  const auto end = lock(one);
  run_to(end - 10s);
  start();
  EXPECT_TRUE(house->view(101).locked_out);
  run_to(end + 1s);
  ASSERT_EQ(ends(101).size(), 1U);
  EXPECT_LE(ends(101)[0], end + 100ms);
}

TEST_F(Deadlines, ComeOnceAtTheStartWhenTheyWereMissed) {
  start();
  const auto end = lock(one);
  house.reset();
  site.venue.now = end + std::chrono::hours{1};
  start();
  house->run_for(5s);
  EXPECT_EQ(ends(101).size(), 1U);
  EXPECT_FALSE(house->view(101).locked_out);
  start();
  house->run_for(5s);
  EXPECT_EQ(ends(101).size(), 0U) << "not again";
}

TEST_F(Deadlines, OfOneAccountEndInTheirOrderWhenSeveralWereMissed) {
  site.blocks.push_back(block("daily_realized_loss", {{"limit", "3"}}));
  start();
  for (int n = 0; n < 3; ++n) site.venue.lose(one, mnq(), "1");
  house->run_until([&] { return house->view(101).lockouts.size() == 2; }, 5s);
  house.reset();
  site.venue.now = instant("2026-07-15T22:30:00Z"); // the last one ended at the reset
  start();
  house->run_for(5s);
  std::vector<Source> order;
  for (const auto& activity : house->told) {
    const auto* decision = std::get_if<Decision>(&activity.what);
    if (decision == nullptr || activity.account != one) continue;
    for (const auto& ended : decision->lockouts_cleared) order.push_back(ended.lockout.source);
  }
  EXPECT_EQ(order, (std::vector{Source::rule(6), Source::rule(3)}));
}

TEST_F(Deadlines, OfOneAccountDoNotCareForTheEndOfAnother) {
  start();
  const auto end_of_one = lock(one);
  const auto end_of_two = lock(AccountId{102});
  ASSERT_GE(end_of_two, end_of_one);
  house.reset();
  site.deadly = [](const rules::RuleContext& context) {
    return context.state.id == one && std::holds_alternative<TimeReached>(context.event.payload);
  };
  start();
  run_to(end_of_two + 1s);
  EXPECT_GE(house->alerts(101, "account-died"), 1U) << "it dies of its deadline";
  ASSERT_EQ(ends(102).size(), 1U);
  EXPECT_LE(ends(102)[0], end_of_two + 100ms);
}

} // namespace
} // namespace bulkhead::testing
