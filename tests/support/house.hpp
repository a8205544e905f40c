#pragma once
// The whole daemon below its sockets in virtual time: the real supervisor and all it spawns, a real journal
// in a temporary directory, before the simulated gateway. A Site is what outlives a daemon: disk and venue. A
// House is one run of the daemon; without stop() it ends like a killed process. Owned by one test.

#include "actors/reload.hpp"
#include "persistence/memory_store.hpp"
#include "persistence/recovery.hpp"
#include "tests/persistence/temp_dir.hpp"
#include "tests/support/graph.hpp"
#include "tests/support/venue.hpp"

#include <set>

namespace bulkhead::testing {

struct Site {
  explicit Site(std::string_view begin = "2026-07-15T18:00:00Z") : venue(instant(begin)) {}
  persistence::TempDir temp;
  std::shared_ptr<persistence::MemoryStore> store = std::make_shared<persistence::MemoryStore>();
  std::shared_ptr<persistence::Disk> disk = std::make_shared<persistence::PosixDisk>();
  std::shared_ptr<persistence::DataDir> data =
      std::make_shared<persistence::DataDir>(*persistence::DataDir::open(temp.path()));
  Venue venue;
  std::vector<RuleBlock> blocks;
  std::vector<std::int64_t> accounts = {101, 102}; // 201 is another user's
  std::set<std::int64_t> grouped;                  // those of the group "copied"
  bool deny_loosening = true;
  std::optional<ResetSchedule> reset; // 17:00 Chicago unless set
  /// As the start of the process does: how the last run ended, by boot id and clean mark.
  persistence::LastRun begin_run(std::string_view boot_id);
  [[nodiscard]] model::Config config() const;
  /// An event for which this answers true ends whoever handles it; as a defect would, that no rule catches.
  std::function<bool(const rules::RuleContext&)> deadly = [](const auto&) { return false; };
  [[nodiscard]] std::filesystem::path journal_of(AccountId account) const { return data->journal(account); }
};

class House {
public:
  explicit House(Site& site);
  ~House();
  House(const House&) = delete;
  House& operator=(const House&) = delete;

  [[nodiscard]] Instant now() const { return clock_->now(); }
  void run_for(Duration span);
  template <class Condition>
  bool run_until(Condition condition, Duration span) {
    const auto end = now() + span;
    while (!condition()) {
      if (now() >= end || !step(end)) return condition();
    }
    return true;
  }
  [[nodiscard]] actors::AccountView view(std::int64_t account);
  [[nodiscard]] std::size_t alerts(std::int64_t account, std::string_view code) const;
  [[nodiscard]] std::string text_of(std::int64_t account, std::string_view code) const; // of the last one
  [[nodiscard]] bool lockout_told(std::int64_t account) const;
  template <class Message>
  void send(Message message) {
    caf::anon_send(supervisor_, std::move(message));
  }
  /// Takes the site's rules and accounts anew, as a reload does.
  void reload();
  /// In order: the clean mark is set.
  void stop();

  std::vector<actors::Activity> told;
  std::vector<std::string> log;
  bool gave_up = false;

private:
  void make_deadly(actors::UseRules& rules) const;
  struct TestingConfig : caf::actor_system_config {
    TestingConfig() { set("scheduler.policy", caf::atom("testing")); }
  };
  bool step(Instant end);

  Site& site_;
  TestingConfig config_;
  caf::actor_system system_{config_};
  caf::scheduler::test_coordinator& sched_;
  std::shared_ptr<VirtualClock> clock_;
  actors::Reloader reloader_;
  std::map<CredentialId, actors::CredentialPorts> ports_;
  actors::supervisor_actor supervisor_;
  actors::subscriber_actor ear_;
};

/// These rules, and one that is as deadly as the site says.
[[nodiscard]] std::shared_ptr<const rules::RuleSet> as_deadly(const Site& site, const rules::RuleSet& rules);

} // namespace bulkhead::testing
