#include "tests/simulation/keeper.hpp"

#include "actors/reset_scheduler.hpp"
#include "tests/simulation/daemon.hpp"
#include "tests/simulation/watch.hpp"

namespace bulkhead::simulation {

using namespace actors;
using namespace std::chrono_literals;
using model::Decision;
using model::Event;

Keeper::Keeper(Daemon& daemon, model::AccountId id)
    : daemon_(daemon),
      machine_(daemon.machine()),
      id_(id),
      wake_(machine_.timeline, daemon.clock(),
            [this] {
              deadline_.reset();
              happen(model::TimeReached{});
            }),
      enforcing_(machine_.timeline, daemon.clock(), [this] { on_enforcer_timer(); }),
      snapshot_(machine_.timeline, daemon.clock(), [this] { persist({}); }) {}

model::Instant Keeper::now() const { return daemon_.clock().now(); }

void Keeper::later(std::function<void()> what) {
  machine_.timeline.after(model::Duration{0}, [weak = weak_from_this(), what = std::move(what)] {
    if (const auto me = weak.lock()) what();
  });
}

void Keeper::begin(RecoveredAccount recovered) {
  engine_ = std::move(recovered.engine);
  journal_ = std::move(recovered.journal);
  fills_set_aside_ = std::move(recovered.fills_set_aside);
  enforcer_.emplace(id_, now(), MarketHours{engine_->rules().holidays});
  known_ = last_known(recovered.trust, engine_->state());
  for (const auto& activity : recovered.untold) machine_.watch.on_told(activity, machine_.timeline.now());
  machine_.watch.on_recovered(id_, recovered, *engine_);
  for (auto& alert : recovered.alerts) tell(std::move(alert));
  step({now(), 0, model::Restarted{}});
}

void Keeper::hear(const Event& given) {
  const auto rest = without_fills(given, fills_set_aside_);
  if (!rest) return;
  if (const auto* read = std::get_if<model::Reconciled>(&rest->payload)) return take_read(*rest, *read);
  step(*rest);
}

void Keeper::take_read(const Event& event, const model::Reconciled& read) {
  const auto finding = judge(known_, engine_->state(), read, now());
  step(event);
  if (!finding) return;
  known_ = {};
  if (finding->lock) step({now(), 0, *finding->lock});
  tell(finding->alert);
}

/// As the account's actor does it.
void Keeper::step(const Event& event) {
  const auto* reset = std::get_if<model::DailyReset>(&event.payload);
  const auto& ledger = engine_->state().ledger;
  if (reset != nullptr && reset->day == ledger.day() && reset->start == ledger.start()) return;
  machine_.pass(0);
  journal_->append(event);
  machine_.pass(1);
  const auto claimed = claimed_done(event, engine_->state());
  machine_.watch.before_step(id_, event, *engine_);
  const Decision decision = engine_->step(event);
  machine_.pass(2);
  journal_->append(decision);
  dirty_ = true;
  machine_.watch.on_step(id_, event, decision, *engine_);
  machine_.pass(3);
  if (auto rest = order_of(claimed, engine_->state()); !rest.intents.empty())
    later([this, rest = std::move(rest)] { enforce(rest); });
  if (!decision.intents.empty()) {
    const BreachStamps stamps{event.received, machine_.timeline.nanos(), machine_.timeline.nanos()};
    later([this, order = order_of(event, decision, stamps, engine_->state())] { enforce(order); });
  }
  conclude(event, decision);
}

void Keeper::conclude(const Event& event, const Decision& decision) {
  if (!decision.automation.empty()) later([this, wanted = decision.automation] { automate(wanted); });
  if (!decision.reads.empty()) daemon_.want_read(id_, now());
  if (decision.wake_at) {
    deadline_ = deadline_ ? std::min(*deadline_, *decision.wake_at) : *decision.wake_at;
    wake_.arm(deadline_);
  }
  constexpr auto book_events =
      model::events<model::PositionUpdate, model::Order, model::Fill, model::Reconciled, model::Restarted>();
  if ((mask_of(event) & book_events) != 0) {
    std::set<model::ContractId> wanted;
    for (const auto& [contract, position] : engine_->state().positions) wanted.insert(contract);
    for (const auto& [order, live] : engine_->state().orders) wanted.insert(live.order.contract);
    later([this, book = book_of(event, engine_->state())] {
      perform(enforcer_->on_book_changed(book, now()));
    });
    if (wanted != watched_) {
      watched_ = std::move(wanted);
      daemon_.watch_contracts(id_, watched_);
    }
  }
  if (!decision.empty())
    persist({Activity{id_, event.at, std::string(kind_name(event)), {}, true, decision}});
  if (std::holds_alternative<model::ConfigReloaded>(event.payload)) persist({});
  if (const auto failure = journal_->take_failure())
    tell({model::Alert::Severity::critical, "journal-failing", failure->message()});
  if (dirty_) snapshot_.arm(last_snapshot_ + machine_.snapshot_interval);
}

void Keeper::persist(std::vector<Activity> announce) {
  if (!dirty_ && announce.empty()) return;
  dirty_ = false;
  last_snapshot_ = now();
  daemon_.persist(Persist{id_, journal_->sync_handle(),
                          std::make_shared<const model::AccountState>(engine_->state()), journal_->sequence(),
                          std::move(announce), journal_->wanted()});
}

void Keeper::use_rules(std::shared_ptr<const rules::RuleSet> rules) {
  engine_->use_rules(std::move(rules));
  happen(model::ConfigReloaded{});
  reloaded_at_ = journal_->sequence();
}

bool Keeper::rules_as_stored() const {
  const auto stored = machine_.store->load_account(id_);
  return reloaded_at_ == 0 || (stored && *stored && (*stored)->journal_sequence >= reloaded_at_);
}

void Keeper::tell(model::Alert alert) {
  machine_.watch.on_told(Activity{id_, now(), "", {}, true, std::move(alert)}, machine_.timeline.now());
}

void Keeper::look_again() {
  wake_.look_again();
  enforcing_.look_again();
}

} // namespace bulkhead::simulation
