#include "actors/account_journal.hpp"

#include "persistence/codec.hpp"

namespace bulkhead::actors {

using persistence::RecordKind;

AccountJournal::AccountJournal(std::unique_ptr<persistence::JournalWriter> writer, std::uint64_t sequence)
    : writer_(std::move(writer)), sequence_(sequence) {}

void AccountJournal::append(const model::Event& event) {
  if (!writer_) return;
  if (const auto* reset = std::get_if<model::DailyReset>(&event.payload)) writer_->begin_day(reset->day);
  buffer_.clear();
  persistence::encode(event, buffer_);
  note(writer_->append(RecordKind::event, event.at, buffer_));
}

void AccountJournal::append(const model::Decision& decision) {
  if (!writer_ || decision.empty()) return;
  buffer_.clear();
  persistence::encode(decision, buffer_);
  note(writer_->append(RecordKind::decision, decision.at, buffer_));
}

void AccountJournal::append_note(model::Instant at, std::string_view text) {
  if (writer_) note(writer_->append(RecordKind::note, at, text));
}

void AccountJournal::note(const model::Result<std::uint64_t>& written) {
  if (written) {
    sequence_ = *written;
  } else if (!failure_) {
    failure_ = written.error();
  }
}

void AccountJournal::take(persistence::JournalSegment segment) {
  if (!writer_) return;
  writer_->provide_segment(std::move(segment));
  // What waited for it must not wait for the next event as well.
  if (auto written = writer_->flush(); !written && !failure_) failure_ = written.error();
}

std::optional<persistence::SegmentName> AccountJournal::wanted() const {
  if (!writer_ || writer_->has_spare()) return std::nullopt;
  return writer_->wanted();
}

std::shared_ptr<persistence::SyncHandle> AccountJournal::sync_handle() const {
  return writer_ ? writer_->sync_handle() : nullptr;
}

std::optional<model::Error> AccountJournal::take_failure() { return std::exchange(failure_, std::nullopt); }

} // namespace bulkhead::actors
