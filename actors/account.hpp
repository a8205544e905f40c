#pragma once
// One account: the compartment. Owns the RiskEngine and decides in the very turn in which an event arrives;
// journals, sends intents to its own enforcement worker, then tells everybody else. Waits for nobody. When it
// dies the supervisor starts it again from its journal; no other account notices.

#include "actors/account_trust.hpp"
#include "actors/book_check.hpp"
#include "actors/enforcement.hpp"
#include "actors/interfaces.hpp"
#include "actors/quote_board.hpp"

#include <functional>
#include <memory>
#include <set>
#include <string>

namespace bulkhead::actors {

struct AccountDeps {
  std::shared_ptr<const Clock> clock;
  std::shared_ptr<GatewaySender> sender;
  event_router_actor router;
  timers_actor timers;
  lockouts_actor lockouts;
  journal_actor journal;
  reconciler_actor reconciler;
  notifier_actor notifier;
  std::string nickname;
  model::CredentialId credential = {};
  model::Duration snapshot_interval = std::chrono::seconds{5};
  group_guard_actor group = {};                       // none: the account is in no group
  std::shared_ptr<const QuoteBoard> quotes = nullptr; // null: it hears every quote
};

/// What is known of quotes, and what was stated of them.
struct QuoteTelling {
  std::uint64_t seen = 0; // everything on the board up to it
  model::Bands stated = {};
};

/// What was told to the guard of the group.
struct GroupTelling {
  rules::SummaryNumber number;
  std::uint64_t gate_closes = 0;
  bool under_way = false;
  bool due = false;                                  // something happened since
  std::map<model::Source, rules::Gauge> gauges = {}; // of the group's rules, as it answered last
};

struct AccountActorState {
  static inline const char* name = "account";
  std::shared_ptr<rules::RiskEngine> engine;
  std::shared_ptr<AccountJournal> journal;
  enforcement_actor enforcement;
  automation_actor automation;
  std::set<model::ContractId> watched;
  std::optional<model::Instant> armed; // the wake-up asked for
  model::Instant last_snapshot;
  std::set<model::FillId> fills_set_aside; // that ended this account before
  LastKnown known;                         // to compare the first complete read with
  UseRules after_reset;                    // looser rules that wait; none without `rules`
  bool dirty = false;                      // changed since the last snapshot
  bool told_ready = false;
  bool asked_for_past = false;                   // the days before this one, once per start
  std::optional<model::Instant> asked_from = {}; // the gap whose highs were asked for
  bool warned_of_live_account = false;
  bool journal_failing = false;                           // people were told
  std::optional<persistence::SegmentName> asked_for = {}; // of the journal actor, when it was last told
  BookDifferences last_read;                              // what the latest complete read showed
  BalanceCheck balance;
  EnforcementStatus enforcing;
  GroupTelling telling;
  QuoteTelling quotes;
  SelfTimer timer;
};

account_actor::behavior_type account(account_actor::stateful_pointer<AccountActorState> self,
                                     RecoveredAccount recovered, AccountDeps deps);

/// What status shows of an account.
[[nodiscard]] AccountView view_of(const rules::RiskEngine& engine, const std::string& nickname,
                                  model::Instant now);

[[nodiscard]] LockoutView view_of(const model::Lockout& row);
/// Rules about the group have no figure of their own account.
void add_group(AccountView& view, const std::map<model::Source, rules::Gauge>& gauges);

/// Carries an admin's order out through `happen`, which journals, decides and enforces, and tells what came
/// of it.
[[nodiscard]] Obeyed obey(const Obey& order, const rules::RiskEngine& engine, model::Instant now,
                          const std::function<model::Decision(const model::Event&)>& happen);

/// The answer to an order that is not carried out; `code` of control_messages.
[[nodiscard]] Obeyed refused(const rules::RiskEngine& engine, const char* code, std::string why);

/// The same for what concerns its standing: payouts, a start from the beginning, whether it is enforced.
[[nodiscard]] Obeyed obey_for_books(const Obey& order, const rules::RiskEngine& engine, model::Instant now,
                                    const std::function<model::Decision(const model::Event&)>& happen);

/// Everything the account knows, for those who show it.
[[nodiscard]] AccountSnapshot snapshot_of(const AccountActorState& state, const std::string& nickname,
                                          model::Instant now);
/// What is to be said once: that it is ready, that nothing can be enforced for it.
[[nodiscard]] std::vector<model::Alert> news_of(AccountActorState& state);

void add_enforcement(AccountView& view, const EnforcementStatus& status);

/// The event without these fills; none when it is one of them.
[[nodiscard]] std::optional<model::Event> without_fills(model::Event event,
                                                        const std::set<model::FillId>& fills);

/// The order to enforcement for a decision, with what was at stake when it was taken.
/// The book as enforcement wants it after an event.
[[nodiscard]] BookChanged book_of(const model::Event& event, const model::AccountState& state);
/// The close that this event claims to be done, while the engine still holds it.
[[nodiscard]] std::optional<model::EnforcementIntent> claimed_done(const model::Event& event,
                                                                   const model::AccountState& state);
/// The same close once more, when the book shows that it is not done: an event came between the proving read
/// and the report.
[[nodiscard]] Enforce order_of(const std::optional<model::EnforcementIntent>& claimed,
                               const model::AccountState& state);
[[nodiscard]] Enforce order_of(const model::Event& event, const model::Decision& decision,
                               const BreachStamps& stamps, const model::AccountState& state);

} // namespace bulkhead::actors
