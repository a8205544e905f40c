#include "actors/clock.hpp"

#include <ctime>
#include <fmt/format.h>

namespace bulkhead::actors {

using model::Duration;
using model::Instant;
using namespace std::chrono_literals;

namespace {
// A Date header is cut to seconds, and the reply was under way for a while.
constexpr Duration wall_may_be_behind = 2s;
constexpr Duration wall_may_be_ahead = 5s;
constexpr Duration drift_tolerated = 2s;
} // namespace

TrustedClock::Sources TrustedClock::system_sources() {
  return {[] { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); },
          [] {
            timespec at{};
            clock_gettime(CLOCK_BOOTTIME, &at);
            return std::chrono::seconds{at.tv_sec} + std::chrono::nanoseconds{at.tv_nsec};
          }};
}

TrustedClock::TrustedClock(Sources sources) : sources_(std::move(sources)) {
  const auto boot = std::chrono::floor<Duration>(sources_.boot());
  ahead_of_boot_ = (sources_.wall().time_since_epoch() - boot).count();
}

void TrustedClock::stand_at(Instant latest_stored) {
  ahead_of_boot_ += (latest_stored - now()).count();
  settled_ = true;
}

Instant TrustedClock::now() const {
  return Instant{std::chrono::floor<Duration>(sources_.boot()) + Duration{ahead_of_boot_.load()}};
}

protocol::MonotonicNanos TrustedClock::monotonic() const { return protocol::monotonic_now(); }

/// Two threads may bring news at once: the further one wins.
void TrustedClock::advance_to(Instant at) {
  const auto boot = std::chrono::floor<Duration>(sources_.boot());
  const auto wanted = (at.time_since_epoch() - boot).count();
  auto current = ahead_of_boot_.load();
  while (current < wanted && !ahead_of_boot_.compare_exchange_weak(current, wanted)) {
  }
}

void TrustedClock::heard_from_gateway(std::optional<Instant> its_time) {
  const Instant before = now();
  if (!heard_.exchange(true)) {
    const Instant wall = sources_.wall();
    const bool believable =
        !its_time || (wall >= *its_time - wall_may_be_behind && wall <= *its_time + wall_may_be_ahead);
    const Instant target = believable ? wall : *its_time;
    if (!believable) {
      corrected_(fmt::format("this machine's clock says {}, the gateway {}: the gateway's time counts",
                             model::format_instant(wall), model::format_instant(*its_time)));
    }
    if (!settled_.exchange(true)) {
      ahead_of_boot_ += (target - before).count();
      return;
    }
    if (before > target + wall_may_be_ahead) {
      corrected_(fmt::format("it is {}, but {} was stored already: time stands there until then",
                             model::format_instant(target), model::format_instant(before)));
    }
    return advance_to(target);
  }
  if (!its_time || *its_time - before <= drift_tolerated) return;
  corrected_(fmt::format("the clock was {} ms behind the gateway's",
                         std::chrono::duration_cast<std::chrono::milliseconds>(*its_time - before).count()));
  advance_to(*its_time);
}

} // namespace bulkhead::actors
