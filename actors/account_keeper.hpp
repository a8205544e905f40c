#pragma once
// The inside of an account's actor: what it does with an event, and whom it tells. Lives in the behaviour of
// its actor and is called in its turns only.

#include "actors/account.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace bulkhead::actors {

class AccountKeeper {
public:
  using Self = account_actor::stateful_pointer<AccountActorState>;

  AccountKeeper(Self self, AccountDeps deps) : self_(self), deps_(std::move(deps)) {}

  void begin(RecoveredAccount recovered);
  /// An event from outside, without what has ended the account before.
  void hear(const model::Event& event);
  /// The breach path: the journal; state, gate and rules; the intents. Everything else comes after.
  void happen(const model::Event& event, model::Decision* told = nullptr);
  void conclude(Conclude done);
  void take_quotes(const QuotesChanged& message);
  /// Takes the quotes that were kept back: nothing else is judged by older ones.
  void catch_up();
  void use_rules(const UseRules& message);
  void take_read(const model::Event& event, const model::Reconciled& read);
  void on_timer();
  void on_summary_taken(const SummaryTaken& message);
  void on_summary_due();
  [[nodiscard]] Obeyed obey(const Obey& order);
  [[nodiscard]] AccountSnapshot snapshot() const;
  [[nodiscard]] AccountView view() const;
  [[nodiscard]] AccountActorState& state() const { return self_->state; }

private:
  [[nodiscard]] model::Instant now() const { return deps_.clock->now(); }
  [[nodiscard]] model::AccountId id() const { return state().engine->state().id; }
  [[nodiscard]] bool is_known_day(const model::Event& event) const;

  void loosen_after_reset();
  /// Days and marks of an account that has none are read from the gateway, for rules that measure by them.
  void ask_for_past();

  // account_group.cpp
  void note_reopened(const model::Decision& decision);
  void tell_group();

  // account_quotes.cpp
  [[nodiscard]] model::Bands bands() const;
  void state_bands();

  // account_telling.cpp
  void publish_book(const model::Event& event);
  void wake_at(model::Instant at, const model::Event& event);
  /// Hands the state to the journal actor; what is announced reaches people once it is durable.
  void persist(std::vector<Activity> announce);
  void arm_snapshot();
  void tell(const char* trigger, model::Alert alert);
  void tell_of_read(BookDifferences differences);
  void tell_of_journal();

  Self self_;
  AccountDeps deps_;
};

} // namespace bulkhead::actors
