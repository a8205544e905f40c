#pragma once
// The journal on disk: names, segment headers, records and the hash chain, byte for byte as in
// docs/journal_format.md. Pure functions over bytes, any thread; files are opened by journal_segment and read
// by journal_reader.

#include "model/error.hpp"
#include "model/ids.hpp"
#include "model/time.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bulkhead::persistence {

inline constexpr std::string_view segment_magic = "BHJRNL\r\n";
inline constexpr std::uint32_t journal_version = 1;
inline constexpr std::size_t segment_header_bytes = 64;
inline constexpr std::size_t record_overhead_bytes = 41; // length, CRC, sequence, kind, instant, chain hash
inline constexpr std::size_t max_record_bytes = 1 << 20;
inline constexpr std::uint64_t max_segment_bytes = 64 << 20;
inline constexpr std::uint32_t max_segments_per_day = 10'000;
inline constexpr std::string_view segment_suffix = ".bhj";

using ChainHash = std::array<char, 16>; // all zeros before the first record of an account

enum class RecordKind : std::uint8_t {
  event = 1,    // codec: model::Event
  decision = 2, // codec: model::Decision
  outcome = 3,  // text: how an enforcement action ended
  note = 4,     // text
};
/// A note that begins so stands where records are missing that the writer had no room for.
inline constexpr std::string_view gap_note_prefix = "gap: ";

/// Which segment: the trading day and its number within the day. Sorts in the order of writing.
struct SegmentName {
  model::TradingDay day;
  std::uint32_t number = 0;
  friend auto operator<=>(const SegmentName&, const SegmentName&) = default;
};
/// "2026-07-15.000.bhj"
[[nodiscard]] std::string to_string(const SegmentName& name);
/// None for a file name of another shape.
[[nodiscard]] std::optional<SegmentName> parse_segment_name(std::string_view file_name);

struct SegmentHeader {
  model::AccountId account;
  SegmentName name;
  std::uint64_t first_sequence = 1; // of its first record
  ChainHash previous{};             // chain hash of the record before that
  friend bool operator==(const SegmentHeader&, const SegmentHeader&) = default;
};
[[nodiscard]] std::string encode_header(const SegmentHeader& header);
/// Errors: corrupt; unsupported for a newer format version.
[[nodiscard]] model::Result<SegmentHeader> decode_header(std::string_view bytes);

/// A record as it stands in a segment; `payload` views the segment's bytes.
struct JournalRecord {
  std::uint64_t sequence = 0;
  RecordKind kind = RecordKind::note;
  model::Instant at;
  std::string_view payload;
  ChainHash chain{};
  std::size_t bytes = 0; // whole length in the file
};

/// Appends a record to `out` and moves `chain` on. Requires: the record is at most max_record_bytes long.
void append_record(std::string& out, std::uint64_t sequence, RecordKind kind, model::Instant at,
                   std::string_view payload, ChainHash& chain);

/// The record at the start of `bytes`. Checks length and CRC, not the chain. Errors: corrupt; unsupported for
/// a kind of a newer release.
[[nodiscard]] model::Result<JournalRecord> parse_record(std::string_view bytes);

/// What the chain hash of the record at the start of `bytes` must be after `previous`. Requires: the record
/// was parsed without error.
[[nodiscard]] ChainHash chain_after(const ChainHash& previous, const JournalRecord& record,
                                    std::string_view bytes);

/// The length of the record at the start of `bytes`, as its first field says. Requires: at least 4 bytes.
[[nodiscard]] std::uint64_t record_length(std::string_view bytes) noexcept;

/// True when a whole record with a sequence of `at_least` or more starts anywhere in `bytes`: what looked
/// like a torn tail is then a hole.
[[nodiscard]] bool holds_record(std::string_view bytes, std::uint64_t at_least);

} // namespace bulkhead::persistence
