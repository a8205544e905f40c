#include "persistence/checkpoint.hpp"
#include "persistence/codec.hpp"
#include "persistence/record.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace bulkhead::persistence {

using model::Errc;
using model::Error;
using model::Result;

namespace {

constexpr std::string_view frame_name = "checkpoint";

std::string key_of(model::AccountId account, std::uint64_t sequence) {
  return account_key(account, static_cast<std::int64_t>(sequence));
}

} // namespace

std::string checkpoint_name(std::uint64_t sequence) {
  return fmt::format("{:020}{}", sequence, checkpoint_suffix);
}

Result<void> write_checkpoint(Disk& disk, const std::filesystem::path& account_dir,
                              const StoredAccount& stored) {
  if (auto made = disk.make_directory(account_dir); !made) return made;
  const auto path = account_dir / checkpoint_name(stored.journal_sequence);
  const std::string bytes =
      frame_record(frame_name, key_of(stored.state.id, stored.journal_sequence), encoded(stored));
  auto file = disk.open(path, OpenMode::create_new);
  if (!file && file.error().code() == Errc::busy) {
    if (auto removed = disk.remove(path); !removed) return removed;
    file = disk.open(path, OpenMode::create_new);
  }
  if (!file) return file.error();
  if (auto written = write_all(**file, bytes, 0); !written) return written;
  if (auto synced = (*file)->sync(); !synced) return synced;
  return disk.sync_directory(account_dir);
}

Result<std::vector<std::uint64_t>> list_checkpoints(const std::filesystem::path& account_dir) {
  std::vector<std::uint64_t> sequences;
  std::error_code code;
  std::filesystem::directory_iterator entry(account_dir, code);
  for (; !code && entry != std::filesystem::directory_iterator{}; entry.increment(code)) {
    const std::string name = entry->path().filename().string();
    std::uint64_t sequence = 0;
    std::from_chars(name.data(), name.data() + name.size(), sequence);
    if (name == checkpoint_name(sequence)) sequences.push_back(sequence);
  }
  if (code && code != std::errc::no_such_file_or_directory)
    return system_error(code.value(), "list", account_dir);
  std::sort(sequences.begin(), sequences.end());
  return sequences;
}

Result<StoredAccount> read_checkpoint(Disk& disk, const std::filesystem::path& account_dir,
                                      model::AccountId account, std::uint64_t sequence) {
  const auto path = account_dir / checkpoint_name(sequence);
  const auto file = disk.open(path, OpenMode::read);
  if (!file) return file.error();
  const auto bytes = read_all(**file, max_checkpoint_bytes);
  if (!bytes) return bytes.error().with_context(path.string());
  const auto payload = unframe_record(frame_name, key_of(account, sequence), *bytes);
  if (!payload) return payload.error().with_context(path.string());
  auto stored = decode_stored_account(*payload);
  if (!stored) return stored.error().with_context(path.string());
  if (stored->state.id != account || stored->journal_sequence != sequence)
    return Error{Errc::corrupt, fmt::format("{}: belongs to another place", path.string())};
  return stored;
}

Result<std::optional<StoredAccount>> newest_checkpoint(Disk& disk, const std::filesystem::path& account_dir,
                                                       model::AccountId account, std::uint64_t at_most) {
  auto sequences = list_checkpoints(account_dir);
  if (!sequences) return sequences.error();
  for (; !sequences->empty(); sequences->pop_back()) {
    if (sequences->back() > at_most) continue;
    auto stored = read_checkpoint(disk, account_dir, account, sequences->back());
    if (stored) return std::optional{std::move(*stored)};
    // An older one is better than none; records that are then missing are noticed by whoever reads on.
    if (stored.error().code() == Errc::unsupported) return stored.error();
  }
  return std::optional<StoredAccount>{};
}

} // namespace bulkhead::persistence
