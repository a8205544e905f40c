#include "tests/support/builders.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <vector>

namespace bulkhead::model {
namespace {

using namespace testing;

__extension__ using Wide = __int128;
constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

struct Row {
  const char* size;
  const char* value;
  const char* move;
  std::int64_t quantity;
  const char* pnl;
};

TEST(TickSpec, ValuesMovesOfTheReferenceContracts) {
  const std::vector<Row> rows = {
      {"0.25", "0.50", "1", 1, "2"},      // MNQ
      {"0.25", "0.50", "-50", 2, "-200"}, // rules: long 2 MNQ from 21000, mark 20950
      {"0.25", "0.50", "-50", -2, "200"}, // a short gains when the mark falls
      {"0.25", "0.50", "50", -2, "-200"}, //
      {"0.25", "5", "0.25", 3, "15"},     // NQ
      {"0.25", "1.25", "1", 1, "5"},      // MES
      {"0.25", "12.50", "1", 1, "50"},    // ES
      {"0.1", "5", "1", 1, "50"},         // RTY
      {"0.0000005", "6.25", "0.0000005", 1, "6.25"},
      {"0.0000005", "6.25", "-0.0001", 4, "-5000"},        // 6J
      {"0.00390625", "7.8125", "0.00390625", 2, "15.625"}, // ZT
      {"0.0001", "0.625", "0.0001", 1, "0.625"},           // M6B
      {"0.5", "0.05", "0.5", 1, "0.05"},                   // MET
  };
  for (const auto& row : rows) {
    EXPECT_EQ(tick(row.size, row.value).pnl(px(row.move), row.quantity), usd(row.pnl))
        << row.size << '/' << row.value << " moved " << row.move << " times " << row.quantity;
  }
}

TEST(TickSpec, RoundsFractionalAveragesOnceAndAwayFromZero) {
  const TickSpec mnq = tick("0.25", "0.50");
  const Price move = px("21010") - px("21000.083333"); // 9.916667
  EXPECT_EQ(mnq.pnl(move, 1), usd("19.833334"));
  EXPECT_EQ(mnq.pnl(move, 3), usd("59.500002")); // three rounded thirds would be the same only by luck
  EXPECT_EQ(mnq.pnl(px("0.000000250"), 1), usd("0.000001")); // half a micro-dollar
  EXPECT_EQ(mnq.pnl(px("0.000000250"), -1), usd("-0.000001"));
  EXPECT_EQ(mnq.pnl(px("0.000000249"), 1), usd("0"));
}

TEST(TickSpec, ANoughtMoveOrQuantityIsWorthNothing) {
  EXPECT_EQ(tick("0.25", "0.5").pnl(px("0"), 5), Money{});
  EXPECT_EQ(tick("0.25", "0.5").pnl(px("100"), 0), Money{});
}

TEST(TickSpec, LargeValuesSaturateWithTheRightSign) {
  const TickSpec steep{Price{1}, Money{most}};
  constexpr std::int64_t least_quantity = std::numeric_limits<std::int64_t>::min();
  EXPECT_EQ(steep.pnl(Price{most}, most), Money{most});
  EXPECT_EQ(steep.pnl(Price{most}, -most), Money{-most});
  EXPECT_EQ(steep.pnl(Price{-most}, least_quantity), Money{most});
  EXPECT_EQ(steep.pnl(Price{-most}, 1), Money{-most});
  EXPECT_EQ((TickSpec{Price{most}, Money{1}}.pnl(Price{most}, most)), Money{most});
}

TEST(TickSpec, IsValidOnlyWithPositiveSizeAndValue) {
  EXPECT_TRUE(tick("0.25", "0.5").valid());
  EXPECT_FALSE(tick("0", "0.5").valid());
  EXPECT_FALSE(tick("0.25", "0").valid());
  EXPECT_FALSE(tick("-0.25", "0.5").valid());
  EXPECT_FALSE(tick("0.25", "-0.5").valid());
}

TEST(TickSpec, RefusesToValueWithoutTickData) {
  EXPECT_THROW((void)TickSpec{}.pnl(px("1"), 1), InvariantViolation);
}

/// The same figure by schoolbook long arithmetic: quotient and remainder instead of a biased division.
std::int64_t long_division(Price move, std::int64_t quantity, const TickSpec& spec) {
  const Wide product = Wide{move.nanos} * quantity * spec.value.micros;
  const Wide magnitude = product < 0 ? -product : product;
  Wide quotient = magnitude / spec.size.nanos;
  const Wide rest = magnitude % spec.size.nanos;
  if (rest >= spec.size.nanos - rest) ++quotient;
  return static_cast<std::int64_t>(product < 0 ? -quotient : quotient);
}

TEST(TickSpec, AgreesWithLongDivisionOnRandomValues) {
  constexpr unsigned seed = 20260715;
  std::mt19937_64 random(seed);
  const auto draw = [&](std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>{low, high}(random);
  };
  for (int i = 0; i < 20'000; ++i) {
    const TickSpec spec{Price{draw(1, 5'000'000'000)}, Money{draw(1, 100'000'000)}};
    const Price move{draw(-50'000'000'000'000, 50'000'000'000'000)};
    const std::int64_t quantity = draw(-500, 500);
    // Only where the answer fits; saturation has its own test.
    const Wide bound = Wide{50'000'000'000'000} * 500 * spec.value.micros / spec.size.nanos;
    if (bound > most) continue;
    ASSERT_EQ(spec.pnl(move, quantity).micros, long_division(move, quantity, spec))
        << "seed " << seed << ", draw " << i;
  }
}

} // namespace
} // namespace bulkhead::model
