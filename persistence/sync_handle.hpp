#pragma once
// What an account's JournalWriter shares with the thread that makes its records durable. The writer reports
// what it wrote and which file it left; sync() runs on the journal thread, one call at a time, and blocks.
// The lock is held for pointers only, never across disk work. At most max_unsynced_segments files wait;
// beyond that the writer keeps its records in memory instead of switching files.

#include "persistence/journal_segment.hpp"

#include <atomic>
#include <mutex>
#include <vector>

namespace bulkhead::persistence {

inline constexpr std::size_t max_unsynced_segments = 16;

class SyncHandle {
public:
  explicit SyncHandle(Disk& disk) : disk_(disk) {}

  /// Makes everything written before the call durable and answers the last sequence of it; also trims files
  /// the writer has left. Once a sync failed, the file counts as unknown: this returns the error again and
  /// again, without another try on it, until covered_by_state() says that nothing depends on it.
  [[nodiscard]] model::Result<std::uint64_t> sync();
  /// Journal thread: the store holds a state that includes the records up to `sequence`. Ends the failure of
  /// files the writer has left by then (it leaves a failed one with its next record).
  void covered_by_state(std::uint64_t sequence);

  // The writer's side.
  void begin(const JournalSegment& segment);
  void written(std::uint64_t sequence) noexcept { written_.store(sequence, std::memory_order_release); }
  /// A record after `sequence` found no room: until a state includes a later one, sync() fails.
  void lost_after(std::uint64_t sequence) noexcept {
    lost_after_.store(sequence + 1, std::memory_order_release);
  }
  /// The writer goes on elsewhere. `segment.position` 0 means that it was never used: the file is removed.
  void retire(const JournalSegment& segment, std::uint64_t last_sequence);
  /// False while too many files wait for a sync.
  [[nodiscard]] bool has_room() const;
  /// A sync of the file being written has failed: the writer should leave it.
  [[nodiscard]] bool current_failed() const noexcept {
    return current_failed_.load(std::memory_order_acquire);
  }

private:
  struct Entry {
    JournalSegment segment;
    std::uint64_t last_sequence = 0;
    bool current = true;
    std::optional<model::Error> failure;
    bool done = false;
  };
  void sync_entry(Entry& entry);
  void merge(const Entry& synced);

  Disk& disk_;
  mutable std::mutex mutex_;
  std::vector<Entry> entries_; // in the order of writing
  std::atomic<std::uint64_t> written_{0};
  std::atomic<bool> current_failed_{false};
  std::atomic<std::uint64_t> lost_after_{0}; // plus one; 0: nothing was lost
};

} // namespace bulkhead::persistence
