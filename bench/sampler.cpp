#include "bench/sampler.hpp"

#include <csignal>
#include <fmt/format.h>
#include <thread>

namespace bulkhead::bench {
namespace {

using model::Errc;
using model::Error;
using std::chrono::nanoseconds;
using namespace std::chrono_literals;

constexpr MonotonicNanos patience = 3'000'000'000;
constexpr MonotonicNanos hot_gap = 60'000;
constexpr MonotonicNanos idle_gap = 5'000'000;
constexpr MonotonicNanos spun_through = 200'000;
constexpr MonotonicNanos still_for = 300'000;
constexpr MonotonicNanos still_at_last = 30'000'000;
constexpr auto market_hub_takes =
    150ms; // the first breach of an account makes the daemon open its market hub
constexpr int breaching_size = 2;

bool interrupted() {
  sigset_t waiting;
  return sigpending(&waiting) == 0 &&
         (sigismember(&waiting, SIGINT) == 1 || sigismember(&waiting, SIGTERM) == 1);
}

std::size_t rounds(const Options& options, Mode mode) {
  const auto counted = mode == Mode::idle ? options.idle : options.hot;
  return counted == 0 ? 0 : counted + options.warm_up;
}

} // namespace

std::size_t Sampler::credentials_needed(const Options& options) {
  const auto samples = options.repetitions * (rounds(options, Mode::idle) + rounds(options, Mode::hot));
  constexpr auto counted = samples_per_credential - 1; // the first one of each is not
  return (samples + counted - 1) / counted;
}

model::Result<void> Sampler::run(Samples& samples) {
  for (std::size_t repetition = 0; repetition < options_.repetitions; ++repetition) {
    for (const auto mode : all_modes) {
      if (auto done = run_mode(mode, repetition, samples); !done) return done;
    }
  }
  return {};
}

model::Result<void> Sampler::run_mode(Mode mode, std::size_t repetition, Samples& samples) {
  for (std::size_t i = 0; i < rounds(options_, mode); ++i) {
    if (interrupted()) return Error{Errc::busy, "interrupted"};
    const bool counts = i >= options_.warm_up;
    if (auto done = round(mode, counts ? std::optional(repetition) : std::nullopt, samples); !done)
      return done;
  }
  return {};
}

model::Result<void> Sampler::round(Mode mode, std::optional<std::size_t> repetition, Samples& samples) {
  world_.stub().keep_alive();
  if (used_ % samples_per_credential == 0) {
    if (auto done = next_credential(); !done) return done;
  }
  pause(mode);
  if (auto primed = sample(Variant::floor); !primed) return primed.error();
  // Floor and null floor change places every other round, so that neither owes anything to its predecessor.
  auto order = std::array{Variant::floor, Variant::beast, Variant::null_floor, Variant::daemon};
  if (++rounds_ % 2 == 0) std::swap(order[0], order[2]);
  for (const auto variant : order) {
    pause(mode);
    const auto span = sample(variant);
    if (!span) return span.error();
    if (repetition) samples.add(variant, mode, *repetition, *span);
  }
  wait_for_stillness();
  return {};
}

model::Result<MonotonicNanos> Sampler::sample(Variant variant) {
  switch (variant) {
  case Variant::floor:
  case Variant::null_floor: return breach(world_.floor());
  case Variant::beast: return breach(world_.beast());
  case Variant::daemon: break;
  }
  return breach_and_prove(*world_.watched().at(used_ / samples_per_credential));
}

model::Result<void> Sampler::next_credential() {
  const auto& account = *world_.watched().at(used_ / samples_per_credential);
  if (auto first = breach_and_prove(account); !first) return first.error();
  const auto until = std::chrono::steady_clock::now() + market_hub_takes;
  while (std::chrono::steady_clock::now() < until) world_.stub().turn(1ms);
  wait_for_stillness();
  return {};
}

template <class Condition>
model::Result<void> Sampler::spin_until(const StubAccount& account, const char* what, Condition done) {
  const auto give_up = protocol::monotonic_now() + patience;
  while (!done()) {
    world_.stub().turn(0ms);
    if (account.stream == nullptr)
      return Error{Errc::io, fmt::format("{}: the stream of {} ended", what, account.user)};
    if (protocol::monotonic_now() > give_up)
      return Error{Errc::timeout, fmt::format("{}: {}", account.user, what)};
  }
  return {};
}

model::Result<MonotonicNanos> Sampler::breach(const StubAccount& account) {
  const auto frame = StubGateway::position_frame(account, breaching_size);
  const int closes = account.closes;
  const auto started = protocol::monotonic_now();
  if (!world_.stub().push(account, frame)) return Error{Errc::io, "nobody listens as " + account.user};
  const auto closed =
      spin_until(account, "no close after the breach", [&] { return account.closes > closes; });
  if (!closed) return closed.error();
  const auto span = account.close_at - started;
  if (&account == &world_.floor() || &account == &world_.beast()) {
    if (auto flat = flatten(account); !flat) return flat.error();
  }
  return span;
}

model::Result<MonotonicNanos> Sampler::breach_and_prove(const StubAccount& account) {
  ++used_;
  const int positions = account.position_reads;
  const int orders = account.order_reads;
  const auto span = breach(account);
  if (!span) return span;
  const auto proven = spin_until(account, "no reads after the close", [&] {
    return account.position_reads > positions && account.order_reads > orders;
  });
  if (!proven) return proven.error();
  if (auto flat = flatten(account); !flat) return flat.error();
  return span;
}

model::Result<void> Sampler::flatten(const StubAccount& account) {
  if (world_.stub().push(account, StubGateway::position_frame(account, 0))) return {};
  return Error{Errc::io, "nobody listens as " + account.user};
}

void Sampler::pause(Mode mode) {
  const auto until = protocol::monotonic_now() + (mode == Mode::idle ? idle_gap : hot_gap);
  if (mode == Mode::idle) {
    while (until - protocol::monotonic_now() > 2'000'000) world_.stub().turn(1ms);
    std::this_thread::sleep_for(nanoseconds{until - spun_through - protocol::monotonic_now()});
  }
  while (protocol::monotonic_now() < until) world_.stub().turn(0ms);
}

void Sampler::wait_for_stillness() {
  const auto began = protocol::monotonic_now();
  auto moved = began;
  auto used = world_.daemon().cpu_time();
  for (auto now = began; now - moved < still_for && now - began < still_at_last;
       now = protocol::monotonic_now()) {
    world_.stub().turn(0ms);
    const auto uses = world_.daemon().cpu_time();
    if (uses != used) moved = protocol::monotonic_now();
    used = uses;
  }
}

} // namespace bulkhead::bench
