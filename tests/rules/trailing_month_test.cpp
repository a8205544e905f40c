// RULE-014 over thirty trading days with payouts: the floor of every day against a table.

#include "tests/support/engine.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using namespace std::chrono_literals;

/// What a day earns, what is paid out at its end once it shows, and the floor that holds during the next day.
struct Day {
  int net;
  int payout;
  int floor_after;
};

// Start 0, at most 2,000 to lose, the floor stops at 0, from the first payout on it is 0.
constexpr Day funded[] = {
    {300, 0, -1700}, {-450, 0, -1700}, {250, 0, -1700}, {600, 0, -1300}, {100, 0, -1200},  {-900, 0, -1200},
    {-50, 0, -1200}, {1000, 0, -1150}, {400, 0, -750},  {0, 0, -750},    {-1000, 0, -750}, {900, 0, -750},
    {200, 0, -650},  {150, 0, -500},   {500, 1000, 0},  {300, 0, 0},     {-250, 0, 0},     {700, 0, 0},
    {-400, 0, 0},    {900, 0, 0},      {1200, 0, 0},    {-100, 2000, 0}, {350, 0, 0},      {-700, 0, 0},
    {-200, 0, 0},    {450, 0, 0},      {150, 0, 0},     {250, 800, 0},   {-300, 0, 0},     {100, 0, 0}};
static_assert(std::size(funded) == 30);

// Start 50,000, the floor locks there.
constexpr Day combine[] = {
    {500, 0, 48500},  {-500, 0, 48500},  {800, 0, 48800},  {-300, 0, 48800},  {-600, 0, 48800},
    {250, 0, 48800},  {900, 0, 49050},   {0, 0, 49050},    {-1000, 0, 49050}, {1100, 0, 49150},
    {200, 0, 49350},  {400, 0, 49750},   {100, 0, 49850},  {-50, 0, 49850},   {300, 0, 50000},
    {2000, 0, 50000}, {-1500, 0, 50000}, {-900, 0, 50000}, {350, 0, 50000},   {50, 0, 50000},
    {75, 0, 50000},   {-125, 0, 50000},  {600, 0, 50000},  {-600, 0, 50000},  {10, 0, 50000},
    {20, 0, 50000},   {30, 0, 50000},    {-60, 0, 50000},  {500, 0, 50000},   {-1000, 0, 50000}};
static_assert(std::size(combine) == 30);

class Month {
public:
  Month(const Settings& settings, int start)
      : engine_({block("max_loss_limit", settings)}), balance_(Money::dollars(start)) {
    EXPECT_TRUE(engine_.problems.empty());
    tell();
  }

  void live(const Day& day) {
    engine_.on(fill(++fills_).sell(1).pnl(std::to_string(day.net)));
    balance_ += Money::dollars(day.net);
    EXPECT_TRUE(tell().breaches.empty());
    const auto end = engine_.state().ledger.end();
    engine_.step(at(end, reset(end)));
    engine_.now = end + 1s;
    if (day.payout > 0) {
      balance_ -= Money::dollars(day.payout);
      EXPECT_TRUE(tell().breaches.empty());
      engine_.happen(BalanceAdjusted{BalanceAdjusted::Kind::payout, Money::dollars(day.payout)});
    }
    engine_.happen(ConfigReloaded{});
  }

  /// As the engine remembers it, and as an account one cent above it and just on it finds out.
  void expect_floor(int dollars) {
    const auto it = engine_.state().memory.find({Source::rule(14), ""});
    ASSERT_NE(it, engine_.state().memory.end());
    EXPECT_EQ(Money{it->second.number}, Money::dollars(dollars));
    rules::RiskEngine other(engine_.state(), std::make_shared<rules::RuleSet>(engine_.rules()));
    Account told = account();
    told.balance = Money::dollars(dollars) + Money{10'000};
    engine_.now += 5s;
    EXPECT_TRUE(other.step(at(engine_.now, told)).breaches.empty());
    told.balance = Money::dollars(dollars);
    EXPECT_EQ(other.step(at(engine_.now, told)).breaches.size(), 1u);
  }

private:
  Decision tell() {
    Account told = account();
    told.balance = balance_;
    engine_.now += 3s;
    return engine_.happen(told);
  }
  TestEngine engine_;
  Money balance_;
  std::int64_t fills_ = 0;
};

TEST(TrailingMonth, AFundedAccountWithPayouts) {
  Month month({{"enabled", "true"},
               {"mode", "eod_trailing"},
               {"start_balance", "0"},
               {"max_loss", "2000"},
               {"lock_at", "0"},
               {"floor_after_payout", "0"}},
              0);
  month.expect_floor(-2000);
  int number = 0;
  for (const auto& day : funded) {
    SCOPED_TRACE("day " + std::to_string(++number));
    month.live(day);
    month.expect_floor(day.floor_after);
  }
}

TEST(TrailingMonth, AnEvaluation) {
  Month month(
      {{"enabled", "true"}, {"mode", "eod_trailing"}, {"start_balance", "50000"}, {"max_loss", "2000"}},
      50000);
  month.expect_floor(48000);
  int number = 0;
  for (const auto& day : combine) {
    SCOPED_TRACE("day " + std::to_string(++number));
    month.live(day);
    month.expect_floor(day.floor_after);
  }
}

} // namespace
} // namespace bulkhead::testing
