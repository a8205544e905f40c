#pragma once
// One account's journal as its actor uses it: every input event and what was decided on it, appended to the
// page cache before any request leaves. Never waits for the disk; a journal that cannot be
// written is reported once and decisions go on from memory. Used by the account's actor only; the sync handle
// by the journal actor's thread.

#include "model/decision.hpp"
#include "model/event.hpp"
#include "persistence/journal.hpp"

#include <memory>
#include <optional>

namespace bulkhead::actors {

class AccountJournal {
public:
  /// `writer` null: nothing can be written. `sequence`: of the last record the state reflects already; 0 with
  /// a null writer when the account could not be read, and its state must not replace what is stored.
  AccountJournal(std::unique_ptr<persistence::JournalWriter> writer, std::uint64_t sequence);

  /// Before the event is handled, so that a recovery knows what ended the account or the process.
  void append(const model::Event& event);
  /// What was decided on the event before; nothing when it is empty.
  void append(const model::Decision& decision);
  void append_note(model::Instant at, std::string_view text);
  /// The record that the state now reflects.
  [[nodiscard]] std::uint64_t sequence() const noexcept { return sequence_; }
  [[nodiscard]] std::shared_ptr<persistence::SyncHandle> sync_handle() const;
  /// The segment to prepare for the writer; none when it has a spare.
  [[nodiscard]] std::optional<persistence::SegmentName> wanted() const;
  void take(persistence::JournalSegment segment);
  /// Nothing waits in memory for the disk.
  [[nodiscard]] bool all_written() const { return writer_ && writer_->pending_bytes() == 0; }
  /// The first failure since it was last asked for.
  [[nodiscard]] std::optional<model::Error> take_failure();

private:
  void note(const model::Result<std::uint64_t>& written);

  std::unique_ptr<persistence::JournalWriter> writer_;
  std::uint64_t sequence_ = 0;
  std::string buffer_; // of the encoder, reused
  std::optional<model::Error> failure_;
};

} // namespace bulkhead::actors
