#include "bench/statistics.hpp"

#include "model/error.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace bulkhead::bench {

MonotonicNanos percentile(Spans spans, double share) {
  model::require(!spans.empty(), "a percentile needs samples");
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(spans.size())));
  const auto at = spans.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(rank, 1) - 1);
  std::nth_element(spans.begin(), at, spans.end());
  return *at;
}

std::string histogram_json(const Spans& spans) {
  constexpr double buckets_per_octave = 8;
  std::map<int, std::size_t> counts;
  for (const auto span : spans) {
    ++counts[static_cast<int>(
        std::floor(std::log2(static_cast<double>(std::max<MonotonicNanos>(span, 1))) * buckets_per_octave))];
  }
  std::string out;
  for (const auto& [bucket, count] : counts) {
    out +=
        fmt::format("{}[{:.0f},{}]", out.empty() ? "" : ",", std::exp2(bucket / buckets_per_octave), count);
  }
  return "[" + out + "]";
}

std::string_view to_string(Variant variant) noexcept {
  switch (variant) {
  case Variant::floor: return "floor";
  case Variant::beast: return "beast";
  case Variant::null_floor: return "null";
  case Variant::daemon: return "daemon";
  }
  return "unknown";
}

std::string_view to_string(Mode mode) noexcept { return mode == Mode::idle ? "idle" : "hot"; }

const std::vector<Spans>& Samples::of(Variant variant, Mode mode) const {
  const auto found = spans_.find({mode, variant});
  return found == spans_.end() ? none_ : found->second;
}

Spans Samples::pooled(Variant variant, Mode mode) const {
  Spans out;
  for (const auto& repetition : of(variant, mode))
    out.insert(out.end(), repetition.begin(), repetition.end());
  return out;
}

Ratio ratio(const Samples& samples, Mode mode, Variant of, Variant to, double share) {
  const auto divide = [share](const Spans& upper, const Spans& lower) {
    return static_cast<double>(percentile(upper, share)) / static_cast<double>(percentile(lower, share));
  };
  Ratio out;
  out.pooled = divide(samples.pooled(of, mode), samples.pooled(to, mode));
  const auto& upper = samples.of(of, mode);
  const auto& lower = samples.of(to, mode);
  for (std::size_t i = 0; i < upper.size(); ++i) {
    const double one = divide(upper[i], lower[i]);
    out.least = i == 0 ? one : std::min(out.least, one);
    out.most = std::max(out.most, one);
  }
  return out;
}

} // namespace bulkhead::bench
