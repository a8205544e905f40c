// From a stream that is cut to an account that is watched again: the user hub ends in order (FIN), with RST,
// or falls silent; the daemon connects anew, subscribes, and reads the account. What passes before its new
// connection arrives is the loss being noticed and the pause of the schedule; the rest is its local part.
// Each cut is the first one of its user, whose next pause would be longer.

#include "bench/fleet.hpp"
#include "bench/results.hpp"

#include <fmt/format.h>
#include <iostream>

namespace {

using namespace bulkhead;
using namespace bulkhead::bench;
using namespace std::chrono_literals;

constexpr MonotonicNanos target = 50'000'000;
constexpr const char* risk_yaml = "rules:\n  max_contracts: { limit: 5 }\n";

struct Way {
  const char* name;
  Cut cut;
  std::size_t count;
  Spans before = {}, local = {};
};

/// One account and what had been read of it when its hub was cut.
struct Victim {
  const StubAccount* account;
  MonotonicNanos cut_at;
  int positions, orders, fills;

  explicit Victim(const StubAccount& of)
      : account(&of),
        cut_at(protocol::monotonic_now()),
        positions(of.position_reads),
        orders(of.order_reads),
        fills(of.fill_reads) {}
  [[nodiscard]] bool back() const {
    return account->accepted_at > cut_at && account->ready && account->ready_at > account->accepted_at &&
           account->position_reads > positions && account->order_reads > orders &&
           account->fill_reads > fills;
  }
};

/// Cuts the hubs of `count` users, one after the other, or all at once when they fall silent.
model::Result<void> cut(Fleet& fleet, Way& way, std::size_t first) {
  std::vector<Victim> victims;
  const auto all_back = [&] {
    std::erase_if(victims, [&](const Victim& victim) {
      if (!victim.back()) return false;
      way.before.push_back(victim.account->accepted_at - victim.cut_at);
      way.local.push_back(protocol::monotonic_now() - victim.account->accepted_at);
      return true;
    });
    return victims.empty();
  };
  for (std::size_t i = 0; i < way.count; ++i) {
    const auto& account = *fleet.accounts().at(first + i);
    victims.emplace_back(account);
    if (!fleet.stub().cut(account, way.cut)) return model::Error{model::Errc::io, "no hub to cut"};
    if (way.cut == Cut::stall) continue;
    if (auto back = fleet.serve_until("not back after a cut", 20s, true, all_back); !back) return back;
    fleet.serve_for(200ms);
  }
  return fleet.serve_until("not back after silence", 90s, true, all_back);
}

model::Result<void> measure(const RunOptions& options, Results& results) {
  const std::size_t cuts = options.quick ? 5 : 20;
  std::vector<Way> ways{{"FIN", Cut::fin, cuts}, {"RST", Cut::reset, cuts}};
  if (!options.quick) ways.push_back({"silence", Cut::stall, 5});
  std::size_t users = 0;
  for (const auto& way : ways) users += way.count;
  auto fleet = Fleet::make(options, {.users = users, .risk_yaml = risk_yaml});
  if (!fleet) return fleet.error();
  std::size_t first = 0;
  for (auto& way : ways) {
    if (auto done = cut(**fleet, way, first); !done) return done;
    first += way.count;
  }
  std::cout << fmt::format("{:<8} {:>4} {:>16} {:>16} {:>14} {:>14} {:>14}\n", "cut", "n", "before p50 ms",
                           "before max ms", "local p50 ms", "local p99 ms", "local max ms");
  MonotonicNanos worst = 0;
  for (const auto& way : ways) {
    const auto ms = [](MonotonicNanos span) { return static_cast<double>(span) / 1e6; };
    std::cout << fmt::format("{:<8} {:>4} {:>16.1f} {:>16.1f} {:>14.2f} {:>14.2f} {:>14.2f}\n", way.name,
                             way.local.size(), ms(percentile(way.before, 0.5)), ms(percentile(way.before, 1)),
                             ms(percentile(way.local, 0.5)), ms(percentile(way.local, 0.99)),
                             ms(percentile(way.local, 1)));
    results.samples(way.name, 0, way.local, R"("part":"local",)");
    results.samples(way.name, 0, way.before, R"("part":"before",)");
    worst = std::max(worst, percentile(way.local, 0.99));
  }
  results.target(fmt::format("the local part of a reconnect <= {} ms at p99", target / 1'000'000),
                 worst <= target, fmt::format("{:.1f} ms", static_cast<double>(worst) / 1e6));
  return {};
}

constexpr const char* about =
    "reconnect: before: from the cut to the new connection (the loss is noticed, then the pause of the "
    "schedule:\n"
    "0, 2, 10, 30, 60 s, each +-20 %, here the first; silence is noticed 30 s after the last byte); local: "
    "from that "
    "connection\n"
    "to the last of the subscriptions and of the reads of positions, orders and fills; TLS on loopback";

} // namespace

int main(int argc, char** argv) {
  const auto options = read_run_options(argc, argv, "reconnect_bench", about);
  if (!options) return 2;
  Results results(*options, "reconnect", about);
  if (auto pinned = stay_on_core(options->stub_core); !pinned)
    return malfunction("reconnect_bench", pinned.error());
  if (auto done = measure(*options, results); !done) return malfunction("reconnect_bench", done.error());
  return 0;
}
