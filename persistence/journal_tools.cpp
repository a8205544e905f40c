#include "persistence/journal_reader.hpp"

namespace bulkhead::persistence {

using model::Result;

Result<void> cut_tail(Disk& disk, const std::filesystem::path& account_dir, JournalEnd& end) {
  if (!end.torn) return {};
  const auto file = disk.open(account_dir / to_string(end.torn->segment), OpenMode::read_write);
  if (!file) return file.error();
  if (auto cut = (*file)->truncate(end.torn->position); !cut) return cut;
  if (auto synced = (*file)->sync(); !synced) return synced;
  end.torn.reset();
  return {};
}

Result<ChainReport> verify_chain(Disk& disk, const std::filesystem::path& account_dir,
                                 model::AccountId account) {
  auto reader = JournalReader::open(disk, account_dir, account);
  if (!reader) return reader.error();
  ChainReport report;
  JournalRecord record;
  for (;;) {
    const auto found = reader->next(record);
    if (!found && found.error().code() != model::Errc::corrupt &&
        found.error().code() != model::Errc::unsupported)
      return found.error();
    if (!found)
      report.damage = ChainReport::Damage{reader->damaged_files().front(), reader->offset(), found.error()};
    if (!found || !*found) break;
    if (report.records++ == 0) report.first_sequence = record.sequence;
    report.last_sequence = record.sequence;
  }
  report.segments = reader->segments_read();
  report.torn = reader->end().torn;
  return report;
}

} // namespace bulkhead::persistence
