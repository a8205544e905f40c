#pragma once
// One re-armable timer of an actor. CAF cannot cancel a delayed message, so each carries a generation and
// stale ones are ignored. Belongs to the actor's state.

#include "actors/interfaces.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

namespace bulkhead::actors {

class SelfTimer {
public:
  /// Makes TimerCame arrive at `at`; an earlier arming is forgotten. Cheap when `at` is already armed.
  template <class Self>
  void arm(Self* self, std::optional<model::Instant> at, model::Instant now) {
    if (at == armed_for_) return;
    armed_for_ = at;
    ++generation_;
    if (!at) return;
    const auto delay = std::max(model::Duration{0}, *at - now);
    self->delayed_send(self, delay, TimerCame{generation_});
  }
  /// True for the message of the latest arming, which is thereby used up.
  [[nodiscard]] bool take(const TimerCame& message) {
    if (message.generation != generation_) return false;
    armed_for_.reset();
    return true;
  }

private:
  std::uint64_t generation_ = 0;
  std::optional<model::Instant> armed_for_;
};

} // namespace bulkhead::actors
