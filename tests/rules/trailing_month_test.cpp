// RULE-014 over thirty trading days with payouts, against tables made with a spreadsheet:
// tests/rules/data/*.csv. open_high is the day's highest open profit, told is whether the payout was told
// before or after the balance showed it, locked whether the floor stands where the firm stops it.

#include "tests/support/engine.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

namespace bulkhead::testing {
namespace {

using namespace std::chrono_literals;

struct Day {
  std::int64_t number, realized, open_high, payout;
  bool told_before;
  std::int64_t balance, mark, floor;
  bool locked;
};

std::vector<Day> table(const std::string& name) {
  std::ifstream file(BULKHEAD_SOURCE_DIR "/tests/rules/data/" + name + ".csv");
  std::vector<Day> days;
  std::string line;
  std::getline(file, line);
  EXPECT_EQ(line, "day,realized,open_high,payout,told,eod_balance,high_water_mark,floor,locked");
  while (std::getline(file, line)) {
    std::istringstream in(line);
    std::vector<std::string> cells;
    for (std::string cell; std::getline(in, cell, ',');) cells.push_back(cell);
    EXPECT_EQ(cells.size(), 9u) << line;
    if (cells.size() != 9) break;
    const auto number = [&](std::size_t i) { return std::stoll(cells[i]); };
    days.push_back({number(0), number(1), number(2), number(3), cells[4] == "before", number(5), number(6),
                    number(7), cells[8] == "yes"});
  }
  EXPECT_EQ(days.size(), 30u);
  return days;
}

class Month {
public:
  Month(Settings settings, int start)
      : engine_({block("max_loss_limit", settings)}), balance_(Money::dollars(start)) {
    EXPECT_TRUE(engine_.problems.empty());
    tell();
  }

  void live(const Day& day) {
    if (day.open_high > 0) open_up_to(day.open_high);
    engine_.on(fill(++fills_).on(es()).sell(1).pnl(std::to_string(day.realized)));
    engine_.on(position(es()).flat());
    balance_ += Money::dollars(day.realized);
    EXPECT_TRUE(tell().breaches.empty());
    const BalanceAdjusted payout{BalanceAdjusted::Kind::payout, Money::dollars(day.payout)};
    if (day.payout > 0 && day.told_before) engine_.happen(payout);
    balance_ -= Money::dollars(day.payout);
    EXPECT_TRUE(tell().breaches.empty());
    if (day.payout > 0 && !day.told_before) engine_.happen(payout);
    const auto end = engine_.state().ledger.end();
    engine_.step(at(end, reset(end)));
    engine_.now = end + 1s;
    engine_.happen(ConfigReloaded{});
  }

  [[nodiscard]] Money balance() const { return balance_; }
  [[nodiscard]] const AccountHistory& history() const { return engine_.state().history; }

  /// As the engine remembers it, and as an account one cent above it and just on it finds out.
  void expect_floor(std::int64_t dollars) {
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
  void open_up_to(std::int64_t dollars) {
    engine_.on(position(es()).long_(1).average("5000"));
    engine_.on(fill(++fills_).on(es()).buy(1).price("5000"));
    engine_.on(quote(es()).last("5000"));
    engine_.now += 3s;
    // 50 dollars a point; then it comes back.
    EXPECT_TRUE(engine_.on(quote(es()).last(std::to_string(5000 + dollars / 50))).breaches.empty());
    EXPECT_TRUE(engine_.on(quote(es()).last("5000")).breaches.empty());
  }
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

void follow(Month& month, const std::string& name, std::int64_t first_floor,
            std::optional<std::int64_t> lock) {
  month.expect_floor(first_floor);
  for (const auto& day : table(name)) {
    SCOPED_TRACE(name + ", day " + std::to_string(day.number));
    month.live(day);
    EXPECT_EQ(month.balance(), Money::dollars(day.balance)) << "the table does not add up";
    EXPECT_EQ(day.locked, lock && day.floor >= *lock) << "the table does not add up";
    month.expect_floor(day.floor);
    if (::testing::Test::HasFailure()) return;
  }
}

TEST(TrailingMonth, AnEvaluationByEndsOfDays) {
  Month month(
      {{"enabled", "true"}, {"mode", "eod_trailing"}, {"start_balance", "50000"}, {"max_loss", "2000"}},
      50000);
  follow(month, "eod_trailing", 48000, 50000);
  EXPECT_EQ(month.history().high_balance, Money::dollars(table("eod_trailing").back().mark));
}

TEST(TrailingMonth, AFundedAccountByEndsOfDays) {
  Month month({{"enabled", "true"},
               {"mode", "eod_trailing"},
               {"start_balance", "0"},
               {"max_loss", "2000"},
               {"lock_at", "0"},
               {"floor_after_payout", "0"}},
              0);
  follow(month, "eod_trailing_funded", -2000, 0);
  EXPECT_EQ(month.history().high_balance, Money::dollars(table("eod_trailing_funded").back().mark));
  EXPECT_EQ(month.history().payouts, 3u);
}

TEST(TrailingMonth, ByEveryHighOfTheDay) {
  Month month({{"enabled", "true"},
               {"mode", "intraday_trailing"},
               {"start_balance", "50000"},
               {"max_loss", "2500"},
               {"lock_at", "50100"}},
              50000);
  follow(month, "intraday_trailing", 47500, 50100);
  EXPECT_EQ(month.history().high_equity, Money::dollars(table("intraday_trailing").back().mark));
}

TEST(TrailingMonth, AFloorThatNeverMoves) {
  Month month({{"enabled", "true"}, {"mode", "static"}, {"start_balance", "50000"}, {"max_loss", "2000"}},
              50000);
  follow(month, "static", 48000, std::nullopt);
}

} // namespace
} // namespace bulkhead::testing
