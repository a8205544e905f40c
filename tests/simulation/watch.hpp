#pragma once
// Sees everything the simulated daemon decides, sends and tells, and holds it against the invariants S1 to
// S12 (docs/simulation.md). Counts how often each rare thing happened, and hashes the trace. Knows the truth
// of the model gateway, which the daemon does not. Owned by one simulated day.

#include "actors/account.hpp"
#include "actors/enforcer.hpp"
#include "tests/differential/streams.hpp"
#include "tests/simulation/gateway.hpp"
#include "tests/simulation/machine.hpp"
#include "tests/simulation/oracle.hpp"

#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace bulkhead::simulation {

/// What a day did, for the figures and the table.
struct Figures {
  std::uint64_t events = 0, decisions = 0, breaches = 0, intents = 0, lockouts = 0, requests = 0, effects = 0;
  std::uint64_t crashes = 0, faults = 0, checks = 0, compared = 0;
  std::map<std::string, std::uint64_t> sometimes;
};

[[nodiscard]] std::string name_of(const model::Lockout& row);

class Watch {
public:
  using Flying = std::map<std::uint64_t, actors::Enforcer::Send>;
  explicit Watch(Timeline& timeline) : timeline_(timeline) {}
  void know(Gateway& gateway, Machine& machine) { gateway_ = &gateway, machine_ = &machine; }
  void set_rules(model::AccountId account, reference::Rules rules, std::string yaml);
  /// Lets the reference go along for so many steps.
  void compare(model::AccountId account, std::size_t steps);

  // What happened.
  void before_step(model::AccountId account, const model::Event& event, const rules::RiskEngine& engine);
  void on_step(model::AccountId account, const model::Event& event, const model::Decision& decision,
               const rules::RiskEngine& engine);
  void on_told(const actors::Activity& activity, model::Instant at);
  void on_recovered(model::AccountId account, const actors::RecoveredAccount& recovered,
                    const rules::RiskEngine& engine);
  void on_enforcing(model::AccountId account, const actors::Enforcer& enforcer, std::size_t in_flight);
  void on_sent(model::AccountId account, const actors::Enforcer::Send& send, const Flying& flying);
  void on_automation(model::AccountId account, const model::AutomationRequest& request);
  void on_report(model::AccountId account, const model::IntentReported& report);
  void on_asked(const Asked& asked);
  /// The process ends; `whole`: everything appended is there afterwards, and nothing was under way.
  void on_death(model::AccountId account, const rules::RiskEngine& engine, bool whole);
  void on_trade(model::AccountId account, const model::ContractId& contract); // somebody's, not ours
  void on_power_loss(); // also for accounts that had not yet recovered from the last death
  void on_damage();
  void on_reload(model::AccountId account) { reloaded_[account] = timeline_.now(); }

  void seen(const std::string& what) { ++figures.sometimes[what]; }
  void say(const std::string& text);    // goes to people
  void secret(const std::string& text); // must not
  void fail(const char* invariant, model::AccountId account, const std::string& what);
  void hash(std::string_view text);

  // checks.cpp
  /// Nothing has been wrong for ten minutes and nobody trades.
  void check_quiet(model::AccountId account, const rules::RiskEngine& engine,
                   const actors::Enforcer& enforcer);
  /// Always.
  void check_bounds(const std::map<model::AccountId, std::shared_ptr<class Keeper>>& keepers);
  /// While all is well: no lockout stands longer than it was told.
  void check_ends(const std::map<model::AccountId, std::shared_ptr<class Keeper>>& keepers);
  void check_lockouts(model::AccountId account, const model::LockoutSet& rows, const char* when);
  /// The first lockout told to people that is not among those they are shown; empty: none.
  [[nodiscard]] std::string not_shown(model::AccountId account,
                                      const std::vector<actors::LockoutView>& rows) const;

  [[nodiscard]] bool failed() const { return !failures.empty(); }
  std::vector<std::string> failures;
  std::uint64_t trace = 0xCBF29CE484222325ULL;
  Figures figures;
  std::vector<std::string> log; // of the day, when it is replayed
  bool keep_log = false;

private:
  friend class QuietCheck;
  using RowKey = std::pair<model::Source, std::string>; // source and symbol
  struct Row {
    model::Lockout lockout;
    model::Instant told;
  };
  struct Known {
    reference::Rules rules;
    std::string yaml;
    std::optional<Oracle> oracle;
    std::map<RowKey, Row> rows;                                         // told to be in force, durably
    std::map<RowKey, model::Instant> ended;                             // when
    std::map<model::ContractId, model::Instant> traded;                 // by others
    std::map<model::ContractId, std::pair<model::Instant, int>> lowest; // target of our latest intents
    std::set<std::string> issued;                                       // what intents name
    std::string at_death;                                               // the state, encoded
    std::map<model::OrderId, model::Instant> gone;                      // ended orders, by their last word
    bool doubted = false;   // the power failed, and no read has come since
    bool must_lock = false; // that read showed more than was recovered
    bool lifted = false;    // by hand, since the last reset
    bool damaged = false;   // the journals were, and this account has not recovered since
    bool alarmed = false;
  };
  void follow_orders(model::AccountId account, const model::Event& event, const model::AccountState& state);
  void follow_doubt(model::AccountId account, const model::Event& event, const model::AccountState& before);
  void follow_lockouts(model::AccountId account, const model::Event& event, const model::Decision& decision);
  void check_clearing(model::AccountId account, const model::Event& event, const model::ClearedLockout& ended,
                      const Row& row);

  Timeline& timeline_;
  Gateway* gateway_ = nullptr;
  Machine* machine_ = nullptr;
  std::map<model::AccountId, Known> known_;
  std::set<std::string> secrets_;
  std::map<model::AccountId, model::Instant> reloaded_;
};

} // namespace bulkhead::simulation
