#pragma once
// How long the stages of enforcements took: buckets that double from one microsecond to over an hour, fixed
// in number. Owned by one enforcement worker. No floating point, no allocation after construction.

#include "actors/messages.hpp"

#include <array>

namespace bulkhead::actors {

class Histogram {
public:
  void add(MonotonicNanos span) noexcept;
  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  /// Upper end of the bucket that holds this share of all spans, never above the largest span seen.
  [[nodiscard]] std::int64_t quantile_us(int percent) const noexcept;
  [[nodiscard]] std::int64_t max_us() const noexcept { return max_us_; }

private:
  static constexpr std::size_t buckets = 33;
  std::array<std::uint64_t, buckets> counts_{};
  std::uint64_t count_ = 0;
  std::int64_t max_us_ = 0;
};

/// From the frame on: decided, journaled, first request written; from there on: each reply, each position at
/// its target, the proof.
class StageHistograms {
public:
  void add(const Certificate& certificate) noexcept;
  /// The stages that were reached, in their order.
  [[nodiscard]] std::vector<StageView> view() const;

private:
  enum Stage : std::uint8_t { decided, journaled, first_request, reply, at_target, verified, stage_count };
  std::array<Histogram, stage_count> stages_;
};

} // namespace bulkhead::actors
