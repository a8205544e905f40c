#include "persistence/set_aside.hpp"

#include "persistence/bytes.hpp"
#include "persistence/journal_format.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace bulkhead::persistence {

using model::Errc;
using model::Error;
using model::Result;

namespace {

constexpr std::string_view mark_name = "folding";
constexpr std::size_t longest_line = 1000;

std::string file_text(const SetAside& event) {
  std::string line = fmt::format("record {}: {}", event.sequence, event.why).substr(0, longest_line);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  return line + '\n' + event.payload;
}

} // namespace

std::string set_aside_name(std::uint64_t sequence) { return fmt::format("{:020}.quarantine", sequence); }

Result<std::filesystem::path> write_set_aside(Disk& disk, const std::filesystem::path& account_dir,
                                              const SetAside& event) {
  if (list_set_aside(disk, account_dir).size() >= most_set_aside)
    return Error{Errc::full, fmt::format("{} events are set aside already", most_set_aside)};
  const auto path = account_dir / set_aside_name(event.sequence);
  if (auto removed = disk.remove(path); !removed && removed.error().code() != Errc::not_found)
    return removed.error();
  const auto file = disk.open(path, OpenMode::create_new);
  if (!file) return file.error();
  if (auto written = write_all(**file, file_text(event), 0); !written) return written.error();
  if (auto synced = (*file)->sync(); !synced) return synced.error();
  if (auto synced = disk.sync_directory(account_dir); !synced) return synced.error();
  return path;
}

std::vector<SetAside> list_set_aside(Disk& disk, const std::filesystem::path& account_dir) {
  std::vector<SetAside> found;
  std::error_code code;
  std::filesystem::directory_iterator entry(account_dir, code);
  for (; !code && entry != std::filesystem::directory_iterator{}; entry.increment(code)) {
    const std::string name = entry->path().filename().string();
    SetAside event;
    std::from_chars(name.data(), name.data() + name.size(), event.sequence);
    if (name != set_aside_name(event.sequence)) continue;
    const auto file = disk.open(entry->path(), OpenMode::read);
    if (!file) continue;
    const auto text = read_all(**file, max_record_bytes + 2 * longest_line);
    const auto end_of_line = text ? text->find('\n') : std::string::npos;
    if (end_of_line == std::string::npos) continue;
    event.why = text->substr(0, end_of_line);
    event.payload = text->substr(end_of_line + 1);
    found.push_back(std::move(event));
  }
  std::sort(found.begin(), found.end(),
            [](const SetAside& a, const SetAside& b) { return a.sequence < b.sequence; });
  return found;
}

FoldMark::FoldMark(Disk& disk, const std::filesystem::path& account_dir)
    : disk_(&disk), path_(account_dir / mark_name) {
  auto file = disk.open(path_, OpenMode::read_write);
  if (file) {
    const auto bytes = (*file)->pread(0, 16);
    if (bytes && bytes->size() == 16)
      suspect_ = {load_le<std::uint64_t>(*bytes), load_le<std::uint64_t>(std::string_view{*bytes}.substr(8))};
  } else if (disk.make_directory(account_dir)) {
    file = disk.open(path_, OpenMode::create_new);
  }
  if (file) file_ = *file;
}

void FoldMark::folding(std::uint64_t sequence) {
  if (!file_) return;
  std::string bytes;
  append_le(bytes, sequence);
  append_le(bytes, sequence == suspect_.sequence ? suspect_.deaths + 1 : std::uint64_t{1});
  if (!write_all(*file_, bytes, 0)) file_ = nullptr;
}

void FoldMark::done() {
  if (std::exchange(file_, nullptr)) (void)disk_->remove(path_);
}

} // namespace bulkhead::persistence
