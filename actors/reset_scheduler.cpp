#include "actors/reset_scheduler.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace bulkhead::actors {
namespace {

using ResetSelf = reset_scheduler_actor::stateful_pointer<ResetSchedulerState>;

constexpr auto longest_sleep = std::chrono::seconds{1};

void arm(ResetSelf self, const Clock& clock, const model::ResetSchedule& schedule) {
  const auto now = clock.now();
  self->state.timer.arm(self, std::min<model::Instant>(schedule.next_after(now), now + longest_sleep), now);
}

} // namespace

model::DailyReset day_at(const model::ResetSchedule& schedule, model::Instant at) {
  return {schedule.trading_day(at), schedule.last_at_or_before(at), schedule.next_after(at)};
}

reset_scheduler_actor::behavior_type reset_scheduler(ResetSelf self, std::shared_ptr<const Clock> clock,
                                                     model::ResetSchedule schedule) {
  arm(self, *clock, schedule);
  // The account ignores a day it has already begun, so telling it again is harmless.
  const auto tell = [=](const account_actor& account) {
    const auto now = clock->now();
    self->send(account, Happened{{now, 0, day_at(schedule, now)}});
  };
  return {
      [=](const AccountStarted& m) {
        self->state.accounts.insert_or_assign(m.account, m.handle);
        tell(m.handle);
      },
      [=](const TimerCame& m) {
        if (!self->state.timer.take(m)) return;
        for (const auto& [id, account] : self->state.accounts) tell(account);
        arm(self, *clock, schedule);
      },
  };
}

} // namespace bulkhead::actors
