#include "persistence/journal_segment.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::persistence {
namespace {

using model::Errc;
using model::Error;
using model::Result;

Result<std::shared_ptr<File>> open_unused(Disk& disk, const std::filesystem::path& path) {
  auto file = disk.open(path, OpenMode::create_new);
  if (file || file.error().code() != Errc::busy) return file;
  file = disk.open(path, OpenMode::read_write);
  if (!file) return file;
  const auto content = read_all(**file, max_segment_bytes);
  if (!content) return content.error();
  if (!all_zeros(*content)) return Error{Errc::busy, fmt::format("{}: holds data already", path.string())};
  return file;
}

} // namespace

Result<JournalSegment> prepare_segment(Disk& disk, const std::filesystem::path& account_dir,
                                       const SegmentName& name, std::uint64_t capacity) {
  model::require(capacity > segment_header_bytes && capacity <= max_segment_bytes, "segment size in range");
  if (auto made = disk.make_directory(account_dir); !made) return made.error();
  const auto path = account_dir / to_string(name);
  const auto file = open_unused(disk, path);
  if (!file) return file.error();
  if (auto done = (*file)->allocate(capacity); !done) return done.error();
  if (auto done = (*file)->sync(); !done) return done.error();
  if (auto done = disk.sync_directory(account_dir); !done) return done.error();
  return JournalSegment{name, path, *file, capacity, 0};
}

Result<JournalSegment> prepare_next_segment(Disk& disk, const std::filesystem::path& account_dir,
                                            SegmentName name, std::uint64_t capacity) {
  for (; name.number < max_segments_per_day; ++name.number) {
    auto segment = prepare_segment(disk, account_dir, name, capacity);
    if (segment || segment.error().code() != Errc::busy) return segment;
  }
  return Error{Errc::full, fmt::format("{}: no segment number is left for the day", account_dir.string())};
}

Result<JournalSegment> reopen_segment(Disk& disk, const std::filesystem::path& account_dir,
                                      const SegmentName& name, std::uint64_t position,
                                      std::uint64_t capacity) {
  const auto path = account_dir / to_string(name);
  const auto file = disk.open(path, OpenMode::read_write);
  if (!file) return file.error();
  if (auto done = (*file)->allocate(capacity); !done) return done.error();
  return JournalSegment{name, path, *file, capacity, position};
}

Result<std::vector<SegmentName>> list_segments(const std::filesystem::path& account_dir) {
  std::vector<SegmentName> names;
  std::error_code code;
  std::filesystem::directory_iterator entry(account_dir, code);
  for (; !code && entry != std::filesystem::directory_iterator{}; entry.increment(code)) {
    if (const auto name = parse_segment_name(entry->path().filename().string())) names.push_back(*name);
  }
  if (code && code != std::errc::no_such_file_or_directory) {
    return system_error(code.value(), "list", account_dir);
  }
  std::sort(names.begin(), names.end());
  return names;
}

bool all_zeros(std::string_view bytes) noexcept {
  // Comparing the bytes with themselves, shifted by one, runs at the speed of memcmp.
  return bytes.empty() || (bytes.front() == '\0' && bytes.substr(1) == bytes.substr(0, bytes.size() - 1));
}

} // namespace bulkhead::persistence
