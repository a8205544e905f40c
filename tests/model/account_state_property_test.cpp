// Properties of the fold over random streams of events. Streams come from a seed that every failure prints.

#include "model/account_state.hpp"
#include "tests/support/builders.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <vector>

namespace bulkhead::model {
namespace {

using namespace testing;
using namespace std::chrono_literals;

const Instant t0 = instant("2026-07-15T20:30:00Z"); // 90 minutes before a reset
constexpr int streams = 500;
constexpr int events_per_stream = 200;

/// A believable, badly ordered life of one account: few contracts and ids, so that everything collides.
class Stream {
public:
  explicit Stream(unsigned seed) : random_(seed) {}

  Event next() {
    now_ += std::chrono::milliseconds{draw(0, 60'000)};
    const int kind = draw(0, 99);
    if (kind < 30) return position_row().at(now_);
    if (kind < 60) return order_row().at(now_);
    if (kind < 80) return fill_row().at(now_);
    if (kind < 92) return quote_row().at(now_);
    if (kind < 96) return read_all().at(now_);
    if (kind < 97) return testing::at(now_, learned(any_contract(), "0.25", "0.5"));
    if (kind < 98) return testing::at(now_, Restarted{});
    if (kind < 99) return account().balance(std::to_string(draw(0, 3))).can_trade(draw(0, 1) == 0).at(now_);
    return testing::at(now_, next_reset());
  }
  ReadBuilder read_all() {
    auto all = read(now_ - std::chrono::milliseconds{draw(1, 30'000)});
    for (const auto& id : contracts_) {
      if (draw(0, 1) == 0) all.has(PositionUpdate(position_row().with([&](auto& p) { p.contract = id; })));
    }
    for (int i = 0; i < 3; ++i) all.has(Order(order_row()));
    for (int i = 0; i < 3; ++i) all.has(Fill(fill_row()));
    if (draw(0, 1) == 0) all.sees_suspended();
    return all;
  }
  [[nodiscard]] Instant now() const { return now_; }

private:
  int draw(int low, int high) { return std::uniform_int_distribution{low, high}(random_); }
  /// Within a minute of now, earlier more often than later: stamps of the venue.
  Instant around_now() { return now_ + std::chrono::milliseconds{draw(-50'000, 5'000)}; }
  const ContractId& any_contract() { return contracts_[static_cast<std::size_t>(draw(0, 3))]; }

  PositionBuilder position_row() {
    auto row = position(any_contract());
    row.of(static_cast<PositionType>(draw(0, 2)), std::max(-1, draw(-3, 4)));
    if (draw(0, 2) != 0) row.average(std::to_string(draw(20'000, 20'003)));
    if (draw(0, 1) == 0) row.id(draw(1, 2));
    if (draw(0, 1) == 0) row.created(around_now());
    return row;
  }
  OrderBuilder order_row() {
    auto row = order(draw(1, 12)).on(any_contract()).status(static_cast<OrderStatus>(draw(0, 9)));
    return row.buy(draw(1, 3)).filled(draw(0, 3)).updated(around_now());
  }
  FillBuilder fill_row() {
    const int number = draw(1, 30);
    auto row = fill(number).fees("1.40").executed(t0 + number * 5min); // some before the reset, some after
    if (number % 3 != 0) row.pnl(std::to_string(number * 7 - 100));
    if (draw(0, 4) == 0) row.voided();
    return row;
  }
  QuoteBuilder quote_row() {
    auto row = quote(any_contract());
    if (draw(0, 1) == 0) row.last(std::to_string(draw(-1, 3) * 10'000));
    if (draw(0, 1) == 0) row.bid(std::to_string(draw(20'000, 20'004)));
    if (draw(0, 1) == 0) row.ask(std::to_string(draw(20'002, 20'006)));
    return row;
  }
  DailyReset next_reset() const {
    const auto schedule = ResetSchedule::make(time_of_day("17:00"), "America/Chicago").value();
    return reset(schedule.last_at_or_before(now_));
  }

  std::mt19937 random_;
  Instant now_ = t0;
  std::vector<ContractId> contracts_ = {mnq(), es(), rty(), cl()};
};

/// Duplicates may be counted as irregular again; everything else must not notice them.
AccountState without_counters(AccountState state) {
  state.irregular = {};
  return state;
}

TEST(AccountStateProperty, ApplyingEveryEventTwiceGivesTheSameBook) {
  for (unsigned seed = 1; seed <= streams; ++seed) {
    Stream stream(seed);
    AccountState once;
    AccountState twice;
    for (int i = 0; i < events_per_stream; ++i) {
      const Event event = stream.next();
      (void)apply(once, event);
      (void)apply(twice, event);
      (void)apply(twice, event);
      ASSERT_EQ(once.positions, twice.positions)
          << "seed " << seed << ", event " << i << ' ' << kind_name(event);
      ASSERT_EQ(once.orders, twice.orders) << "seed " << seed << ", event " << i << ' ' << kind_name(event);
      ASSERT_EQ(once.ledger, twice.ledger) << "seed " << seed << ", event " << i << ' ' << kind_name(event);
    }
    ASSERT_TRUE(without_counters(once) == without_counters(twice)) << "seed " << seed;
  }
}

TEST(AccountStateProperty, ADuplicateOfTheBookIsNeverReportedAsAChange) {
  constexpr EventMask book = events<Account, PositionUpdate, Order, Fill>();
  for (unsigned seed = 1; seed <= streams; ++seed) {
    Stream stream(seed);
    AccountState state;
    for (int i = 0; i < events_per_stream; ++i) {
      const Event event = stream.next();
      (void)apply(state, event);
      if ((mask_of(event) & book) == 0) continue;
      ASSERT_NE(apply(state, event), Applied::changed)
          << "seed " << seed << ", event " << i << ' ' << kind_name(event);
    }
  }
}

void expect_consistent(const AccountState& state) {
  for (const auto& [id, held] : state.positions) {
    ASSERT_NE(held.quantity, 0);
    ASSERT_EQ(held.contract, id);
    ASSERT_EQ(held.epoch, state.contracts.at(id).epoch);
    ASSERT_LE(held.opened_at, held.increased_at);
    ASSERT_LE(held.increased_at, held.seen_at);
  }
  for (const auto& [id, known] : state.orders) {
    ASSERT_TRUE(known.order.live());
    ASSERT_FALSE(state.ended_orders.contains(id)) << "order " << id.value << " lives and has ended";
  }
  Money net;
  std::size_t counted = 0;
  for (const auto& [id, booked] : state.ledger.fills()) {
    if (booked.voided || booked.executed_at < state.ledger.start() ||
        booked.executed_at >= state.ledger.end()) {
      continue;
    }
    net += booked.gross() - booked.costs();
    ++counted;
  }
  ASSERT_EQ(state.ledger.net(), net);
  ASSERT_EQ(state.ledger.count(), counted);
}

TEST(AccountStateProperty, TheBookIsConsistentAfterEveryEvent) {
  for (unsigned seed = 1; seed <= streams; ++seed) {
    Stream stream(seed);
    AccountState state;
    for (int i = 0; i < events_per_stream; ++i) {
      const Event event = stream.next();
      (void)apply(state, event);
      expect_consistent(state);
      if (::testing::Test::HasFatalFailure()) {
        FAIL() << "seed " << seed << ", event " << i << ' ' << kind_name(event);
      }
    }
  }
}

TEST(AccountStateProperty, EpochsOnlyGrowAndGrowWithEveryOpening) {
  for (unsigned seed = 1; seed <= streams; ++seed) {
    Stream stream(seed);
    AccountState state;
    for (int i = 0; i < events_per_stream; ++i) {
      const AccountState before = state;
      (void)apply(state, stream.next());
      for (const auto& [id, record] : before.contracts) ASSERT_GE(state.contracts.at(id).epoch, record.epoch);
      for (const auto& [id, held] : state.positions) {
        if (before.positions.contains(id)) continue;
        const auto record = before.contracts.find(id);
        ASSERT_GT(held.epoch, record == before.contracts.end() ? 0u : record->second.epoch)
            << "seed " << seed << ", event " << i;
      }
    }
  }
}

TEST(AccountStateProperty, AReadAskedForAfterEverythingIsTheTruthWhateverHappenedBefore) {
  for (unsigned seed = 1; seed <= streams; ++seed) {
    Stream stream(seed);
    AccountState state;
    for (int i = 0; i < events_per_stream; ++i) (void)apply(state, stream.next());
    const Instant asked = stream.now() + 1s;
    auto truth = read(asked).sees_suspended();
    truth.has(PositionUpdate(position(mnq()).short_(3).average("21000")));
    truth.has(Order(order(99).updated(asked)));
    (void)apply(state, truth.at(asked + 1s));
    ASSERT_EQ(state.positions.size(), 1u) << "seed " << seed;
    ASSERT_EQ(state.quantity(mnq()), -3) << "seed " << seed;
    ASSERT_EQ(state.orders.size(), 1u) << "seed " << seed;
    ASSERT_TRUE(state.orders.contains(OrderId{99})) << "seed " << seed;
  }
}

} // namespace
} // namespace bulkhead::model
