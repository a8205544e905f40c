#include "persistence/journal_format.hpp"
#include "persistence/bytes.hpp"
#include "persistence/crc32c.hpp"
#include "persistence/record.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <sodium.h>

namespace bulkhead::persistence {
namespace {

using model::Errc;
using model::Error;
using model::Result;

// Offsets in a record; the length field counts what follows the CRC.
constexpr std::size_t prefix_bytes = 8; // length and CRC
constexpr std::size_t sequence_at = 8;
constexpr std::size_t kind_at = 16;
constexpr std::size_t instant_at = 17;
constexpr std::size_t payload_at = 25;
constexpr std::size_t hash_bytes = std::tuple_size_v<ChainHash>;
static_assert(payload_at + hash_bytes == record_overhead_bytes);
static_assert(hash_bytes >= crypto_generichash_BYTES_MIN);

constexpr std::size_t header_crc_at = segment_header_bytes - sizeof(std::uint32_t);

/// BLAKE2b-128 over the hash before, the length and everything from the sequence to the end of the payload.
ChainHash hash_record(const ChainHash& previous, std::string_view record_without_hash) {
  // Without it libsodium hashes in plain C, at half the speed.
  [[maybe_unused]] static const int started = sodium_init();
  const auto raw = [](const char* p) { return reinterpret_cast<const unsigned char*>(p); };
  ChainHash out{};
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, hash_bytes);
  crypto_generichash_update(&state, raw(previous.data()), previous.size());
  crypto_generichash_update(&state, raw(record_without_hash.data()), sizeof(std::uint32_t));
  const std::string_view body = record_without_hash.substr(sequence_at);
  crypto_generichash_update(&state, raw(body.data()), body.size());
  crypto_generichash_final(&state, reinterpret_cast<unsigned char*>(out.data()), hash_bytes);
  return out;
}

std::uint32_t record_crc(std::string_view record) {
  return Crc32c{}.add(record.substr(0, 4)).add(record.substr(prefix_bytes)).value();
}

} // namespace

std::string to_string(const SegmentName& name) {
  return fmt::format("{}.{:03}{}", model::to_string(name.day), name.number, segment_suffix);
}

std::optional<SegmentName> parse_segment_name(std::string_view file_name) {
  constexpr std::size_t date_length = 10;
  if (file_name.size() <= date_length || !file_name.ends_with(segment_suffix)) return std::nullopt;
  const auto day = model::TradingDay::parse(file_name.substr(0, date_length));
  if (!day) return std::nullopt;
  SegmentName name{*day, 0};
  const char* const first = file_name.data() + date_length + 1;
  const char* const last = file_name.data() + file_name.size() - segment_suffix.size();
  if (first >= last || std::from_chars(first, last, name.number).ptr != last) return std::nullopt;
  if (name.number >= max_segments_per_day || to_string(name) != file_name) return std::nullopt;
  return name;
}

std::string encode_header(const SegmentHeader& header) {
  std::string out{segment_magic};
  append_le(out, journal_version);
  append_le(out, header.name.number);
  append_le(out, header.account.value);
  append_le(out, day_number(header.name.day));
  append_le(out, std::uint32_t{0}); // reserved
  append_le(out, header.first_sequence);
  out.append(header.previous.data(), header.previous.size());
  append_le(out, std::uint32_t{0}); // reserved
  append_le(out, crc32c(out));
  model::require(out.size() == segment_header_bytes, "a segment header has 64 bytes");
  return out;
}

Result<SegmentHeader> decode_header(std::string_view bytes) {
  if (bytes.size() < segment_header_bytes) return Error{Errc::corrupt, "segment header is cut off"};
  bytes = bytes.substr(0, segment_header_bytes);
  if (!bytes.starts_with(segment_magic)) return Error{Errc::corrupt, "not a journal segment"};
  if (load_le<std::uint32_t>(bytes.substr(header_crc_at)) != crc32c(bytes.substr(0, header_crc_at))) {
    return Error{Errc::corrupt, "segment header does not match its checksum"};
  }
  const auto version = load_le<std::uint32_t>(bytes.substr(8));
  if (version != journal_version) {
    return Error{Errc::unsupported,
                 fmt::format("journal format {}, this release reads {}", version, journal_version)};
  }
  SegmentHeader header;
  header.name.number = load_le<std::uint32_t>(bytes.substr(12));
  header.account.value = load_le<std::int64_t>(bytes.substr(16));
  header.name.day.date = std::chrono::sys_days{std::chrono::days{load_le<std::int32_t>(bytes.substr(24))}};
  header.first_sequence = load_le<std::uint64_t>(bytes.substr(32));
  std::copy_n(bytes.begin() + 40, hash_bytes, header.previous.begin());
  return header;
}

void append_record(std::string& out, std::uint64_t sequence, RecordKind kind, model::Instant at,
                   std::string_view payload, ChainHash& chain) {
  const std::size_t total = record_overhead_bytes + payload.size();
  model::require(total <= max_record_bytes, "a journal record is at most 1 MiB long");
  const std::size_t start = out.size();
  out.reserve(start + total);
  append_le(out, static_cast<std::uint32_t>(total - prefix_bytes));
  append_le(out, std::uint32_t{0}); // the CRC, once all is there
  append_le(out, sequence);
  out.push_back(static_cast<char>(kind));
  append_le(out, static_cast<std::int64_t>(at.time_since_epoch().count()));
  out.append(payload);
  chain = hash_record(chain, std::string_view{out}.substr(start));
  out.append(chain.data(), chain.size());
  const std::uint32_t crc = record_crc(std::string_view{out}.substr(start));
  std::memcpy(out.data() + start + sizeof(std::uint32_t), &crc, sizeof(crc));
}

std::uint64_t record_length(std::string_view bytes) noexcept {
  return prefix_bytes + std::uint64_t{load_le<std::uint32_t>(bytes)};
}

Result<JournalRecord> parse_record(std::string_view bytes) {
  if (bytes.size() < record_overhead_bytes) return Error{Errc::corrupt, "record is cut off"};
  const std::uint64_t total = record_length(bytes);
  if (total < record_overhead_bytes || total > max_record_bytes) {
    return Error{Errc::corrupt, fmt::format("record of impossible length {}", total)};
  }
  if (total > bytes.size()) return Error{Errc::corrupt, "record is cut off"};
  bytes = bytes.substr(0, static_cast<std::size_t>(total));
  if (load_le<std::uint32_t>(bytes.substr(4)) != record_crc(bytes)) {
    return Error{Errc::corrupt, "record does not match its checksum"};
  }
  const auto kind = static_cast<std::uint8_t>(bytes[kind_at]);
  if (kind < static_cast<std::uint8_t>(RecordKind::event) ||
      kind > static_cast<std::uint8_t>(RecordKind::note)) {
    return Error{Errc::unsupported, fmt::format("record of unknown kind {}", kind)};
  }
  JournalRecord record;
  record.sequence = load_le<std::uint64_t>(bytes.substr(sequence_at));
  record.kind = static_cast<RecordKind>(kind);
  record.at = model::Instant{model::Duration{load_le<std::int64_t>(bytes.substr(instant_at))}};
  record.payload = bytes.substr(payload_at, bytes.size() - record_overhead_bytes);
  std::copy_n(bytes.end() - hash_bytes, hash_bytes, record.chain.begin());
  record.bytes = bytes.size();
  return record;
}

ChainHash chain_after(const ChainHash& previous, const JournalRecord& record, std::string_view bytes) {
  return hash_record(previous, bytes.substr(0, record.bytes - hash_bytes));
}

bool holds_record(std::string_view bytes, std::uint64_t at_least) {
  for (std::size_t at = 0; at + record_overhead_bytes <= bytes.size(); ++at) {
    const std::string_view here = bytes.substr(at);
    // Cheap tests first: among zeros and text hardly any place gets as far as the checksum.
    const std::uint64_t total = record_length(here);
    if (total < record_overhead_bytes || total > std::min<std::uint64_t>(max_record_bytes, here.size()))
      continue;
    if (load_le<std::uint64_t>(here.substr(sequence_at)) < at_least) continue;
    const auto record = parse_record(here);
    if (record || record.error().code() == Errc::unsupported) return true;
  }
  return false;
}

} // namespace bulkhead::persistence
