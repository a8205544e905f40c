#pragma once
// One account of the simulated daemon: what the actors account, enforcement and automation do, without
// actors. Everything that decides is the daemon's own: engine, journal, Enforcer, BookRead, the free
// functions between them; here is only who hands what to whom. Messages to itself go through the timeline, in
// order, so a crash can come between them. Ends with the process.

#include "actors/account.hpp"
#include "actors/book_read.hpp"
#include "actors/enforcer.hpp"
#include "tests/simulation/alarm_clock.hpp"
#include "tests/simulation/machine.hpp"

namespace bulkhead::simulation {

class Daemon;

class Keeper : public std::enable_shared_from_this<Keeper> {
public:
  Keeper(Daemon& daemon, model::AccountId id);
  void begin(actors::RecoveredAccount recovered);

  void hear(const model::Event& event);
  void happen(model::Payload payload) { hear({now(), 0, std::move(payload)}); }
  void use_rules(std::shared_ptr<const rules::RuleSet> rules);
  [[nodiscard]] bool watches(const model::ContractId& contract) const { return watched_.contains(contract); }

  [[nodiscard]] const rules::RiskEngine& engine() const { return *engine_; }
  [[nodiscard]] const actors::Enforcer& enforcer() const { return *enforcer_; }
  [[nodiscard]] actors::AccountJournal& journal() { return *journal_; }
  [[nodiscard]] std::size_t in_flight() const { return in_flight_.size(); }
  /// What is in the journal alone was decided under the rules of now.
  [[nodiscard]] bool rules_as_stored() const;
  void look_again();

private:
  using Enforcer = actors::Enforcer;
  using BookRead = actors::BookRead;
  [[nodiscard]] model::Instant now() const;
  void step(const model::Event& event);
  void conclude(const model::Event& event, const model::Decision& decision);
  void persist(std::vector<actors::Activity> announce);
  void take_read(const model::Event& event, const model::Reconciled& read);
  void tell(model::Alert alert);
  void later(std::function<void()> what);

  // keeper_enforcing.cpp
  void enforce(const actors::Enforce& order);
  void perform(Enforcer::Actions actions);
  void act(const Enforcer::Send& send);
  void act(const Enforcer::ReadBook& read);
  void act(const Enforcer::Report& report);
  void act(const Enforcer::Refusal&) {}
  void act(const actors::Certificate& certificate);
  void act(const model::Alert& alert) { tell(alert); }
  void ask(BookRead::Part part);
  void read_on(BookRead::Part part, const protocol::RestTransport::Outcome& outcome);
  void end_read();
  void arm_enforcer();
  void on_enforcer_timer();
  void automate(const std::vector<model::AutomationRequest>& requests);
  void report(const model::AutomationRequest& request, const protocol::RestTransport::Outcome& outcome);

  Daemon& daemon_;
  Machine& machine_;
  model::AccountId id_;
  std::shared_ptr<rules::RiskEngine> engine_;
  std::shared_ptr<actors::AccountJournal> journal_;
  std::optional<Enforcer> enforcer_;
  std::map<std::uint64_t, Enforcer::Send> in_flight_;
  std::optional<BookRead> book_read_;
  std::uint64_t read_number_ = 0;
  std::vector<BookRead::Part> unsent_;
  std::optional<model::Instant> ask_again_at_;
  model::Instant read_not_before_;
  bool query_exists_ = true;
  std::set<model::ContractId> watched_;
  std::set<model::FillId> fills_set_aside_;
  actors::LastKnown known_;
  std::optional<model::Instant> deadline_;
  model::Instant last_snapshot_;
  bool dirty_ = false;
  std::uint64_t reloaded_at_ = 0; // record
  AlarmClock wake_;
  AlarmClock enforcing_;
  AlarmClock snapshot_;
};

} // namespace bulkhead::simulation
