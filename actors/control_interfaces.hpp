#pragma once
// The part of the map of the system that serves the command line: who answers it, who lets it in, and what
// the accounts and the journal are asked on its behalf. Read together with interfaces.hpp, which registers
// the messages.

#include "actors/control_messages.hpp"
#include "actors/control_request.hpp"
#include "actors/messages.hpp"
#include "persistence/store.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/fwd.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

namespace bulkhead::actors {

struct AccountStarted;
struct TimerCame;

/// Asks an account for everything it knows.
struct TakeSnapshot {};
struct AccountSnapshot {
  std::string nickname;
  std::shared_ptr<const model::AccountState> state;
  model::Instant now;
  model::Instant next_reset;
  std::optional<model::Instant> wakes_at;
};
/// An admin's order to one account, and what was decided on it.
struct Obey {
  ControlRequest request;
  bool may_lift_hard = true; // unblock may end lockouts of kind hard
};
struct Obeyed {
  model::AccountId account;
  std::string error; // a code of the control protocol; empty: it was obeyed
  std::string message;
  std::string data; // JSON object
};

/// What the store remembers of some accounts, newest first, at most `limit` rows of a kind and account.
struct HistoryRequest {
  std::vector<model::AccountId> accounts;
  std::size_t limit = 100;
};
struct HistoryRows {
  std::vector<persistence::LockoutRecord> lockouts;
  std::vector<persistence::Note> notes;
  std::vector<persistence::DaySummary> days;
  std::string failure; // why rows are missing; empty: none are
};

/// What the command line may ask. Published; holds no state of its own worth losing.
using control_actor = caf::typed_actor<caf::replies_to<StatusRequest>::with<StatusReply>,
                                       caf::replies_to<ControlRequest>::with<ControlReply>>;
/// The command line's end of a live view: answers each frame when it has shown it.
using watcher_actor = caf::typed_actor<caf::replies_to<WatchFrame>::with<bool>>;
/// Show this peer what happens until it is gone or too slow.
struct AddWatcher {
  watcher_actor watcher;
  std::int64_t account_id = 0; // 0: all
  std::string request_id;
};
/// What lies behind the published actor: the same, for requests that were let in.
using house_actor = control_actor::extend<caf::replies_to<AddWatcher>::with<ControlReply>>;
/// The part of it that knows the accounts.
using control_backend_actor =
    house_actor::extend<caf::reacts_to<AccountStarted>, caf::reacts_to<Activity>, caf::reacts_to<TimerCame>>;
/// An admin's command ended like this.
struct Audit {
  ControlRequest request; // without token and secret
  std::string outcome;    // "done", or a code of the control protocol
  std::string message;
};
/// Decides who may act: passwords, sessions, the audit log. Answers without an error to let a request in.
using gatekeeper_actor =
    caf::typed_actor<caf::replies_to<ControlRequest>::with<ControlReply>, caf::reacts_to<Audit>>;
/// Answers what takes files: logs and configuration.
using clerk_actor = caf::typed_actor<caf::replies_to<ControlRequest>::with<ControlReply>>;

} // namespace bulkhead::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::TakeSnapshot)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::AccountSnapshot)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::Obey)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::Obeyed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::HistoryRequest)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::HistoryRows)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::AddWatcher)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::Audit)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::persistence::Note)
