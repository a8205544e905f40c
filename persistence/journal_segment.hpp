#pragma once
// One preallocated journal file, opened for writing. prepare_segment() is the slow part (create, reserve,
// sync) and belongs on the journal thread; the finished segment is handed to the account's JournalWriter,
// which from then on only calls pwrite.

#include "persistence/file.hpp"
#include "persistence/journal_format.hpp"

#include <vector>

namespace bulkhead::persistence {

struct JournalSegment {
  SegmentName name;
  std::filesystem::path path;
  std::shared_ptr<File> file;
  std::uint64_t capacity = 0;
  std::uint64_t position = 0; // where the next byte goes; 0: the header is still to be written
};

/// Where the valid part of an account's journal ends: what a writer needs to go on.
struct JournalEnd {
  std::uint64_t next_sequence = 1;
  ChainHash chain{};
  std::optional<SegmentName> segment; // the last one with a header; none: there is no journal yet
  std::uint64_t position = 0;         // of the end of data in it
  /// A tail that holds no valid record: cut_tail() removes it.
  struct TornTail {
    SegmentName segment;
    std::uint64_t position = 0;
    std::uint64_t bytes = 0; // up to the last byte that is not zero
    friend bool operator==(const TornTail&, const TornTail&) = default;
  };
  std::optional<TornTail> torn;
};

/// Creates the file with `capacity` reserved bytes, all zeros, durable with its name. An unused segment of an
/// earlier run is taken over. Requires: segment_header_bytes < capacity <= max_segment_bytes. Errors: busy
/// when the file holds data; full, io.
[[nodiscard]] model::Result<JournalSegment> prepare_segment(Disk& disk,
                                                            const std::filesystem::path& account_dir,
                                                            const SegmentName& name, std::uint64_t capacity);

/// As prepare_segment(), under the next number that is free when that file holds data. Errors: full, io.
[[nodiscard]] model::Result<JournalSegment> prepare_next_segment(Disk& disk,
                                                                 const std::filesystem::path& account_dir,
                                                                 SegmentName name, std::uint64_t capacity);

/// Opens a segment that ends at `position` and reserves its space again. Everything beyond must be zeros.
[[nodiscard]] model::Result<JournalSegment> reopen_segment(Disk& disk,
                                                           const std::filesystem::path& account_dir,
                                                           const SegmentName& name, std::uint64_t position,
                                                           std::uint64_t capacity);

/// The segments of an account in the order of writing; none when the directory does not exist.
[[nodiscard]] model::Result<std::vector<SegmentName>> list_segments(const std::filesystem::path& account_dir);

[[nodiscard]] bool all_zeros(std::string_view bytes) noexcept;

} // namespace bulkhead::persistence
