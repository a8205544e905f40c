#include "bench/sampler.hpp"

#include <csignal>

namespace bulkhead::bench {
namespace {

using model::Errc;
using model::Error;

constexpr std::size_t most_credentials = 200;
constexpr std::size_t burst_size = 10'000;
constexpr MonotonicNanos burst_takes_at_most = 2'000'000'000;
constexpr Pace apart{25'000'000, true, 0};
/// A credential's samples beside a neighbour: one half alone, one half while the neighbour is in trouble.
constexpr std::size_t half_a_credential = (samples_per_credential - 1) / 2;

bool interrupted() {
  sigset_t waiting;
  return sigpending(&waiting) == 0 &&
         (sigismember(&waiting, SIGINT) == 1 || sigismember(&waiting, SIGTERM) == 1);
}

std::size_t counted_rounds(const Options& options, Mode mode) {
  switch (mode) {
  case Mode::idle: return options.idle;
  case Mode::second: return options.second;
  case Mode::hot: return options.hot;
  case Mode::quotes: return options.quotes;
  case Mode::alone:
  case Mode::burst:
  case Mode::slow:
  case Mode::reset:
  case Mode::refused: break;
  }
  return 0;
}

std::size_t rounds(const Options& options, Mode mode) {
  const auto counted = counted_rounds(options, mode);
  const auto warm_up = mode == Mode::second ? std::min<std::size_t>(options.warm_up, 2) : options.warm_up;
  return counted == 0 ? 0 : counted + warm_up;
}

Pace pace(Mode mode) {
  switch (mode) {
  case Mode::hot: return {60'000, false, 0};
  case Mode::second: return {1'000'000'000, true, 0};
  case Mode::quotes: return {5'000'000, false, 1};
  case Mode::idle: return {5'000'000, true, 0};
  case Mode::alone:
  case Mode::burst:
  case Mode::slow:
  case Mode::reset:
  case Mode::refused: break;
  }
  return apart;
}

std::size_t quotient_up(std::size_t of, std::size_t by) {
  return std::max<std::size_t>((of + by - 1) / by, 1);
}

bool is_script(Variant variant) { return variant == Variant::python || variant == Variant::node; }

Trouble trouble(Mode mode) {
  if (mode == Mode::slow) return Trouble::slow;
  return mode == Mode::reset ? Trouble::reset : Trouble::refused;
}

} // namespace

std::size_t Sampler::credentials_needed(const Options& options) {
  std::size_t samples = 2 * options.burst;
  for (const auto mode : compared_modes) samples += rounds(options, mode);
  constexpr auto counted = samples_per_credential - 1; // the first one of each is not
  const auto blocks = options.neighbour == 0 ? 0 : 3 * quotient_up(options.neighbour, half_a_credential);
  const auto fresh = options.repetitions * (quotient_up(samples, counted) + 2 * blocks + 2);
  return std::min(fresh, most_credentials); // beyond that they are used again
}

model::Result<void> Sampler::run(Samples& samples) {
  for (std::size_t repetition = 0; repetition < options_.repetitions; ++repetition) {
    for (const auto mode : compared_modes) {
      if (auto done = run_mode(mode, repetition, samples); !done) return done;
    }
    if (auto done = run_bursts(repetition, samples); !done) return done;
    for (const auto mode : {Mode::slow, Mode::reset, Mode::refused}) {
      if (auto done = run_beside(mode, repetition, samples); !done) return done;
    }
  }
  return {};
}

model::Result<void> Sampler::run_mode(Mode mode, std::size_t repetition, Samples& samples) {
  const auto all = rounds(options_, mode);
  const auto uncounted = all - counted_rounds(options_, mode);
  for (std::size_t i = 0; i < all; ++i) {
    if (interrupted()) return Error{Errc::busy, "interrupted"};
    if (auto done = round(mode, i >= uncounted ? std::optional(repetition) : std::nullopt, samples); !done)
      return done;
  }
  return {};
}

/// Evenly spread over the rounds of a mode.
bool Sampler::has_turn(Variant variant, Mode mode) const {
  const bool often = variant == Variant::daemon || !(is_daemon(variant) || is_script(variant));
  constexpr std::size_t seconds_are_dearer = 100;
  const auto few = mode == Mode::second ? options_.few / seconds_are_dearer : options_.few;
  const auto every = quotient_up(counted_rounds(options_, mode), std::max<std::size_t>(few, 1));
  return world_.has(variant) && (often || rounds_ % every == 0);
}

model::Result<void> Sampler::round(Mode mode, std::optional<std::size_t> repetition, Samples& samples) {
  world_.keep_alive();
  if (auto aimed = breaches_.aim(Variant::daemon); !aimed) return aimed;
  if (mode != Mode::second) breaches_.pause(pace(mode)); // in a second everything is cold again
  if (auto primed = breaches_.sample(Variant::floor); !primed) return primed.error();
  // Floor and null floor change places every other round, so that neither owes anything to its predecessor.
  auto order = all_variants;
  if (++rounds_ % 2 == 0) std::swap(order[0], order[2]);
  for (const auto variant : order) {
    if (!has_turn(variant, mode)) continue;
    if (auto aimed = breaches_.aim(variant); !aimed) return aimed;
    if (mode == Mode::hot && is_daemon(variant) && world_.measured(variant).is_held_between()) {
      if (auto primed = breaches_.sample(variant); !primed) return primed.error(); // it has just stood still
    }
    breaches_.pause(pace(mode));
    const auto span = breaches_.sample(variant);
    if (!span) return span.error();
    if (repetition) samples.add(variant, mode, *repetition, *span);
    breaches_.settle(variant);
  }
  return {};
}

model::Result<void> Sampler::take(Mode mode, std::size_t count, std::size_t repetition, Samples& samples) {
  for (std::size_t i = 0; i < count; ++i) {
    world_.keep_alive();
    breaches_.pause(apart);
    const auto span = breaches_.sample(Variant::daemon);
    if (!span) return span.error();
    samples.add(Variant::daemon, mode, repetition, *span);
  }
  return {};
}

model::Result<void> Sampler::run_bursts(std::size_t repetition, Samples& samples) {
  const auto burst = options_.burst > 0 ? StubGateway::quote_frames(burst_size) : std::string{};
  for (std::size_t i = 0; i < options_.burst; ++i) {
    if (interrupted()) return Error{Errc::busy, "interrupted"};
    const auto account = breaches_.credential(2);
    if (!account) return account.error();
    if (auto taken = take(Mode::alone, 1, repetition, samples); !taken) return taken;
    breaches_.pause(apart);
    if (!world_.stub().push_market(**account, burst))
      return Error{Errc::io, "no market hub to send a burst to"};
    const auto span = breaches_.sample(Variant::daemon);
    if (!span) return span.error();
    samples.add(Variant::daemon, Mode::burst, repetition, *span);
    breaches_.wait_for_stillness(burst_takes_at_most);
  }
  return {};
}

model::Result<void> Sampler::run_beside(Mode mode, std::size_t repetition, Samples& samples) {
  for (std::size_t i = 0; i * half_a_credential < options_.neighbour; ++i) {
    if (interrupted()) return Error{Errc::busy, "interrupted"};
    if (auto account = breaches_.credential(2 * half_a_credential); !account) return account.error();
    if (auto taken = take(Mode::alone, half_a_credential, repetition, samples); !taken) return taken;
    const auto neighbour = breaches_.disturb(trouble(mode));
    if (!neighbour) return neighbour.error();
    if (auto taken = take(mode, half_a_credential, repetition, samples); !taken) return taken;
    if (auto calmed = breaches_.calm(**neighbour); !calmed) return calmed;
    breaches_.wait_for_stillness();
  }
  return {};
}

} // namespace bulkhead::bench
