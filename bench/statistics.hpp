#pragma once
// Spans of one kind and what is said about them. Plain values; any thread.

#include "protocol/transport.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace bulkhead::bench {

using protocol::MonotonicNanos;
using Spans = std::vector<MonotonicNanos>;

/// Nearest rank; `share` in 0..1. Requires: not empty.
[[nodiscard]] MonotonicNanos percentile(Spans spans, double share);
/// "[[lower bound in ns, count],...]", eight buckets to an octave, empty ones left out.
[[nodiscard]] std::string histogram_json(const Spans& spans);

enum class Variant { floor, beast, null_floor, daemon };
inline constexpr std::array all_variants{Variant::floor, Variant::beast, Variant::null_floor,
                                         Variant::daemon};
enum class Mode { idle, hot };
inline constexpr std::array all_modes{Mode::idle, Mode::hot};
[[nodiscard]] std::string_view to_string(Variant variant) noexcept;
[[nodiscard]] std::string_view to_string(Mode mode) noexcept;

/// All samples of a run.
class Samples {
public:
  void add(Variant variant, Mode mode, std::size_t repetition, MonotonicNanos span) {
    spans_[{mode, variant}].resize(std::max(spans_[{mode, variant}].size(), repetition + 1));
    spans_[{mode, variant}][repetition].push_back(span);
  }
  /// One entry for each repetition; empty when the mode was not asked for.
  [[nodiscard]] const std::vector<Spans>& of(Variant variant, Mode mode) const;
  [[nodiscard]] Spans pooled(Variant variant, Mode mode) const;

private:
  std::map<std::pair<Mode, Variant>, std::vector<Spans>> spans_;
  std::vector<Spans> none_;
};

/// A percentile of one variant by the same percentile of another: pooled, and the extremes of the single
/// repetitions.
struct Ratio {
  double pooled = 0;
  double least = 0;
  double most = 0;
};
/// Requires: both have samples in this mode.
[[nodiscard]] Ratio ratio(const Samples& samples, Mode mode, Variant of, Variant to, double share);

} // namespace bulkhead::bench
