#include "persistence/recovery.hpp"
#include "persistence/checkpoint.hpp"
#include "persistence/codec.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace bulkhead::persistence {

using model::Errc;
using model::Error;
using model::Result;

namespace {

/// The newest state there is. Damage is a problem to report; anything else an error.
Result<StoredAccount> load_base(Store& store, Disk& disk, const std::filesystem::path& account_dir,
                                model::AccountId account, Recovered& out) {
  auto loaded = store.load_account(account);
  if (!loaded && loaded.error().code() != Errc::corrupt) return loaded.error();
  auto checkpoint = newest_checkpoint(disk, account_dir, account);
  if (!checkpoint) return checkpoint.error();
  if (!loaded) out.problems.push_back(loaded.error());
  StoredAccount base;
  base.state.id = base.state.account.id = account;
  out.had_state = loaded && *loaded;
  if (out.had_state) base = std::move(**loaded);
  if (*checkpoint && (*checkpoint)->journal_sequence > base.journal_sequence) {
    if (out.had_state) {
      out.problems.emplace_back(
          Errc::missing, fmt::format("the database knows of record {}, the checkpoint of record {}: the "
                                     "database is an older one, its history may be incomplete",
                                     base.journal_sequence, (*checkpoint)->journal_sequence));
    }
    base = std::move(**checkpoint);
    out.had_state = true;
  }
  out.base_sequence = base.journal_sequence;
  return base;
}

constexpr std::size_t most_problems = 20;

/// Success unless the record is of a newer release.
Result<void> hand_over(const JournalRecord& record, const RecoveryHandler& handler, Recovered& out) {
  const auto problem = [&](const Error& error) -> Result<void> {
    if (error.code() != Errc::corrupt && error.code() != Errc::missing) return error;
    // Whole as a record, so the ones behind it still count; but the state is no longer complete.
    if (out.problems.size() < most_problems)
      out.problems.push_back(error.with_context(fmt::format("journal record {}", record.sequence)));
    return {};
  };
  if (record.kind == RecordKind::note && record.payload.starts_with(gap_note_prefix))
    return problem({Errc::missing, std::string{record.payload}});
  if (record.kind == RecordKind::decision && handler.on_decision) {
    const auto decision = decode_decision(record.payload);
    if (!decision) return problem(decision.error());
    handler.on_decision(record.at, *decision);
  }
  if (record.kind != RecordKind::event) return {};
  const auto event = decode_event(record.payload);
  if (!event) return problem(event.error());
  handler.on_event(record.sequence, *event);
  ++out.events;
  return {};
}

/// Hands over the events. An error is damage of the journal, or what a newer release wrote.
Result<void> replay(JournalReader& reader, const RecoveryHandler& handler, Recovered& out) {
  JournalRecord record;
  for (;;) {
    const auto found = reader.next(record);
    if (!found) return found.error();
    if (!*found) return {};
    if (auto done = hand_over(record, handler, out); !done) return done;
  }
}

/// What a killed process had written and not synced is read from the page cache like any other record; before
/// it counts as recovered it must be as durable as one.
Result<void> make_durable(Disk& disk, const JournalReader& reader) {
  for (const auto& path : reader.files()) {
    const auto file = disk.open(path, OpenMode::read_write);
    if (!file) return file.error();
    if (auto synced = (*file)->sync(); !synced) return synced;
  }
  return {};
}

void check_range(const JournalReader& reader, Recovered& out) {
  const std::uint64_t first = reader.first_available();
  if (first > out.base_sequence + 1) {
    out.problems.emplace_back(
        Errc::missing, fmt::format("journal records {} to {} are gone", out.base_sequence + 1, first - 1));
  }
  if (out.end.next_sequence <= out.base_sequence) {
    out.problems.emplace_back(Errc::missing,
                              fmt::format("the journal ends before record {}, the state knows of record {}",
                                          out.end.next_sequence, out.base_sequence));
    // Numbers the state has seen are never given out again, and no segment has a gap inside.
    out.end.next_sequence = out.base_sequence + 1;
    out.end.position = max_segment_bytes;
  }
}

} // namespace

Result<Recovered> recover_account(Store& store, Disk& disk, const std::filesystem::path& account_dir,
                                  model::AccountId account, const RecoveryHandler& handler) {
  Recovered out;
  auto base = load_base(store, disk, account_dir, account, out);
  if (!base) return base.error();
  handler.on_base(std::move(base->state));

  auto reader = JournalReader::open(disk, account_dir, account, out.base_sequence + 1);
  if (!reader) return reader.error();
  const auto replayed = replay(*reader, handler, out);
  out.end = reader->end();
  if (!replayed) {
    if (replayed.error().code() != Errc::corrupt) return replayed.error();
    out.problems.push_back(replayed.error());
    out.damaged_files = reader->damaged_files();
    out.end.position = max_segment_bytes; // the writer begins a new segment
  }
  out.tail_cut = replayed && out.end.torn;
  const auto cut = out.tail_cut ? cut_tail(disk, account_dir, out.end) : Result<void>{};
  const auto durable = cut ? make_durable(disk, *reader) : cut;
  if (!durable) {
    // The records are known all the same. As after damage the state must go elsewhere at once, and the writer
    // begins a new segment: a sync that failed is never trusted again.
    out.problems.push_back(durable.error().with_context("the journal cannot be made durable"));
    out.end.torn.reset();
    out.end.position = max_segment_bytes;
  }
  check_range(*reader, out);
  return out;
}

std::string_view to_string(LastRun run) noexcept {
  switch (run) {
  case LastRun::none: return "none";
  case LastRun::clean: return "clean";
  case LastRun::killed: return "killed";
  case LastRun::rebooted: return "rebooted";
  }
  return "unknown";
}

Result<void> note_power_loss(Store& store, model::Instant now) {
  return store.put_meta(meta::power_loss, std::to_string(now.time_since_epoch().count()));
}

Result<std::optional<model::Instant>> last_power_loss(Store& store) {
  const auto text = store.get_meta(meta::power_loss);
  if (!text) return text.error();
  if (!*text) return std::optional<model::Instant>{};
  model::Instant::rep micros = 0;
  const auto read = std::from_chars((*text)->data(), (*text)->data() + (*text)->size(), micros);
  if (read.ec != std::errc{}) return Error{Errc::corrupt, "the instant of the last loss of power"};
  return std::optional(model::Instant{model::Duration{micros}});
}

Result<LastRun> begin_run(Store& store, std::string_view boot_id, model::Instant now) {
  const auto last_boot = store.get_meta(meta::boot_id);
  if (!last_boot) return last_boot.error();
  const auto clean = store.get_meta(meta::clean_shutdown);
  if (!clean) return clean.error();
  // The mark goes first: a crash between the two writes must not look like a clean end.
  if (auto put = store.put_meta(meta::clean_shutdown, "no"); !put) return put.error();
  const bool rebooted = *last_boot && *clean != "yes" && **last_boot != boot_id;
  if (rebooted) {
    if (auto noted = note_power_loss(store, now); !noted) return noted.error();
  }
  if (auto put = store.put_meta(meta::boot_id, boot_id); !put) return put.error();
  if (!*last_boot) return LastRun::none;
  if (*clean == "yes") return LastRun::clean;
  return rebooted ? LastRun::rebooted : LastRun::killed;
}

Result<void> end_run(Store& store) { return store.put_meta(meta::clean_shutdown, "yes"); }

} // namespace bulkhead::persistence
