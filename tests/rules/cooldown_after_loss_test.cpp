// RULE-007: tiers, scopes, escalation.

#include "tests/support/engine.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using namespace std::chrono_literals;

RuleBlock tiers(Settings settings) {
  ConfigNode list = list_node("loss_thresholds", {});
  for (const auto& [loss, pause] : Settings{{"-100", "300"}, {"-200", "900"}, {"-300", "1800"}})
    list.items.push_back(map_node("tier", {{"loss_amount", loss}, {"cooldown_duration", pause}}));
  return with(block("cooldown_after_loss", settings), "loss_thresholds", list);
}

class Losing {
public:
  explicit Losing(Settings settings = {}) : engine({tiers(std::move(settings))}) {}
  Decision lose(std::chrono::seconds when, std::string_view pnl, std::int64_t order = 0,
                std::string_view fees = "0") {
    ++fills_;
    engine.now = start + when;
    auto one = fill(fills_).sell(1).pnl(pnl).fees(fees);
    return engine.step(one.of_order(order == 0 ? fills_ : order).at(engine.now));
  }
  [[nodiscard]] std::optional<std::chrono::seconds> until() const {
    const auto& rows = engine.state().lockouts.rows();
    if (rows.empty()) return std::nullopt;
    return std::chrono::duration_cast<std::chrono::seconds>(*rows.front().expires_at - start);
  }
  TestEngine engine;
  Instant start = engine.now;

private:
  std::int64_t fills_ = 0;
};

TEST(CooldownAfterLoss, ReachingATierPauses) {
  Losing l;
  EXPECT_TRUE(l.lose(0s, "-75").empty());
  l.lose(1s, "-100.00");
  EXPECT_EQ(l.until(), 301s);
}

TEST(CooldownAfterLoss, FillsOfOneOrderEscalateAndNeverExtend) {
  Losing l;
  EXPECT_TRUE(l.lose(0s, "-60", 9).empty());
  l.lose(1s, "-60", 9);
  EXPECT_EQ(l.until(), 301s);
  l.lose(2s, "-90", 9);
  EXPECT_EQ(l.until(), 902s);
  EXPECT_TRUE(l.lose(3s, "-10", 9).lockouts_set.empty());
  EXPECT_EQ(l.until(), 902s);
}

TEST(CooldownAfterLoss, AnotherLossNeverShortens) {
  Losing l;
  l.lose(0s, "-250");
  EXPECT_EQ(l.until(), 900s);
  l.lose(10s, "-120");
  EXPECT_EQ(l.until(), 900s);
  l.lose(200s, "-250");
  EXPECT_EQ(l.until(), 1100s);
}

TEST(CooldownAfterLoss, FeesCountInTheNetFigure) {
  Losing net;
  Losing gross(Settings{{"pnl_basis", "gross"}});
  for (auto* l : {&net, &gross}) l->lose(0s, "-99.00", 0, "1.40");
  EXPECT_EQ(net.until(), 300s);
  EXPECT_FALSE(gross.until());
}

TEST(CooldownAfterLoss, FillScopeLooksAtEachFill) {
  Losing l(Settings{{"loss_scope", "fill"}});
  for (int i = 0; i < 3; ++i) l.lose(std::chrono::seconds{i}, "-90", 9);
  EXPECT_FALSE(l.until());
}

TEST(CooldownAfterLoss, ARoundTripSumsFromFlatToFlat) {
  TestEngine engine({tiers({{"loss_scope", "round_trip"}})});
  engine.on(fill(1).buy(2));
  engine.on(fill(2).sell(1).pnl("-60"));
  EXPECT_TRUE(engine.state().lockouts.rows().empty());
  engine.on(fill(3).sell(1).pnl("-60"));
  EXPECT_EQ(engine.state().lockouts.rows().size(), 1u);
  TestEngine two({tiers({{"loss_scope", "round_trip"}})});
  two.on(fill(1).buy(1));
  two.on(fill(2).sell(1).pnl("-60"));
  two.on(fill(3).buy(1));
  two.on(fill(4).sell(1).pnl("-60"));
  EXPECT_TRUE(two.state().lockouts.rows().empty());
}

TEST(CooldownAfterLoss, AFlipEndsOneRoundTripAndBeginsTheNext) {
  TestEngine engine({tiers({{"loss_scope", "round_trip"}})});
  engine.on(fill(1).buy(1));
  engine.on(fill(2).sell(2).pnl("-60"));
  engine.on(fill(3).buy(1).pnl("-60"));
  EXPECT_TRUE(engine.state().lockouts.rows().empty());
}

TEST(CooldownAfterLoss, WhatAFlipLeavesOpenIsOneRoundTrip) {
  TestEngine engine({tiers({{"loss_scope", "round_trip"}})});
  engine.on(fill(1).buy(1));
  engine.on(fill(2).sell(3).pnl("-10"));
  engine.on(fill(3).buy(1).pnl("-60"));
  EXPECT_TRUE(engine.state().lockouts.rows().empty());
  engine.on(fill(4).buy(1).pnl("-60"));
  EXPECT_EQ(engine.state().lockouts.rows().size(), 1u);
}

TEST(CooldownAfterLoss, ALaterRoundTripBeginsWithTheCostsOfItsEntry) {
  TestEngine engine({tiers({{"loss_scope", "round_trip"}})});
  engine.on(fill(1).buy(1));
  engine.on(fill(2).sell(1).pnl("-10"));
  engine.on(fill(3).buy(1).fees("5"));
  engine.on(fill(4).sell(1).pnl("-95"));
  EXPECT_EQ(engine.state().lockouts.rows().size(), 1u);
}

TEST(CooldownAfterLoss, ClosesAndCancelsUnlessToldToKeep) {
  Losing closing;
  Losing keeping(Settings{{"close_positions", "false"}});
  for (auto* l : {&closing, &keeping}) {
    l->engine.on(position(es()).long_(1));
    l->engine.on(order(70).on(es()).sell(1).stop("5000"));
    l->engine.on(order(71).on(es()).buy(1).limit("5000"));
  }
  EXPECT_EQ(asked(closing.lose(0s, "-100")), "close ES, cancel 70, cancel 71");
  EXPECT_EQ(asked(keeping.lose(0s, "-100")), "cancel 71");
  EXPECT_EQ(asked(keeping.engine.on(position(es()).long_(1).average("1"))), "");
}

TEST(CooldownAfterLoss, WarnsOnlyWhenTradingIsAllowed) {
  Losing l(Settings{{"allow_trading_during_cooldown", "true"}});
  EXPECT_EQ(l.lose(0s, "-100").breaches.size(), 1u);
  EXPECT_FALSE(l.until());
}

TEST(CooldownAfterLoss, AVoidedLossKeepsTheCooldown) {
  Losing l;
  l.lose(0s, "-100");
  l.engine.on(fill(1).sell(1).pnl("-100").executed(l.start).voided());
  EXPECT_EQ(l.until(), 300s);
}

TEST(CooldownAfterLoss, ALossWhoseCooldownWouldBeOverStartsNone) {
  Losing l;
  l.engine.now += 1h;
  EXPECT_TRUE(l.engine.on(fill(1).sell(1).pnl("-100").executed(l.start)).lockouts_set.empty());
}

TEST(CooldownAfterLoss, RefusesTiersThatDoNotGrow) {
  ConfigNode list = list_node("loss_thresholds", {});
  for (int i = 0; i < 2; ++i)
    list.items.push_back(
        map_node("tier", {{"loss_amount", i == 0 ? "100" : "200"}, {"cooldown_duration", "300"}}));
  EXPECT_TRUE(
      has_errors(TestEngine({with(block("cooldown_after_loss", {}), "loss_thresholds", list)}).problems));
  EXPECT_TRUE(has_errors(TestEngine({block("cooldown_after_loss", {})}).problems));
  EXPECT_FALSE(has_errors(
      TestEngine({block("cooldown_after_loss", {{"loss_threshold", "100"}, {"cooldown_seconds", "60"}})})
          .problems));
}

} // namespace
} // namespace bulkhead::testing
