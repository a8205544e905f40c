#include "tests/persistence/journal_fixture.hpp"

#include <fmt/format.h>

namespace bulkhead::persistence {
namespace {

using model::Errc;
using samples::at;

std::string hex(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return out;
}

TEST(JournalFormat, BytesNeverChange) {
  const SegmentHeader header{model::AccountId{4711}, {samples::day(), 2}, 9, {'c', 'h', 'a', 'i', 'n'}};
  EXPECT_EQ(hex(encode_header(header)),
            "42484a524e4c0d0a01000000020000006712000000000000a9500000000000000900000000000000"
            "636861696e000000000000000000000000000000675797ce");
  EXPECT_EQ(*decode_header(encode_header(header)), header);
  std::string record;
  ChainHash chain{};
  append_record(record, 1, RecordKind::note, at(0), "hello", chain);
  EXPECT_EQ(hex(record),
            "260000004a5c52840100000000000000040778de71ad56060068656c6c6f58b39a3cf44c2357e99f5db677cdbf6e");
}

TEST(JournalFormat, SegmentNamesComeBack) {
  EXPECT_EQ(to_string(SegmentName{samples::day(), 7}), "2026-07-15.007.bhj");
  EXPECT_EQ(parse_segment_name("2026-07-15.1234.bhj"), (SegmentName{samples::day(), 1234}));
  for (const char* name : {"", "2026-07-15.bhj", "2026-07-15..bhj", "2026-07-15.7.bhj", "2026-07-15.0007.bhj",
                           "2026-07-15.+07.bhj", "2026-13-15.007.bhj", "2026-07-15.007.bhj.quarantine-x",
                           "2026-07-15.99999.bhj", "2026-07-15x007.bhj"}) {
    EXPECT_FALSE(parse_segment_name(name)) << name;
  }
}

TEST(JournalReader, AnAccountWithoutJournalIsEmpty) {
  JournalFixture f;
  const auto found = f.read();
  EXPECT_TRUE(found.payloads.empty());
  EXPECT_EQ(found.end.next_sequence, 1u);
  EXPECT_FALSE(found.end.segment);
}

TEST(JournalReader, ATornTailIsCutAtEveryByteOfTheLastRecord) {
  JournalFixture f;
  {
    auto writer = f.open();
    append_some(writer, 3);
  }
  const auto path = f.segment(15, 0);
  const std::string whole = slurp(path);
  const std::size_t end = f.read().end.position;
  const std::size_t last = end - record_overhead_bytes - 2;
  for (std::size_t cut = last + 1; cut < end; ++cut) {
    for (const bool zeros : {true, false}) { // the file keeps its length, or loses it
      std::string bytes = whole.substr(0, cut);
      if (zeros) bytes.resize(whole.size());
      spill(path, bytes);
      auto found = f.read();
      ASSERT_FALSE(found.error) << cut << ": " << found.error->message();
      ASSERT_EQ(found.payloads.size(), 2u) << cut;
      if (!found.end.torn) {
        ASSERT_EQ(bytes.find_last_not_of('\0') + 1, last) << "only zeros are no tail";
        continue;
      }
      ASSERT_EQ(found.end.torn->position, last);
      ASSERT_TRUE(cut_tail(f.disk, f.dir, found.end));
      auto writer = f.open(15, found.end);
      append_some(writer, 1, "new");
      ASSERT_EQ(f.read().payloads, (std::vector<std::string>{"r0", "r1", "new0"}));
    }
  }
}

TEST(JournalReader, EveryFlippedBitIsNoticed) {
  JournalFixture f;
  {
    auto writer = f.open();
    append_some(writer, 3);
  }
  const auto path = f.segment(15, 0);
  const std::string whole = slurp(path);
  const std::size_t end = f.read().end.position;
  const std::size_t last = end - record_overhead_bytes - 2;
  for (std::size_t bit = 0; bit < (end + 16) * 8; ++bit) {
    std::string bytes = whole;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
    spill(path, bytes);
    const auto found = f.read();
    const bool in_last = bit / 8 >= last;
    ASSERT_EQ(found.end.torn.has_value(), in_last) << bit;
    ASSERT_EQ(found.error.has_value(), !in_last) << bit;
    if (found.error) {
      ASSERT_EQ(found.error->code(), Errc::corrupt) << bit;
      ASSERT_NE(found.error->message().find("2026-07-15.000.bhj at offset "), std::string::npos);
      ASSERT_EQ(found.damaged.size(), 1u);
    }
  }
}

TEST(JournalReader, ABadRecordBeforeALaterSegmentIsCorrupt) {
  JournalFixture f;
  auto writer = f.open();
  append_some(writer, 150);
  const auto path = f.segment(15, 0);
  std::string bytes = slurp(path);
  bytes[bytes.find_last_not_of('\0')] ^= 1; // the last record of a segment that is not the last
  spill(path, bytes);
  const auto found = f.read();
  ASSERT_TRUE(found.error);
  EXPECT_EQ(found.error->code(), Errc::corrupt);
  EXPECT_EQ(found.damaged.size(), list_segments(f.dir)->size());
}

TEST(JournalReader, AMissingSegmentIsNoticed) {
  JournalFixture f;
  auto writer = f.open();
  append_some(writer, 250);
  std::filesystem::remove(f.segment(15, 1));
  const auto found = f.read();
  ASSERT_TRUE(found.error);
  EXPECT_EQ(found.error->code(), Errc::corrupt);
  EXPECT_FALSE(f.read(249).error) << "what lies before the record asked for is not looked at";
}

TEST(JournalReader, ASegmentOfAnotherAccountOrPlaceIsNoticed) {
  JournalFixture f;
  auto writer = f.open();
  append_some(writer, 2);
  auto other = JournalReader::open(f.disk, f.dir, model::AccountId{1});
  JournalRecord record;
  EXPECT_EQ(other->next(record).error().code(), Errc::corrupt);
  std::filesystem::rename(f.segment(15, 0), f.segment(15, 1));
  EXPECT_EQ(f.read().error->code(), Errc::corrupt);
}

TEST(JournalReader, ARecordExchangedTogetherWithItsChecksumBreaksTheChain) {
  JournalFixture f;
  {
    auto writer = f.open();
    append_some(writer, 3);
  }
  const auto path = f.segment(15, 0);
  std::string bytes = slurp(path);
  std::string forged;
  ChainHash chain{}; // the forger does not carry on the true chain
  append_record(forged, 2, RecordKind::note, at(1), "XX", chain);
  bytes.replace(segment_header_bytes + forged.size(), forged.size(), forged);
  spill(path, bytes);
  const auto found = f.read();
  ASSERT_TRUE(found.error);
  EXPECT_NE(found.error->message().find("does not continue the chain"), std::string::npos);
}

TEST(JournalReader, AnUnusedSpareIsSkipped) {
  JournalFixture f;
  auto writer = f.open(15);
  append_some(writer, 2);
  (void)f.spare({samples::day(15), 1});
  writer.begin_day(samples::day(16));
  append_some(writer, 2);
  (void)f.spare({samples::day(16), 1});
  EXPECT_EQ(f.read().payloads.size(), 4u);
  EXPECT_EQ(f.read(3).payloads.size(), 2u);
}

TEST(JournalReader, ATornHeaderOfTheLastSegmentIsCut) {
  JournalFixture f;
  auto writer = f.open(15);
  append_some(writer, 2);
  (void)f.spare({samples::day(15), 1});
  std::string bytes = slurp(f.segment(15, 1));
  bytes.replace(0, 10, encode_header({f.account, {samples::day(), 1}, 3, {}}), 0, 10);
  spill(f.segment(15, 1), bytes);
  auto found = f.read();
  ASSERT_TRUE(found.end.torn);
  EXPECT_EQ(found.payloads.size(), 2u);
  ASSERT_TRUE(cut_tail(f.disk, f.dir, found.end));
  auto next = f.open(15, found.end);
  const auto payloads = append_some(next, 200, "n");
  EXPECT_EQ(f.read(3).payloads, payloads);
}

TEST(JournalReader, RecordsOfANewerReleaseAreNotCutOff) {
  JournalFixture f;
  {
    auto writer = f.open();
    append_some(writer, 1);
  }
  const auto end = f.read().end;
  std::string bytes = slurp(f.segment(15, 0));
  std::string record;
  ChainHash chain = end.chain;
  append_record(record, 2, static_cast<RecordKind>(9), at(1), "future", chain);
  bytes.replace(end.position, record.size(), record);
  spill(f.segment(15, 0), bytes);
  EXPECT_EQ(f.read().error->code(), Errc::unsupported);
}

TEST(VerifyChain, CountsAWholeJournalAndFindsDamage) {
  JournalFixture f;
  auto writer = f.open();
  append_some(writer, 150);
  const auto report = verify_chain(f.disk, f.dir, f.account);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->records, 150u);
  EXPECT_EQ(report->last_sequence, 150u);
  EXPECT_EQ(report->segments, list_segments(f.dir)->size());
  std::string bytes = slurp(f.segment(15, 0));
  bytes[100] ^= 1;
  spill(f.segment(15, 0), bytes);
  const auto damage = verify_chain(f.disk, f.dir, f.account)->damage;
  ASSERT_TRUE(damage);
  EXPECT_EQ(damage->error.code(), Errc::corrupt);
}

} // namespace
} // namespace bulkhead::persistence
