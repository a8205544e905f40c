#pragma once
// One process of the simulated daemon, from start to crash: what connection, router, reconciler, journal,
// timers and resets do, without actors. Session, token, decoder, request budget, reads, recovery and journal
// are the daemon's own. Dies by being destroyed; what it left on disk is all that remains.

#include "actors/gateway_sender.hpp"
#include "actors/journal_upkeep.hpp"
#include "persistence/commit_queue.hpp"
#include "protocol/projectx/decode.hpp"
#include "protocol/signalr/session.hpp"
#include "protocol/token_lifecycle.hpp"
#include "tests/simulation/keeper.hpp"

namespace bulkhead::simulation {

class Daemon : public std::enable_shared_from_this<Daemon> {
public:
  explicit Daemon(Machine& machine);
  ~Daemon();
  void begin();
  /// In order: what waits for the disk is written, the run is marked as clean.
  void stop();

  [[nodiscard]] Machine& machine() { return machine_; }
  [[nodiscard]] SimClock& clock() { return clock_; }
  [[nodiscard]] actors::GatewaySender& sender() { return sender_; }
  [[nodiscard]] const std::map<model::AccountId, std::shared_ptr<Keeper>>& keepers() const {
    return keepers_;
  }
  [[nodiscard]] bool streaming() const { return streaming_; }
  [[nodiscard]] std::size_t records_waiting() const { return waiting_.size(); }

  void want_read(model::AccountId account, model::Instant at);
  void watch_contracts(model::AccountId account, const std::set<model::ContractId>& contracts);
  void on_quote(const model::QuoteUpdate& quote);
  void persist(actors::Persist message);

private:
  using Outcome = protocol::RestTransport::Outcome;
  void start_accounts();
  void later(model::Duration pause, std::function<void()> what);
  void all(const model::Payload& payload);
  void route(model::Payload&& payload, std::int64_t received);
  void arm_session();
  void on_session_timer();
  void next_day();
  void perform(const protocol::signalr::Actions& actions);
  void open_socket();
  void stream(bool connected);
  void perform(protocol::TokenAction action);
  void take_login(const Outcome& outcome);
  void take_validation(const Outcome& outcome);
  void publish_token();

  // daemon_reads.cpp
  void doubt();
  void work();
  void ask_accounts();
  void start_read(model::AccountId account);
  void take_part(model::AccountId account, actors::BookRead::Part part, const Outcome& outcome,
                 std::uint64_t number);
  void ask_part(model::AccountId account, actors::BookRead::Part part, std::uint64_t number);
  void read_failed(model::AccountId account);
  void learn(const model::ContractId& contract);
  void commit();
  bool sync(const actors::Persist& item);

  struct Reading {
    actors::BookRead book;
    std::uint64_t number = 0;
  };

  Machine& machine_;
  SimClock clock_;
  actors::GatewaySender sender_;
  protocol::TokenLifecycle token_;
  protocol::signalr::HubSession session_;
  protocol::projectx::Decoder decoder_;
  std::map<model::AccountId, std::shared_ptr<Keeper>> keepers_;
  std::map<model::ContractId, model::Contract> contracts_;
  std::set<model::ContractId> learning_;
  model::ResetSchedule reset_;
  Random disk_luck_;
  bool started_session_ = false;
  bool streaming_ = false;
  std::int64_t frame_received_ = 0;
  std::int64_t sockets_ = 0;
  bool accounts_asked_ = false;
  std::map<model::AccountId, model::Account> facts_;
  std::optional<model::Instant> facts_at_;
  std::map<model::AccountId, model::Instant> due_;
  std::map<model::AccountId, Reading> reading_;
  std::uint64_t reads_ = 0;
  std::vector<actors::Persist> waiting_;
  bool commit_planned_ = false;
  persistence::CommitQueue unsaved_;
  std::map<model::AccountId, actors::Persist> uncovered_;
  std::map<model::AccountId, persistence::SegmentName> owed_;
  std::map<model::AccountId, actors::DayMark> days_;
  std::set<model::AccountId> day_ended_;
  AlarmClock session_timer_;
  AlarmClock token_timer_;
  AlarmClock read_timer_;
  AlarmClock reset_timer_;
};

} // namespace bulkhead::simulation
