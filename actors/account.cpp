#include "actors/account.hpp"

#include "actors/automation.hpp"

#include <algorithm>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <exception>
#include <fmt/format.h>

namespace bulkhead::actors {
namespace {

using Self = account_actor::stateful_pointer<AccountActorState>;
using model::Alert;
using model::Decision;
using model::Event;

class Keeper {
public:
  Keeper(Self self, AccountDeps deps) : self_(self), deps_(std::move(deps)) {}

  void begin(RecoveredAccount recovered) {
    state().engine = std::move(recovered.engine);
    state().journal = std::move(recovered.journal);
    state().enforcement = self_->spawn<caf::linked>(
        enforcement, id(),
        EnforcementDeps{deps_.clock, deps_.sender, deps_.notifier, caf::actor_cast<account_actor>(self_),
                        MarketHours{state().engine->rules().holidays}});
    state().automation = self_->spawn<caf::linked>(
        automation, id(),
        AutomationDeps{deps_.clock, deps_.sender, deps_.notifier, caf::actor_cast<account_actor>(self_)});
    for (auto& alert : recovered.alerts) tell("start", std::move(alert));
    happen({now(), 0, model::Restarted{}});
  }

  /// The breach path: state, gate and rules; the journal; the intents. Everything else comes after.
  void happen(const Event& event, Decision* told = nullptr) {
    if (is_known_day(event)) return;
    const auto claimed = claimed_done(event, state().engine->state());
    Decision decision = state().engine->step(event);
    if (told != nullptr) *told = decision;
    const auto decided = deps_.clock->monotonic();
    state().journal->append(event, decision);
    const BreachStamps stamps{event.received, decided, deps_.clock->monotonic()};
    state().dirty = true;
    if (auto rest = order_of(claimed, state().engine->state()); !rest.intents.empty())
      self_->send(state().enforcement, std::move(rest));
    if (decision.intents.empty()) return conclude({event, stamps, std::move(decision)});
    self_->send(state().enforcement, order_of(event, decision, stamps, state().engine->state()));
    // The rest is queued behind enforcement, so that the close leaves before anybody is told of it.
    self_->send(self_, Conclude{event, stamps, std::move(decision)});
  }

  void conclude(Conclude done) {
    const auto& [event, stamps, decision] = done;
    if (!decision.automation.empty()) self_->send(state().automation, Automate{decision.automation});
    if (!decision.reads.empty())
      self_->send(deps_.reconciler, ReconcileAccount{id(), decision.reads[0].reason});
    if (decision.wake_at) wake_at(*decision.wake_at, event);
    if (!decision.lockouts_set.empty() || !decision.lockouts_cleared.empty()) {
      self_->send(deps_.lockouts, LockoutsChanged{id(), state().engine->state().lockouts});
    }
    constexpr auto book_events = model::events<model::PositionUpdate, model::Order, model::Fill,
                                               model::Reconciled, model::Restarted>();
    if ((mask_of(event) & book_events) != 0) publish_book(event);
    if (!decision.empty())
      persist(
          {Activity{id(), event.at, std::string(kind_name(event)), stamps, true, std::move(done.decision)}});
    if (const auto failure = state().journal->take_failure()) {
      tell("journal", Alert{Alert::Severity::critical, "journal-failing",
                            fmt::format("{}; enforcement goes on from memory", failure->message())});
    }
    for (auto& alert : news_of(state())) tell("start", std::move(alert));
    arm_snapshot();
  }

  void take_quotes(const QuotesChanged& message) {
    for (const auto& quote : message.quotes) happen(quote);
    self_->send(deps_.router, QuotesTaken{id()});
  }

  void use_rules(const UseRules& message) {
    state().engine->use_rules(message.rules);
    happen({now(), 0, model::ConfigReloaded{}});
  }

  void on_timer() {
    persist({});
    arm_snapshot();
  }

  [[nodiscard]] Obeyed obey(const Obey& order) {
    return actors::obey(order, *state().engine, now(), [this](const Event& event) {
      Decision decided;
      happen(event, &decided);
      return decided;
    });
  }

  [[nodiscard]] AccountSnapshot snapshot() const { return snapshot_of(state(), deps_.nickname, now()); }

  [[nodiscard]] AccountView view() const {
    AccountView view = view_of(*state().engine, deps_.nickname, now());
    add_enforcement(view, state().enforcing);
    view.credential = deps_.credential.value;
    view.requests_left = static_cast<std::uint32_t>(deps_.sender->closes_available());
    return view;
  }
  [[nodiscard]] AccountActorState& state() const { return self_->state; }

private:
  [[nodiscard]] model::Instant now() const { return deps_.clock->now(); }
  [[nodiscard]] model::AccountId id() const { return state().engine->state().id; }

  [[nodiscard]] bool is_known_day(const Event& event) const {
    const auto* reset = std::get_if<model::DailyReset>(&event.payload);
    return reset != nullptr && reset->day == state().engine->state().ledger.day() &&
           reset->start == state().engine->state().ledger.start();
  }

  void publish_book(const Event& event) {
    std::set<model::ContractId> wanted;
    for (const auto& [contract, position] : state().engine->state().positions) wanted.insert(contract);
    for (const auto& [order, live] : state().engine->state().orders) wanted.insert(live.order.contract);
    self_->send(state().enforcement, book_of(event, state().engine->state()));
    if (wanted == state().watched) return;
    state().watched = wanted;
    self_->send(deps_.router, WatchContracts{id(), std::move(wanted)});
  }

  void wake_at(model::Instant at, const Event& event) {
    const bool sooner_one_stands = state().armed && *state().armed <= at && *state().armed > event.at;
    if (sooner_one_stands) return;
    state().armed = at;
    self_->send(deps_.timers, WakeMe{id(), at});
  }

  /// Hands the state to the journal actor; what is announced reaches people once it is durable.
  void persist(std::vector<Activity> announce) {
    if (!state().dirty && announce.empty()) return;
    state().dirty = false;
    state().last_snapshot = now();
    self_->send(deps_.journal,
                Persist{id(), state().journal->sync_handle(),
                        std::make_shared<const model::AccountState>(state().engine->state()),
                        state().journal->sequence(), std::move(announce), state().journal->wanted()});
  }

  void arm_snapshot() {
    if (state().dirty) state().timer.arm(self_, state().last_snapshot + deps_.snapshot_interval, now());
  }

  void tell(const char* trigger, Alert alert) {
    self_->send(deps_.notifier, Activity{id(), now(), trigger, {}, true, std::move(alert)});
  }

  Self self_;
  AccountDeps deps_;
};

} // namespace

account_actor::behavior_type account(Self self, RecoveredAccount recovered, AccountDeps deps) {
  const auto keeper = std::make_shared<Keeper>(self, std::move(deps));
  // A broken invariant ends this account loudly; the supervisor logs the reason and starts it again.
  self->set_exception_handler([](std::exception_ptr& thrown) -> caf::error {
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& failure) {
      return caf::make_error(caf::sec::runtime_error, std::string(failure.what()));
    }
  });
  keeper->begin(std::move(recovered));
  return {
      [=](const Happened& m) { keeper->happen(m.event); },
      [=](const QuotesChanged& m) { keeper->take_quotes(m); },
      [=](const UseRules& m) { keeper->use_rules(m); },
      [=](const EnforcementStatus& m) { self->state.enforcing = m; },
      [=](Conclude& m) { keeper->conclude(std::move(m)); },
      [=](const SegmentPrepared& m) { keeper->state().journal->take(std::move(*m.segment)); },
      [=](const TimerCame& m) {
        if (self->state.timer.take(m)) keeper->on_timer();
      },
      [=](const StatusRequest&) { return keeper->view(); },
      [=](const TakeSnapshot&) { return keeper->snapshot(); },
      [=](const Obey& m) { return keeper->obey(m); },
  };
}

} // namespace bulkhead::actors
