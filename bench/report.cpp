#include "bench/report.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fstream>

namespace bulkhead::bench {
namespace {

constexpr double half = 0.5, p99 = 0.99, p999 = 0.999;
constexpr double null_tolerance = 0.10;
/// Of the daemon's percentiles by the Beast client's; 0: none.
struct Targets {
  double p50 = 0;
  double p99 = 0;
  double p999 = 0;
};

Targets targets(Mode mode) {
  switch (mode) {
  case Mode::idle: return {1.2, 1.5, 0};
  case Mode::second: return {1.3, 0, 0};
  case Mode::hot: return {1.25, 1.5, 2.5};
  case Mode::quotes: return {1.4, 0, 0};
  case Mode::alone:
  case Mode::burst:
  case Mode::slow:
  case Mode::reset:
  case Mode::refused: break;
  }
  return {};
}

constexpr double target_disturbed =
    2.0; // of the daemon's percentiles, disturbed, by those of the daemon alone
constexpr double much_steal = 0.05;

double micros(const Spans& spans, double share) {
  return static_cast<double>(percentile(spans, share)) / 1000.0;
}

std::string with_extremes(const Ratio& ratio) {
  return fmt::format("{:.2f} ({:.2f}-{:.2f})", ratio.pooled, ratio.least, ratio.most);
}

std::string row(const Samples& samples, Mode mode, Variant variant) {
  const auto spans = samples.pooled(variant, mode);
  const auto by = [&](Variant other, double share) { return ratio(samples, mode, variant, other, share); };
  return fmt::format(
      "{:<6} {:<7} {:>6} {:>8.1f} {:>8.1f} {:>8.1f}   {:<18} {:>6.2f}   {:<18} {:>6.2f} {:>6.2f}\n",
      to_string(mode), to_string(variant), spans.size(), micros(spans, half), micros(spans, p99),
      micros(spans, p999), with_extremes(by(Variant::floor, half)), by(Variant::floor, p99).pooled,
      with_extremes(by(Variant::beast, half)), by(Variant::beast, p99).pooled,
      by(Variant::beast, p999).pooled);
}

bool is_void(const Samples& samples, Mode mode) {
  const auto null = ratio(samples, mode, Variant::null_floor, Variant::floor, half);
  return std::abs(null.pooled - 1) > null_tolerance;
}

std::string against(double target, double share, std::string_view name, const Samples& samples, Mode mode,
                    Variant daemon) {
  if (target == 0) return {};
  const auto by = ratio(samples, mode, daemon, Variant::beast, share);
  return fmt::format("; {} <= {:.2f}: {} ({:.2f})", name, target, by.pooled <= target ? "met" : "NOT met",
                     by.pooled);
}

std::string verdict(const Samples& samples, Mode mode) {
  const auto null = ratio(samples, mode, Variant::null_floor, Variant::floor, half);
  auto out = fmt::format("{}: null test {:.3f} ({:.3f}-{:.3f}){}\n", to_string(mode), null.pooled, null.least,
                         null.most, is_void(samples, mode) ? ", off by more than 10 %: VOID" : "");
  const auto wanted = targets(mode);
  for (const auto daemon : all_variants) {
    if (!is_daemon(daemon) || samples.of(daemon, mode).empty()) continue;
    out += fmt::format("{}: target of {} by the Beast client{}{}{}\n", to_string(mode), to_string(daemon),
                       against(wanted.p50, half, "p50", samples, mode, daemon),
                       against(wanted.p99, p99, "p99", samples, mode, daemon),
                       against(wanted.p999, p999, "p99.9", samples, mode, daemon));
  }
  for (const auto& [script, target] : {std::pair{Variant::python, 10.0}, std::pair{Variant::node, 4.0}}) {
    if (samples.of(script, mode).empty()) continue;
    const auto faster = ratio(samples, mode, script, Variant::daemon, half);
    out += fmt::format("{}: target of {} by the daemon; p50 >= {:.0f}: {} ({:.1f})\n", to_string(mode),
                       to_string(script), target, faster.pooled >= target ? "met" : "NOT met", faster.pooled);
  }
  return out;
}

std::string_view what_disturbs(Mode mode) {
  switch (mode) {
  case Mode::burst: return "a breach behind 10,000 quotes on the market hub";
  case Mode::slow: return "another account's closes are not answered";
  case Mode::reset: return "another account's connections are cut at each close";
  case Mode::refused: return "another account's closes are answered with 429";
  case Mode::idle:
  case Mode::second:
  case Mode::hot:
  case Mode::quotes:
  case Mode::alone: break;
  }
  return "alone";
}

std::string disturbed_row(const Samples& samples, Mode mode) {
  const auto spans = samples.pooled(Variant::daemon, mode);
  if (spans.empty()) return {};
  auto out = fmt::format("{:<8} {:>6} {:>8.1f} {:>8.1f}   ", to_string(mode), spans.size(),
                         micros(spans, half), micros(spans, p99));
  if (mode == Mode::alone) return out + "the daemon, 25 ms apart\n";
  const auto median = disturbance(samples, mode, half);
  const auto tail = disturbance(samples, mode, p99);
  // Of a burst the median counts: each sample is one burst. Beside a neighbour the tail does.
  const bool met = (mode == Mode::burst ? median : tail).pooled <= target_disturbed;
  return out + fmt::format("{:<18} {:<18} {:<8} {}\n", with_extremes(median), with_extremes(tail),
                           met ? "met" : "NOT met", what_disturbs(mode));
}

std::string disturbed_text(const Samples& samples) {
  if (samples.of(Variant::daemon, Mode::alone).empty()) return {};
  auto out = fmt::format(
      "\nthe daemon disturbed, by the daemon alone in the same run; target <= {:.1f}x (p50 of a burst, "
      "p99 beside a neighbour)\n{:<8} {:>6} {:>8} {:>8}   {:<18} {}\n",
      target_disturbed, "mode", "n", "p50", "p99", "p50 (min-max)", "p99 (min-max)");
  out += disturbed_row(samples, Mode::alone);
  for (const auto mode : disturbed_modes) out += disturbed_row(samples, mode);
  return out;
}

} // namespace

std::string report_text(const Samples& samples, const RunFacts& facts, const Options& options) {
  const double steal = steal_share(facts.before, facts.after);
  std::string out = fmt::format(
      "enforcement latency: breach frame sent -> last byte of closeContract read, loopback, TLS "
      "1.3 but for the "
      "floor\n{}\n{} repetitions in {:.0f} s; stub on core {}, "
      "peers on core {}; "
      "load {} -> {}; steal {:.1f} %{}{}\n\n",
      machine_text(), options.repetitions, facts.seconds, options.stub_core, options.peer_core,
      facts.before.load_average, facts.after.load_average, steal * 100,
      steal > much_steal ? " (WARNING: a noisy neighbour)" : "",
      options.others.contains(Variant::warm) ? fmt::format("; warm: every {} ms", options.keep_warm) : "");
  out += fmt::format("{:<21}{:<28}   {:<27}{}\n", "", "us, meaningless elsewhere", "ratio to the floor",
                     "ratio to the Beast client");
  out += fmt::format("{:<6} {:<7} {:>6} {:>8} {:>8} {:>8}   {:<18} {:>6}   {:<18} {:>6} {:>6}\n", "mode",
                     "variant", "n", "p50", "p99", "p99.9", "p50 (min-max)", "p99", "p50 (min-max)", "p99",
                     "p99.9");
  for (const auto mode : compared_modes) {
    if (samples.of(Variant::floor, mode).empty()) continue;
    for (const auto variant : all_variants) {
      if (!samples.of(variant, mode).empty()) out += row(samples, mode, variant);
    }
  }
  out += '\n';
  for (const auto mode : compared_modes) {
    if (!samples.of(Variant::floor, mode).empty()) out += verdict(samples, mode);
  }
  if (!is_valid(samples)) out += "this run is VOID: the floor differs from itself by more than 10 %\n";
  return out + disturbed_text(samples);
}

bool is_valid(const Samples& samples) {
  return std::none_of(compared_modes.begin(), compared_modes.end(), [&](Mode mode) {
    return !samples.of(Variant::floor, mode).empty() && is_void(samples, mode);
  });
}

model::Result<void> append_json(const Samples& samples, const RunFacts& facts, const Options& options) {
  std::error_code failed;
  if (options.out.has_parent_path()) std::filesystem::create_directories(options.out.parent_path(), failed);
  std::ofstream out(options.out, std::ios::app);
  for (const auto mode : all_modes) {
    for (const auto variant : all_variants) {
      const auto& repetitions = samples.of(variant, mode);
      for (std::size_t i = 0; i < repetitions.size(); ++i) {
        const auto& spans = repetitions[i];
        out << fmt::format(
                   R"({{"bench":"enforcement_latency","started":"{}","keep_warm_ms":{},"variant":"{}","mode":"{}","repetition":{},)"
                   R"("samples":{},"p50_ns":{},"p99_ns":{},"p999_ns":{},"max_ns":{},"load":"{}","steal":{:.4f},)"
                   R"("buckets_ns":{}}})",
                   facts.started_at, variant == Variant::warm ? options.keep_warm : 0, to_string(variant),
                   to_string(mode), i, spans.size(), percentile(spans, half), percentile(spans, p99),
                   percentile(spans, p999), percentile(spans, 1.0), facts.after.load_average,
                   steal_share(facts.before, facts.after), histogram_json(spans))
            << '\n';
      }
    }
  }
  out.close();
  if (!out) return model::Error{model::Errc::io, "cannot write " + options.out.string()};
  return {};
}

} // namespace bulkhead::bench
