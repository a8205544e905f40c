// What is told of quotes that were kept back.

#include "model/latest_quotes.hpp"
#include "tests/support/builders.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using model::LatestQuotes;
using namespace std::chrono_literals;

class Latest : public ::testing::Test {
protected:
  bool put(std::optional<Price> last, std::optional<Price> bid, std::optional<Price> ask) {
    QuoteUpdate update;
    update.contract = mnq();
    update.last = last, update.bid = bid, update.ask = ask;
    at_ += 1ms;
    return quotes_.put({at_, 0, update}, update);
  }
  std::vector<QuoteUpdate> news(std::uint64_t seen) {
    std::vector<Event> events;
    quotes_.news(mnq(), seen, events);
    std::vector<QuoteUpdate> out;
    for (const auto& event : events) out.push_back(std::get<QuoteUpdate>(event.payload));
    return out;
  }
  LatestQuotes quotes_;
  Instant at_ = instant("2026-07-15T17:00:00Z");
};

TEST_F(Latest, TellsWhatIsNewerAndNothingElse) {
  put(px("100"), px("99"), px("101"));
  const auto seen = quotes_.number();
  EXPECT_FALSE(quotes_.has_news(mnq(), seen));
  EXPECT_TRUE(quotes_.has_news(mnq(), seen - 1));
  EXPECT_FALSE(quotes_.has_news(es(), 0));
  put(std::nullopt, px("99.5"), std::nullopt);
  put(px("100.5"), std::nullopt, std::nullopt);
  const auto told = news(seen);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].last, px("100.5"));
  EXPECT_EQ(told[0].bid, px("99.5"));
  EXPECT_FALSE(told[0].ask);
  EXPECT_EQ(news(0).at(0).ask, px("101"));
}

TEST_F(Latest, TellsOfAQuoteThatDoesNotFitUntilOneDoes) {
  put(px("100"), px("99"), px("101"));
  const auto seen = quotes_.number();
  EXPECT_FALSE(put(std::nullopt, px("102"), std::nullopt));
  EXPECT_TRUE(quotes_.is_refused(mnq()));
  EXPECT_EQ(news(seen).at(0).bid, px("102")) << "as it came";
  EXPECT_EQ(quotes_.find(mnq())->bid, px("99"));
  put(px("100"), std::nullopt, std::nullopt);
  EXPECT_EQ(news(seen).size(), 1U);
  EXPECT_FALSE(news(seen).at(0).bid);
}

TEST_F(Latest, ForgetsAContract) {
  put(px("100"), px("99"), px("101"));
  quotes_.forget(mnq());
  EXPECT_EQ(quotes_.find(mnq()), nullptr);
  EXPECT_TRUE(news(0).empty());
}

} // namespace
} // namespace bulkhead::testing
