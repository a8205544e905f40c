#pragma once
// The map of the system: every actor's typed interface, and the registration of every message. Reading this
// file tells who may say what to whom. Handlers are named after their message; bodies live in <actor>.cpp.

#include "actors/account_journal.hpp"
#include "actors/control_interfaces.hpp"
#include "actors/group_messages.hpp"
#include "actors/messages.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/fwd.hpp>
#include <caf/replies_to.hpp>
#include <caf/type_id.hpp>
#include <caf/typed_actor.hpp>

namespace bulkhead::actors {

/// A message of an actor to itself: its timer of that generation came. Older generations are ignored.
struct TimerCame {
  std::uint64_t generation = 0;
};
/// Ends what must be ended before the process may go: sockets said goodbye, data synced.
struct ShutDown {};
struct RecoverAccount {
  model::AccountId account;
  std::shared_ptr<const rules::RuleSet> rules;
};
/// How much what was recovered can be believed.
enum class Trust {
  whole,
  power_lost, // the machine went down and the account was not read since: the last records may be missing
  lost,       // neither store nor journal could be read
};
/// What the disk knows of an account, ready to run.
struct RecoveredAccount {
  model::AccountId account;
  std::shared_ptr<rules::RiskEngine> engine;
  std::shared_ptr<AccountJournal> journal;
  std::vector<model::Alert> alerts;
  std::vector<Activity> untold = {}; // decided in the last run; people may not have heard of it
  Trust trust = Trust::whole;
  std::set<model::FillId> fills_set_aside = {}; // that ended the account twice: to be left out of reads
};

/// Owns the RiskEngine of one account. Decides in the very turn in which an event arrives.
using account_actor =
    caf::typed_actor<caf::reacts_to<Happened>, caf::reacts_to<QuotesChanged>, caf::reacts_to<UseRules>,
                     caf::reacts_to<SegmentPrepared>, caf::reacts_to<Conclude>, caf::reacts_to<TimerCame>,
                     caf::reacts_to<EnforcementStatus>, caf::reacts_to<SummaryTaken>,
                     caf::reacts_to<SummaryDue>, caf::replies_to<StatusRequest>::with<AccountView>,
                     caf::replies_to<TakeSnapshot>::with<AccountSnapshot>,
                     caf::replies_to<Obey>::with<Obeyed>>;

/// An account began to live, or lives again after a restart.
struct AccountStarted {
  model::AccountId account;
  model::CredentialId credential;
  account_actor handle;
};

/// Tells people: log, enforcement log, subscribers. Bounded towards each subscriber.
using subscriber_actor = caf::typed_actor<caf::reacts_to<Activity>>;
struct Subscribe {
  subscriber_actor subscriber;
};
using notifier_actor = caf::typed_actor<caf::reacts_to<Activity>, caf::reacts_to<Subscribe>>;

/// The only actor that blocks: recovers accounts, syncs journals, commits to the store.
using journal_actor =
    caf::typed_actor<caf::reacts_to<AccountStarted>, caf::reacts_to<Persist>,
                     caf::replies_to<RecoverAccount>::with<RecoveredAccount>, caf::reacts_to<ContractFound>,
                     caf::reacts_to<TimerCame>, caf::replies_to<HistoryRequest>::with<HistoryRows>,
                     caf::reacts_to<persistence::Note>, caf::replies_to<ShutDown>::with<bool>>;

/// Carries intents of one account out and proves the result.
using enforcement_actor = caf::typed_actor<caf::reacts_to<Enforce>, caf::reacts_to<BookChanged>,
                                           caf::reacts_to<ReplyReceived>, caf::reacts_to<TimerCame>>;

/// Places and moves stops for the rules of one account.
using automation_actor =
    caf::typed_actor<caf::reacts_to<Automate>, caf::reacts_to<ReplyReceived>, caf::reacts_to<TimerCame>>;

/// Which account gets which event; which contract's quotes are needed.
struct CredentialStarted;
using event_router_actor =
    caf::typed_actor<caf::reacts_to<CredentialStarted>, caf::reacts_to<AccountStarted>,
                     caf::reacts_to<HubEventsReceived>, caf::reacts_to<StreamChanged>,
                     caf::reacts_to<WatchContracts>, caf::reacts_to<QuotesTaken>, caf::reacts_to<BandsStated>,
                     caf::reacts_to<ContractFound>, caf::reacts_to<TimerCame>>;

/// One hub of one credential: SignalR session, token (user hub), subscriptions (market hub).
using connection_actor = caf::typed_actor<
    caf::reacts_to<SocketOpened>, caf::reacts_to<FrameReceived>, caf::reacts_to<SocketClosed>,
    caf::reacts_to<ReplyReceived>, caf::reacts_to<TokenRefused>, caf::reacts_to<WatchContracts>,
    caf::reacts_to<SubscribeAccount>, caf::reacts_to<TimerCame>, caf::replies_to<ShutDown>::with<bool>>;

/// Reads accounts and contracts of one credential by REST.
using reconciler_actor =
    caf::typed_actor<caf::reacts_to<AccountStarted>, caf::reacts_to<ReconcileAccount>,
                     caf::reacts_to<StreamChanged>, caf::reacts_to<StreamDoubted>,
                     caf::reacts_to<LearnContract>, caf::reacts_to<ReplyReceived>, caf::reacts_to<TimerCame>>;

/// The actors of one credential came to life.
struct CredentialStarted {
  model::CredentialId credential;
  connection_actor user;
  connection_actor market;
  reconciler_actor reconciler;
};

/// Deadlines of the accounts.
using timers_actor =
    caf::typed_actor<caf::reacts_to<AccountStarted>, caf::reacts_to<WakeMe>, caf::reacts_to<TimerCame>>;
/// Begins every trading day once.
using reset_scheduler_actor = caf::typed_actor<caf::reacts_to<AccountStarted>, caf::reacts_to<TimerCame>>;
/// All lockouts of all accounts, for those who ask about more than one.
using lockouts_actor = caf::typed_actor<caf::reacts_to<LockoutsChanged>>;

/// Judges the accounts of each group together. Only hears accounts, and orders them.
using group_guard_actor =
    caf::typed_actor<caf::reacts_to<AccountSummarised>, caf::reacts_to<UseGroups>, caf::reacts_to<TimerCame>>;

/// The supervisor to itself, after a pause: this account died, or everything did.
struct StartAccount {
  model::AccountId account;
};
struct StartAgain {};

/// A configuration to use from now on.
struct Reload;
struct UseConfig {
  std::shared_ptr<const Reload> reload;
};

/// Spawns everything, watches it, and starts again what died.
using supervisor_actor =
    caf::typed_actor<caf::reacts_to<UseConfig>, caf::reacts_to<Subscribe>, caf::reacts_to<StartAccount>,
                     caf::reacts_to<StartAgain>, caf::replies_to<StatusRequest>::with<StatusReply>,
                     caf::replies_to<ControlRequest>::with<ControlReply>,
                     caf::replies_to<AddWatcher>::with<ControlReply>, caf::replies_to<ShutDown>::with<bool>>;

} // namespace bulkhead::actors

// Remote messages travel by these names.
CAF_BEGIN_TYPE_ID_BLOCK(bulkhead_messages, caf::first_custom_type_id)
CAF_ADD_TYPE_ID(bulkhead_messages, (bulkhead::actors::StatusRequest))
CAF_ADD_TYPE_ID(bulkhead_messages, (bulkhead::actors::StatusReply))
CAF_ADD_TYPE_ID(bulkhead_messages, (bulkhead::actors::AccountView))
CAF_ADD_TYPE_ID(bulkhead_messages, (bulkhead::actors::ControlRequest))
CAF_ADD_TYPE_ID(bulkhead_messages, (bulkhead::actors::ControlReply))
CAF_ADD_TYPE_ID(bulkhead_messages, (bulkhead::actors::WatchFrame))
CAF_END_TYPE_ID_BLOCK(bulkhead_messages)

// Everything below stays inside the process.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::SocketOpened)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::FrameReceived)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::SocketClosed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::ReplyReceived)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::TokenRefused)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::HubEventsReceived)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::StreamChanged)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::StreamDoubted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::Happened)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::QuotesChanged)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::UseRules)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::UseConfig)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::SubscribeAccount)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::WatchContracts)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::QuotesTaken)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::BandsStated)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::Enforce)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::BookChanged)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::Automate)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::EnforcementStatus)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::LockoutsChanged)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::WakeMe)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::Activity)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::Persist)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::SegmentPrepared)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::Conclude)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::ReconcileAccount)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::LearnContract)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::ContractFound)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::TimerCame)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::ShutDown)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::RecoverAccount)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::RecoveredAccount)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::StartAccount)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::StartAgain)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::AccountStarted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::CredentialStarted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulkhead::actors::Subscribe)
