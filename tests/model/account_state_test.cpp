#include "model/account_state.hpp"
#include "tests/support/builders.hpp"

#include <gtest/gtest.h>

namespace bulkhead::model {
namespace {

using namespace testing;
using namespace std::chrono_literals;

const Instant t0 = instant("2026-07-15T18:00:00Z");

const Position& held(const AccountState& state, const ContractId& contract = mnq()) {
  return state.positions.at(contract);
}

TEST(PositionFold, AnOpenPositionIsSignedByItsType) {
  AccountState state;
  EXPECT_EQ(apply(state, position(mnq()).long_(2).average("21000.25").id(7).at(t0)), Applied::changed);
  EXPECT_EQ(apply(state, position(es()).short_(3).average("6000").at(t0)), Applied::changed);
  EXPECT_EQ(state.quantity(mnq()), 2);
  EXPECT_EQ(state.quantity(es()), -3);
  EXPECT_EQ(state.quantity(rty()), 0);
  EXPECT_EQ(held(state).average_price, px("21000.25"));
  EXPECT_EQ(held(state).id, PositionId{7});
  EXPECT_EQ(held(state).epoch, 1u);
}

TEST(PositionFold, ACloseRemovesThePosition) {
  AccountState state;
  (void)apply(state, position(mnq()).long_(2).at(t0));
  EXPECT_EQ(apply(state, position(mnq()).flat().average("21000").at(t0 + 1s)), Applied::changed);
  EXPECT_TRUE(state.positions.empty());
}

TEST(PositionFold, ACloseOfNothingIsUnchanged) {
  AccountState state;
  EXPECT_EQ(apply(state, position(mnq()).flat().at(t0)), Applied::unchanged);
}

TEST(PositionFold, ANoughtSizeIsFlatWhateverTheType) {
  AccountState state;
  (void)apply(state, position(mnq()).long_(2).at(t0));
  (void)apply(state, position(mnq()).long_(0).at(t0 + 1s));
  EXPECT_TRUE(state.positions.empty());
}

TEST(PositionFold, ScalingKeepsTheEpoch) {
  AccountState state;
  (void)apply(state, position(mnq()).long_(1).at(t0));
  (void)apply(state, position(mnq()).long_(3).average("21001").at(t0 + 1s));
  (void)apply(state, position(mnq()).long_(2).at(t0 + 2s));
  EXPECT_EQ(held(state).epoch, 1u);
  EXPECT_EQ(held(state).quantity, 2);
  EXPECT_EQ(held(state).average_price, px("21001"));
  EXPECT_EQ(held(state).opened_at, t0);
  EXPECT_EQ(held(state).increased_at, t0 + 1s) << "a smaller size is no increase";
  EXPECT_EQ(held(state).seen_at, t0 + 2s);
}

TEST(PositionFold, AFlipBeginsANewEpoch) {
  AccountState state;
  (void)apply(state, position(mnq()).long_(2).average("21000").at(t0));
  EXPECT_EQ(apply(state, position(mnq()).short_(2).average("21010").created(t0).at(t0 + 5s)),
            Applied::changed);
  EXPECT_EQ(held(state).quantity, -2);
  EXPECT_EQ(held(state).epoch, 2u);
  EXPECT_EQ(held(state).opened_at, t0 + 5s) << "the creation is that of the position before";
  EXPECT_EQ(held(state).increased_at, t0 + 5s);
}

TEST(PositionFold, AFlipForgetsTheAverageOfTheOtherSide) {
  AccountState state;
  (void)apply(state, position(mnq()).long_(2).average("21000").at(t0));
  (void)apply(state, position(mnq()).short_(2).at(t0 + 1s));
  EXPECT_EQ(held(state).average_price, Price{});
}

TEST(PositionFold, EpochsGoOnAfterAClose) {
  AccountState state;
  for (Epoch epoch = 1; epoch <= 3; ++epoch) {
    (void)apply(state, position(mnq()).long_(1).at(t0 + epoch * 10s));
    EXPECT_EQ(held(state).epoch, epoch);
    (void)apply(state, position(mnq()).flat().at(t0 + epoch * 10s + 5s));
  }
}

TEST(PositionFold, ContractsCountTheirEpochsAlone) {
  AccountState state;
  (void)apply(state, position(mnq()).long_(1).at(t0));
  (void)apply(state, position(mnq()).short_(1).at(t0 + 1s));
  (void)apply(state, position(contract("MNQ", "Z26")).long_(1).at(t0 + 2s));
  EXPECT_EQ(held(state, contract("MNQ", "Z26")).epoch, 1u);
}

TEST(PositionFold, AnotherPositionIdIsAnotherEpoch) {
  AccountState state;
  (void)apply(state, position(mnq()).long_(1).id(7).at(t0));
  (void)apply(state, position(mnq()).long_(1).id(8).at(t0 + 1s));
  EXPECT_EQ(held(state).epoch, 2u);
  (void)apply(state, position(mnq()).long_(2).at(t0 + 2s)); // an update may leave the id out
  EXPECT_EQ(held(state).epoch, 2u);
  EXPECT_EQ(held(state).id, PositionId{8});
}

TEST(PositionFold, ADuplicateIsUnchangedButSeen) {
  AccountState state;
  (void)apply(state, position(mnq()).long_(2).average("21000").at(t0));
  EXPECT_EQ(apply(state, position(mnq()).long_(2).average("21000").at(t0 + 9s)), Applied::unchanged);
  EXPECT_EQ(held(state).seen_at, t0 + 9s);
}

TEST(PositionFold, ANewAverageAloneIsAChange) {
  AccountState state;
  (void)apply(state, position(mnq()).long_(2).average("21000").at(t0));
  EXPECT_EQ(apply(state, position(mnq()).long_(2).average("21000.25").at(t0 + 9s)), Applied::changed);
}

TEST(PositionFold, AnUpdateWithoutAverageKeepsTheKnownOne) {
  AccountState state;
  (void)apply(state, position(mnq()).long_(2).average("21000").at(t0));
  (void)apply(state, position(mnq()).long_(1).at(t0 + 1s));
  EXPECT_EQ(held(state).average_price, px("21000"));
}

TEST(PositionFold, RefusesANegativeSizeAndKeepsTheBook) {
  AccountState state;
  (void)apply(state, position(mnq()).long_(2).at(t0));
  EXPECT_EQ(apply(state, position(mnq()).of(PositionType::long_, -2).at(t0 + 1s)), Applied::refused);
  EXPECT_EQ(state.quantity(mnq()), 2);
  EXPECT_EQ(held(state).seen_at, t0);
  EXPECT_EQ(state.irregular.refused_positions, 1u);
}

TEST(PositionFold, ASizeWithoutDirectionIsCountedButNotValued) {
  AccountState state;
  (void)apply(state, at(t0, learned(mnq(), "0.25", "0.5")));
  (void)apply(state, quote(mnq()).last("21000").at(t0));
  (void)apply(state, position(mnq()).of(PositionType::undefined, 4).average("20000").at(t0));
  EXPECT_EQ(held(state).size(), 4);
  EXPECT_FALSE(held(state).direction_known);
  EXPECT_EQ(unrealized(state, held(state)), std::nullopt);
  EXPECT_EQ(state.irregular.undefined_direction, 1u);
}

TEST(PositionFold, ATypeNobodyDocumentedHasNoDirectionEither) {
  AccountState state;
  (void)apply(state, position(mnq()).of(static_cast<PositionType>(3), 1).at(t0));
  EXPECT_FALSE(held(state).direction_known);
}

TEST(PositionFold, AMissingDirectionIsNoFlip) {
  AccountState state;
  (void)apply(state, position(mnq()).short_(2).at(t0));
  (void)apply(state, position(mnq()).of(PositionType::undefined, 2).at(t0 + 1s));
  EXPECT_EQ(held(state).quantity, -2);
  EXPECT_EQ(held(state).epoch, 1u);
  (void)apply(state, position(mnq()).short_(2).at(t0 + 2s));
  EXPECT_TRUE(held(state).direction_known);
  EXPECT_EQ(held(state).epoch, 1u);
}

TEST(PositionFold, LearningTheDirectionIsNoFlip) {
  AccountState state;
  (void)apply(state, position(mnq()).of(PositionType::undefined, 2).at(t0));
  (void)apply(state, position(mnq()).short_(2).at(t0 + 1s));
  EXPECT_EQ(held(state).quantity, -2);
  EXPECT_EQ(held(state).epoch, 1u);
}

TEST(PositionFold, OpenedWhenCreatedIfThatWasWithinTheLastMinute) {
  const auto opened_at = [](Instant created, Instant received) {
    AccountState state;
    (void)apply(state, position(mnq()).long_(1).created(created).at(received));
    return held(state).opened_at;
  };
  EXPECT_EQ(opened_at(t0, t0 + 2s), t0);
  EXPECT_EQ(opened_at(t0, t0 + 60s), t0);
  EXPECT_EQ(opened_at(t0, t0 + 60s + Duration{1}), t0 + 60s + Duration{1});
  EXPECT_EQ(opened_at(t0 + 1s, t0), t0) << "a creation in the future is not believed";
}

TEST(PositionFold, OpenedWhenReceivedWithoutACreation) {
  AccountState state;
  (void)apply(state, position(mnq()).long_(1).at(t0));
  EXPECT_EQ(held(state).opened_at, t0);
}

TEST(QuoteFold, QuotesAreMergedPerContract) {
  AccountState state;
  for (const auto& id : {mnq(), es()}) (void)apply(state, position(id).long_(1).at(t0));
  (void)apply(state, quote(mnq()).last("21000").bid("20999.75").ask("21000.25").at(t0));
  (void)apply(state, quote(es()).last("6000").at(t0));
  EXPECT_EQ(apply(state, quote(mnq()).bid("21000").at(t0 + 1s)), Applied::changed);
  EXPECT_EQ(state.quotes.at(mnq()), (Quote{px("21000"), px("21000"), px("21000.25"), t0 + 1s}));
  EXPECT_EQ(state.quotes.at(es()).last, px("6000"));
}

TEST(QuoteFold, ARefusedQuoteIsCountedAndLeavesNoTrace) {
  AccountState state;
  (void)apply(state, position(mnq()).long_(1).at(t0));
  EXPECT_EQ(apply(state, quote(mnq()).last("0").at(t0)), Applied::refused);
  EXPECT_TRUE(state.quotes.empty());
  EXPECT_EQ(state.irregular.refused_quotes, 1u);
}

TEST(QuoteFold, QuotesOfContractsNeitherHeldNorOrderedLeave) {
  AccountState state;
  EXPECT_EQ(apply(state, quote(mnq()).last("21000").at(t0)), Applied::unchanged);
  EXPECT_TRUE(state.quotes.empty());
  (void)apply(state, order(1).on(mnq()).limit("20000").at(t0));
  (void)apply(state, quote(mnq()).last("21000").at(t0));
  EXPECT_EQ(state.quotes.size(), 1u);
  (void)apply(state, position(mnq()).long_(1).at(t0 + 1s));
  (void)apply(state, order(1).on(mnq()).limit("20000").status(OrderStatus::filled).at(t0 + 1s));
  EXPECT_EQ(state.quotes.size(), 1u);
  (void)apply(state, position(mnq()).flat().at(t0 + 2s));
  EXPECT_TRUE(state.quotes.empty());
}

TEST(AccountFold, OnlyADifferenceOrTheFlagIsNews) {
  AccountState state;
  EXPECT_EQ(apply(state, account().balance("1000").can_trade(true).at(t0)), Applied::changed);
  EXPECT_EQ(apply(state, account().balance("1000").at(t0)), Applied::changed) << "the flag has gone missing";
  EXPECT_TRUE(state.can_trade_missing);
  EXPECT_EQ(apply(state, account().balance("1000").at(t0)), Applied::unchanged);
  EXPECT_EQ(apply(state, account().can_trade(false).at(t0)), Applied::changed);
  EXPECT_EQ(state.account.balance, usd("1000"));
  EXPECT_EQ(state.account.can_trade, false);
}

TEST(ContractFold, RefusesTickDataThatCannotValueAnything) {
  AccountState state;
  EXPECT_EQ(apply(state, at(t0, learned(mnq(), "0", "0.5"))), Applied::refused);
  EXPECT_EQ(apply(state, at(t0, learned(mnq(), "0.25", "-1"))), Applied::refused);
  EXPECT_TRUE(state.ticks.empty());
  EXPECT_EQ(apply(state, at(t0, learned(mnq(), "0.25", "0.5"))), Applied::changed);
  EXPECT_EQ(state.ticks.at(mnq()), tick("0.25", "0.5"));
}

TEST(ConnectionFold, FollowsTheConnection) {
  AccountState state;
  (void)apply(state, at(t0, ConnectionRestored{}));
  EXPECT_TRUE(state.connected);
  (void)apply(state, at(t0, ConnectionLost{}));
  EXPECT_FALSE(state.connected);
}

TEST(TimeFold, TheLastEventNeverMovesBack) {
  AccountState state;
  (void)apply(state, at(t0 + 5s, TimeReached{}));
  (void)apply(state, at(t0, TimeReached{}));
  EXPECT_EQ(state.last_event, t0 + 5s);
}

} // namespace
} // namespace bulkhead::model
