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
  case Variant::warm: return "warm";
  case Variant::spin: return "spin";
  case Variant::sharing: return "sharing";
  case Variant::python: return "python";
  case Variant::node: return "node";
  }
  return "unknown";
}

std::string_view to_string(Mode mode) noexcept {
  switch (mode) {
  case Mode::idle: return "idle";
  case Mode::second: return "second";
  case Mode::hot: return "hot";
  case Mode::quotes: return "quotes";
  case Mode::alone: return "alone";
  case Mode::burst: return "burst";
  case Mode::slow: return "slow";
  case Mode::reset: return "reset";
  case Mode::refused: return "refused";
  }
  return "unknown";
}

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

namespace {

Ratio compare(const Samples& samples, std::pair<Variant, Mode> of, std::pair<Variant, Mode> to,
              double share) {
  const auto divide = [share](const Spans& upper, const Spans& lower) {
    return static_cast<double>(percentile(upper, share)) / static_cast<double>(percentile(lower, share));
  };
  Ratio out;
  out.pooled = divide(samples.pooled(of.first, of.second), samples.pooled(to.first, to.second));
  const auto& upper = samples.of(of.first, of.second);
  const auto& lower = samples.of(to.first, to.second);
  for (std::size_t i = 0; i < std::min(upper.size(), lower.size()); ++i) {
    const double one = divide(upper[i], lower[i]);
    out.least = i == 0 ? one : std::min(out.least, one);
    out.most = std::max(out.most, one);
  }
  return out;
}

} // namespace

Ratio ratio(const Samples& samples, Mode mode, Variant of, Variant to, double share) {
  return compare(samples, {of, mode}, {to, mode}, share);
}

Ratio disturbance(const Samples& samples, Mode mode, double share) {
  return compare(samples, {Variant::daemon, mode}, {Variant::daemon, Mode::alone}, share);
}

} // namespace bulkhead::bench
