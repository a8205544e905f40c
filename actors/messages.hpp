#pragma once
// Every message of the system. Events are named in the past tense, commands in the imperative. In-process
// messages are plain structs of the model, never serialised; what crosses the control port is in
// control_messages.hpp.

#include "actors/certificate.hpp"
#include "actors/control_messages.hpp"
#include "actors/past_days.hpp"
#include "model/decision.hpp"
#include "model/event.hpp"
#include "persistence/journal.hpp"
#include "protocol/transport.hpp"
#include "rules/risk_engine.hpp"

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace bulkhead::actors {

// ---- sockets -> connection (sent by the io thread)

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

struct Happened {
  model::Event event;
};
/// What is new of the contracts held; answered by QuotesTaken before more are sent.
struct QuotesChanged {
  std::vector<model::Event> quotes;
  std::uint64_t number = 0; // they tell all of the QuoteBoard up to it
};
struct UseRules {
  std::shared_ptr<const rules::RuleSet> rules;
  /// Instead of them until the next reset, for an account that holds positions; null: nothing is held back.
  std::shared_ptr<const rules::RuleSet> while_open = nullptr;
  model::Instant at = {};
  std::vector<std::string> changes = {}; // for the journal
  [[nodiscard]] const std::shared_ptr<const rules::RuleSet>& strictest() const {
    return while_open ? while_open : rules;
  }
};

/// An account to itself: what remains to be told of an event whose intents are already on their way.
struct Conclude {
  model::Event event;
  BreachStamps stamps;
  model::Decision decision;
};

// ---- account -> others

/// The contracts whose quotes this account needs from now on.
struct WatchContracts {
  model::AccountId account;
  std::set<model::ContractId> contracts;
};
/// Without bands every quote is wanted.
struct QuotesTaken {
  model::AccountId account;
  model::Bands bands = {};
};
/// The same when something else than quotes has changed them.
struct BandsStated {
  QuotesTaken bands;
};
/// supervisor -> connection: an account that came with a reload.
struct SubscribeAccount {
  model::AccountId account;
};
/// What a contract was worth when a close of it was decided.
struct DecisionMark {
  model::ContractId contract;
  std::optional<model::Price> price;
  model::TickSpec tick;
};
struct Enforce {
  std::vector<model::EnforcementIntent> intents;
  BreachStamps stamps;
  std::vector<DecisionMark> marks;
  bool whole_account = false; // closes every position and cancels every order there is
};
/// The book as the account sees it now: what enforcement waits for, and how wide its lane must be.
struct BookChanged {
  std::vector<std::pair<model::ContractId, std::int32_t>> positions;
  std::vector<model::OrderId> orders;
  MonotonicNanos received = 0;     // of the frame that changed it; 0 when it was a read
  std::optional<model::Fill> fill; // when a fill was what happened
};
/// enforcement -> account: how it stands, for status.
struct EnforcementStatus {
  std::uint32_t open = 0;     // closes and cancels not proven yet
  std::uint32_t deferred = 0; // of them waiting for the market to open
  std::string refusal;        // why the gateway refuses this account; empty: it does not
  std::string alarm;          // what stands open longer than it should; empty: nothing
  std::vector<StageView> stages;
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

struct Activity {
  model::AccountId account;
  model::Instant at;
  std::string trigger; // kind of the event that caused it
  BreachStamps stamps;
  bool durable = true; // on disk before it was told
  std::variant<model::Decision, Certificate, model::Alert> what;
};

// ---- account -> journal

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

struct ReconcileAccount {
  model::AccountId account;
  std::string why;
  std::optional<PastWanted> past = {}; // what was before, instead of the present book
};
struct LearnContract {
  model::ContractId contract;
};
struct ContractFound {
  model::Contract contract;
};

} // namespace bulkhead::actors
