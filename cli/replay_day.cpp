#include "cli/replay_day.hpp"

#include "persistence/checkpoint.hpp"
#include "persistence/codec.hpp"
#include "persistence/journal_reader.hpp"
#include "persistence/set_aside.hpp"

#include <fmt/format.h>
#include <optional>
#include <set>

namespace bulkhead::cli {
namespace {

using model::Errc;
using model::Error;
using model::Result;
using persistence::JournalReader;
using persistence::JournalRecord;
using persistence::RecordKind;

/// The oldest state that everything in the journal follows on.
Result<persistence::StoredAccount> oldest_base(persistence::Disk& disk, const std::filesystem::path& dir,
                                               model::AccountId account) {
  persistence::StoredAccount base;
  base.state.id = base.state.account.id = account;
  auto reader = JournalReader::open(disk, dir, account);
  if (!reader) return reader.error();
  JournalRecord first;
  const auto found = reader->next(first);
  if (!found) return found.error();
  if (!*found) return Error{Errc::not_found, fmt::format("{}: holds no journal", dir.string())};
  if (first.sequence == 1) return base;
  const auto sequences = persistence::list_checkpoints(dir);
  if (!sequences) return sequences.error();
  for (const std::uint64_t sequence : *sequences) {
    if (sequence + 1 < first.sequence) continue;
    auto stored = persistence::read_checkpoint(disk, dir, account, sequence);
    if (stored) return stored;
  }
  return Error{Errc::missing, fmt::format("{}: begins with record {}, and no checkpoint says what was before",
                                          dir.string(), first.sequence)};
}

class DayReplay {
public:
  DayReplay(model::TradingDay day, persistence::StoredAccount base,
            const std::shared_ptr<const rules::RuleSet>& rules)
      : day_(day) {
    out_.base = base.journal_sequence;
    if (rules) engine_.emplace(std::move(base.state), rules);
  }

  void take(const JournalRecord& record, model::TradingDay day) {
    if (record.kind == RecordKind::event && set_aside_.contains(record.sequence)) {
      finish();
    } else if (record.kind == RecordKind::event) {
      finish();
      take_event(record, day);
    } else if (record.kind == RecordKind::decision && open_) {
      auto decision = persistence::decode_decision(record.payload);
      if (decision)
        open_->recorded = std::move(*decision);
      else
        remark(record, decision.error());
    }
  }

  ReplayedDay end() {
    finish();
    return std::move(out_);
  }
  /// The daemon folds it no more.
  void leave_out(const persistence::SetAside& event) {
    set_aside_.insert(event.sequence);
    remark("set aside: " + event.why);
  }
  void remark(std::string text) { out_.remarks.push_back(std::move(text)); }

private:
  void remark(const JournalRecord& record, const Error& error) {
    constexpr std::size_t most = 100;
    if (out_.remarks.size() < most) remark(fmt::format("record {}: {}", record.sequence, error.message()));
  }

  void take_event(const JournalRecord& record, model::TradingDay day) {
    const auto event = persistence::decode_event(record.payload);
    if (!event) return remark(record, event.error());
    auto decision = engine_ ? engine_->step(*event) : model::Decision{};
    if (day != day_) return;
    ++out_.events;
    if (std::holds_alternative<model::ConfigReloaded>(event->payload)) out_.reloads.push_back(event->at);
    open_ = ReplayedDecision{record.sequence,     event->at, std::string(kind_name(*event)), {},
                             std::move(decision), false};
  }

  /// An event's decision stands behind it, or there is none.
  void finish() {
    if (!open_) return;
    const bool recorded = !open_->recorded.empty();
    const bool decided = !open_->decided.empty();
    open_->differs = engine_ && (recorded != decided || (recorded && open_->recorded != open_->decided));
    out_.recorded += recorded ? 1 : 0;
    out_.differing += open_->differs ? 1 : 0;
    if (recorded || decided) out_.decisions.push_back(std::move(*open_));
    open_.reset();
  }

  model::TradingDay day_;
  std::set<std::uint64_t> set_aside_;
  std::optional<rules::RiskEngine> engine_;
  std::optional<ReplayedDecision> open_;
  ReplayedDay out_;
};

} // namespace

Result<ReplayedDay> replay_day(persistence::Disk& disk, const std::filesystem::path& account_dir,
                               model::AccountId account, model::TradingDay day,
                               const std::shared_ptr<const rules::RuleSet>& rules) {
  auto base = oldest_base(disk, account_dir, account);
  if (!base) return base.error();
  auto reader = JournalReader::open(disk, account_dir, account, base->journal_sequence + 1);
  if (!reader) return reader.error();
  DayReplay replay(day, std::move(*base), rules);
  for (const auto& event : persistence::list_set_aside(disk, account_dir)) replay.leave_out(event);
  JournalRecord record;
  bool seen = false;
  for (;;) {
    const auto found = reader->next(record);
    if (!found) return found.error();
    if (!*found || reader->end().segment->day > day) break;
    seen = seen || reader->end().segment->day == day;
    replay.take(record, reader->end().segment->day);
  }
  if (!seen)
    return Error{Errc::not_found, fmt::format("{}: nothing of {}", account_dir.string(), to_string(day))};
  if (reader->end().torn) replay.remark("the journal ends in an unfinished record");
  return replay.end();
}

} // namespace bulkhead::cli
