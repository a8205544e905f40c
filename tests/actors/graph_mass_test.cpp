// Many accounts breach on one quote under the gateway's limit of 200 requests a minute.

#include "tests/support/graph.hpp"

#include <cstdio>
#include <gtest/gtest.h>
#include <set>

namespace bulkhead::testing {
namespace {

struct Measured {
  Duration first_close{0};
  Duration last_close{0};
  std::vector<std::pair<Instant, AccountId>> order; // of the accounts' first closes
  std::size_t refused = 0;
};

/// Every account holds 10 + n MNQ and one resting order; one quote loses each of them over 500 dollars.
Measured breach_all(int accounts) {
  Graph graph({loss_500()}, accounts);
  graph.gateway.limit = 200;
  for (int n = 1; n <= accounts; ++n) {
    const auto account = Graph::id(n);
    graph.gateway.positions[account][mnq()] = 10 + n;
    Order resting = order(n).sell(1).limit("22000").created(graph.now());
    resting.account = account;
    graph.gateway.orders[account][resting.id] = resting;
    graph.reconcile(account);
  }
  graph.quote(mnq(), "21000");
  graph.run_for(10s);
  EXPECT_TRUE(graph.gateway.requests.empty());
  const auto struck = graph.now();
  graph.quote(mnq(), "20970"); // -30 points of two dollars, times 10 and more
  const auto all_flat = [&] {
    return graph.gateway.effects.size() >= static_cast<std::size_t>(accounts) &&
           graph.gateway.count("cancel") >= static_cast<std::size_t>(accounts);
  };
  EXPECT_TRUE(graph.run_until(all_flat, std::chrono::minutes{30}));
  Measured out;
  std::set<AccountId> seen;
  for (const auto& request : graph.gateway.requests) {
    if (!request.trades()) continue;
    if (seen.empty()) out.first_close = request.at - struck;
    out.last_close = request.at - struck;
    if (request.what == "closeContract" && seen.insert(request.account).second)
      out.order.emplace_back(request.at, request.account);
  }
  const auto reads_begin = graph.now();
  EXPECT_TRUE(graph.run_until(
      [&] {
        std::set<AccountId> proven;
        for (const auto& activity : graph.told) {
          if (const auto* c = std::get_if<actors::Certificate>(&activity.what); c != nullptr && c->achieved)
            proven.insert(c->account);
        }
        return proven.size() == static_cast<std::size_t>(accounts);
      },
      std::chrono::minutes{30}))
      << "after " << (graph.now() - reads_begin).count() << " us";
  for (int n = 1; n <= accounts; ++n) EXPECT_TRUE(graph.gateway.flat(Graph::id(n))) << n;
  out.refused = graph.gateway.refused_429;
  return out;
}

class MassBreach : public ::testing::TestWithParam<int> {};

TEST_P(MassBreach, ClosesAsFastAsTheLimitAllowsTheLargestRiskFirst) {
  const int accounts = GetParam();
  const auto single = breach_all(1);
  const auto many = accounts == 1 ? single : breach_all(accounts);
  // 200 requests leave in each minute, so request k leaves after k / 200 whole minutes.
  const auto requests = 2 * accounts;
  const Duration bound = std::chrono::seconds{60} * ((requests - 1) / 200);
  std::printf("%d accounts: first close %lld us, last of %d requests %.1f s (the limit alone: %lld s)\n",
              accounts, static_cast<long long>(many.first_close.count()), requests,
              std::chrono::duration<double>(many.last_close).count(),
              static_cast<long long>(std::chrono::duration_cast<std::chrono::seconds>(bound).count()));
  EXPECT_LE(many.first_close, 2 * single.first_close);
  EXPECT_LE(many.last_close, bound * 11 / 10 + 100ms);
  EXPECT_EQ(many.refused, 0U);
  ASSERT_EQ(many.order.size(), static_cast<std::size_t>(accounts));
  // What the first window takes goes by arrival; whoever has to wait goes by risk.
  for (std::size_t i = 100; i < many.order.size(); ++i) {
    for (std::size_t later = i + 1; later < many.order.size(); ++later) {
      if (many.order[later].first - many.order[i].first < 1s)
        continue; // one window's requests leave together
      ASSERT_GT(many.order[i].second, many.order[later].second);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Of, MassBreach, ::testing::Values(1, 10, 100, 1000));

/// How many round trips until flat, and until proven.
void count_trips(std::int32_t positions, std::int32_t orders, int trips_to_flat) {
  Graph graph({loss_500()});
  graph.gateway.round_trip = 50ms;
  const auto account = Graph::id(1);
  const std::string names = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmn";
  graph.gateway.positions[account][mnq()] = 20;
  for (int n = 1; n < positions; ++n) {
    graph.gateway.positions[account][contract("T" + names.substr(static_cast<std::size_t>(n), 1))] = 1;
  }
  for (int n = 1; n <= orders; ++n) {
    Order resting = order(n).sell(1).limit("22000").created(graph.now());
    resting.account = account;
    graph.gateway.orders[account][resting.id] = resting;
  }
  graph.reconcile(account);
  graph.quote(mnq(), "21000");
  graph.run_for(1s);
  const auto struck = graph.now();
  graph.quote(mnq(), "20900");
  ASSERT_TRUE(graph.run_until(
      [&] { return graph.gateway.flat(account) && graph.gateway.orders[account].empty(); }, 10s));
  const auto flat = graph.now() - struck;
  ASSERT_TRUE(graph.run_until([&] { return !graph.certificates(account).empty(); }, 10s));
  const auto proven = graph.now() - struck;
  const auto trips = [](Duration d) { return static_cast<int>((d + 49ms) / 50ms); };
  std::printf(
      "%d positions and %d orders: flat after %d round trips, proven after %d; one after the other it "
      "takes %d\n",
      positions, orders, trips(flat), trips(proven), 2 + positions + orders);
  EXPECT_EQ(trips(flat), trips_to_flat);
  EXPECT_LE(trips(proven), trips_to_flat + 1);
}

TEST(RoundTrips, FifteenRequestsTakeOneAndFortyTakeThree) {
  count_trips(5, 10, 1);
  count_trips(10, 30, 3);
}

TEST(Isolation, AnAccountInTroubleCostsAnotherNothing) {
  const auto latency_of_two = [](const ModelGateway::Fault& fault_of_one) {
    Graph graph({max_5()}, 2);
    graph.gateway.fault = [&](const auto& request) {
      return request.account == Graph::id(1) ? fault_of_one : ModelGateway::Fault{};
    };
    graph.gateway.trade(Graph::id(1), mnq(), 6);
    graph.run_for(3s);
    const auto struck = graph.now();
    graph.gateway.trade(Graph::id(2), mnq(), 6);
    EXPECT_TRUE(graph.run_until([&] { return !graph.certificates(Graph::id(2)).empty(); }, 10s));
    EXPECT_TRUE(graph.gateway.flat(Graph::id(2)));
    return graph.now() - struck;
  };
  const auto alone = latency_of_two({});
  EXPECT_LE(latency_of_two({.no_effect = true, .reply_delay = 30s}), 2 * alone);
  EXPECT_LE(latency_of_two({.lost_before = true}), 2 * alone);
  // A 429 pauses the credential's reads, not its closes: the limit is the user's.
  Graph graph({max_5()}, 2);
  graph.gateway.fault = [](const auto& request) {
    return request.account == Graph::id(1) ? ModelGateway::Fault{.status = 429} : ModelGateway::Fault{};
  };
  graph.gateway.trade(Graph::id(1), mnq(), 6);
  graph.run_for(3s);
  graph.gateway.trade(Graph::id(2), mnq(), 6);
  EXPECT_TRUE(graph.run_until([&] { return graph.gateway.flat(Graph::id(2)); }, 100ms));
}

TEST(Budget, StatusSaysWhatFlatteningTakesAndWhatMayBeSent) {
  Graph graph({max_5()});
  graph.gateway.trade(Graph::id(1), mnq(), 3);
  graph.run_for(1s);
  const auto before = graph.view(Graph::id(1));
  EXPECT_EQ(before.flatten_requests, 1U);
  EXPECT_EQ(before.requests_left, 200U);
  graph.gateway.trade(Graph::id(1), mnq(), 6);
  graph.run_for(1s);
  EXPECT_EQ(graph.view(Graph::id(1)).requests_left, 197U); // a close and two reads
}

} // namespace
} // namespace bulkhead::testing
