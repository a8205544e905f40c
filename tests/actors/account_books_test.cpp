// What an admin tells of an account's standing, and what the account makes of it.

#include "actors/account.hpp"
#include "tests/support/engine.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace bulkhead::testing {
namespace {

using actors::Command;
using actors::Obeyed;
using namespace std::chrono_literals;
namespace codes = actors::codes;
using nlohmann::json;

class AccountBooks : public ::testing::Test {
public:
  AccountBooks() {
    engine.on(account().balance("52000"));
    engine.now += 3s;
  }

  Obeyed ask(Command command, std::string_view amount = "0", std::int64_t account = trader().value) {
    actors::Obey wanted;
    wanted.request.command = static_cast<std::uint8_t>(command);
    wanted.request.account_id = account;
    wanted.request.amount_micros = usd(amount).micros;
    engine.now += 1s;
    return actors::obey(wanted, engine.engine(), engine.now,
                        [&](const Event& event) { return engine.step(event); });
  }
  static json data(const Obeyed& answer) {
    EXPECT_EQ(answer.error, "") << answer.message;
    return json::parse(answer.data, nullptr, false);
  }

  TestEngine engine{{block("max_loss_limit", {{"enabled", "true"},
                                              {"mode", "eod_trailing"},
                                              {"start_balance", "50000"},
                                              {"max_loss", "2000"},
                                              {"lock_at", "50000"},
                                              {"floor_after_payout", "50100"}})}};
};

TEST_F(AccountBooks, APayoutTakesEffectAtOnceAndIsNotTakenTwice) {
  const auto told = data(ask(Command::account_payout, "1500"));
  EXPECT_EQ(told["payouts"], 1);
  EXPECT_EQ(told["awaited"], "-1500.00");
  EXPECT_EQ(told["floor"], "50100.00");
  EXPECT_EQ(ask(Command::account_payout, "1500").error, codes::bad_request) << "sent twice";
  EXPECT_EQ(ask(Command::account_adjust, "20").error, codes::bad_request);
  engine.on(account().balance("50500"));
  EXPECT_EQ(engine.state().history.payouts, 1u);
  EXPECT_EQ(data(ask(Command::account_adjust, "-20"))["awaited"], "-20.00");
}

TEST_F(AccountBooks, WhatWasToldInErrorIsTakenBack) {
  (void)ask(Command::account_adjust, "-300");
  EXPECT_EQ(engine.state().peak_equity, usd("51700"));
  EXPECT_EQ(data(ask(Command::account_adjust, "300"))["awaited"], "0.00");
  EXPECT_EQ(engine.state().peak_equity, usd("52000"));
}

TEST_F(AccountBooks, RefusesWhatMakesNoSense) {
  EXPECT_EQ(ask(Command::account_payout, "0").error, codes::bad_request);
  EXPECT_EQ(ask(Command::account_payout, "-5").error, codes::bad_request);
  EXPECT_EQ(ask(Command::account_adjust, "0").error, codes::bad_request);
  EXPECT_EQ(ask(Command::account_payout, "5", 0).error, codes::bad_request) << "of which account?";
  engine.happen(Restarted{});
  EXPECT_EQ(ask(Command::account_payout, "5").error, codes::not_ready);
}

TEST_F(AccountBooks, ARebaseBeginsAtThePresentBalanceWhileFlat) {
  (void)ask(Command::account_payout, "1500");
  engine.on(account().balance("50500"));
  engine.on(position(es()).long_(1));
  EXPECT_EQ(ask(Command::account_rebase).error, codes::bad_request);
  engine.on(position(es()).flat());
  const auto told = data(ask(Command::account_rebase));
  EXPECT_EQ(told["payouts"], 0);
  EXPECT_EQ(told["high_balance"], "50500.00");
  EXPECT_EQ(told["floor"], "48500.00");
}

TEST_F(AccountBooks, NobodyEscapesALimitByDisabling) {
  engine.on(position(es()).long_(1));
  EXPECT_EQ(ask(Command::account_disable).error, codes::bad_request);
  engine.on(position(es()).flat());
  engine.on(order(7).on(es()).buy(1).limit("5000"));
  EXPECT_EQ(ask(Command::account_disable).error, codes::bad_request);
  engine.on(order(7).on(es()).buy(1).limit("5000").status(OrderStatus::cancelled));
  EXPECT_EQ(ask(Command::block).error, "");
  EXPECT_EQ(ask(Command::account_disable).error, codes::bad_request);
  EXPECT_EQ(ask(Command::unblock).error, "");
  EXPECT_TRUE(data(ask(Command::account_disable))["changed"]);
  EXPECT_FALSE(data(ask(Command::account_disable))["changed"]);
  EXPECT_EQ(ask(Command::block).error, codes::bad_request) << "it would hold nothing";
  EXPECT_TRUE(data(ask(Command::account_enable))["changed"]);
  EXPECT_FALSE(engine.state().disabled);
}

} // namespace
} // namespace bulkhead::testing
