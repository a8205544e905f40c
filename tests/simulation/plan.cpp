#include "tests/simulation/plan.hpp"

#include "tests/simulation/random.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <sstream>

namespace bulkhead::simulation {
namespace {

using namespace std::chrono_literals;
using model::Duration;

constexpr std::array<std::string_view, fault_kinds> names = {
    "status_500",   "status_429",      "unauthorized",  "html",
    "refused",      "lost_before",     "lost_after",    "never_arrives",
    "slow_reply",   "late_effect",     "position_lag",  "outsider",
    "hub_drop",     "hub_close",       "hub_freeze",    "duplicate",
    "reorder",      "late_events",     "lost_events",   "garbage",
    "maintenance",  "firm_liquidates", "may_not_trade", "expire_tokens",
    "price_jump",   "no_quotes",       "kill",          "power_loss",
    "restart",      "damage",          "clock_jump",    "disk_full",
    "sync_fails",   "slow_disk",       "reload",        "lock_by_hand",
    "lift_by_hand", "flatten_by_hand",
};

/// One of them that happens now and then within a storm.
Fault draw_fault(Random& random, Duration storm) {
  Fault fault;
  fault.kind = static_cast<FaultKind>(random.draw(0, fault_kinds - 1));
  fault.at = storm + Duration{random.draw(0, 360'000'000)};
  fault.lasts = Duration{random.draw(1'000'000, random.chance(80) ? 40'000'000 : 240'000'000)};
  fault.account = random.chance(50) ? 0 : 101 + random.draw(0, random.chance(60) ? 0 : 2);
  fault.amount = random.draw(5, 100);
  if (fault.kind == FaultKind::kill || fault.kind == FaultKind::power_loss) fault.amount = random.draw(0, 3);
  if (fault.kind == FaultKind::outsider) fault.amount = random.draw(20, 200);
  if (fault.kind == FaultKind::clock_jump) {
    constexpr std::array<std::int64_t, 6> jumps = {1, 3, 60, 3'700, 90'000, 31'536'000};
    fault.amount = jumps[static_cast<std::size_t>(random.draw(0, 5))] * (random.chance(50) ? 1 : -1);
  }
  return fault;
}

} // namespace

std::string_view to_string(FaultKind kind) { return names[static_cast<std::size_t>(kind)]; }

Plan plan_of(std::uint64_t seed) {
  Random random(seed, "plan");
  Plan plan;
  plan.seed = seed;
  plan.until = 24h;
  for (Duration storm = std::chrono::minutes{random.draw(1, 90)}; storm < 23h + 30min;
       storm += std::chrono::minutes{random.draw(60, 300)}) {
    if (random.chance(10)) continue;
    for (auto n = random.draw(1, 7); n > 0; --n) plan.faults.push_back(draw_fault(random, storm));
  }
  std::stable_sort(plan.faults.begin(), plan.faults.end(),
                   [](const Fault& a, const Fault& b) { return a.at < b.at; });
  return plan;
}

Plan plan_for_actors(std::uint64_t seed) {
  Random random(seed, "plan for actors");
  Plan plan;
  plan.seed = seed;
  plan.until = 2h;
  const Duration storm = std::chrono::minutes{random.draw(5, 80)};
  for (auto n = random.draw(2, 8); n > 0; --n) {
    auto fault = draw_fault(random, storm);
    if (fault.kind > FaultKind::no_quotes) fault.kind = FaultKind::kill;
    plan.faults.push_back(fault);
  }
  return plan;
}

std::string to_text(const Plan& plan) {
  std::string out =
      fmt::format("seed {}\nfrom {}\nuntil {}\n", plan.seed, plan.from.count(), plan.until.count());
  for (const auto& fault : plan.faults)
    out += fmt::format("fault {} {} {} {} {}\n", to_string(fault.kind), fault.at.count(), fault.lasts.count(),
                       fault.account, fault.amount);
  return out;
}

model::Result<Plan> plan_from(std::string_view text) {
  Plan plan;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream words(line);
    std::string key;
    words >> key;
    Duration::rep first = 0, second = 0;
    if (key == "seed") {
      words >> plan.seed;
    } else if (key == "from") {
      words >> first, plan.from = Duration{first};
    } else if (key == "until") {
      words >> first, plan.until = Duration{first};
    } else if (key == "fault") {
      std::string name;
      Fault fault;
      words >> name >> first >> second >> fault.account >> fault.amount;
      const auto known = std::find(names.begin(), names.end(), name);
      if (known == names.end()) return model::Error{model::Errc::malformed, "no such fault: " + name};
      fault.kind = static_cast<FaultKind>(known - names.begin());
      fault.at = Duration{first}, fault.lasts = Duration{second};
      plan.faults.push_back(fault);
    } else {
      return model::Error{model::Errc::malformed, "no such line: " + line};
    }
    if (!words) return model::Error{model::Errc::malformed, "unreadable: " + line};
  }
  return plan;
}

} // namespace bulkhead::simulation
