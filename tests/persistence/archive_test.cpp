#include "persistence/archive_types.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace bulkhead::persistence {
namespace {

template <class T>
std::string written(const T& value) {
  std::string out;
  Writer ar(out);
  ar(value);
  return out;
}

template <class T>
model::Result<T> read(std::string_view bytes) {
  Reader ar(bytes);
  T value{};
  ar(value);
  if (auto done = ar.finish(); !done) return done.error();
  return value;
}

TEST(Archive, NumbersComeBackAtEveryWidth) {
  for (const std::int64_t n :
       {std::int64_t{0}, std::int64_t{-1}, std::int64_t{63}, std::int64_t{64}, std::int64_t{-65},
        std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
    EXPECT_EQ(*read<std::int64_t>(written(n)), n);
  }
  for (const std::uint64_t n : {std::uint64_t{0}, std::uint64_t{127}, std::uint64_t{128},
                                std::numeric_limits<std::uint64_t>::max()}) {
    EXPECT_EQ(*read<std::uint64_t>(written(n)), n);
  }
  EXPECT_EQ(written(std::int32_t{-1}), "\x01");
  EXPECT_EQ(written(std::uint32_t{300}), "\xac\x02");
}

TEST(Archive, RefusesANumberTooBigForItsType) {
  EXPECT_EQ(read<std::uint16_t>(written(std::uint32_t{65'536})).error().code(), model::Errc::corrupt);
  EXPECT_EQ(read<std::int32_t>(written(std::int64_t{1} << 31)).error().code(), model::Errc::corrupt);
  EXPECT_TRUE(read<std::int32_t>(written(-(std::int64_t{1} << 31))).has_value());
}

TEST(Archive, RefusesASecondSpellingOfANumber) {
  EXPECT_EQ(read<std::uint32_t>(std::string_view{"\x81\x00", 2}).error().code(), model::Errc::corrupt);
  EXPECT_EQ(read<std::uint64_t>(std::string(9, '\xff') + '\x02').error().code(), model::Errc::corrupt);
  EXPECT_EQ(read<std::uint64_t>(std::string(11, '\x80') + '\x01').error().code(), model::Errc::corrupt);
}

TEST(Archive, RefusesALengthBeyondTheEnd) {
  EXPECT_EQ(read<std::string>("\x05"
                              "abcd")
                .error()
                .code(),
            model::Errc::corrupt);
  EXPECT_EQ(read<std::vector<std::int64_t>>("\xff\xff\xff\xff\x0f").error().code(), model::Errc::corrupt);
  EXPECT_EQ(*read<std::string>("\x04"
                               "abcd"),
            "abcd");
}

TEST(Archive, RefusesBytesLeftOver) {
  EXPECT_EQ(read<bool>(std::string_view{"\x01\x00", 2}).error().message(), "bytes left over at byte 1 of 2");
}

TEST(Archive, RefusesKeysOutOfOrderAndTwice) {
  using Map = std::map<std::uint8_t, std::uint8_t>;
  EXPECT_EQ(*read<Map>(std::string_view{"\x02\x01\x09\x02\x09", 5}), (Map{{1, 9}, {2, 9}}));
  EXPECT_FALSE(read<Map>(std::string_view{"\x02\x02\x09\x01\x09", 5}).has_value());
  EXPECT_FALSE(read<Map>(std::string_view{"\x02\x01\x09\x01\x09", 5}).has_value());
  EXPECT_FALSE(read<std::set<std::uint8_t>>(std::string_view{"\x02\x01\x01", 3}).has_value());
}

TEST(Archive, RefusesABoolThatIsNeither) {
  EXPECT_EQ(read<bool>("\x02").error().code(), model::Errc::corrupt);
  EXPECT_EQ(read<std::optional<bool>>("\x03").error().code(), model::Errc::corrupt);
}

TEST(Archive, NamesTheFirstFaultOnly) {
  Reader ar("\x02");
  bool first = true;
  std::string second = "kept?";
  ar(first, second);
  EXPECT_EQ(ar.finish().error().message(), "neither true nor false at byte 1 of 1");
  EXPECT_EQ(second, "");
}

TEST(Archive, KeysSortLikeTheirNumbers) {
  std::string before;
  for (const std::int64_t n :
       {std::numeric_limits<std::int64_t>::min(), std::int64_t{-2}, std::int64_t{0}, std::int64_t{255},
        std::int64_t{256}, std::numeric_limits<std::int64_t>::max()}) {
    std::string key;
    append_key(key, n);
    EXPECT_LT(before, key);
    EXPECT_EQ(load_key(key), n);
    before = key;
  }
}

} // namespace
} // namespace bulkhead::persistence
