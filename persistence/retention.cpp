#include "persistence/retention.hpp"
#include "persistence/checkpoint.hpp"

#include <algorithm>

namespace bulkhead::persistence {

using model::Result;

namespace {

/// The first record of the segment; none when that cannot be read, as in a spare.
std::optional<std::uint64_t> first_record(Disk& disk, const std::filesystem::path& path) {
  const auto file = disk.open(path, OpenMode::read);
  if (!file) return std::nullopt;
  const auto head = (*file)->pread(0, segment_header_bytes);
  if (!head) return std::nullopt;
  const auto header = decode_header(*head);
  return header ? std::optional{header->first_sequence} : std::nullopt;
}

} // namespace

Result<Removed> remove_old_journal(Disk& disk, const std::filesystem::path& account_dir,
                                   model::AccountId account, model::TradingDay keep_from,
                                   std::uint64_t committed) {
  Removed removed;
  const auto names = list_segments(account_dir);
  if (!names) return names.error();
  const auto checkpoint = newest_checkpoint(disk, account_dir, account, committed);
  if (!checkpoint) return checkpoint.error();
  if (!*checkpoint) return removed;
  const std::uint64_t dispensable = (*checkpoint)->journal_sequence;
  std::uint64_t first_kept = 0;
  for (std::size_t i = 0; i + 1 < names->size() && (*names)[i].day < keep_from; ++i) {
    const auto next = first_record(disk, account_dir / to_string((*names)[i + 1]));
    if (!next || *next > dispensable + 1) break;
    if (auto gone = disk.remove(account_dir / to_string((*names)[i])); !gone) return gone.error();
    ++removed.segments;
    first_kept = *next;
  }
  if (removed.segments == 0) return removed;
  const auto sequences = list_checkpoints(account_dir);
  if (!sequences) return sequences.error();
  for (const std::uint64_t sequence : *sequences) {
    if (sequence + 1 >= first_kept) break; // of use with the journal that stays
    if (auto gone = disk.remove(account_dir / checkpoint_name(sequence)); !gone) return gone.error();
    ++removed.checkpoints;
  }
  if (auto synced = disk.sync_directory(account_dir); !synced) return synced.error();
  return removed;
}

} // namespace bulkhead::persistence
