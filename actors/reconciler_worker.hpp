#pragma once
// The inside of a reconciler: what is due, what was asked, what came back. Lives in the behaviour of its
// actor and is called in its turns only.

#include "actors/reconciler.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace bulkhead::actors {

class ReconcilerWorker {
public:
  using Self = reconciler_actor::stateful_pointer<ReconcilerState>;
  using Asked = ReconcilerState::Asked;

  ReconcilerWorker(Self self, model::CredentialId credential, ReconcilerDeps deps)
      : self_(self), credential_(std::move(credential)), deps_(std::move(deps)) {}

  void on_started(const AccountStarted& message);
  void on_stream(bool connected);
  void want_all(model::Instant at);
  void want_now(model::AccountId account);
  void doubt();
  void learn(const model::ContractId& contract);
  /// What cannot be read in five tries is told to be unknown.
  void want_past(model::AccountId account, PastWanted wanted);

  /// Starts whatever is due and arms the timer for the rest.
  void work();
  void on_reply(const ReplyReceived& message);
  [[nodiscard]] ReconcilerState& state() const { return self_->state; }

private:
  static constexpr model::Duration retry_pause = std::chrono::seconds{2};
  [[nodiscard]] model::Instant now() const { return deps_.clock->now(); }

  void want(model::AccountId account, model::Instant at);
  bool submit(Asked asked, protocol::RequestClass urgency, protocol::HttpRequest request);
  void ask_accounts();
  void take_accounts(const ReplyReceived& message);
  void start_read(model::AccountId account, model::Instant& due);
  void take_part(const Asked& asked, const ReplyReceived& message);
  void end_read(model::AccountId account, const model::Result<model::Reconciled>& result);
  void postpone_all(const model::Error& error);
  void ask_contracts(model::Instant at);

  // reconciler_past.cpp
  void read_past(model::Instant at);
  void take_past(const Asked& asked, const ReplyReceived& message);
  [[nodiscard]] bool ask_past(model::AccountId account, const PastRead::Part& part);
  void end_past(model::AccountId account, const model::Result<model::HistoryRead>& read);

  void take_contract(const model::ContractId& contract, const ReplyReceived& message);
  void tell(model::AccountId account, model::Alert::Severity severity, std::string code, std::string text);
  void arm();

  Self self_;
  model::CredentialId credential_;
  ReconcilerDeps deps_;
};

} // namespace bulkhead::actors
