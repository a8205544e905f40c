#include "tests/support/builders.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <utility>
#include <vector>

namespace bulkhead::model {
namespace {

using namespace testing;

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

TEST(ParseDecimal, ReadsEveryFormExactly) {
  const std::vector<std::pair<std::string_view, std::int64_t>> forms = {
      {"0", 0},
      {"-0", 0},
      {"0.00", 0},
      {"1", 1'000'000'000},
      {"+1", 1'000'000'000},
      {"-480.00", -480'000'000'000},
      {"5138.000000000", 5'138'000'000'000},
      {"0.0000005", 500},
      {"5e-7", 500},
      {"1.5E3", 1'500'000'000'000},
      {"1e+3", 1'000'000'000'000},
      {"12345e-2", 123'450'000'000},
      {"21000.083333333", 21'000'083'333'333},
      {".5", 500'000'000},
      {"5.", 5'000'000'000},
      {"00000000000000000000000000000001.5", 1'500'000'000},
      {"0e999", 0},
      {"1e-999", 0},
  };
  for (const auto& [text, nanos] : forms) {
    const auto parsed = parse_decimal(text, 9);
    ASSERT_TRUE(parsed.has_value()) << text << ": " << parsed.error().message();
    EXPECT_EQ(*parsed, nanos) << text;
  }
}

TEST(ParseDecimal, RoundsHalfAwayFromZeroAtTheLastDigit) {
  const std::vector<std::pair<std::string_view, std::int64_t>> forms = {
      {"0.0000004", 0},   {"0.0000005", 1}, {"-0.0000005", -1},       {"0.00000049999", 0}, {"0.0000015", 2},
      {"-0.0000015", -2}, {"0.0000025", 3}, {"0.9999995", 1'000'000}, {"0.00000005", 0},    {"5e-7", 1},
      {"4e-7", 0},        {"9e-8", 0},      {"1.2345674", 1'234'567},
  };
  for (const auto& [text, micros] : forms) EXPECT_EQ(parse_decimal(text, 6).value(), micros) << text;
}

TEST(ParseDecimal, AcceptsTheLargestValuesAndRefusesTheNext) {
  EXPECT_EQ(parse_decimal("9223372036854.775807", 6).value(), most);
  EXPECT_EQ(parse_decimal("-9223372036854.775807", 6).value(), -most);
  for (const auto* text : {"9223372036854.775808", "-9223372036854.775808", "9223372036854.7758075", "1e13",
                           "99999999999999999999999999999999999999999999999999", "1e999"}) {
    const auto parsed = parse_decimal(text, 6);
    ASSERT_TRUE(parsed.has_error()) << text;
    EXPECT_EQ(parsed.error().code(), Errc::out_of_range) << text;
  }
}

TEST(ParseDecimal, RefusesWhatIsNotADecimalNumber) {
  const std::string too_long(65, '1');
  const std::vector<std::string_view> texts = {
      "",     "-",  "+",    ".",    "-.",    "--1",           "+-1",   "1-", "1.2.3", "1,000", " 1",
      "1 ",   "1e", "1e+",  "1e-",  "1e1.5", "1e+-5",         "1ee5",  "e5", "NaN",   "inf",   "-Infinity",
      "0x10", "1f", "null", "true", "$5",    "1e99999999999", too_long};
  for (const auto text : texts) {
    const auto parsed = parse_decimal(text, 6);
    ASSERT_TRUE(parsed.has_error()) << "'" << text << "' gave " << *parsed;
    EXPECT_EQ(parsed.error().code(), Errc::malformed) << text;
  }
}

TEST(ParseDecimal, QuotesAtMostFortyCharactersOfBadInput) {
  const auto parsed = Money::parse(std::string(60, 'x'));
  EXPECT_LT(parsed.error().message().size(), 80u);
}

TEST(Money, AThousandLossesOfTenCentsAreExactlyAHundredDollars) {
  Money sum;
  for (int i = 0; i < 1000; ++i) sum += usd("-0.10");
  EXPECT_EQ(sum, Money::dollars(-100));
}

TEST(Money, IsWrittenWithTwoDecimalsRoundedHalfAwayFromZero) {
  EXPECT_EQ(to_string(usd("0")), "0.00");
  EXPECT_EQ(to_string(usd("-550")), "-550.00");
  EXPECT_EQ(to_string(usd("18.7")), "18.70");
  EXPECT_EQ(to_string(usd("-0.05")), "-0.05");
  EXPECT_EQ(to_string(usd("0.004999")), "0.00");
  EXPECT_EQ(to_string(usd("-0.004999")), "0.00");
  EXPECT_EQ(to_string(usd("0.005")), "0.01");
  EXPECT_EQ(to_string(usd("-0.005")), "-0.01");
  EXPECT_EQ(to_string(usd("1.995")), "2.00");
  EXPECT_EQ(to_string(Money{most}), "9223372036854.78");
}

TEST(Money, SumsSaturateInsteadOfWrapping) {
  EXPECT_EQ(Money{most} + Money{1}, Money{most});
  EXPECT_EQ(Money{-most} - Money{1}, Money{-most});
  EXPECT_EQ(Money{-most} + Money{-most}, Money{-most});
  EXPECT_EQ(Money{most} - Money{-most}, Money{most});
}

TEST(Money, ComparesAndNegatesBySign) {
  EXPECT_LT(usd("-500.01"), usd("-500"));
  EXPECT_EQ(-usd("-12.34"), usd("12.34"));
  EXPECT_EQ(usd("-12.34").abs(), usd("12.34"));
  EXPECT_EQ(usd("12.34").abs(), usd("12.34"));
}

TEST(Price, IsWrittenAsTheShortestExactDecimal) {
  for (const auto* text : {"0", "21000", "21000.25", "0.0000005", "-0.25", "-37.63", "0.000000001",
                           "101.015625", "9223372036.854775807", "-9223372036.854775807"}) {
    EXPECT_EQ(to_string(px(text)), text);
  }
  EXPECT_EQ(to_string(px("5138.000000000")), "5138");
}

TEST(Price, KeepsTheSixDigitsOfAWeightedAverage) { EXPECT_EQ(px("21000.083333").nanos, 21'000'083'333'000); }

TEST(Price, RefusesWhatNinePlacesCannotHold) {
  EXPECT_EQ(Price::parse("9223372036.854775808").error().code(), Errc::out_of_range);
  EXPECT_EQ(Price::parse("abc").error().code(), Errc::malformed);
}

} // namespace
} // namespace bulkhead::model
