#include "protocol/backoff.hpp"

#include "model/error.hpp"

#include <algorithm>
#include <utility>

namespace bulkhead::protocol {

Backoff::Backoff(std::vector<model::Duration> delays, std::uint64_t seed, int jitter_percent)
    : delays_(std::move(delays)), random_state_(seed), jitter_percent_(jitter_percent) {
  model::require(!delays_.empty(), "a back-off needs at least one delay");
  model::require(std::none_of(delays_.begin(), delays_.end(), [](auto d) { return d.count() < 0; }),
                 "a back-off delay is negative");
  model::require(jitter_percent >= 0 && jitter_percent <= 100, "jitter must be 0 to 100 percent");
}

model::Duration Backoff::next() {
  const auto index = std::min<std::uint64_t>(used_, delays_.size() - 1);
  ++used_;
  const auto delay = delays_[index].count();
  const auto spread = delay / 100 * jitter_percent_;
  if (spread == 0) return model::Duration{delay};
  const auto offset = static_cast<std::int64_t>(draw() % static_cast<std::uint64_t>(2 * spread + 1)) - spread;
  return model::Duration{delay + offset};
}

// SplitMix64: eight bytes of state, and unlike the standard distributions the same numbers on every platform.
std::uint64_t Backoff::draw() noexcept {
  random_state_ += 0x9E3779B97F4A7C15ULL;
  std::uint64_t z = random_state_;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

} // namespace bulkhead::protocol
