#include "actors/timers.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace bulkhead::actors {
namespace {

using TimersSelf = timers_actor::stateful_pointer<TimersState>;

// Compared with the clock at least this often, whatever the timer does: the clock may be corrected, and the
// machine may sleep.
constexpr auto longest_sleep = std::chrono::seconds{1};

void arm(TimersSelf self, const Clock& clock) {
  const auto now = clock.now();
  model::Instant next = now + longest_sleep;
  for (const auto& [account, at] : self->state.deadlines) next = std::min(next, at);
  self->state.timer.arm(self, next, now);
}

void fire_due(TimersSelf self, const Clock& clock) {
  const auto now = clock.now();
  std::erase_if(self->state.deadlines, [&](const auto& deadline) {
    if (deadline.second > now) return false;
    const auto it = self->state.accounts.find(deadline.first);
    if (it != self->state.accounts.end()) self->send(it->second, Happened{{now, 0, model::TimeReached{}}});
    return true;
  });
}

} // namespace

timers_actor::behavior_type timers(TimersSelf self, std::shared_ptr<const Clock> clock) {
  arm(self, *clock);
  return {
      [=](const AccountStarted& m) { self->state.accounts.insert_or_assign(m.account, m.handle); },
      [=](const WakeMe& m) {
        const auto [it, added] = self->state.deadlines.try_emplace(m.account, m.at);
        if (!added) it->second = std::min(it->second, m.at);
        arm(self, *clock);
      },
      [=](const TimerCame& m) {
        if (!self->state.timer.take(m)) return;
        fire_due(self, *clock);
        arm(self, *clock);
      },
  };
}

} // namespace bulkhead::actors
