#include "actors/book_check.hpp"
#include "tests/support/builders.hpp"

#include <gmock/gmock.h>

namespace bulkhead::actors {
namespace {

using namespace bulkhead::testing;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const Instant day_began = instant("2026-07-14T22:00:00Z");
const Instant asked = instant("2026-07-15T18:00:00Z");

/// Long 2 MNQ, order 1 working, fill 1 of -100 booked.
AccountState book() {
  AccountState state;
  (void)apply(state, at(day_began, DailyReset{trading_day("2026-07-15"), day_began, day_began + 24h}));
  (void)apply(state, position(mnq()).long_(2).average("21000").at(asked - 1h));
  (void)apply(state, order(1).at(asked - 1h));
  (void)apply(state, fill(1).pnl("-100").fees("1").at(asked - 1h));
  return state;
}
ReadBuilder same() {
  return read(asked)
      .has(position(mnq()).long_(2).average("21000"))
      .has(order(1).updated(asked - 1h))
      .has(fill(1).pnl("-100").fees("1").executed(asked - 1h));
}
auto found(const AccountState& before, const ReadBuilder& read) {
  return compare(before, read.build()).found;
}

TEST(BookCheck, FindsNothingWhereReadAndBookAgree) { EXPECT_TRUE(compare(book(), same().build()).none()); }

TEST(BookCheck, NamesWhatLiveEventsNeverToldOf) {
  EXPECT_THAT(found(book(), same().has(position(es()).short_(1))),
              ElementsAre(HasSubstr("0 known, -1 at the gateway")));
  EXPECT_THAT(found(book(), same().has(order(7).updated(asked - 1h))),
              ElementsAre(HasSubstr("order 7: unknown")));
  EXPECT_THAT(found(book(), same().has(fill(2).pnl("-50").fees("1").executed(asked - 1min))),
              ElementsAre("1 fills were missed, net -51.00"));
  EXPECT_THAT(found(book(), read(asked)),
              ElementsAre(HasSubstr("2 known, 0 at the gateway"), HasSubstr("order 1: known")));
  EXPECT_THAT(found(book(), read(asked)
                                .has(position(mnq()).long_(2))
                                .has(order(1).updated(asked - 1h))
                                .has(fill(1).pnl("-80").fees("1").executed(asked - 1h))),
              ElementsAre("fill 1: -101.00 booked, -81.00 at the gateway"));
}

TEST(BookCheck, LeavesOutWhatIsNewerThanTheRead) {
  auto state = book();
  (void)apply(state, position(mnq()).flat().at(asked + 1ms));
  (void)apply(state, order(2).at(asked + 1ms));
  EXPECT_TRUE(compare(state, same().has(fill(3).pnl("-9").executed(asked - 1s)).build()).none());
}

TEST(BookCheck, SaysAtMostTwentySentences) {
  auto many = same();
  for (int i = 100; i < 200; ++i) many.has(order(i).updated(asked - 1h));
  EXPECT_EQ(found(book(), many).size(), 20U);
}

class Balance : public ::testing::Test {
public:
  std::optional<Alert> read_balance(std::string_view amount) {
    state.account.balance = usd(amount);
    return check.look(state);
  }
  /// The same by an event, and a read once it has settled.
  std::optional<Alert> told_balance(std::string_view amount) {
    happen(Account(bulkhead::testing::account().balance(amount)));
    return check.look(state);
  }
  template <class P>
  void happen(P payload) {
    now += 3s;
    (void)apply(state, at(now, Payload(std::move(payload))));
    now += 3s;
    (void)apply(state, at(now, TimeReached{}));
  }
  AccountState state = book();
  BalanceCheck check;
  Instant now = asked;
};

TEST_F(Balance, MovesWithTheDaysFillsWithoutAWord) {
  EXPECT_FALSE(read_balance("49899"));
  (void)apply(state, fill(2).pnl("-50").at(asked));
  EXPECT_FALSE(read_balance("49849"));
  EXPECT_FALSE(read_balance("49849.99"));
  EXPECT_FALSE(read_balance("49849.99")); // a dollar at most
}

TEST_F(Balance, AChangeThatNoFillExplainsIsToldOnceItHasSettled) {
  EXPECT_FALSE(read_balance("49899"));
  EXPECT_FALSE(read_balance("47899")); // a fill may still be on its way
  const auto alert = read_balance("47899");
  ASSERT_TRUE(alert);
  EXPECT_EQ(alert->code, "balance-adjusted");
  EXPECT_THAT(alert->text, HasSubstr("-2000.00"));
  EXPECT_FALSE(read_balance("47899"));
}

TEST_F(Balance, AFillThatArrivesLateExplainsIt) {
  EXPECT_FALSE(read_balance("49899"));
  EXPECT_FALSE(read_balance("49849"));
  (void)apply(state, fill(2).pnl("-50").at(asked));
  EXPECT_FALSE(read_balance("49849"));
  EXPECT_FALSE(read_balance("49849"));
}

TEST_F(Balance, APayoutThatWasToldIsNoNews) {
  EXPECT_FALSE(told_balance("49899"));
  happen(model::BalanceAdjusted{model::BalanceAdjusted::Kind::payout, usd("2000")});
  EXPECT_FALSE(told_balance("49899"));
  EXPECT_FALSE(told_balance("47899"));
  EXPECT_FALSE(told_balance("47899"));
  EXPECT_FALSE(told_balance("46899"));
  EXPECT_TRUE(told_balance("46899")) << "what comes on top of it is";
}

TEST_F(Balance, APayoutToldAfterwardsIsNotTakenForAnother) {
  EXPECT_FALSE(told_balance("49899"));
  EXPECT_FALSE(told_balance("47899"));
  EXPECT_TRUE(told_balance("47899"));
  happen(model::BalanceAdjusted{model::BalanceAdjusted::Kind::payout, usd("2000")});
  EXPECT_FALSE(told_balance("47899"));
  EXPECT_FALSE(told_balance("47899"));
  EXPECT_FALSE(told_balance("45899"));
  EXPECT_TRUE(told_balance("45899"));
}

TEST_F(Balance, ANewDayStartsAnew) {
  EXPECT_FALSE(read_balance("49899"));
  (void)apply(state, at(asked + 4h, DailyReset{trading_day("2026-07-16"), asked + 4h, asked + 28h}));
  EXPECT_FALSE(read_balance("45000"));
  EXPECT_FALSE(read_balance("45000"));
}

} // namespace
} // namespace bulkhead::actors
