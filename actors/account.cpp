#include "actors/account_keeper.hpp"
#include "actors/automation.hpp"
#include "actors/placement.hpp"
#include "actors/thrown.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::actors {

using model::Alert;
using model::Decision;
using model::Event;

void AccountKeeper::begin(RecoveredAccount recovered) {
  state().engine = std::move(recovered.engine);
  state().journal = std::move(recovered.journal);
  state().enforcement = spawn_on(
      self_->system(), Shard::breach, Lane::closing, enforcement, id(),
      EnforcementDeps{deps_.clock, deps_.sender, deps_.notifier, caf::actor_cast<account_actor>(self_),
                      MarketHours{state().engine->rules().holidays}, deps_.journal});
  self_->link_to(state().enforcement);
  state().automation = self_->spawn<caf::linked>(
      automation, id(),
      AutomationDeps{deps_.clock, deps_.sender, deps_.notifier, caf::actor_cast<account_actor>(self_)});
  state().fills_set_aside = std::move(recovered.fills_set_aside);
  state().known = last_known(recovered.trust, state().engine->state());
  for (auto& activity : recovered.untold) self_->send(deps_.notifier, std::move(activity));
  for (auto& alert : recovered.alerts) tell("start", std::move(alert));
  state().telling.number.life = now();
  if (deps_.quotes) state().quotes.seen = deps_.quotes->number();
  happen({now(), 0, model::Restarted{}});
  on_summary_due();
}

void AccountKeeper::hear(const Event& given) {
  std::optional<Event> rest;
  if (!state().fills_set_aside.empty()) {
    rest = without_fills(given, state().fills_set_aside);
    if (!rest) return;
  }
  const Event& event = rest ? *rest : given;
  if (const auto* read = std::get_if<model::Reconciled>(&event.payload)) return take_read(event, *read);
  happen(event);
  if (std::holds_alternative<model::DailyReset>(event.payload)) loosen_after_reset();
}

void AccountKeeper::take_read(const Event& event, const model::Reconciled& read) {
  const auto finding = judge(state().known, state().engine->state(), read, now());
  auto differences = compare(state().engine->state(), read);
  happen(event);
  tell_of_read(std::move(differences));
  ask_for_past();
  if (!finding) return;
  state().known = {};
  // Only now, so that the lockout lets stay what the read has shown.
  if (finding->lock) happen({now(), 0, *finding->lock});
  tell("start", finding->alert);
}

void AccountKeeper::happen(const Event& event, Decision* told) {
  if (is_known_day(event)) return;
  const bool quote = std::holds_alternative<model::QuoteUpdate>(event.payload);
  if (!quote) catch_up();
  state().journal->append(event);
  const auto claimed = claimed_done(event, state().engine->state());
  Decision decision = state().engine->step(event);
  if (told != nullptr) *told = decision;
  const auto decided = deps_.clock->monotonic();
  state().journal->append(decision);
  const BreachStamps stamps{event.received, decided, deps_.clock->monotonic()};
  state().dirty = true;
  if (auto rest = order_of(claimed, state().engine->state()); !rest.intents.empty())
    self_->send(state().enforcement, std::move(rest));
  if (decision.intents.empty()) return conclude({event, stamps, std::move(decision)});
  self_->send(state().enforcement, order_of(event, decision, stamps, state().engine->state()));
  // The rest is queued behind enforcement, so that the close leaves before anybody is told of it.
  self_->send(self_, Conclude{event, stamps, std::move(decision)});
}

void AccountKeeper::conclude(Conclude done) {
  const auto& [event, stamps, decision] = done;
  note_reopened(decision);
  if (!decision.automation.empty()) self_->send(state().automation, Automate{decision.automation});
  if (!decision.reads.empty())
    self_->send(deps_.reconciler, ReconcileAccount{id(), decision.reads[0].reason});
  if (decision.wake_at) wake_at(*decision.wake_at, event);
  if (!decision.lockouts_set.empty() || !decision.lockouts_cleared.empty()) {
    self_->send(deps_.lockouts, LockoutsChanged{id(), state().engine->state().lockouts});
  }
  constexpr auto book_events =
      model::events<model::PositionUpdate, model::Order, model::Fill, model::Reconciled, model::Restarted>();
  if ((mask_of(event) & book_events) != 0) publish_book(event);
  if (!decision.empty())
    persist(
        {Activity{id(), event.at, std::string(kind_name(event)), stamps, true, std::move(done.decision)}});
  // What came before must not be folded again under other rules.
  if (std::holds_alternative<model::ConfigReloaded>(event.payload)) persist({});
  tell_of_journal();
  for (auto& alert : news_of(state())) tell("start", std::move(alert));
  arm_snapshot();
  tell_group();
  if (!std::holds_alternative<model::QuoteUpdate>(event.payload)) state_bands();
}

void AccountKeeper::use_rules(const UseRules& message) {
  const auto& book = state().engine->state();
  const bool hold = message.while_open && !book.positions.empty() && book.ledger.start() <= message.at;
  state().after_reset = hold ? message : UseRules{};
  for (const auto& change : message.changes) state().journal->append_note(now(), "config: " + change);
  state().engine->use_rules(hold ? message.while_open : message.rules);
  if (hold) {
    const auto reset = model::format_instant(state().engine->rules().reset.next_after(now()));
    tell("reload", Alert{Alert::Severity::warning, "config-held-back",
                         "positions are open: what is looser holds from the reset at " + reset + " on"});
  }
  happen({now(), 0, model::ConfigReloaded{}});
}

void AccountKeeper::loosen_after_reset() {
  if (!state().after_reset.rules || state().engine->state().ledger.start() <= state().after_reset.at) return;
  state().engine->use_rules(std::exchange(state().after_reset, {}).rules);
  happen({now(), 0, model::ConfigReloaded{}});
}

void AccountKeeper::on_timer() {
  persist({});
  arm_snapshot();
}

Obeyed AccountKeeper::obey(const Obey& order) {
  catch_up();
  return actors::obey(order, *state().engine, now(), [this](const Event& event) {
    Decision decided;
    happen(event, &decided);
    return decided;
  });
}

AccountSnapshot AccountKeeper::snapshot() const { return snapshot_of(state(), deps_.nickname, now()); }

AccountView AccountKeeper::view() const {
  AccountView view = view_of(*state().engine, deps_.nickname, now());
  add_enforcement(view, state().enforcing);
  add_group(view, state().telling.gauges);
  view.credential = deps_.credential.value;
  if (const auto& read = state().last_read; read.read_at != model::Instant{}) {
    view.read_at = model::format_instant(read.read_at);
    view.read_differences = read.found;
  }
  view.requests_left = static_cast<std::uint32_t>(deps_.sender->closes_available());
  return view;
}

bool AccountKeeper::is_known_day(const Event& event) const {
  const auto* reset = std::get_if<model::DailyReset>(&event.payload);
  return reset != nullptr && reset->day == state().engine->state().ledger.day() &&
         reset->start == state().engine->state().ledger.start();
}

account_actor::behavior_type account(AccountKeeper::Self self, RecoveredAccount recovered, AccountDeps deps) {
  const auto keeper = std::make_shared<AccountKeeper>(self, std::move(deps));
  // A broken invariant ends this account loudly; the supervisor logs the reason and starts it again.
  self->set_exception_handler([](std::exception_ptr& thrown) { return died_of(thrown); });
  keeper->begin(std::move(recovered));
  return {
      [=](const Happened& m) { keeper->hear(m.event); },
      [=](const QuotesChanged& m) { keeper->take_quotes(m); },
      [=](const UseRules& m) { keeper->use_rules(m); },
      [=](const EnforcementStatus& m) { self->state.enforcing = m; },
      [=](const SummaryTaken& m) { keeper->on_summary_taken(m); },
      [=](const SummaryDue&) { keeper->on_summary_due(); },
      [=](Conclude& m) { keeper->conclude(std::move(m)); },
      [=](const SegmentPrepared& m) { keeper->state().journal->take(std::move(*m.segment)); },
      [=](const TimerCame& m) {
        if (self->state.timer.take(m)) keeper->on_timer();
      },
      [=](const StatusRequest&) {
        keeper->catch_up();
        return keeper->view();
      },
      [=](const TakeSnapshot&) {
        keeper->catch_up();
        return keeper->snapshot();
      },
      [=](const Obey& m) { return keeper->obey(m); },
  };
}

} // namespace bulkhead::actors
