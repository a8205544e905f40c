// Many accounts that breach on one quote: 1, 10 and 40 of one user, 100 of one user whose budget of 200
// requests a minute has just been used for reading them, and 1,000 of 25 users. How long the first close
// takes, and the last one, which is compared with the earliest instant that the budget allows, computed from
// when the stub saw each request of that user.

#include "bench/fleet.hpp"
#include "bench/results.hpp"

#include <fmt/format.h>
#include <iostream>

namespace {

using namespace bulkhead;
using namespace bulkhead::bench;
using namespace std::chrono_literals;

constexpr double calm_price = 24873.25, breaching_price = 24000;
constexpr std::size_t budget = 200;
constexpr MonotonicNanos budget_window = 60'000'000'000;
constexpr MonotonicNanos after_budget = 10'000'000'000;
constexpr double first_target = 2, last_target = 1.1;
constexpr const char* risk_yaml =
    "rules:\n  daily_unrealized_loss: { scope: total, loss_limit: 300, action: CLOSE_ALL_POSITIONS }\n";

struct Size {
  std::size_t users, accounts, times;
};
struct Taken {
  Spans first, last; // closes, by breach
  MonotonicNanos bound = 0;
  std::size_t never = 0; // accounts that were not closed in time
};

/// When the budget allows the last of `closes` more requests of this user; 0: at once.
MonotonicNanos budget_allows(const StubAccount& owner, std::size_t closes, MonotonicNanos from) {
  std::vector<MonotonicNanos> used;
  for (const auto at : owner.requests) {
    if (at > from - budget_window && at <= from) used.push_back(at);
  }
  if (used.size() + closes <= budget) return 0;
  return used.at(used.size() + closes - budget - 1) + budget_window - from;
}

model::Result<void> open_all(Fleet& fleet) {
  for (const auto* account : fleet.accounts()) {
    if (!fleet.stub().tell_position(*account, 1)) return model::Error{model::Errc::io, "a hub is gone"};
    fleet.stub().turn(0ms);
  }
  const auto watched = [](const auto* account) { return account->owner->market_subscriptions > 0; };
  if (auto waited = fleet.serve_until(
          "no market hub", 30s, false,
          [&] { return std::all_of(fleet.accounts().begin(), fleet.accounts().end(), watched); });
      !waited)
    return waited;
  return {};
}

bool quote(Fleet& fleet, double price) {
  const auto frame = StubGateway::quote_frame(price);
  for (const auto* account : fleet.accounts()) {
    if (account->owner == account && !fleet.stub().push_market(*account, frame)) return false;
  }
  return true;
}

model::Result<void> breach(Fleet& fleet, Taken& taken) {
  if (auto opened = open_all(fleet); !opened) return opened;
  if (!quote(fleet, calm_price)) return model::Error{model::Errc::io, "a market hub is gone"};
  fleet.serve_for(500ms);
  std::vector<int> before;
  for (const auto* account : fleet.accounts()) before.push_back(account->closes);
  const auto began = protocol::monotonic_now();
  for (const auto* account : fleet.accounts()) {
    if (account->owner == account)
      taken.bound =
          std::max(taken.bound, budget_allows(*account, static_cast<std::size_t>(account->siblings), began));
  }
  const bool sent = quote(fleet, breaching_price);
  if (!sent) return model::Error{model::Errc::io, "a market hub is gone"};
  const auto is_open = [&](std::size_t i) { return fleet.accounts()[i]->closes == before[i]; };
  std::size_t closed = 0; // all before this one are
  const auto give_up = began + taken.bound + after_budget;
  auto served = fleet.serve_until("the clock", 300s, true, [&] {
    while (closed < before.size() && !is_open(closed)) ++closed;
    return closed == before.size() || protocol::monotonic_now() > give_up;
  });
  if (!served) return served;
  MonotonicNanos first = give_up, last = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (is_open(i)) {
      ++taken.never;
      continue;
    }
    first = std::min(first, fleet.accounts()[i]->close_at);
    last = std::max(last, fleet.accounts()[i]->close_at);
  }
  if (taken.never == before.size()) return model::Error{model::Errc::timeout, "nobody was closed"};
  taken.first.push_back(first - began);
  taken.last.push_back(last - began);
  fleet.serve_for(1s); // the proofs
  for (const auto* account : fleet.accounts()) (void)fleet.stub().tell_position(*account, 0);
  fleet.serve_for(200ms);
  return {};
}

model::Result<Taken> take(const RunOptions& options, const Size& size) {
  auto fleet = Fleet::make(options, {.users = size.users, .accounts = size.accounts, .risk_yaml = risk_yaml});
  if (!fleet) return fleet.error();
  Taken taken;
  for (std::size_t i = 0; i < size.times; ++i) {
    if (auto done = breach(**fleet, taken); !done) return done.error();
  }
  return taken;
}

model::Result<void> measure(const RunOptions& options, Results& results) {
  std::vector<Size> sizes{{1, 1, 15}, {1, 10, 3}, {4, 25, 1}};
  if (!options.quick) sizes.insert(sizes.end(), {Size{1, 52, 1}, {25, 40, 1}});
  std::cout << fmt::format("{:>8} {:>6} {:>4} {:>14} {:>14} {:>16} {:>12} {:>7} {:>6}\n", "accounts", "users",
                           "n", "first close us", "to one account", "last close ms", "budget ms", "ratio",
                           "never");
  double one = 0, worst_first = 0;
  std::size_t never = 0;
  for (const auto& size : sizes) {
    const auto taken = take(options, size);
    if (!taken) return taken.error();
    const auto first = static_cast<double>(percentile(taken->first, 0.5));
    const auto last = static_cast<double>(percentile(taken->last, 0.5));
    if (one == 0) one = first;
    worst_first = std::max(worst_first, first / one);
    const auto bound = static_cast<double>(taken->bound);
    const auto accounts = size.users * size.accounts;
    std::cout << fmt::format("{:>8} {:>6} {:>4} {:>14.0f} {:>14.2f} {:>16.2f} {:>12.0f} {:>7} {:>6}\n",
                             accounts, size.users, taken->first.size(), first / 1e3, first / one, last / 1e6,
                             bound / 1e6, bound > 0 ? fmt::format("{:.3f}", last / bound) : "-",
                             taken->never);
    const auto more =
        fmt::format(R"("accounts":{},"users":{},"budget_ns":{:.0f},)", accounts, size.users, bound);
    results.samples("first_close", 0, taken->first, more);
    results.samples("last_close", 0, taken->last, more);
    if (bound > 0)
      results.target(
          fmt::format("the last of {} closes <= {:.1f}x what the budget allows", accounts, last_target),
          taken->never == 0 && last <= last_target * bound, fmt::format("{:.3f}", last / bound));
    never += taken->never;
  }
  results.target("every account is closed", never == 0, fmt::format("{} never", never));
  results.target(fmt::format("the first of many closes <= {:.0f}x the close of one account", first_target),
                 worst_first <= first_target, fmt::format("{:.2f}", worst_first));
  return {};
}

constexpr const char* about = "mass breach: accounts that one quote makes breach; from before the quote is "
                              "sent to the close requests;\n"
                              "budget: the earliest the user's 200 requests in 60 s allow the last close, 0 "
                              "when they allow all at once";

} // namespace

int main(int argc, char** argv) {
  const auto options = read_run_options(argc, argv, "mass_bench", about);
  if (!options) return 2;
  Results results(*options, "mass_breach", about);
  if (auto pinned = stay_on_core(options->stub_core); !pinned)
    return malfunction("mass_bench", pinned.error());
  if (auto done = measure(*options, results); !done) return malfunction("mass_bench", done.error());
  return 0;
}
