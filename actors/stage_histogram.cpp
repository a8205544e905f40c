#include "actors/stage_histogram.hpp"

#include <algorithm>
#include <bit>

namespace bulkhead::actors {

void Histogram::add(MonotonicNanos span) noexcept {
  const std::int64_t us = std::max<std::int64_t>(0, span / 1000);
  const auto bucket = std::min<std::size_t>(buckets - 1, std::bit_width(static_cast<std::uint64_t>(us)));
  ++counts_[bucket];
  ++count_;
  max_us_ = std::max(max_us_, us);
}

std::int64_t Histogram::quantile_us(int percent) const noexcept {
  const auto wanted = (count_ * static_cast<std::uint64_t>(percent) + 99) / 100;
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < buckets; ++bucket) {
    seen += counts_[bucket];
    if (seen >= wanted) return std::min(max_us_, std::int64_t{1} << bucket);
  }
  return max_us_;
}

void StageHistograms::add(const Certificate& c) noexcept {
  const auto measure = [&](Stage stage, MonotonicNanos from, MonotonicNanos to) {
    if (from != 0 && to >= from) stages_[stage].add(to - from);
  };
  const auto first = c.requests.empty() ? 0 : c.requests.front().written;
  const auto begun = c.stamps.received != 0 ? c.stamps.received : c.stamps.decided;
  measure(decided, c.stamps.received, c.stamps.decided);
  measure(journaled, c.stamps.decided, c.stamps.journaled);
  measure(first_request, begun, first);
  for (const auto& request : c.requests) measure(reply, request.written, request.replied);
  for (const auto& zero : c.zeros) measure(at_target, first, zero.received);
  measure(verified, first, c.verified);
}

std::vector<StageView> StageHistograms::view() const {
  static constexpr std::array<const char*, stage_count> names = {"decided", "journaled", "first_request",
                                                                 "reply",   "at_target", "verified"};
  std::vector<StageView> out;
  for (std::size_t i = 0; i < stage_count; ++i) {
    const auto& h = stages_[i];
    if (h.count() > 0) out.push_back({names[i], h.count(), h.quantile_us(50), h.quantile_us(99), h.max_us()});
  }
  return out;
}

} // namespace bulkhead::actors
