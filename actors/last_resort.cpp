#include "actors/last_resort.hpp"

#include "actors/thrown.hpp"

#include <algorithm>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <fmt/format.h>

namespace bulkhead::actors {
namespace {

using LastResortSelf = account_actor::stateful_pointer<LastResortState>;
using model::Alert;
using model::Event;
using namespace std::chrono_literals;

constexpr model::Duration alarm_interval = 1min;
constexpr model::Duration read_interval = 30s;
constexpr model::Duration reads_apart = 1s; // whatever happens

class Guard {
public:
  Guard(LastResortSelf self, AccountDeps deps, model::AccountId account)
      : self_(self), deps_(std::move(deps)), account_(account) {}

  void begin(RecoveredAccount& recovered) {
    const auto me = caf::actor_cast<account_actor>(self_);
    state().enforcement = self_->spawn<caf::linked>(
        enforcement, account_, EnforcementDeps{deps_.clock, deps_.sender, deps_.notifier, me, MarketHours{}});
    state().journal = std::move(recovered.journal);
    state().lockouts = recovered.engine->state().lockouts;
    state().realized_net = recovered.engine->state().ledger.net();
    state().engine = std::move(recovered.engine);
    lock();
    ask();
    alarm();
  }

  void hear(const Event& event) {
    if (const auto* read = std::get_if<model::Reconciled>(&event.payload)) return flatten(*read);
    if (std::holds_alternative<model::ConnectionRestored>(event.payload)) state().connected = true;
    if (std::holds_alternative<model::ConnectionLost>(event.payload)) state().connected = false;
    constexpr auto of_the_book = model::events<model::PositionUpdate, model::Order, model::Fill>();
    if ((mask_of(event) & of_the_book) != 0) ask_soon();
  }

  void on_timer() {
    if (state().alarm_at <= now()) alarm();
    if (state().read_at <= now()) ask();
    arm();
  }

  /// Lockouts hold from the next start on; until then nothing may be open here anyway.
  [[nodiscard]] Obeyed obey(const Obey& order) {
    const auto command = static_cast<Command>(order.request.command);
    if (command != Command::block && command != Command::unblock)
      return {account_, codes::not_ready, "in its last resort: everything is closed anyway", ""};
    Obeyed out;
    const auto failure = thrown_by([&] {
      out = actors::obey(order, *state().engine, now(), [&](const Event& event) {
        state().journal->append(event);
        auto decision = state().engine->step(event);
        state().journal->append(decision);
        return decision;
      });
    });
    if (failure) return {account_, codes::internal, *failure, ""};
    state().lockouts = state().engine->state().lockouts;
    self_->send(deps_.lockouts, LockoutsChanged{account_, state().lockouts});
    persist({});
    return out;
  }

  [[nodiscard]] AccountSnapshot snapshot() const {
    const auto& engine = *state().engine;
    return {deps_.nickname, std::make_shared<const model::AccountState>(engine.state()), now(),
            engine.rules().reset.next_after(now()), std::nullopt};
  }

  [[nodiscard]] AccountView view() const { return view_of(state(), account_, deps_); }

private:
  [[nodiscard]] LastResortState& state() const { return self_->state; }
  [[nodiscard]] model::Instant now() const { return deps_.clock->now(); }

  /// Recorded as an event, so that the next start finds the account locked. The engine may be what is broken.
  void lock() {
    model::Lockout row;
    row.source = last_resort_source;
    row.kind = model::LockoutKind::manual;
    row.reason = "its actor died too often; nothing may be open until an admin has looked";
    row.created_at = now();
    row.clear_on = model::ClearOn{}.with(model::ClearCause::admin);
    const bool new_row = state().lockouts.set(row);
    self_->send(deps_.lockouts, LockoutsChanged{account_, state().lockouts});
    if (!new_row) return;
    const Event ordered{now(), 0, model::LockoutOrdered{row}};
    state().journal->append(ordered);
    Activity told{account_, now(), "last_resort", {}, true, model::Decision{}};
    std::get<model::Decision>(told.what).lockouts_set.push_back(row);
    if (thrown_by([&] { state().journal->append(state().engine->step(ordered)); })) {
      told.durable = false;
      return self_->send(deps_.notifier, std::move(told));
    }
    persist({std::move(told)});
  }

  void persist(std::vector<Activity> announce) {
    self_->send(deps_.journal,
                Persist{account_, state().journal->sync_handle(),
                        std::make_shared<const model::AccountState>(state().engine->state()),
                        state().journal->sequence(), std::move(announce), state().journal->wanted()});
  }

  void flatten(const model::Reconciled& read) {
    auto order = closing_all(read, state(), account_);
    BookChanged book;
    for (const auto& [contract, held] : state().positions) book.positions.emplace_back(contract, held);
    for (const auto& [id, contract] : state().orders) book.orders.push_back(id);
    self_->send(state().enforcement, std::move(book));
    if (!order.intents.empty() && !state().engine->state().disabled)
      self_->send(state().enforcement, std::move(order));
  }

  /// What happens in between is in the read that is due.
  void ask_soon() {
    state().read_at = std::min(state().read_at, std::max(now(), state().asked_at + reads_apart));
    arm();
  }

  void ask() {
    state().asked_at = now();
    state().read_at = now() + read_interval;
    self_->send(deps_.reconciler, ReconcileAccount{account_, "last resort"});
  }

  void alarm() {
    state().alarm_at = now() + alarm_interval;
    const auto text =
        state().read_once
            ? fmt::format("no rules are evaluated; {} positions and {} orders were open at the "
                          "last read and are being closed. Restart the daemon when the cause is known",
                          state().positions.size(), state().orders.size())
            : std::string("no rules are evaluated, and the account was not read yet");
    self_->send(
        deps_.notifier,
        Activity{
            account_, now(), "last_resort", {}, true, Alert{Alert::Severity::critical, "last-resort", text}});
    arm();
  }

  void arm() { state().timer.arm(self_, std::min(state().read_at, state().alarm_at), now()); }

  LastResortSelf self_;
  AccountDeps deps_;
  model::AccountId account_;
};

} // namespace

account_actor::behavior_type last_resort(LastResortSelf self, RecoveredAccount recovered, AccountDeps deps) {
  const auto router = deps.router;
  const auto account = recovered.account;
  const auto guard = std::make_shared<Guard>(self, std::move(deps), account);
  self->set_exception_handler([](std::exception_ptr& thrown) { return died_of(thrown); });
  guard->begin(recovered);
  return {
      [=](const Happened& m) { guard->hear(m.event); },
      [=](const QuotesChanged&) { self->send(router, QuotesTaken{account}); },
      [](const UseRules&) {},
      [=](const EnforcementStatus& m) { self->state.enforcing = m; },
      [](const SummaryTaken&) {},
      [](const SummaryDue&) {},
      [](const Conclude&) {},
      [=](const SegmentPrepared& m) { self->state.journal->take(std::move(*m.segment)); },
      [=](const TimerCame& m) {
        if (self->state.timer.take(m)) guard->on_timer();
      },
      [=](const StatusRequest&) { return guard->view(); },
      [=](const TakeSnapshot&) { return guard->snapshot(); },
      [=](const Obey& m) { return guard->obey(m); },
  };
}

} // namespace bulkhead::actors
