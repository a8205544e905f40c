#include "actors/group_guard.hpp"

#include <algorithm>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace bulkhead::actors {
namespace {

using model::AccountId;
using model::Instant;
using rules::GroupDecision;
using rules::GroupPlan;

class Keeper {
public:
  using Self = group_guard_actor::stateful_pointer<GroupGuardState>;

  Keeper(Self self, std::shared_ptr<const Clock> clock, notifier_actor notifier)
      : self_(self), clock_(std::move(clock)), notifier_(std::move(notifier)) {}

  /// Orders go to whoever spoke last for an account: after its restart that is another actor.
  void hear(const rules::AccountSummary& summary) {
    const auto speaker = caf::actor_cast<account_actor>(self_->current_sender());
    state().accounts.insert_or_assign(summary.account, speaker);
    const auto name = state().group_of.find(summary.account);
    if (name == state().group_of.end()) return self_->send(speaker, SummaryTaken{});
    auto& group = state().groups.at(name->second);
    carry_out(group, group.core.step(summary, clock_->now()));
    self_->send(speaker, SummaryTaken{group.core.gauges()});
    arm();
  }

  void use(const UseGroups& message) {
    const bool hold = message.while_open && anybody_holds();
    state().after_reset = hold ? std::optional(message) : std::nullopt;
    replace(hold ? *message.while_open : message.plans);
    if (!message.plans.empty())
      state().reset_at = message.plans.front().rules->reset.next_after(clock_->now());
  }

  void on_timer() {
    const auto now = clock_->now();
    if (state().after_reset && now >= state().reset_at) {
      const auto waited = std::exchange(state().after_reset, {});
      replace(waited->plans);
    }
    for (auto& [name, group] : state().groups) {
      if (group.wake_at <= now) carry_out(group, group.core.step(now));
    }
    arm();
  }

private:
  [[nodiscard]] GroupGuardState& state() const { return self_->state; }

  [[nodiscard]] bool anybody_holds() const {
    return std::any_of(state().groups.begin(), state().groups.end(), [](const auto& group) {
      const auto& members = group.second.core.members();
      return std::any_of(members.begin(), members.end(),
                         [](const auto& member) { return !member.second.last.positions.empty(); });
    });
  }

  void replace(const std::vector<GroupPlan>& plans) {
    const auto now = clock_->now();
    const auto is_named = [&](const std::string& name) {
      return std::any_of(plans.begin(), plans.end(), [&](const auto& plan) { return plan.name == name; });
    };
    std::erase_if(state().groups, [&](const auto& group) { return !is_named(group.first); });
    state().group_of.clear();
    for (const auto& plan : plans) {
      for (const auto account : plan.members) state().group_of.emplace(account, plan.name);
      const auto known = state().groups.find(plan.name);
      if (known == state().groups.end()) {
        state().groups.emplace(plan.name, GroupGuardState::Group{rules::GroupCore(plan, now), now});
      } else {
        known->second.core.use(plan, now);
        known->second.wake_at = now;
      }
    }
    arm();
  }

  void carry_out(GroupGuardState::Group& group, GroupDecision decision) {
    const auto now = clock_->now();
    group.wake_at = decision.wake_at;
    // An account that is not there now is ordered again when it speaks.
    for (auto& [account, payload] : decision.orders) {
      if (const auto it = state().accounts.find(account); it != state().accounts.end())
        self_->send(it->second, Happened{{now, 0, std::move(payload)}});
    }
    for (auto& [account, alert] : decision.alerts)
      self_->send(notifier_, Activity{account, now, "group", {}, true, std::move(alert)});
  }

  void arm() {
    std::optional<Instant> next;
    for (const auto& [name, group] : state().groups)
      if (!next || group.wake_at < *next) next = group.wake_at;
    state().timer.arm(self_, next, clock_->now());
  }

  Self self_;
  std::shared_ptr<const Clock> clock_;
  notifier_actor notifier_;
};

} // namespace

group_guard_actor::behavior_type group_guard(Keeper::Self self, std::shared_ptr<const Clock> clock,
                                             notifier_actor notifier) {
  const auto keeper = std::make_shared<Keeper>(self, std::move(clock), std::move(notifier));
  return {
      [=](const AccountSummarised& m) { keeper->hear(*m.summary); },
      [=](const UseGroups& m) { keeper->use(m); },
      [=](const TimerCame& m) {
        if (self->state.timer.take(m)) keeper->on_timer();
      },
  };
}

} // namespace bulkhead::actors
