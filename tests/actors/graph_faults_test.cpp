// Random schedules of faults and of a trader who keeps trading, against the real actor graph. 200 schedules
// by default; BULKHEAD_FAULT_SCHEDULES sets another number (scripts/check --faults N). Each failure names its
// seed; BULKHEAD_FAULT_SEED replays one.

#include "tests/support/graph.hpp"

#include <cstdio>
#include <cstdlib>
#include <gtest/gtest.h>
#include <random>

namespace bulkhead::testing {
namespace {

constexpr std::int32_t limit = 5;

std::uint64_t setting(const char* name, std::uint64_t fallback) {
  const char* text = std::getenv(name);
  return text == nullptr ? fallback : std::strtoull(text, nullptr, 10);
}

/// One schedule: everything random comes from its seed.
class Schedule {
public:
  explicit Schedule(std::uint64_t seed)
      : random_(seed), reduces_(chance(50)), graph_({reduces_ ? reduce_to_5() : loss_500()}) {}

  /// What went wrong; empty when nothing did.
  std::string play() {
    const auto percent = draw(5, 70);
    graph_.gateway.round_trip = Duration{draw(1'000, 200'000)};
    graph_.gateway.event_delay = Duration{draw(0, 300'000)};
    graph_.gateway.event_copies = static_cast<int>(draw(1, 2));
    graph_.gateway.limit = chance(30) ? 200 : 0;
    begin();
    graph_.gateway.fault = [this, percent](const ModelGateway::Request& request) {
      return chance(percent) ? some_fault(request) : ModelGateway::Fault{};
    };
    for (auto left = draw(0, 4); left > 0; --left) {
      graph_.gateway.later(Duration{draw(0, 20'000'000)}, [this] { trade(); });
    }
    graph_.run_for(40s);
    graph_.gateway.fault = [](const auto&) { return ModelGateway::Fault{}; };
    graph_.run_for(150s);
    return verdict();
  }

  /// For the replay of one seed.
  void print() {
    for (const auto& line : graph_.log) std::printf("%s\n", line.c_str());
    for (const auto& r : graph_.gateway.requests) {
      std::printf("%s %s %s%s size %d\n", format_instant(r.at, 6).c_str(), r.what.c_str(),
                  r.contract.value.c_str(), r.order.value != 0 ? std::to_string(r.order.value).c_str() : "",
                  r.size);
    }
    for (const auto& e : graph_.gateway.effects)
      std::printf("%s effect %d -> %d\n", format_instant(e.at, 6).c_str(), e.before, e.after);
  }

private:
  std::int64_t draw(std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(random_);
  }
  bool chance(std::int64_t percent) { return draw(1, 100) <= percent; }

  void begin() {
    if (reduces_) return graph_.gateway.trade(one, mnq(), static_cast<std::int32_t>(draw(6, 12)));
    graph_.gateway.positions[one][mnq()] = chance(50) ? 20 : -20;
    if (chance(50)) graph_.gateway.positions[one][es()] = 1;
    for (auto n = draw(0, 3); n > 0; --n) {
      Order resting = order(n).sell(1).limit("22000").created(graph_.now());
      resting.account = one;
      graph_.gateway.orders[one][resting.id] = resting;
    }
    graph_.reconcile(one);
    graph_.quote(mnq(), "21000");
    graph_.run_for(1s);
    graph_.quote(mnq(), graph_.gateway.positions[one][mnq()] > 0 ? "20900" : "21100");
  }

  ModelGateway::Fault some_fault(const ModelGateway::Request& request) {
    ModelGateway::Fault fault;
    switch (draw(0, 11)) {
    case 0: fault.status = 500; break;
    case 1: fault.status = 429, fault.retry_after = std::chrono::seconds{draw(1, 5)}; break;
    case 2: fault.status = 401; break;
    case 3: fault.never_arrives = true; break;
    case 4: fault.lost_before = true; break;
    case 5: fault.lost_after = true; break;
    case 6: fault.reply_delay = Duration{draw(0, 8'000'000)}; break;
    case 7: fault.effect_delay = Duration{draw(0, 600'000)}; break; // the venue's lag stays below a second
    case 8: fault.body = "<html>", fault.no_effect = chance(50); break;
    case 9: fault.no_effect = true; break;
    case 10: fault.code = draw(2, 9); break;
    default: fault.effect_delay = Duration{draw(0, 600'000)}, fault.lost_after = true; break;
    }
    if (!request.trades()) fault.no_effect = false, fault.code = 0;
    return fault;
  }

  /// Adds only while reducing: who sells beside a partial close has closed those contracts himself.
  void trade() {
    auto& gateway = graph_.gateway;
    const auto held = gateway.positions[one].contains(mnq()) ? gateway.positions[one][mnq()] : 0;
    if (reduces_) return gateway.trade(one, mnq(), held + static_cast<std::int32_t>(draw(1, 3)));
    switch (draw(0, 3)) {
    case 0: return gateway.trade(one, mnq(), held + 1); // a fill
    case 1: return gateway.trade(one, mnq(), -held);    // a flip
    case 2: return gateway.trade(one, mnq(), held == 0 ? -2 : 0);
    default: break;
    }
    Order fresh = order(++last_order_).sell(1).limit("22000").created(graph_.now());
    fresh.account = one;
    gateway.place(fresh);
  }

  std::string verdict() {
    for (const auto& request : graph_.gateway.requests) {
      if (request.what == "place" || request.what == "modify") return "placed an order";
    }
    for (const auto& effect : graph_.gateway.effects) {
      if ((effect.before > 0 && effect.after < 0) || (effect.before < 0 && effect.after > 0))
        return "went through zero";
      if (std::abs(effect.after) >= std::abs(effect.before)) return "made a position larger";
      const bool partial = effect.request.what == "partialCloseContract";
      if (reduces_ && partial && std::abs(effect.after) < limit)
        return "closed more than the target allows: a market effect came twice";
    }
    const bool done = reduces_ ? std::abs(graph_.gateway.positions[one][mnq()]) <= limit
                               : graph_.gateway.flat(one) && graph_.gateway.orders[one].empty();
    const bool alarmed = !graph_.view(one).alarm.empty() || graph_.view(one).deferred > 0 ||
                         graph_.alerted(one, "enforcement-failed");
    return done || alarmed ? "" : "neither flat nor alarmed";
  }

  std::mt19937_64 random_;
  bool reduces_;
  std::int64_t last_order_ = 50;
  Graph graph_;
};

TEST(FaultSchedules, NoMarketEffectTwiceNeverThroughZeroAndFlatOrAlarmedAtTheEnd) {
  const auto only = setting("BULKHEAD_FAULT_SEED", 0);
  const auto first = only != 0 ? only : 1;
  const auto last = only != 0 ? only : setting("BULKHEAD_FAULT_SCHEDULES", 200);
  int failures = 0;
  for (auto seed = first; seed <= last && failures < 10; ++seed) {
    Schedule schedule(seed);
    const auto wrong = schedule.play();
    if (only != 0) schedule.print();
    if (wrong.empty()) continue;
    ++failures;
    ADD_FAILURE() << "seed " << seed << ": " << wrong;
  }
}

} // namespace
} // namespace bulkhead::testing
