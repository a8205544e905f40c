#include "persistence/sync_handle.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::persistence {

using model::Result;

Result<std::uint64_t> SyncHandle::sync() {
  std::vector<Entry> entries;
  // Read before the files are listed: whatever is counted here was written to one of them.
  const std::uint64_t written = written_.load(std::memory_order_acquire);
  {
    const std::lock_guard lock(mutex_);
    entries = entries_;
  }
  std::optional<model::Error> failure;
  for (auto& entry : entries) {
    if (!entry.failure) sync_entry(entry);
    if (entry.failure && !failure) failure = entry.failure;
  }
  {
    const std::lock_guard lock(mutex_);
    for (const auto& entry : entries) merge(entry);
    std::erase_if(entries_, [](const Entry& entry) { return entry.done; });
  }
  if (failure) return *failure;
  if (const auto lost = lost_after_.load(std::memory_order_acquire); lost > 0) {
    return model::Error{model::Errc::full,
                        fmt::format("events after record {} found no room in the journal", lost - 1)};
  }
  return written;
}

void SyncHandle::sync_entry(Entry& entry) {
  const JournalSegment& segment = entry.segment;
  if (!entry.current && segment.position == 0) {
    // A spare that nobody used. When it cannot be removed it is taken over or skipped later: all zeros.
    (void)disk_.remove(segment.path);
    entry.done = true;
    return;
  }
  if (auto synced = segment.file->sync(); !synced) {
    entry.failure = synced.error();
    return;
  }
  if (entry.current) return;
  // Gives reserved space back. The data is safe already, so a failure costs nothing but that space.
  (void)segment.file->truncate(segment.position);
  entry.done = true;
}

void SyncHandle::merge(const Entry& synced) {
  for (auto& entry : entries_) {
    if (entry.segment.file != synced.segment.file) continue;
    entry.done = synced.done;
    if (synced.failure) entry.failure = synced.failure;
    if (entry.failure && entry.current) current_failed_.store(true, std::memory_order_release);
  }
}

void SyncHandle::covered_by_state(std::uint64_t sequence) {
  // A state at the very record may be older than what was lost behind it.
  if (auto lost = lost_after_.load(std::memory_order_acquire); lost > 0 && sequence >= lost)
    lost_after_.compare_exchange_strong(lost, 0);
  const std::lock_guard lock(mutex_);
  std::erase_if(entries_, [sequence](const Entry& entry) {
    return entry.failure && !entry.current && entry.last_sequence <= sequence;
  });
}

void SyncHandle::begin(const JournalSegment& segment) {
  const std::lock_guard lock(mutex_);
  entries_.push_back({segment, 0, true, std::nullopt, false});
  current_failed_.store(false, std::memory_order_release);
}

void SyncHandle::retire(const JournalSegment& segment, std::uint64_t last_sequence) {
  const std::lock_guard lock(mutex_);
  const auto it = std::find_if(entries_.begin(), entries_.end(),
                               [&](const Entry& entry) { return entry.segment.file == segment.file; });
  Entry& entry = it != entries_.end() ? *it : entries_.emplace_back();
  entry.segment = segment;
  entry.last_sequence = last_sequence;
  entry.current = false;
}

bool SyncHandle::has_room() const {
  const std::lock_guard lock(mutex_);
  return entries_.size() < max_unsynced_segments;
}

} // namespace bulkhead::persistence
