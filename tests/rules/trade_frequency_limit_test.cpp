// RULE-006: windows, units, extension, whose trades count.

#include "tests/support/engine.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using namespace std::chrono_literals;

class Frequency {
public:
  explicit Frequency(Settings settings = {},
                     Settings limits = {{"per_minute", "3"}, {"per_hour", "10"}, {"per_session", "50"}})
      : engine(std::vector<RuleBlock>{
            with(block("trade_frequency_limit", settings), "limits", map_node("limits", limits))}) {}

  Decision trade(std::chrono::milliseconds at, std::int64_t order = 0) {
    ++fills_;
    engine.now = start + at;
    return engine.step(fill(fills_).of_order(order == 0 ? fills_ : order).at(engine.now));
  }
  Decision trades(std::initializer_list<int> seconds) {
    Decision last;
    for (const int s : seconds) last = trade(std::chrono::seconds{s});
    return last;
  }
  [[nodiscard]] std::optional<Instant> until() const {
    const auto& rows = engine.state().lockouts.rows();
    return rows.empty() ? std::nullopt : rows.front().expires_at;
  }

  TestEngine engine;
  Instant start = engine.now;

private:
  std::int64_t fills_ = 0;
};

TEST(TradeFrequencyLimit, OneTradeTooManyStartsACooldownFromItsOwnTime) {
  Frequency f;
  const auto decision = f.trades({0, 10, 20, 30});
  EXPECT_EQ(decision.breaches.size(), 1u);
  EXPECT_EQ(f.until(), f.start + 90s);
  EXPECT_EQ(asked(decision), "");
}

TEST(TradeFrequencyLimit, TheWindowIsOpenAtItsStart) {
  Frequency f;
  EXPECT_TRUE(f.trades({0, 10, 20, 60}).empty());
  EXPECT_TRUE(Frequency().trades({0, 10, 20, 70}).empty());
}

TEST(TradeFrequencyLimit, PiecesOfOneOrderAreOneTradeUnlessFillsAreCounted) {
  Frequency orders;
  Frequency fills(Settings{{"count_unit", "fill"}});
  for (auto* f : {&orders, &fills}) {
    for (int i = 0; i < 4; ++i) f->trade(std::chrono::milliseconds{i * 250}, 9);
  }
  EXPECT_FALSE(orders.until());
  EXPECT_EQ(fills.until(), fills.start + 750ms + 60s);
}

TEST(TradeFrequencyLimit, SeveralLimitsAreAllAnnouncedAndTheLatestEndWins) {
  Frequency f({}, {{"per_minute", "3"}, {"per_hour", "3"}});
  const auto decision = f.trades({0, 10, 20, 30});
  EXPECT_EQ(decision.breaches.size(), 2u);
  EXPECT_EQ(decision.lockouts_set.size(), 1u) << "it is one row";
  EXPECT_EQ(f.until(), f.start + 1830s);
}

TEST(TradeFrequencyLimit, AnHourIsAnHour) {
  Frequency just({}, {{"per_hour", "3"}});
  just.trades({0, 10, 20, 3600});
  EXPECT_FALSE(just.until());
  Frequency within({}, {{"per_hour", "3"}});
  within.trades({0, 10, 20, 3599});
  EXPECT_TRUE(within.until());
}

TEST(TradeFrequencyLimit, TradingDuringTheCooldownStartsItAnew) {
  Frequency f;
  f.trades({0, 10, 20, 30});
  f.trade(85s);
  EXPECT_EQ(f.until(), f.start + 145s);
  Frequency lenient(Settings{{"extend_on_violation", "false"}});
  lenient.trades({0, 10, 20, 30});
  lenient.trade(85s);
  EXPECT_EQ(lenient.until(), lenient.start + 90s);
}

TEST(TradeFrequencyLimit, ALiftedCooldownStaysLiftedUntilTheNextExcess) {
  Frequency f;
  f.trades({0, 10, 20, 30});
  f.engine.happen(LockoutLifted{Source::rule(6)});
  EXPECT_FALSE(f.until());
  EXPECT_FALSE((f.engine.happen(TimeReached{}), f.until()));
  f.trade(85s);
  EXPECT_FALSE(f.until());
}

TEST(TradeFrequencyLimit, AVoidedTradeLeavesTheCountAndTheCooldownStays) {
  Frequency f;
  f.trades({0, 10, 20});
  f.engine.on(fill(3).executed(f.start + 20s).voided());
  EXPECT_TRUE(f.trade(30s).empty());
  f.trade(35s);
  EXPECT_TRUE(f.until());
  f.engine.on(fill(5).executed(f.start + 35s).voided());
  EXPECT_TRUE(f.until());
}

TEST(TradeFrequencyLimit, ClosesOfOursAreNotTheTraders) {
  Frequency f;
  f.engine.on(position(mnq()).long_(3));
  f.trades({0, 10, 20});
  f.engine.happen(FlattenOrdered{"by hand"});
  f.engine.now = f.start + 21s;
  EXPECT_TRUE(f.engine.step(fill(99).sell(3).pnl("-5").at(f.engine.now)).empty());
}

TEST(TradeFrequencyLimit, ALateTradeIsCountedAtItsOwnTime) {
  Frequency f;
  f.trades({0, 10, 20, 71});
  f.engine.now = f.start + 72s;
  f.engine.step(fill(9).executed(f.start + 30s).at(f.engine.now)); // four within (-30, 30]
  EXPECT_EQ(f.until(), f.start + 132s) << "more than five seconds late: from its arrival";
}

TEST(TradeFrequencyLimit, UpToFiveSecondsOffATradeCountsFromItsOwnTime) {
  for (const auto off : {5000ms, -5000ms, 5001ms, -5001ms}) {
    Frequency f;
    f.trades({0, 10, 20});
    f.engine.now = f.start + 40s;
    f.engine.step(fill(9).executed(f.engine.now - off).at(f.engine.now));
    const bool near = off <= 5s && off >= -5s;
    EXPECT_EQ(f.until(), f.engine.now - (near ? off : 0ms) + 60s) << off.count();
  }
}

TEST(TradeFrequencyLimit, TheSessionCountEndsAtTheResetAndTheCooldownDoesNot) {
  Frequency f({}, {{"per_session", "2"}});
  const Instant end = instant("2026-07-15T22:00:00Z");
  f.start = end - 20min;
  EXPECT_TRUE(f.trades({0, 1}).empty());
  f.trade(2s);
  f.engine.step(at(end, reset(end)));
  EXPECT_EQ(f.until(), f.start + 2s + 3600s);
  f.engine.step(at(end + 1h, TimeReached{}));
  EXPECT_FALSE(f.until());
  f.start = end + 1h;
  EXPECT_TRUE(f.trades({0, 1}).empty());
}

TEST(TradeFrequencyLimit, KeepsPositionsProtectiveOrdersAndTheTradeThatBreached) {
  Frequency f;
  f.engine.on(position(mnq()).long_(3));
  f.engine.on(order(70).on(mnq()).sell(3).stop("20900"));
  f.engine.on(order(71).on(mnq()).buy(1).limit("20900"));
  EXPECT_EQ(asked(f.trades({10, 20, 30, 40})), "cancel 71");
  EXPECT_EQ(asked(f.engine.on(position(mnq()).long_(4))), "") << "the update of the fourth trade";
  f.engine.now += 10s;
  EXPECT_EQ(asked(f.engine.on(position(mnq()).long_(5))), "reduce MNQ to 4");
}

TEST(TradeFrequencyLimit, RefusesABlockWithoutALimit) {
  EXPECT_TRUE(has_errors(TestEngine({block("trade_frequency_limit", {})}).problems));
  EXPECT_FALSE(has_errors(
      TestEngine({block("trade_frequency_limit", {{"max_trades", "30"}, {"time_window_minutes", "60"}})})
          .problems));
  EXPECT_TRUE(has_errors(Frequency(Settings{{"count_unit", "trades"}}).engine.problems));
}

TEST(TradeFrequency, FillsWithoutAnOrderCountEachForItself) {
  TestEngine engine(
      {with(block("trade_frequency_limit", {}), "limits", map_node("limits", {{"per_minute", "2"}}))});
  const auto trade = [&](std::int64_t id, std::int64_t order) { return engine.on(fill(id).of_order(order)); };
  EXPECT_TRUE(trade(1, 0).breaches.empty());
  EXPECT_TRUE(trade(2, 0).breaches.empty());
  EXPECT_EQ(trade(3, 0).breaches.size(), 1u);
  TestEngine one(
      {with(block("trade_frequency_limit", {}), "limits", map_node("limits", {{"per_minute", "2"}}))});
  for (std::int64_t id = 1; id < 6; ++id)
    EXPECT_TRUE(one.on(fill(id).of_order(1)).breaches.empty()) << "one order";
}

} // namespace
} // namespace bulkhead::testing
