// The engine around the rules: lockout gate, latch, merge, restart, operator orders, failures.

#include "tests/support/engine.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

TestEngine locked(LockoutMode mode, std::optional<std::string> symbol = std::nullopt) {
  TestEngine engine({});
  engine.on(position(mnq()).long_(2));
  Lockout row;
  row.source = Source::rule(6);
  row.kind = LockoutKind::cooldown;
  row.mode = mode;
  row.created_at = engine.now;
  row.expires_at = engine.now + std::chrono::minutes{10};
  row.reason = "test";
  if (symbol) row.symbol = Root{*symbol};
  engine.happen(LockoutOrdered{row});
  return engine;
}

TEST(LockoutGate, FlattenClosesWhatIsOpenWhenItIsSet) {
  auto engine = locked(LockoutMode::flatten);
  EXPECT_EQ(asked(engine.last), "close MNQ");
}

TEST(LockoutGate, ClosesAFillWhileLockedAndCountsTheViolation) {
  auto engine = locked(LockoutMode::flatten);
  engine.on(position(mnq()).flat());
  EXPECT_EQ(asked(engine.on(position(es()).long_(1))), "close ES");
  EXPECT_EQ(engine.state().lockouts.rows().at(0).violations, 2U);
}

TEST(LockoutGate, NamesTheSameRowInWhateverOrderTheyWereLaid) {
  const auto reason = [](Source first, Source second) {
    TestEngine engine({});
    for (const auto source : {first, second})
      engine.happen(LockoutOrdered{lockout(source, engine.now).because("test")});
    engine.on(order(1).on(mnq()).buy(1).limit("20000"));
    const auto cancel = engine.last.intents.at(0).reason;
    return engine.on(position(mnq()).long_(1)).intents.at(0).reason + "; " + cancel;
  };
  EXPECT_EQ(reason(Source::rule(6), Source::rule(3)), reason(Source::rule(3), Source::rule(6)));
}

TEST(LockoutGate, AsksForTheSameCloseOnlyOnce) {
  auto engine = locked(LockoutMode::flatten);
  EXPECT_EQ(asked(engine.on(position(mnq()).long_(2).average("21000"))), "");
  for (int i = 0; i < 10; ++i) EXPECT_EQ(asked(engine.on(quote(mnq()).last("20900"))), "");
}

TEST(LockoutGate, WhatIsProvenGoneIsNotClosedAgainUntilSomebodySpeaksOfIt) {
  auto engine = locked(LockoutMode::flatten);
  const auto close = engine.last.intents.at(0).id;
  EXPECT_EQ(asked(engine.happen(IntentReported{close, IntentOutcome::achieved, ""})), "");
  for (int i = 0; i < 10; ++i) EXPECT_EQ(asked(engine.on(quote(mnq()).last("20900"))), "");
  EXPECT_EQ(asked(engine.on(position(mnq()).long_(2).average("21000"))), "close MNQ");
}

TEST(LockoutGate, ANewEpochIsClosedAgainUnderAnotherId) {
  auto engine = locked(LockoutMode::flatten);
  const auto first = engine.last.intents.at(0).id;
  engine.on(position(mnq()).flat());
  EXPECT_EQ(asked(engine.on(position(mnq()).long_(1))), "close MNQ");
  EXPECT_NE(engine.last.intents.at(0).id, first);
}

TEST(LockoutGate, AReversalByARestingStopIsClosed) {
  auto engine = locked(LockoutMode::flatten);
  EXPECT_EQ(asked(engine.on(position(mnq()).short_(2))), "close MNQ");
}

TEST(LockoutGate, CancelsEntriesAndLeavesReducingOrdersWhileThePositionIsOpen) {
  auto engine = locked(LockoutMode::flatten);
  EXPECT_EQ(asked(engine.on(order(1).on(mnq()).sell(2).stop("20900"))), "");
  EXPECT_EQ(asked(engine.on(order(2).on(mnq()).buy(1).limit("20900"))), "cancel 2");
}

TEST(LockoutGate, CancelsTheStopOnceItWouldOpenAPosition) {
  auto engine = locked(LockoutMode::flatten);
  engine.on(order(1).on(mnq()).sell(2).stop("20900"));
  EXPECT_EQ(asked(engine.on(position(mnq()).flat())), "cancel 1");
}

TEST(LockoutGate, LeavesSuspendedBracketChildrenAlone) {
  auto engine = locked(LockoutMode::flatten);
  EXPECT_EQ(asked(engine.on(order(1).on(es()).buy(1).stop("5900").status(OrderStatus::suspended))), "");
}

TEST(LockoutGate, NoNewExposureKeepsTheBaselineAndCutsWhatExceedsIt) {
  auto engine = locked(LockoutMode::no_new_exposure);
  EXPECT_EQ(asked(engine.last), "");
  EXPECT_EQ(asked(engine.on(position(mnq()).long_(3))), "reduce MNQ to 2");
  EXPECT_EQ(asked(engine.on(position(mnq()).long_(1))), "");
  EXPECT_EQ(asked(engine.on(position(mnq()).long_(2))), "reduce MNQ to 1"); // the baseline has shrunk
}

TEST(LockoutGate, NoNewExposureClosesAFlipAndANewContract) {
  auto engine = locked(LockoutMode::no_new_exposure);
  EXPECT_EQ(asked(engine.on(position(mnq()).short_(1))), "close MNQ");
  EXPECT_EQ(asked(engine.on(position(es()).long_(1))), "close ES");
}

TEST(LockoutGate, NoNewExposureKeepsProtectiveOrders) {
  auto engine = locked(LockoutMode::no_new_exposure);
  EXPECT_EQ(asked(engine.on(order(1).on(mnq()).sell(2).stop("20900"))), "");
  EXPECT_EQ(asked(engine.on(order(2).on(mnq()).buy(1).limit("20900"))), "cancel 2");
  EXPECT_EQ(asked(engine.on(order(3).on(mnq()).sell(5).limit("21900"))),
            "cancel 3"); // would open the other side
}

TEST(LockoutGate, ASymbolLockoutLeavesOtherSymbolsAlone) {
  auto engine = locked(LockoutMode::flatten, "RTY");
  EXPECT_EQ(asked(engine.last), "");
  EXPECT_EQ(asked(engine.on(position(rty()).long_(1))), "close RTY");
}

TEST(LockoutGate, EndsExactlyAtItsExpiry) {
  auto engine = locked(LockoutMode::flatten);
  engine.on(position(mnq()).flat());
  const auto end = *engine.state().lockouts.rows().at(0).expires_at;
  engine.step(at(end - Duration{1}, TimeReached{}));
  EXPECT_TRUE(engine.state().lockouts.locked());
  EXPECT_EQ(engine.step(at(end, TimeReached{})).lockouts_cleared.size(), 1U);
}

TEST(LockoutGate, StateIsKeptWhileLocked) {
  auto engine = locked(LockoutMode::flatten);
  engine.on(fill(1).sell(2).pnl("-40").fees("1"));
  engine.on(position(mnq()).flat());
  EXPECT_EQ(engine.state().ledger.net(), usd("-41"));
  EXPECT_TRUE(engine.state().positions.empty());
}

TEST(RiskEngine, TheStrongestWishPerContractWinsAndEveryLockoutIsStored) {
  RuleBlock instruments =
      block("max_contracts_per_instrument", {{"unknown_symbol_action", "allow_unlimited"}});
  instruments.settings.entries.emplace_back("limits", map_node("limits", {{"MNQ", "2"}}));
  TestEngine engine({block("max_contracts", {{"limit", "5"}}), instruments});
  EXPECT_EQ(asked(engine.on(position(mnq()).long_(6))), "close MNQ");
  EXPECT_EQ(engine.last.breaches.size(), 2U);
  EXPECT_EQ(engine.last.intents.at(0).source, Source::rule(1));
}

TEST(RiskEngine, AFailedIntentIsAskedForAgainAfterAPauseUnderTheNextOrdinal) {
  auto engine = locked(LockoutMode::flatten);
  const auto intent = engine.last.intents.at(0);
  EXPECT_EQ(asked(engine.happen(IntentReported{intent.id, IntentOutcome::failed, ""})), "");
  ASSERT_TRUE(engine.last.wake_at);
  const auto decision = engine.step(at(*engine.last.wake_at, TimeReached{}));
  EXPECT_EQ(asked(decision), "close MNQ");
  EXPECT_EQ(decision.intents.at(0).ordinal, intent.ordinal + 1);
}

TEST(RiskEngine, ACancelThatFailedIsAskedForAgainUnderTheNextOrdinal) {
  auto engine = locked(LockoutMode::flatten);
  auto decision = engine.on(order(7).buy(1).limit("20000"));
  for (int ordinal = 1; ordinal <= 3; ++ordinal) {
    EXPECT_EQ(decision.intents.at(0).ordinal, ordinal) << asked(decision);
    engine.happen(IntentReported{decision.intents.at(0).id, IntentOutcome::failed, ""});
    decision = engine.step(at(engine.last.wake_at.value(), TimeReached{}));
  }
}

TEST(RiskEngine, AfterARestartNothingIsDoneBeforeTheBookIsSeenAnew) {
  auto engine = locked(LockoutMode::flatten);
  const auto id = engine.last.intents.at(0).id;
  engine.now += std::chrono::seconds{5};
  EXPECT_EQ(asked(engine.happen(Restarted{})), "");
  EXPECT_EQ(asked(engine.happen(TimeReached{})), "");
  const auto decision = engine.on(read(engine.now).has(position(mnq()).long_(2)));
  EXPECT_EQ(asked(decision), "close MNQ");
  EXPECT_EQ(decision.intents.at(0).id, id); // the same breach, the same id
}

TEST(RiskEngine, AfterARestartAFlatBookNeedsNothing) {
  auto engine = locked(LockoutMode::flatten);
  engine.now += std::chrono::seconds{5};
  engine.happen(Restarted{});
  EXPECT_EQ(asked(engine.on(read(engine.now))), "");
  EXPECT_TRUE(engine.state().lockouts.locked());
}

TEST(RiskEngine, AnInterruptedManualFlattenGoesOnAfterARestart) {
  TestEngine engine({});
  engine.on(position(mnq()).long_(2));
  EXPECT_EQ(asked(engine.happen(FlattenOrdered{"by hand"})), "close MNQ");
  engine.now += std::chrono::seconds{5};
  engine.happen(Restarted{});
  EXPECT_EQ(asked(engine.on(read(engine.now).has(position(mnq()).long_(2)))), "close MNQ");
}

TEST(RiskEngine, AnAdminWhoLiftsALockoutIsNotOverruledByTheNextEvent) {
  TestEngine engine({block("daily_realized_loss", {{"limit", "500"}})});
  engine.on(fill(1).sell(1).pnl("-500"));
  EXPECT_EQ(engine.happen(LockoutLifted{Source::rule(3)}).lockouts_cleared.size(), 1U);
  EXPECT_TRUE(engine.on(fill(2)).lockouts_set.empty());
  EXPECT_FALSE(engine.state().lockouts.locked());
}

TEST(RiskEngine, StrictModeTurnsAnyBreachIntoAPermanentLockout) {
  TestEngine engine({block("max_contracts", {{"limit", "5"}})}, true);
  const auto decision = engine.on(position(mnq()).long_(6));
  ASSERT_EQ(decision.lockouts_set.size(), 1U);
  EXPECT_FALSE(decision.lockouts_set[0].expires_at);
}

TEST(RiskEngine, ReloadedRulesAreAppliedAtOnce) {
  TestEngine engine({block("max_contracts", {{"limit", "9"}})});
  engine.on(position(mnq()).long_(6));
  TestEngine tighter({block("max_contracts", {{"limit", "5"}})});
  engine.engine().use_rules(std::make_shared<rules::RuleSet>(tighter.rules()));
  EXPECT_EQ(asked(engine.happen(ConfigReloaded{})), "close MNQ");
}

/// A rule set whose only rule does as it is told.
std::shared_ptr<const rules::RuleSet> only(rules::Evaluate evaluate) {
  static const rules::RuleSpec spec{
      .number = 99, .key = "x", .name = "X", .summary = "x", .events = events<Fill>()};
  auto set = std::make_shared<rules::RuleSet>(TestEngine({}).rules());
  rules::BoundRule bound;
  bound.spec = &spec;
  bound.source = Source::rule(99);
  bound.binding.evaluate = std::move(evaluate);
  set->rules.push_back(bound);
  return set;
}

TEST(RiskEngine, ARuleThatFailsThreeTimesInARowIsAnnouncedOnce) {
  TestEngine engine({});
  bool fails = true;
  engine.engine().use_rules(only([&](const rules::RuleContext&) -> rules::Verdict {
    if (fails) throw std::runtime_error("no tick data");
    return {};
  }));
  EXPECT_TRUE(engine.on(fill(1)).alerts.empty());
  EXPECT_TRUE(engine.on(fill(2)).alerts.empty());
  EXPECT_EQ(engine.on(fill(3)).alerts.at(0).severity, Alert::Severity::critical);
  EXPECT_TRUE(engine.on(fill(4)).alerts.empty());
  EXPECT_EQ(engine.state().irregular.rule_failures, 4u);
  fails = false;
  engine.on(fill(5));
  EXPECT_TRUE(engine.state().failing.empty());
}

TEST(RiskEngine, ARuleIsAskedWhenItsTimeHasComeWhateverHappens) {
  TestEngine engine({});
  int asked_times = 0;
  engine.engine().use_rules(only([&](const rules::RuleContext& context) {
    ++asked_times;
    rules::Verdict verdict;
    verdict.memory["x"].number = context.memory("x") == nullptr ? 1 : context.memory("x")->number + 1;
    verdict.wake(context.event.at + std::chrono::seconds{5});
    return verdict;
  }));
  engine.on(fill(1));
  EXPECT_EQ(engine.last.wake_at, engine.now + std::chrono::seconds{5});
  engine.on(account().balance("1"));
  EXPECT_EQ(asked_times, 1);
  engine.now += std::chrono::seconds{5};
  engine.on(account().balance("2"));
  EXPECT_EQ(asked_times, 2);
  EXPECT_EQ(engine.state().memory.at({Source::rule(99), "x"}).number, 2);
}

TEST(RiskEngine, ALaterOccasionIsABreachOfItsOwn) {
  TestEngine engine({});
  Instant occasion = engine.now;
  engine.engine().use_rules(only([&](const rules::RuleContext&) {
    rules::Finding finding;
    finding.occasion = occasion;
    return rules::Verdict{{finding}, {}};
  }));
  EXPECT_EQ(engine.on(fill(1)).breaches.size(), 1u);
  EXPECT_TRUE(engine.on(fill(2)).breaches.empty());
  occasion += Duration{1};
  EXPECT_EQ(engine.on(fill(3)).breaches.size(), 1u);
}

TEST(RiskEngine, AConditionThatOutlastsItsLockoutLocksAgain) {
  TestEngine engine({});
  engine.engine().use_rules(only([&](const rules::RuleContext& context) {
    rules::Finding finding;
    Lockout row;
    row.expires_at = context.event.at + std::chrono::seconds{5};
    finding.lockout = row;
    return rules::Verdict{{finding}, {}};
  }));
  engine.on(fill(1));
  const Instant end = engine.now + std::chrono::seconds{5};
  const auto decision = engine.step(at(end, TimeReached{}));
  EXPECT_EQ(decision.lockouts_cleared.size(), 1u);
  EXPECT_EQ(decision.lockouts_set.size(), 1u);
}

} // namespace
} // namespace bulkhead::testing
