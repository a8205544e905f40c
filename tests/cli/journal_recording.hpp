#pragma once
// A data directory with the journal of one account, written by the daemon's own writer while a real engine
// decides: on 2026-07-15 five contracts, then six, one too many. Owned by the test, removed with it.

#include "actors/account_journal.hpp"
#include "persistence/data_dir.hpp"
#include "tests/cli/config_test_files.hpp"
#include "tests/support/engine.hpp"

namespace bulkhead::cli {

struct JournalRecording {
  ConfigDirectory config;
  persistence::PosixDisk disk;
  model::AccountId account = bulkhead::testing::trader();
  std::filesystem::path data = config.path() / "data";
  std::filesystem::path dir = data / "journal" / to_string(account);
  std::unique_ptr<rules::RiskEngine> engine;
  std::unique_ptr<actors::AccountJournal> journal;
  model::Instant now = bulkhead::testing::instant("2026-07-15T18:00:00Z");

  JournalRecording() {
    config.write("accounts.yaml",
                 "accounts:\n  - account_id: 41002233\n    username: trader1\n    api_key: \"${KEY1}\"\n");
    model::AccountState state;
    state.id = state.account.id = account;
    model::Problems problems;
    engine = std::make_unique<rules::RiskEngine>(std::move(state),
                                                 rules::make_rule_set(config.load().config, problems));
    auto writer = persistence::JournalWriter::open(
        disk, dir, account, bulkhead::testing::trading_day("2026-07-15"), {}, {4096, 1 << 20, true});
    journal = std::make_unique<actors::AccountJournal>(
        std::make_unique<persistence::JournalWriter>(std::move(*writer)), 0);
    namespace t = bulkhead::testing;
    happen(t::reset(t::instant("2026-07-14T22:00:00Z")));
    happen(t::learned(t::mnq(), "0.25", "0.50"));
    happen(t::position(t::mnq()).long_(5).average("21000").build());
    happen(t::position(t::mnq()).long_(6).average("21000").build());
  }

  template <class P>
  void happen(P payload) {
    now += std::chrono::milliseconds{1};
    const auto event = bulkhead::testing::at(now, std::move(payload));
    journal->append(event);
    journal->append(engine->step(event));
  }
  [[nodiscard]] std::filesystem::path first_segment() const { return dir / "2026-07-15.000.bhj"; }
};

} // namespace bulkhead::cli
