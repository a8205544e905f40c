#include "model/day_ledger.hpp"
#include "tests/support/builders.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace bulkhead::model {
namespace {

using namespace testing;
using namespace std::chrono_literals;
using Booked = DayLedger::Booked;

const Instant start = instant("2026-07-14T22:00:00Z"); // of trading day 2026-07-15
const Instant noon = instant("2026-07-15T17:00:00Z");
const Instant end = instant("2026-07-15T22:00:00Z");

DayLedger of_the_day() {
  DayLedger ledger;
  ledger.begin(reset(start));
  return ledger;
}

TEST(DayLedger, NetIsGrossMinusFeesAndCommissions) {
  auto ledger = of_the_day();
  EXPECT_EQ(ledger.add(fill(1).pnl("-480").fees("18.70").commissions("0.25").executed(noon)),
            Booked::counted);
  EXPECT_EQ(ledger.gross(), usd("-480"));
  EXPECT_EQ(ledger.costs(), usd("18.95"));
  EXPECT_EQ(ledger.net(), usd("-498.95"));
  EXPECT_EQ(ledger.count(), 1u);
}

TEST(DayLedger, TheFeeOfAnOpeningFillCounts) {
  auto ledger = of_the_day();
  (void)ledger.add(fill(1).pnl("-480.00").fees("18.70").executed(noon));
  (void)ledger.add(fill(2).fees("1.40").executed(noon)); // no profit or loss yet
  EXPECT_EQ(ledger.net(), usd("-500.10"));
  EXPECT_EQ(ledger.gross(), usd("-480"));
}

TEST(DayLedger, AFillIsCountedOnceByItsId) {
  auto ledger = of_the_day();
  (void)ledger.add(fill(1).pnl("-300").executed(noon));
  EXPECT_EQ(ledger.add(fill(1).pnl("-300").executed(noon)), Booked::duplicate);
  EXPECT_EQ(ledger.net(), usd("-300"));
  EXPECT_EQ(ledger.count(), 1u);
}

TEST(DayLedger, AVoidedFillLeavesEverySum) {
  auto ledger = of_the_day();
  (void)ledger.add(fill(1).pnl("-300").executed(noon));
  (void)ledger.add(fill(2).pnl("-250").fees("1.40").executed(noon));
  EXPECT_EQ(ledger.net(), usd("-551.40"));
  EXPECT_EQ(ledger.add(fill(2).pnl("-250").fees("1.40").executed(noon).voided()), Booked::taken_back);
  EXPECT_EQ(ledger.net(), usd("-300"));
  EXPECT_EQ(ledger.costs(), usd("0"));
  EXPECT_EQ(ledger.count(), 1u);
}

TEST(DayLedger, AFillIsTakenBackOnceAndForGood) {
  auto ledger = of_the_day();
  (void)ledger.add(fill(1).pnl("-300").executed(noon));
  (void)ledger.add(fill(1).pnl("-300").executed(noon).voided());
  EXPECT_EQ(ledger.add(fill(1).pnl("-300").executed(noon).voided()), Booked::duplicate);
  EXPECT_EQ(ledger.add(fill(1).pnl("-300").executed(noon)), Booked::duplicate);
  EXPECT_EQ(ledger.net(), usd("0"));
}

TEST(DayLedger, TakingBackSubtractsWhatWasCounted) {
  auto ledger = of_the_day();
  (void)ledger.add(fill(1).pnl("-300").executed(noon));
  (void)ledger.add(fill(1).executed(noon).voided()); // the voiding event says nothing of the amount
  EXPECT_EQ(ledger.net(), usd("0"));
}

TEST(DayLedger, AFillFirstSeenVoidedIsNeverCounted) {
  auto ledger = of_the_day();
  (void)ledger.add(fill(1).pnl("-300").executed(noon).voided());
  EXPECT_EQ(ledger.net(), usd("0"));
  EXPECT_EQ(ledger.count(), 0u);
}

TEST(DayLedger, AFillBelongsToTheDayOfItsOwnTimestamp) {
  auto ledger = of_the_day();
  EXPECT_EQ(ledger.add(fill(1).pnl("-1").executed(start - Duration{1})), Booked::other_day);
  EXPECT_EQ(ledger.add(fill(2).pnl("-2").executed(start)), Booked::counted);
  EXPECT_EQ(ledger.add(fill(3).pnl("-4").executed(end - Duration{1})), Booked::counted);
  EXPECT_EQ(ledger.add(fill(4).pnl("-8").executed(end)), Booked::other_day);
  EXPECT_EQ(ledger.net(), usd("-6"));
  EXPECT_EQ(ledger.count(), 2u);
}

TEST(DayLedger, ALateFillOfYesterdayCannotBreachToday) {
  auto ledger = of_the_day();
  ledger.begin(reset(end));
  EXPECT_EQ(ledger.add(fill(1).pnl("-5000").executed(end - 1s)), Booked::other_day);
  EXPECT_EQ(ledger.net(), usd("0"));
}

TEST(DayLedger, VoidingAFillOfYesterdayLeavesTodayAlone) {
  auto ledger = of_the_day();
  (void)ledger.add(fill(1).pnl("-300").executed(noon));
  ledger.begin(reset(end));
  (void)ledger.add(fill(2).pnl("-10").executed(end + 1h));
  EXPECT_EQ(ledger.add(fill(1).pnl("-300").executed(noon).voided()), Booked::taken_back);
  EXPECT_EQ(ledger.net(), usd("-10"));
  EXPECT_EQ(ledger.count(), 1u);
}

TEST(DayLedger, ANewDayCountsTheFillsAlreadyInsideIt) {
  auto ledger = of_the_day();
  (void)ledger.add(fill(1).pnl("-300").executed(noon));
  (void)ledger.add(fill(2).pnl("-20").executed(end + 1s)); // arrived before the reset was announced
  EXPECT_EQ(ledger.net(), usd("-300"));
  ledger.begin(reset(end));
  EXPECT_EQ(ledger.net(), usd("-20"));
  EXPECT_EQ(ledger.count(), 1u);
}

TEST(DayLedger, AnnouncingADayTwiceChangesNothing) {
  auto once = of_the_day();
  (void)once.add(fill(1).pnl("-300").executed(noon));
  auto twice = once;
  twice.begin(reset(start));
  EXPECT_EQ(twice, once);
}

TEST(DayLedger, KeepsFillsForTwoDaysBeforeTheCurrentOne) {
  auto ledger = of_the_day();
  (void)ledger.add(fill(1).executed(end - 48h - Duration{1}));
  (void)ledger.add(fill(2).executed(end - 48h));
  ledger.begin(reset(end));
  EXPECT_FALSE(ledger.fills().contains(FillId{1}));
  EXPECT_TRUE(ledger.fills().contains(FillId{2}));
}

TEST(DayLedger, CountsEverythingUntilTheFirstDayIsKnown) {
  DayLedger ledger;
  EXPECT_EQ(ledger.add(fill(1).pnl("-300").executed(noon)), Booked::counted);
  EXPECT_EQ(ledger.net(), usd("-300"));
}

TEST(DayLedger, TenThousandFillsSumExactly) {
  auto ledger = of_the_day();
  for (int i = 0; i < 10'000; ++i) {
    (void)ledger.add(fill(i).pnl("-0.10").fees("0.37").commissions("0.000001").executed(noon + i * 1ms));
  }
  EXPECT_EQ(ledger.gross(), usd("-1000"));
  EXPECT_EQ(ledger.costs(), usd("3700.01"));
  EXPECT_EQ(ledger.net(), usd("-4700.01"));
}

TEST(DayLedger, IsRestoredFromItsFills) {
  auto ledger = of_the_day();
  (void)ledger.add(fill(1).pnl("-300").fees("1.40").executed(noon));
  (void)ledger.add(fill(2).pnl("-300").executed(noon).voided());
  (void)ledger.add(fill(3).pnl("-7").executed(start - 1h));
  DayLedger restored;
  restored.restore(ledger.day(), ledger.start(), ledger.end(), ledger.fills());
  EXPECT_EQ(restored, ledger);
}

TEST(DayLedger, TheOrderOfArrivalDoesNotMatter) {
  constexpr unsigned seed = 4711;
  std::mt19937 random(seed);
  std::vector<Fill> arrivals;
  for (int i = 0; i < 60; ++i) {
    const auto amount = std::to_string(static_cast<int>(random() % 20'000) - 10'000) + "e-2";
    const auto booked = fill(i).pnl(amount).fees("1.40").executed(start + (random() % 30) * 1h - 3h);
    arrivals.push_back(booked);
    if (i % 4 == 0) arrivals.push_back(FillBuilder(booked).voided());
    if (i % 5 == 0) arrivals.push_back(booked); // once more
  }
  std::vector<Money> nets;
  for (int round = 0; round < 200; ++round) {
    std::shuffle(arrivals.begin(), arrivals.end(), random);
    auto ledger = of_the_day();
    for (const auto& arrival : arrivals) (void)ledger.add(arrival);
    nets.push_back(ledger.net());
  }
  EXPECT_EQ(std::count(nets.begin(), nets.end(), nets.front()), 200) << "seed " << seed;
}

} // namespace
} // namespace bulkhead::model
