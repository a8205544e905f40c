// A lockout that was acknowledged is never lost: the power fails before and after every step of the disk and
// the store, and once more in the recovery, with any part of what was not synced on the disk.

#include "persistence/checkpoint.hpp"
#include "persistence/data_dir.hpp"
#include "persistence/retention.hpp"
#include "tests/persistence/power.hpp"
#include "tests/persistence/used_store.hpp"

#include <random>

namespace bulkhead::persistence {
namespace {

using model::Result;

/// One account's machine: what stays over a loss of power is the disk and the store.
struct Machine : JournalFixture {
  MemoryStore store;
  std::mt19937 random;
  int set = 0;   // lockouts so far
  int acked = 0; // of them acknowledged
  int lost = 0;  // of the acknowledged ones, after any recovery
  model::AccountState state;

  explicit Machine(unsigned seed) : random(seed) { options.segment_bytes = 2048; }

  Result<void> commit(Power& power, std::uint64_t sequence) {
    StoreBatch batch;
    batch.accounts = {{state, sequence}};
    return power.step([&] { return store.commit(batch); });
  }

  /// Reads, keeps what was found, sets damage aside: in the order of the daemon.
  Result<JournalEnd> recover(Power& power, Disk& wired) {
    auto found = recover_account(store, wired, dir, account,
                                 {[&](model::AccountState base) { state = std::move(base); },
                                  [&](std::uint64_t, const model::Event& event) { fold(state, event); }});
    if (!found) return found.error();
    const std::uint64_t last = found->end.next_sequence - 1;
    if (found->events == 0 && found->damaged_files.empty()) return found->end;
    if (auto kept = commit(power, last); !kept) return kept.error();
    if (found->damaged_files.empty()) return found->end;
    if (auto kept = write_checkpoint(wired, dir, {state, last}); !kept) return kept.error();
    for (const auto& file : found->damaged_files) {
      const auto aside = power.step([&] { return quarantine(file, samples::at(0)); });
      if (!aside) return aside.error();
    }
    return found->end;
  }

  /// A life of the daemon: starts, sets lockouts, acknowledges what is durable, changes days.
  Result<void> live(Power& power, int events) {
    PoweredDisk wired(power, disk);
    const auto end = recover(power, wired);
    if (!end) return end.error();
    lost = std::max(lost, lockouts_missing());
    set = static_cast<int>(state.lockouts.rows().size()); // what nobody was told of may be gone
    auto writer = JournalWriter::open(wired, dir, account, samples::day(15), *end, options);
    if (!writer) return writer.error();
    for (int n = 1; n <= events; ++n) {
      model::Lockout lockout = samples::lockout();
      lockout.source = model::Source::rule(static_cast<std::uint16_t>(set + 1));
      const model::Event event{samples::at(set), 0, model::LockoutOrdered{lockout}};
      if (auto done = writer->append(RecordKind::event, event.at, encoded(event)); !done) return done.error();
      fold(state, event);
      ++set;
      if (n % 3 == 0) {
        if (auto synced = writer->sync_handle()->sync(); !synced) return synced.error();
        acked = set;
      }
      if (n % 4 == 0) {
        if (auto done = commit(power, writer->next_sequence() - 1); !done) return done;
        acked = set;
      }
      if (n % 8 != 0) continue;
      const auto day = samples::day(15 + static_cast<unsigned>(n) / 8);
      if (auto done = commit(power, writer->next_sequence() - 1); !done) return done;
      acked = set;
      if (auto done = write_checkpoint(wired, dir, {state, writer->next_sequence() - 1}); !done) return done;
      const auto removed = remove_old_journal(wired, dir, account, day, writer->next_sequence() - 1);
      if (!removed) return removed.error();
      writer->begin_day(day);
    }
    return {};
  }

  /// Any part of any sector that was not synced may be there or not.
  void lose_power() {
    disk.tear_power([this]() -> std::size_t { return random() % 3 == 0 ? 0 : random() % 600; });
  }

  [[nodiscard]] int lockouts_missing() const {
    int missing = acked;
    for (const auto& row : state.lockouts.rows())
      missing -= row.source.number >= 1 && row.source.number <= acked ? 1 : 0;
    return missing;
  }
};

/// The steps that a life and the recovery after it take when nothing fails.
std::pair<std::size_t, std::size_t> count_steps(int events) {
  Machine machine(1);
  Power life;
  EXPECT_TRUE(machine.live(life, events));
  machine.lose_power();
  Power second;
  EXPECT_TRUE(machine.live(second, 0));
  return {life.steps, second.steps + 4};
}

void crash_twice(std::size_t first, bool before, std::size_t second, int events) {
  SCOPED_TRACE(::testing::Message() << "step " << first << (before ? " before" : " after") << ", then "
                                    << second);
  Machine machine(static_cast<unsigned>(first * 2 + (before ? 1 : 0)));
  Power life{0, first, before, false};
  ASSERT_FALSE(machine.live(life, events));
  machine.lose_power();
  Power again{0, second, !before, false};
  (void)machine.live(again, 3);
  machine.lose_power();
  Power last;
  ASSERT_TRUE(machine.live(last, 1)) << "what a crash leaves can be gone on with";
  ASSERT_EQ(machine.lost + machine.lockouts_missing(), 0) << "of " << machine.acked;
}

TEST(Crash, BeforeAndAfterEveryStepAndAgainInTheRecoveryLosesNoAcknowledgedLockout) {
  constexpr int events = 24;
  const auto [steps, recovery_steps] = count_steps(events);
  ASSERT_GT(steps, 60u);
  const bool all = storage_cases() >= 1000; // else the second crash comes at one step of the recovery each
  for (std::size_t first = 0; first < steps; ++first) {
    for (const bool before : {true, false}) {
      for (std::size_t second = all ? 0 : first % recovery_steps; second < recovery_steps; ++second) {
        crash_twice(first, before, second, events);
        if (::testing::Test::HasFatalFailure()) return;
        if (!all) break;
      }
    }
  }
}

TEST(Crash, RandomImagesLoseNoAcknowledgedLockout) {
  for (unsigned seed = 1; seed <= storage_cases(); ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed " << seed);
    Machine machine(seed);
    for (unsigned lives = 1 + machine.random() % 4; lives > 0; --lives) {
      Power power{0, machine.random() % 200, machine.random() % 2 == 0, false};
      (void)machine.live(power, 1 + static_cast<int>(machine.random() % 40));
      machine.lose_power();
    }
    Power last;
    ASSERT_TRUE(machine.live(last, 1));
    ASSERT_EQ(machine.lost + machine.lockouts_missing(), 0) << "of " << machine.acked;
  }
}

} // namespace
} // namespace bulkhead::persistence
