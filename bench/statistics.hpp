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

enum class Variant {
  floor,
  beast,
  null_floor,
  daemon,  // as it is installed
  warm,    // run --keep-warm
  spin,    // run --spin
  sharing, // run --scheduler sharing
  python,
  node
};
inline constexpr std::array all_variants{Variant::floor,   Variant::beast,  Variant::null_floor,
                                         Variant::daemon,  Variant::warm,   Variant::spin,
                                         Variant::sharing, Variant::python, Variant::node};
/// The daemon in other ways of running it.
inline constexpr std::array other_daemons{Variant::warm, Variant::spin, Variant::sharing};
[[nodiscard]] constexpr bool is_daemon(Variant variant) noexcept {
  return variant == Variant::daemon || variant == Variant::warm || variant == Variant::spin ||
         variant == Variant::sharing;
}
enum class Mode {
  idle,    // 5 ms apart
  second,  // 1 s apart
  hot,     // back to back
  quotes,  // 5 ms apart, under 1,000 quotes in a second
  alone,   // the daemon only, 25 ms apart: what the following are compared with
  burst,   // the daemon only, behind 10,000 quotes on its market hub
  slow,    // the daemon only, while another account's closes are not answered,
  reset,   // are cut,
  refused, // or are answered with 429
};
/// Taken of all variants.
inline constexpr std::array compared_modes{Mode::idle, Mode::second, Mode::hot, Mode::quotes};
inline constexpr std::array all_modes{Mode::idle,  Mode::second, Mode::hot,   Mode::quotes, Mode::alone,
                                      Mode::burst, Mode::slow,   Mode::reset, Mode::refused};
/// Taken of the daemon, in turn with Mode::alone.
inline constexpr std::array disturbed_modes{Mode::burst, Mode::slow, Mode::reset, Mode::refused};
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
/// The daemon disturbed by the daemon alone. Requires: both have samples.
[[nodiscard]] Ratio disturbance(const Samples& samples, Mode mode, double share);

} // namespace bulkhead::bench
