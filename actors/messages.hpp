#pragma once
// Every message of the system. Events are named in the past tense, commands in the imperative. In-process
// messages are plain structs of the model, never serialised; what crosses the control port is in
// control_messages.hpp.

#include "model/decision.hpp"
#include "model/event.hpp"
#include "persistence/journal.hpp"
#include "protocol/transport.hpp"
#include "rules/risk_engine.hpp"

#include <memory>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace bulkhead::actors {

using protocol::MonotonicNanos;

// ---- sockets -> connection (sent by the io thread)
// ------------------------------------------------------------------

struct SocketOpened {
  std::uint64_t socket = 0;
};
/// One websocket message.
struct FrameReceived {
  std::uint64_t socket = 0;
  std::string bytes;
  MonotonicNanos received = 0;
};
struct SocketClosed {
  std::uint64_t socket = 0;
  model::Error why;
};
/// The reply to a request of this actor; `tag` says which.
struct ReplyReceived {
  std::uint64_t tag = 0;
  std::variant<protocol::HttpReply, protocol::HttpFailure> outcome;
};
/// A request with the token of that generation got a 401.
struct TokenRefused {
  std::uint64_t generation = 0;
};

// ---- connection -> event_router
// -------------------------------------------------------------------------------------

/// Everything one frame said, in its order.
struct HubEventsReceived {
  std::vector<model::Event> events;
};
/// The stream of one credential's accounts began or ended.
struct StreamChanged {
  model::CredentialId credential;
  bool connected = false;
};
/// Something could not be decoded: the accounts of this credential must be read anew.
struct StreamDoubted {
  model::CredentialId credential;
  std::string why;
};

// ---- event_router, reconciler, timers, ... -> account
// ---------------------------------------------------------------

struct Happened {
  model::Event event;
};
/// The latest quote of each contract held; answered by QuotesTaken before more are sent.
struct QuotesChanged {
  std::vector<model::Event> quotes;
};
struct UseRules {
  std::shared_ptr<const rules::RuleSet> rules;
};

/// When the way of a breach through the process began and went on; 0 where it did not come from a frame.
struct BreachStamps {
  MonotonicNanos received = 0;
  MonotonicNanos decided = 0;
  MonotonicNanos journaled = 0;
};
/// An account to itself: what remains to be told of an event whose intents are already on their way.
struct Conclude {
  model::Event event;
  BreachStamps stamps;
  model::Decision decision;
};

// ---- account -> others
// ----------------------------------------------------------------------------------------------

/// The contracts whose quotes this account needs from now on.
struct WatchContracts {
  model::AccountId account;
  std::set<model::ContractId> contracts;
};
struct QuotesTaken {
  model::AccountId account;
};
struct Enforce {
  std::vector<model::EnforcementIntent> intents;
  BreachStamps stamps;
};
/// The book as the account sees it now: what enforcement waits for, and how wide its lane must be.
struct BookChanged {
  std::vector<std::pair<model::ContractId, std::int32_t>> positions;
  std::vector<model::OrderId> orders;
};
/// Stops to place or to move.
struct Automate {
  std::vector<model::AutomationRequest> requests;
};
struct LockoutsChanged {
  model::AccountId account;
  model::LockoutSet lockouts;
};
struct WakeMe {
  model::AccountId account;
  model::Instant at;
};

// ---- people
// --------------------------------------------------------------------------------------------------------

/// One request of an enforcement.
struct RequestTrace {
  std::string what;   // "closeContract CON.F.US.MNQ.U26"
  std::string result; // "accepted", "code 2 PositionNotFound", ...
  MonotonicNanos written = 0;
  MonotonicNanos replied = 0;
};
/// Proof of one enforcement, from the frame to the read that showed it flat.
struct Certificate {
  model::AccountId account;
  std::string reason;
  std::vector<model::EnforcementIntent> done;
  BreachStamps stamps;
  std::vector<RequestTrace> requests;
  std::size_t reads = 0;
  MonotonicNanos verified = 0;
  bool achieved = false;
  std::string detail; // what the proving read showed
};
struct Activity {
  model::AccountId account;
  model::Instant at;
  std::string trigger; // kind of the event that caused it
  BreachStamps stamps;
  bool durable = true; // on disk before it was told
  std::variant<model::Decision, Certificate, model::Alert> what;
};

// ---- account -> journal
// ---------------------------------------------------------------------------------------------

/// Make what was appended durable, then tell people. `state` goes into the store with the journal sequence it
/// reflects.
struct Persist {
  model::AccountId account;
  std::shared_ptr<persistence::SyncHandle> journal;
  std::shared_ptr<const model::AccountState> state;
  std::uint64_t sequence = 0;
  std::vector<Activity> announce;
  std::optional<persistence::SegmentName> wanted; // a journal segment to prepare and send back
};
/// A journal segment, ready to be written to. Shared because messages are copied; taken by the one account.
struct SegmentPrepared {
  std::shared_ptr<persistence::JournalSegment> segment;
};

// ---- reconciler
// -----------------------------------------------------------------------------------------------------

struct ReconcileAccount {
  model::AccountId account;
  std::string why;
};
struct LearnContract {
  model::ContractId contract;
};
struct ContractFound {
  model::Contract contract;
};

} // namespace bulkhead::actors
