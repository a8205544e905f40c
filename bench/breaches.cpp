#include "bench/breaches.hpp"

#include <fmt/format.h>
#include <thread>
#include <utility>

namespace bulkhead::bench {
namespace {

using model::Errc;
using model::Error;
using std::chrono::nanoseconds;
using namespace std::chrono_literals;

constexpr MonotonicNanos patience = 3'000'000'000;
constexpr MonotonicNanos spun_through = 200'000;
constexpr MonotonicNanos still_for = 300'000;
constexpr MonotonicNanos quote_interval = 1'000'000;
constexpr auto market_hub_takes =
    150ms; // the first breach of an account makes the daemon open its market hub
constexpr int breaching_size = 2;
constexpr MonotonicNanos rests_for = 61'000'000'000; // the window of the request budget, and a little
constexpr MonotonicNanos rests_after_trouble = 150'000'000'000; // what was refused is asked again meanwhile
constexpr MonotonicNanos restless_settle_in = 3'000'000;

} // namespace

void Breaches::quote_when_due() {
  const auto now = protocol::monotonic_now();
  if (next_quote_ == 0 || now < next_quote_) return;
  // On a fixed schedule: what could not be sent in time is sent late, not left out.
  next_quote_ += quote_interval;
  if (quoted_ != nullptr) (void)world_.stub().push_market(*quoted_, quote_); // a lost hub fails the sample
}

void Breaches::turn(std::chrono::milliseconds wait) {
  quote_when_due();
  world_.stub().turn(wait);
}

model::Result<MonotonicNanos> Breaches::sample(Variant variant) {
  if (!is_daemon(variant)) {
    const auto& account = world_.peer(variant);
    const auto span = breach(account);
    if (auto flat = flatten(account); span && !flat) return flat.error();
    return span;
  }
  const auto account = credential(1, variant);
  if (!account) return account.error();
  return breach_and_prove(pool(variant));
}

Breaches::Pool& Breaches::pool(Variant variant) {
  const auto [it, added] = pools_.try_emplace(variant);
  if (added) {
    for (const auto* account : world_.measured(variant).watched()) it->second.next.push_back({account});
  }
  return it->second;
}

/// Requires: not all credentials are in use.
Breaches::Rested Breaches::take_rested(Pool& pool) {
  while (pool.next.front().from > protocol::monotonic_now()) {
    world_.stub().turn(1ms);
    world_.keep_alive();
  }
  const auto taken = pool.next.front();
  pool.next.pop_front();
  return taken;
}

model::Result<const StubAccount*> Breaches::credential(std::size_t needed, Variant variant) {
  auto& from = pool(variant);
  if (from.current != nullptr && from.used + needed <= samples_per_credential) return from.current;
  if (from.current != nullptr)
    from.next.push_back({from.current, protocol::monotonic_now() + rests_for, false});
  const auto fresh = take_rested(from);
  from.current = fresh.account;
  from.used = 0;
  const auto& daemon = world_.measured(variant);
  if (daemon.is_held_between()) world_.let_go(variant);
  if (auto first = breach_and_prove(from); !first) return first.error();
  const auto until = std::chrono::steady_clock::now() + (fresh.is_new ? market_hub_takes : 5ms);
  while (std::chrono::steady_clock::now() < until) world_.stub().turn(1ms);
  if (!daemon.is_held_between()) wait_for_stillness();
  return from.current;
}

model::Result<void> Breaches::aim(Variant variant) {
  quoted_ = pool(Variant::daemon).current;
  if (!is_daemon(variant)) return {};
  const auto account = credential(1, variant);
  if (!account) return account.error();
  quoted_ = *account;
  const auto& daemon = world_.measured(variant);
  if (!daemon.is_held_between()) return {};
  world_.let_go(variant);
  const auto until = protocol::monotonic_now() + restless_settle_in;
  while (protocol::monotonic_now() < until) turn(0ms);
  return {};
}

void Breaches::settle(Variant variant) {
  if (!is_daemon(variant)) return;
  const auto& daemon = world_.measured(variant);
  if (!daemon.is_held_between()) return wait_for_stillness();
  const auto until = protocol::monotonic_now() + restless_settle_in;
  while (protocol::monotonic_now() < until) turn(0ms);
  world_.hold(variant);
}

model::Result<const StubAccount*> Breaches::disturb(Trouble trouble) {
  const auto& neighbour = *take_rested(pool(Variant::daemon)).account;
  world_.stub().trouble(neighbour, trouble);
  if (auto begun = breach(neighbour); !begun) return begun.error();
  return &neighbour;
}

model::Result<void> Breaches::calm(const StubAccount& neighbour) {
  world_.stub().trouble(neighbour, Trouble::none);
  pool(Variant::daemon).next.push_back({&neighbour, protocol::monotonic_now() + rests_after_trouble, false});
  return flatten(neighbour);
}

template <class Condition>
model::Result<void> Breaches::spin_until(const StubAccount& account, const char* what, Condition done) {
  const auto give_up = protocol::monotonic_now() + patience;
  while (!done()) {
    turn(0ms);
    if (account.stream == nullptr)
      return Error{Errc::io, fmt::format("{}: the stream of {} ended", what, account.user)};
    if (protocol::monotonic_now() > give_up)
      return Error{Errc::timeout, fmt::format("{}: {}", account.user, what)};
  }
  return {};
}

model::Result<MonotonicNanos> Breaches::breach(const StubAccount& account) {
  const int closes = account.closes;
  const auto started = protocol::monotonic_now();
  if (!world_.stub().tell_position(account, breaching_size))
    return Error{Errc::io, "nobody listens as " + account.user};
  const auto closed =
      spin_until(account, "no close after the breach", [&] { return account.closes > closes; });
  if (!closed) return closed.error();
  const auto span = account.close_at - started;
  return span;
}

model::Result<MonotonicNanos> Breaches::breach_and_prove(Pool& pool) {
  ++pool.used;
  const auto& account = *pool.current;
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

model::Result<void> Breaches::flatten(const StubAccount& account) {
  if (world_.stub().tell_position(account, 0)) return {};
  return Error{Errc::io, "nobody listens as " + account.user};
}

void Breaches::pause(const Pace& pace) {
  const auto now = protocol::monotonic_now();
  if (pace.quotes == 0) next_quote_ = 0;
  if (pace.quotes > 0 && next_quote_ == 0) next_quote_ = now;
  if (pace.quotes != std::exchange(quotes_, pace.quotes)) quote_ = StubGateway::quote_frames(quotes_);
  const auto until = now + pace.gap;
  if (pace.sleeps) {
    while (until - protocol::monotonic_now() > 2'000'000) turn(1ms);
  }
  if (pace.sleeps && pace.quotes == 0) {
    std::this_thread::sleep_for(nanoseconds{until - spun_through - protocol::monotonic_now()});
  }
  while (protocol::monotonic_now() < until) turn(0ms);
}

void Breaches::wait_for_stillness(MonotonicNanos at_most) {
  const auto began = protocol::monotonic_now();
  auto moved = began;
  auto used = world_.daemon().cpu_time();
  for (auto now = began; now - moved < still_for && now - began < at_most; now = protocol::monotonic_now()) {
    world_.stub().turn(0ms);
    const auto uses = world_.daemon().cpu_time();
    if (uses != used) moved = protocol::monotonic_now();
    used = uses;
  }
}

} // namespace bulkhead::bench
