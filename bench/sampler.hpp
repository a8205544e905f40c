#pragma once
// Takes the samples, all variants in turn within every round, so that whatever else the machine does hits
// them alike. A round begins with an uncounted floor sample, because the first one would pay for what the
// daemon has just pushed out of the caches. In a hot round each sample follows 60 us after the previous one
// was over, in the others after the gap of the mode. After each sample of the daemon its CPU clock must stand
// still first. Other ways of running it are held while they are not measured, and have their turn, like the
// scripts, in so many rounds only as are needed for as many samples as were asked for.
// What disturbs the daemon (a burst on the other hub, another account in trouble) is sampled in turn with the
// daemon left alone. Owned by the driver's only thread.

#include "bench/breaches.hpp"

namespace bulkhead::bench {

class Sampler {
public:
  Sampler(World& world, const Options& options) : world_(world), options_(options), breaches_(world) {}

  /// How many credentials the whole run takes, 200 at most.
  [[nodiscard]] static std::size_t credentials_needed(const Options& options);
  /// Everything the options ask for. Errors: as Breaches::sample(); busy after SIGINT or SIGTERM.
  [[nodiscard]] model::Result<void> run(Samples& samples);

private:
  [[nodiscard]] bool has_turn(Variant variant, Mode mode) const;
  [[nodiscard]] model::Result<void> run_mode(Mode mode, std::size_t repetition, Samples& samples);
  [[nodiscard]] model::Result<void> round(Mode mode, std::optional<std::size_t> repetition, Samples& samples);
  [[nodiscard]] model::Result<void> run_bursts(std::size_t repetition, Samples& samples);
  [[nodiscard]] model::Result<void> run_beside(Mode mode, std::size_t repetition, Samples& samples);
  /// `count` samples of the daemon.
  [[nodiscard]] model::Result<void> take(Mode mode, std::size_t count, std::size_t repetition,
                                         Samples& samples);

  World& world_;
  const Options& options_;
  Breaches breaches_;
  std::size_t rounds_ = 0;
};

} // namespace bulkhead::bench
