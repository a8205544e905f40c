// The price moves while the daemon is away: the firm's floor has moved with it.

#include "tests/support/house.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

class Unwatched : public ::testing::Test {
public:
  Site site;
  std::optional<House> house;
  Unwatched() {
    site.blocks = {block("max_loss_limit", {{"enabled", "true"},
                                            {"mode", "intraday_trailing"},
                                            {"start_balance", "50000"},
                                            {"max_loss", "2000"}})};
    start();
    site.venue.hold(one, mnq(), 2);
    house->run_for(10s);
  }
  void start() {
    house.emplace(site);
    EXPECT_TRUE(house->run_until([&] { return house->alerts(101, "ready") == 1; }, 10s));
    house->run_for(2s);
  }
  /// Ten minutes pass, and the price rises by so many points in the middle of them.
  void away(int points) {
    house.reset();
    auto& book = site.venue.core.book();
    const auto before = *book.quote(mnq())->last;
    for (int second = 0; second < 600; second += 5) {
      site.venue.now += 5s;
      const bool high = second >= 300 && second < 305;
      QuoteUpdate quote;
      quote.contract = mnq();
      quote.last = high ? before + Price{points * Price::per_unit} : before;
      EXPECT_TRUE(book.set_quote(quote, site.venue.now));
    }
  }
  /// Of the engine, which come with a decision.
  [[nodiscard]] std::size_t told(std::string_view code) const {
    std::size_t count = 0;
    for (const auto& activity : house->told) {
      const auto* decision = std::get_if<Decision>(&activity.what);
      if (decision == nullptr || activity.account != one) continue;
      for (const auto& alert : decision->alerts) count += alert.code == code ? 1 : 0;
    }
    return count;
  }
  [[nodiscard]] AccountHistory marks() const { return (*site.store->load_account(one))->state.history; }
  [[nodiscard]] Money balance() const { return *(*site.store->load_account(one))->state.account.balance; }
};

TEST_F(Unwatched, TheHighestEquityIsReadFromBars) {
  away(100);
  start();
  EXPECT_EQ(told("high-water-read"), 1U);
  house->run_for(10s);
  const auto bought = site.venue.core.book().positions(one).at(0).average_price;
  const auto top = *site.venue.core.book().quote(mnq())->last + Price{100 * Price::per_unit};
  EXPECT_EQ(marks().high_equity, balance() + tick("0.25", "0.5").pnl(top - bought, 2));
  EXPECT_FALSE(marks().unwatched_from);
}

TEST_F(Unwatched, BarsThatCannotBeReadAreToldAfterFiveTries) {
  away(100);
  simulator::Fault fault;
  fault.kind = simulator::FaultKind::status;
  fault.endpoint = "retrieveBars";
  fault.count = 100;
  EXPECT_TRUE(site.venue.core.faults().add(fault));
  start();
  EXPECT_TRUE(house->run_until([&] { return told("high-water-unknown") == 2; }, 60s));
  EXPECT_EQ(site.venue.requests("/api/History/retrieveBars"), 5U);
  EXPECT_EQ(told("high-water-read"), 0U);
}

TEST_F(Unwatched, AFlatAccountThatDidNotTradeAsksForNothing) {
  site.venue.hold(one, mnq(), 0);
  house->run_for(10s);
  away(100);
  start();
  house->run_for(30s);
  EXPECT_EQ(site.venue.requests("/api/History/retrieveBars"), 0U);
  EXPECT_FALSE(marks().unwatched_from);
}

} // namespace
} // namespace bulkhead::testing
