#pragma once
// A data directory as a run of some days leaves it: a journal, and a store with rows on many pages that was
// committed again and again, so that it has free pages and long values. For the tests that damage files. The
// number of cases is 100, or what the variable BULKHEAD_STORAGE_CASES says (scripts/check --storage).

#include "persistence/codec.hpp"
#include "persistence/lmdb_store.hpp"
#include "persistence/memory_store.hpp"
#include "persistence/recovery.hpp"
#include "tests/persistence/journal_fixture.hpp"

#include <cstdlib>

namespace bulkhead::persistence {

inline unsigned storage_cases() {
  const char* text = std::getenv("BULKHEAD_STORAGE_CASES");
  const int cases = text == nullptr ? 0 : std::atoi(text);
  return cases > 0 ? static_cast<unsigned>(cases) : 100;
}

/// What the account's engine would do with the event, as far as these tests look at it.
inline void fold(model::AccountState& state, const model::Event& event) {
  (void)apply(state, event);
  if (const auto* order = std::get_if<model::LockoutOrdered>(&event.payload)) {
    (void)state.lockouts.set(order->lockout);
  }
}

struct UsedStore : JournalFixture {
  std::filesystem::path file = temp.path() / "state.mdb";
  model::AccountState state;
  std::string old_copy; // of the database, some commits ago

  UsedStore() {
    state.id = state.account.id = account;
    auto store = *LmdbStore::open(file);
    auto writer = open();
    for (int n = 0; n < 240; ++n) {
      const model::Event event{samples::at(n), 0, payload(n)};
      fold(state, event);
      EXPECT_TRUE(writer.append(RecordKind::event, event.at, encoded(event)));
      if (n % 8 == 7) {
        EXPECT_TRUE(store->commit(batch(writer.next_sequence() - 1, n)));
      }
      if (n == 150) {
        store.reset();
        old_copy = slurp(file);
        store = *LmdbStore::open(file);
      }
    }
    EXPECT_TRUE(writer.sync_handle()->sync());
  }

  static model::Payload payload(int n) {
    if (n % 20 != 3) return samples::fill(1000 + n, n);
    model::Lockout lockout = samples::lockout();
    lockout.source = model::Source::rule(static_cast<std::uint16_t>(n));
    return model::LockoutOrdered{lockout};
  }

  [[nodiscard]] StoreBatch batch(std::uint64_t sequence, int n) const {
    StoreBatch out;
    out.accounts = {{state, sequence}};
    out.lockouts = {{account, samples::at(n), samples::lockout(), std::nullopt}};
    for (int i = 0; i < 6; ++i)
      out.notes.push_back({account, samples::at(n), std::string(static_cast<std::size_t>(300 + n), 'n'), ""});
    return out;
  }

  /// Everything that can be asked of a store, in one text; empty when an answer is an error.
  [[nodiscard]] std::string survey(Store& store) const {
    const auto accounts = store.list_accounts();
    const auto stored = store.load_account(account);
    const auto lockouts = store.list_lockouts(account, max_list_rows);
    const auto notes = store.list_notes(account, max_list_rows);
    const auto contracts = store.list_contracts();
    if (!accounts || !stored || !lockouts || !notes || !contracts || !store.get_meta("boot_id")) return {};
    std::string out = "answers";
    for (const auto& id : *accounts) out += " " + to_string(id);
    if (*stored) encode(**stored, out);
    for (const auto& row : *lockouts) encode(row, out);
    for (const auto& row : *notes) encode(row, out);
    return out;
  }

  /// The state as recovery gives it; `problems` counts what it complained about.
  [[nodiscard]] model::AccountState recovered(Store& store, std::size_t& problems) {
    model::AccountState found;
    const auto result =
        recover_account(store, disk, dir, account,
                        {[&](model::AccountState base) { found = std::move(base); },
                         [&](std::uint64_t, const model::Event& event) { fold(found, event); }});
    problems = result ? result->problems.size() : 1;
    return found;
  }
};

} // namespace bulkhead::persistence
