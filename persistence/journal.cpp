#include "persistence/journal.hpp"
#include "persistence/bytes.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::persistence {

using model::Errc;
using model::Error;
using model::Result;

JournalWriter::JournalWriter(Disk& disk, std::filesystem::path account_dir, model::AccountId account,
                             model::TradingDay day, const JournalEnd& end, JournalOptions options)
    : disk_(&disk),
      account_dir_(std::move(account_dir)),
      account_(account),
      day_(day),
      options_(options),
      sync_(std::make_shared<SyncHandle>(disk)),
      next_sequence_(end.next_sequence),
      chain_(end.chain),
      written_sequence_(end.next_sequence - 1),
      written_chain_(end.chain) {
  // The clock may have gone back over a reset; the segments must not.
  if (end.segment) day_ = std::max(day_, end.segment->day);
  last_ = end.segment;
  sync_->written(written_sequence_);
}

JournalWriter JournalWriter::open_in_memory(Disk& disk, std::filesystem::path account_dir,
                                            model::AccountId account, model::TradingDay day,
                                            const JournalEnd& end, JournalOptions options) {
  return {disk, std::move(account_dir), account, day, end, options};
}

Result<JournalWriter> JournalWriter::open(Disk& disk, std::filesystem::path account_dir,
                                          model::AccountId account, model::TradingDay day,
                                          const JournalEnd& end, JournalOptions options) {
  model::require(!end.torn, "the torn tail of a journal is cut before it is written on");
  model::require(options.segment_bytes > segment_header_bytes + record_overhead_bytes &&
                     options.segment_bytes <= max_segment_bytes,
                 "segment size in range");
  model::require(day.date.ok(), "a journal belongs to a day");
  JournalWriter writer(disk, std::move(account_dir), account, day, end, options);
  const bool goes_on = end.segment && end.segment->day == writer.day_ && end.position < options.segment_bytes;
  auto segment =
      goes_on ? reopen_segment(disk, writer.account_dir_, *end.segment, end.position, options.segment_bytes)
              : prepare_next_segment(disk, writer.account_dir_, writer.wanted(), options.segment_bytes);
  if (!segment) return segment.error();
  writer.switch_to(std::move(*segment));
  return writer;
}

Result<std::uint64_t> JournalWriter::append(RecordKind kind, model::Instant at, std::string_view payload) {
  const auto sequence = stage(kind, at, payload);
  if (!sequence) return sequence;
  if (auto written = flush(); !written) return written.error();
  return sequence;
}

Result<std::uint64_t> JournalWriter::stage(RecordKind kind, model::Instant at, std::string_view payload) {
  const std::size_t bytes = record_overhead_bytes + payload.size();
  const std::uint64_t most =
      std::min<std::uint64_t>(max_record_bytes, options_.segment_bytes - segment_header_bytes);
  if (bytes > most) {
    return Error{Errc::out_of_range, fmt::format("journal record of {} bytes, limit {}", bytes, most)};
  }
  if (pending_.size() + bytes > options_.memory_bytes) {
    const auto flushed = flush();
    if (pending_.size() + bytes > options_.memory_bytes) {
      ++missing_;
      sync_->lost_after(next_sequence_ - 1);
      return Error{Errc::full, fmt::format("journal of account {}: {} bytes wait in memory{}", account_.value,
                                           pending_.size(), flushed ? "" : ": " + flushed.error().message())};
    }
  }
  if (missing_ > 0) note_gap(at);
  append_record(pending_, next_sequence_, kind, at, payload, chain_);
  return next_sequence_++;
}

/// A few bytes above the bound at most, once.
void JournalWriter::note_gap(model::Instant at) {
  const auto text = fmt::format("{}{} records found no room", gap_note_prefix, std::exchange(missing_, 0));
  append_record(pending_, next_sequence_++, RecordKind::note, at, text, chain_);
}

Result<void> JournalWriter::flush() {
  while (!pending_.empty()) {
    const auto room = make_room();
    if (!room) return tell_once(room.error());
    if (!*room) return {};
    if (auto written = write_records(bytes_that_fit()); !written) {
      tail_dirty_ = true;
      return tell_once(written.error());
    }
  }
  told_ = false;
  return {};
}

Result<void> JournalWriter::tell_once(const Error& error) {
  if (std::exchange(told_, true)) return {};
  // Errc::full is left to mean "not recorded".
  return Error{Errc::io, fmt::format("journal of account {}: {}", account_.value, error.message())};
}

std::size_t JournalWriter::bytes_that_fit() const {
  if (!current_ || current_->name.day != day_ || sync_->current_failed()) return 0;
  const std::uint64_t used = std::max<std::uint64_t>(current_->position, segment_header_bytes);
  const std::uint64_t room = current_->capacity - std::min(current_->capacity, used);
  std::size_t fits = 0;
  while (fits < pending_.size()) {
    const std::uint64_t next = fits + record_length(std::string_view{pending_}.substr(fits));
    if (next > room) break;
    fits = static_cast<std::size_t>(next);
  }
  return fits;
}

Result<bool> JournalWriter::make_room() {
  if (bytes_that_fit() > 0) return true;
  if (!sync_->has_room()) return false;
  if (const auto spare = spare_for(wanted()); spare != spares_.end()) {
    JournalSegment next = spare->second;
    spares_.erase(spare);
    switch_to(std::move(next));
  } else if (options_.may_open) {
    auto opened = prepare_next_segment(*disk_, account_dir_, wanted(), options_.segment_bytes);
    if (!opened) return opened.error();
    switch_to(std::move(*opened));
  } else {
    return false;
  }
  return bytes_that_fit() > 0;
}

void JournalWriter::switch_to(JournalSegment next) {
  if (current_) {
    // Half a record at the end of a finished segment would look like damage.
    if (tail_dirty_) (void)current_->file->truncate(current_->position);
    sync_->retire(*current_, written_sequence_);
  }
  tail_dirty_ = false;
  current_ = std::move(next);
  last_ = current_->name;
  sync_->begin(*current_);
}

Result<void> JournalWriter::write_records(std::size_t bytes) {
  const std::string_view records = std::string_view{pending_}.substr(0, bytes);
  if (current_->position == 0) {
    std::string first = encode_header({account_, current_->name, written_sequence_ + 1, written_chain_});
    first.append(records);
    if (auto done = write_all(*current_->file, first, 0); !done) return done;
    current_->position = first.size();
  } else {
    if (auto done = write_all(*current_->file, records, current_->position); !done) return done;
    current_->position += bytes;
  }
  for (std::size_t at = 0; at < bytes; ++written_sequence_) at += record_length(records.substr(at));
  std::copy_n(records.end() - written_chain_.size(), written_chain_.size(), written_chain_.begin());
  pending_.erase(0, bytes);
  sync_->written(written_sequence_);
  return {};
}

void JournalWriter::begin_day(model::TradingDay day) {
  if (day <= day_) return;
  day_ = day;
  while (!spares_.empty() && spares_.begin()->first.day < day_) {
    sync_->retire(spares_.begin()->second, written_sequence_);
    spares_.erase(spares_.begin());
  }
}

SegmentName JournalWriter::wanted() const {
  if (!last_ || last_->day != day_) return {day_, 0};
  return {day_, last_->number + 1};
}

JournalWriter::Spares::const_iterator JournalWriter::spare_for(const SegmentName& name) const {
  const auto it = spares_.lower_bound(name);
  return it != spares_.end() && it->first.day == name.day ? it : spares_.end();
}

void JournalWriter::provide_segment(JournalSegment segment) {
  constexpr std::size_t most_spares = 2;
  const bool fits = segment.position == 0 && segment.capacity >= options_.segment_bytes;
  // One that came too late is let go, not removed: the writer may have taken over the same file by itself.
  if (!fits || segment.name < wanted() || spares_.size() >= most_spares) return;
  spares_.try_emplace(segment.name, std::move(segment));
}

} // namespace bulkhead::persistence
