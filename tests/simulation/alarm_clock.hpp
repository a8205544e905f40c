#pragma once
// Timers of the simulated daemon: asked for in the daemon's own time, which may be corrected meanwhile, so an
// alarm that comes too early waits on. Owned by a part of the daemon and gone with it.

#include "actors/clock.hpp"
#include "tests/simulation/timeline.hpp"

#include <functional>
#include <memory>
#include <optional>

namespace bulkhead::simulation {

class AlarmClock {
public:
  AlarmClock(Timeline& timeline, const actors::Clock& clock, std::function<void()> rings)
      : inner_(std::make_shared<Inner>(Inner{timeline, clock, std::move(rings), {}, 0})) {}
  /// Replaces what was asked for before.
  void arm(std::optional<model::Instant> at) {
    if (at == inner_->due) return;
    inner_->due = at;
    ++inner_->generation;
    if (at) sleep(inner_);
  }
  /// The clock was set: what was armed is looked at again.
  void look_again() {
    ++inner_->generation;
    if (inner_->due) sleep(inner_);
  }

private:
  struct Inner {
    Timeline& timeline;
    const actors::Clock& clock;
    std::function<void()> rings;
    std::optional<model::Instant> due;
    std::uint64_t generation;
  };
  static void sleep(const std::shared_ptr<Inner>& inner) {
    const auto pause = std::max(model::Duration{0}, *inner->due - inner->clock.now());
    inner->timeline.after(pause, [weak = std::weak_ptr(inner), generation = inner->generation] {
      const auto me = weak.lock();
      if (!me || me->generation != generation) return;
      if (me->clock.now() < *me->due) return sleep(me);
      me->due.reset();
      me->rings();
    });
  }
  std::shared_ptr<Inner> inner_;
};

} // namespace bulkhead::simulation
