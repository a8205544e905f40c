#include "persistence/crc32c.hpp"
#include "persistence/record.hpp"

#include <gtest/gtest.h>

namespace bulkhead::persistence {
namespace {

TEST(Crc32c, MatchesThePublishedVectors) {
  EXPECT_EQ(crc32c("123456789"), 0xE3069283U);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAU); // RFC 3720, B.4
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62A8AB43U);
  EXPECT_EQ(crc32c(""), 0U);
}

TEST(Crc32c, DoesNotDependOnHowTheBytesArrive) {
  EXPECT_EQ(Crc32c{}.add("1234").add("").add("56789").value(), crc32c("123456789"));
}

TEST(Record, ComesBackUnderItsOwnTableAndKey) {
  EXPECT_EQ(*unframe_record("meta", "k", frame_record("meta", "k", "payload")), "payload");
  EXPECT_EQ(*unframe_record("meta", "k", frame_record("meta", "k", "")), "");
}

TEST(Record, IsRefusedUnderAnotherTableOrKey) {
  const std::string framed = frame_record("meta", "key", "payload");
  EXPECT_EQ(unframe_record("days", "key", framed).error().code(), model::Errc::corrupt);
  EXPECT_EQ(unframe_record("met", "akey", framed).error().code(), model::Errc::corrupt);
  const auto error = unframe_record("meta", "kex", framed).error();
  EXPECT_EQ(error.code(), model::Errc::corrupt);
  EXPECT_EQ(error.message(), "table meta, key kex: record does not match its checksum");
}

TEST(Record, EveryFlippedBitIsNoticed) {
  const std::string framed = frame_record("t", std::string("\0\1", 2), "some payload");
  for (std::size_t bit = 0; bit < framed.size() * 8; ++bit) {
    std::string damaged = framed;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(unframe_record("t", std::string("\0\1", 2), damaged)) << "bit " << bit;
  }
}

TEST(Record, NamesABinaryKeyInHexadecimal) {
  EXPECT_EQ(printable_key(std::string("\0\xff", 2)), "0x00ff");
  EXPECT_EQ(printable_key("CON.F.US.EP"), "CON.F.US.EP");
}

TEST(Crc32c, IsTheSameWithAndWithoutTheProcessorsInstruction) {
  std::string bytes;
  for (int length = 0; length < 100; ++length) {
    EXPECT_EQ(crc32c(bytes), crc32c_by_table(bytes)) << length;
    bytes.push_back(static_cast<char>(length * 37 + 11));
  }
}

} // namespace
} // namespace bulkhead::persistence
