// Fills, orders of the clock and quotes on their way to accounts that hear only what leaves their bands, on
// the real actors with the next one to act drawn at random: whenever nothing is under way, what the latest
// quotes make of the book has been acted upon.

#include "tests/support/graph.hpp"

#include <gtest/gtest.h>
#include <random>

namespace bulkhead::testing {
namespace {

using namespace actors;

constexpr int accounts = 3;

model::QuoteUpdate quote_at(Price price) {
  QuoteUpdate update;
  update.contract = mnq();
  update.last = update.bid = price;
  update.ask = Price{price.nanos + Price::per_unit / 4};
  return update;
}

/// It knows its account, and its book is complete: without that every quote is wanted.
void begin(Graph& graph, int n) {
  model::Account row;
  row.id = Graph::id(n);
  row.balance = Money::dollars(50'000);
  row.can_trade = true;
  graph.happen(row.id, row);
  graph.reconcile(row.id);
  graph.settle();
}

/// What the test has told the graph, and what must come of it.
class World {
public:
  explicit World(std::uint64_t seed)
      : random_(seed),
        graph_({block("daily_realized_loss", {{"limit", "300"}, {"include_unrealized", "true"}}),
                block("daily_unrealized_loss", {{"loss_limit", "200"}, {"scope", "total"}}),
                block("max_unrealized_profit", {{"profit_target", "250"}})},
               accounts) {
    graph_.shuffle(seed);
    for (int n = 1; n <= accounts; ++n) begin(graph_, n);
  }

  void live(int steps) {
    for (int i = 0; i < steps && !::testing::Test::HasFailure(); ++i) {
      for (int n = draw(1, 4); n > 0; --n) act();
      if (draw(1, 3) > 1) graph_.settle();
      if (draw(1, 3) > 1) graph_.run_for(std::chrono::milliseconds{draw(1, 3000)});
      graph_.settle();
      for (const auto& [n, held] : held_)
        if (held != 0) watching_.insert(n);
      for (int n = 1; n <= accounts; ++n) judge(n);
    }
  }
  std::set<int> acted;

private:
  int draw(int low, int high) {
    return low + static_cast<int>(random_() % static_cast<std::uint64_t>(high - low + 1));
  }
  void act() {
    const int what = draw(1, 10);
    if (what <= 7) {
      price_ += draw(-6, 6) * Price::per_unit;
      graph_.route(quote_at(Price{price_}));
      priced_ = watching_;
    } else if (what <= 8) {
      trade(draw(1, accounts));
    } else {
      graph_.happen(Graph::id(draw(1, accounts)), model::TimeReached{});
    }
  }

  /// A position event by the router, as one of the user hub.
  void trade(int n) {
    if (has_acted(n)) return; // its positions are the gateway's from then on
    auto& held = held_[n];
    // It hears of prices from the first one on that comes while the router knows it.
    if (held == 0) watching_.erase(n), priced_.erase(n);
    held = held != 0 && draw(1, 2) == 1 ? 0 : draw(1, 6);
    PositionUpdate row;
    row.account = Graph::id(n);
    row.contract = mnq();
    row.type = held == 0 ? PositionType::undefined : PositionType::long_;
    row.size = held;
    row.average_price = Price{entry};
    if (held == 0)
      graph_.gateway.positions[row.account].erase(row.contract);
    else
      graph_.gateway.positions[row.account][row.contract] = held;
    graph_.route(row);
  }

  /// By what people were told: to ask the account would make it look.
  [[nodiscard]] bool has_acted(int n) const {
    return std::any_of(graph_.told.begin(), graph_.told.end(), [&](const auto& activity) {
      const auto* decision = std::get_if<Decision>(&activity.what);
      return activity.account == Graph::id(n) && decision != nullptr && !decision->intents.empty();
    });
  }

  void judge(int n) {
    if (has_acted(n)) return void(acted.insert(n));
    if (!priced_.contains(n)) return;
    const auto value = tick("0.25", "0.50").pnl(Price{price_ - entry}, held_[n]);
    EXPECT_GT(value, Money::dollars(-200))
        << "account " << n << " holds " << held_[n] << " at " << to_string(Price{price_});
  }

  static constexpr std::int64_t entry = 21'000 * Price::per_unit;
  std::mt19937_64 random_;
  Graph graph_;
  std::map<int, int> held_;
  std::set<int> watching_, priced_;
  std::int64_t price_ = entry;
};

/// By the price before the fall the larger position would be worth a profit that closes it.
TEST(QuoteBands, LetAnEventMeetThePriceThatWasKeptBack) {
  Graph graph({block("max_unrealized_profit", {{"profit_target", "250"}})}, 1);
  const auto hold = [&](std::int32_t size, std::string_view average) {
    PositionUpdate row;
    row.account = Graph::id(1);
    row.contract = mnq();
    row.type = PositionType::long_;
    row.size = size;
    row.average_price = px(average);
    graph.gateway.positions[row.account][row.contract] = size;
    graph.route(row);
    graph.settle();
  };
  begin(graph, 1);
  hold(1, "21000");
  graph.route(quote_at(px("21000")));
  graph.run_for(std::chrono::seconds{5});
  for (const auto* price : {"21000", "20950"}) {
    graph.route(quote_at(px(price)));
    graph.settle();
  }
  hold(6, "20950");
  for (const auto& activity : graph.told) {
    const auto* decision = std::get_if<Decision>(&activity.what);
    EXPECT_TRUE(decision == nullptr || decision->intents.empty());
  }
}

TEST(QuoteBands, MissNothingWhateverIsOnItsWay) {
  std::uint64_t acted = 0;
  for (std::uint64_t seed = 1; seed <= 400 && !::testing::Test::HasFailure(); ++seed) {
    World world(seed);
    world.live(40);
    acted += world.acted.size();
    if (::testing::Test::HasFailure()) std::cout << "seed " << seed << '\n';
  }
  EXPECT_GT(acted, 20U) << "nothing was proven";
}

} // namespace
} // namespace bulkhead::testing
