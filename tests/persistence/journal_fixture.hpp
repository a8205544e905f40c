#pragma once
// An account's journal in a directory of its own, for the tests of writer, reader and faults.

#include "persistence/journal.hpp"
#include "persistence/journal_reader.hpp"
#include "tests/persistence/faulty_disk.hpp"
#include "tests/persistence/samples.hpp"

#include <gtest/gtest.h>

namespace bulkhead::persistence {

struct JournalFixture {
  TempDir temp;
  FaultyDisk disk;
  std::filesystem::path dir = temp.path() / "4711";
  model::AccountId account{4711};
  JournalOptions options{4096, 1 << 20, true};

  JournalWriter open(unsigned day = 15, const JournalEnd& end = {}) {
    auto writer = JournalWriter::open(disk, dir, account, samples::day(day), end, options);
    EXPECT_TRUE(writer) << writer.error().message();
    return std::move(*writer);
  }

  /// What a reader finds from `from` on: the payloads, and how it ended.
  struct Found {
    std::vector<std::string> payloads;
    std::uint64_t first = 0;
    JournalEnd end;
    std::optional<model::Error> error;
    std::vector<std::filesystem::path> damaged;
  };
  Found read(std::uint64_t from = 1) {
    auto reader = JournalReader::open(disk, dir, account, from);
    EXPECT_TRUE(reader);
    Found found;
    JournalRecord record;
    for (;;) {
      const auto next = reader->next(record);
      if (!next) found.error = next.error();
      if (!next || !*next) break;
      if (found.payloads.empty()) found.first = record.sequence;
      EXPECT_EQ(record.sequence, found.first + found.payloads.size());
      found.payloads.emplace_back(record.payload);
    }
    found.end = reader->end();
    found.damaged = reader->damaged_files();
    return found;
  }

  std::filesystem::path segment(unsigned day, unsigned number) const {
    return dir / to_string(SegmentName{samples::day(day), number});
  }

  JournalSegment spare(const SegmentName& name) {
    auto segment = prepare_segment(disk, dir, name, options.segment_bytes);
    EXPECT_TRUE(segment) << segment.error().message();
    return *segment;
  }
};

/// Appends "<prefix>0", "<prefix>1", ...
inline std::vector<std::string> append_some(JournalWriter& writer, int n, const std::string& prefix = "r") {
  std::vector<std::string> payloads;
  for (int i = 0; i < n; ++i) {
    payloads.push_back(prefix + std::to_string(i));
    EXPECT_TRUE(writer.append(RecordKind::note, samples::at(i), payloads.back()));
  }
  return payloads;
}

} // namespace bulkhead::persistence
