#include "tests/support/builders.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace bulkhead::model {
namespace {

using namespace testing;

const Instant earlier = instant("2026-07-15T18:00:00Z");
const Instant now = instant("2026-07-15T18:00:01Z");

Quote full() { return {px("21000"), px("20999.75"), px("21000.25"), earlier}; }

TEST(Quote, ASparseUpdateChangesOnlyWhatItCarries) {
  Quote q = full();
  EXPECT_TRUE(q.merge(quote(mnq()).last("21000.25"), now));
  EXPECT_EQ(q, (Quote{px("21000.25"), px("20999.75"), px("21000.25"), now}));
  EXPECT_TRUE(q.merge(quote(mnq()).bid("21000"), now));
  EXPECT_EQ(q, (Quote{px("21000.25"), px("21000"), px("21000.25"), now}));
  EXPECT_TRUE(q.merge(quote(mnq()).ask("21000.50"), now));
  EXPECT_EQ(q, (Quote{px("21000.25"), px("21000"), px("21000.50"), now}));
}

TEST(Quote, AnUpdateWithoutPricesIsStillASignOfLife) {
  Quote q = full();
  EXPECT_TRUE(q.merge(quote(mnq()), now));
  EXPECT_EQ(q.received_at, now);
}

TEST(Quote, RefusesPricesThatAreNotPositiveAndKeepsTheOldOnes) {
  const std::vector<QuoteUpdate> impossible = {
      quote(mnq()).last("0"),
      quote(mnq()).last("-1"),
      quote(mnq()).bid("0"),
      quote(mnq()).ask("-0.25"),
      quote(mnq()).last("21001").bid("0"),
  };
  for (const auto& update : impossible) {
    Quote q = full();
    EXPECT_FALSE(q.merge(update, now));
    EXPECT_EQ(q, full());
  }
}

TEST(Quote, BelievesPricesUpToTenMillion) {
  Quote q;
  EXPECT_TRUE(q.merge(quote(mnq()).last("10000000"), now));
  EXPECT_FALSE(q.merge(quote(mnq()).last("10000000.25"), now));
  EXPECT_EQ(q.last, px("10000000"));
}

TEST(Quote, RefusesABidAboveTheAskAndKeepsTheOldOnes) {
  const std::vector<QuoteUpdate> crossed = {
      quote(mnq()).bid("21000.50"),
      quote(mnq()).ask("20999.50"),
      quote(mnq()).last("21001").bid("21001").ask("21000.75"),
  };
  for (const auto& update : crossed) {
    Quote q = full();
    EXPECT_FALSE(q.merge(update, now));
    EXPECT_EQ(q, full());
  }
}

TEST(Quote, TakesALockedMarketAndAMoveOfBothSides) {
  Quote q = full();
  EXPECT_TRUE(q.merge(quote(mnq()).bid("21000.25"), now));
  EXPECT_TRUE(q.merge(quote(mnq()).bid("21005").ask("21005.25"), now));
  EXPECT_EQ(q.bid, px("21005"));
}

TEST(Quote, BelievesNoPriceThatDoublesOrHalvesAtOnce) {
  for (const auto& [price, believed] :
       {std::pair{"42000", false}, {"41999.75", true}, {"10500", false}, {"10500.25", true}}) {
    Quote q;
    ASSERT_TRUE(q.merge(quote(mnq()).last("21000"), now));
    EXPECT_EQ(q.merge(quote(mnq()).last(price), now), believed) << price;
  }
}

TEST(Quote, IsMarkedAtTheLastPriceElseBetweenBidAndAsk) {
  Quote q;
  EXPECT_EQ(q.mark(), std::nullopt);
  EXPECT_TRUE(q.merge(quote(mnq()).bid("21000"), now));
  EXPECT_EQ(q.mark(), std::nullopt) << "one side says nothing";
  EXPECT_TRUE(q.merge(quote(mnq()).ask("21000.25"), now));
  EXPECT_EQ(q.mark(), px("21000.125"));
  EXPECT_TRUE(q.merge(quote(mnq()).last("20990"), now));
  EXPECT_EQ(q.mark(), px("20990"));
}

} // namespace
} // namespace bulkhead::model
