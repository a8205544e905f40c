#pragma once
// The writing end of one account's journal. Owned by the account and called in its own turn only: append()
// costs one pwrite into a preallocated file and never waits for a sync. Files are opened by another thread
// and handed over (provide_segment), unless JournalOptions::may_open allows to open them here. While there is
// no file, or the disk refuses, records wait in memory: at most memory_bytes; beyond that append() answers
// Errc::full, the record is not recorded, and the caller alarms. The next record is then preceded by a note
// that says how many are missing.

#include "persistence/sync_handle.hpp"

#include <map>

namespace bulkhead::persistence {

struct JournalOptions {
  std::uint64_t segment_bytes = 4 << 20; // at most max_segment_bytes
  std::size_t memory_bytes = 1 << 20;
  bool may_open = false; // open the next segment in the caller's turn when no spare is there
};

class JournalWriter {
public:
  /// Goes on at `end`, in the last segment when it is of `day` or later and has room, else in a new one. May
  /// block: for the start, not for a turn. Requires: a torn tail was cut, the options are in range, `disk`
  /// outlives the writer.
  [[nodiscard]] static model::Result<JournalWriter> open(Disk& disk, std::filesystem::path account_dir,
                                                         model::AccountId account, model::TradingDay day,
                                                         const JournalEnd& end, JournalOptions options = {});
  /// The same without touching the disk, for one that is full: records wait in memory until a segment is
  /// provided.
  [[nodiscard]] static JournalWriter open_in_memory(Disk& disk, std::filesystem::path account_dir,
                                                    model::AccountId account, model::TradingDay day,
                                                    const JournalEnd& end, JournalOptions options = {});

  /// Records and writes; the sequence of the record. Errors: full and out_of_range (payload too long): not
  /// recorded. io: the disk refused; recorded in memory with the next sequence, written as soon as the disk
  /// accepts; told once until a write succeeds again.
  [[nodiscard]] model::Result<std::uint64_t> append(RecordKind kind, model::Instant at,
                                                    std::string_view payload);
  /// As append(), but leaves the writing to the next append() or flush(): several records in one pwrite.
  [[nodiscard]] model::Result<std::uint64_t> stage(RecordKind kind, model::Instant at,
                                                   std::string_view payload);
  /// Writes what waits in memory, as far as there are files. Errors: io, told once.
  [[nodiscard]] model::Result<void> flush();

  /// Records from now on belong to `day`. A day at or before the current one changes nothing.
  void begin_day(model::TradingDay day);
  /// The segment that will be needed next: prepare it, then provide_segment().
  [[nodiscard]] SegmentName wanted() const;
  [[nodiscard]] bool has_spare() const { return spare_for(wanted()) != spares_.end(); }
  /// Takes over a segment prepared in advance, for wanted() or the first of the next day. At most two are
  /// kept, others are let go; a spare of a day that has passed is removed from disk by the next sync.
  void provide_segment(JournalSegment segment);

  [[nodiscard]] std::shared_ptr<SyncHandle> sync_handle() const { return sync_; }
  [[nodiscard]] std::uint64_t next_sequence() const noexcept { return next_sequence_; }
  /// Bytes that wait in memory.
  [[nodiscard]] std::size_t pending_bytes() const noexcept { return pending_.size(); }

private:
  using Spares = std::map<SegmentName, JournalSegment>;
  JournalWriter(Disk& disk, std::filesystem::path account_dir, model::AccountId account,
                model::TradingDay day, const JournalEnd& end, JournalOptions options);
  [[nodiscard]] Spares::const_iterator spare_for(const SegmentName& name) const;
  [[nodiscard]] std::size_t bytes_that_fit() const;
  [[nodiscard]] model::Result<bool> make_room();
  [[nodiscard]] model::Result<void> write_records(std::size_t bytes);
  void switch_to(JournalSegment next);
  void note_gap(model::Instant at);
  [[nodiscard]] model::Result<void> tell_once(const model::Error& error);

  Disk* disk_;
  std::filesystem::path account_dir_;
  model::AccountId account_;
  model::TradingDay day_;
  JournalOptions options_;
  std::shared_ptr<SyncHandle> sync_;
  std::optional<JournalSegment> current_;
  std::optional<SegmentName> last_; // of the segment last written, in an earlier run perhaps
  Spares spares_;
  std::string pending_; // whole records, in order
  std::uint64_t next_sequence_;
  ChainHash chain_; // of the last record, pending ones included
  std::uint64_t written_sequence_;
  ChainHash written_chain_;
  std::uint64_t missing_ = 0; // records that found no room since the last one that did
  bool told_ = false;         // the current failure was returned to the caller
  bool tail_dirty_ = false;   // a failed write may have left bytes beyond the position
};

} // namespace bulkhead::persistence
