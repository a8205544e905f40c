#include "cli/demo_acts.hpp"

namespace bulkhead::cli {
namespace {

using model::AccountId;
using model::ContractId;
using model::OrderType;
using model::Side;

const ContractId mnq{"CON.F.US.MNQ.U26"};
const ContractId es{"CON.F.US.EP.U26"};

bool too_many_contracts(DemoPlay& play, AccountId account) {
  play.title("Account 101 breaches RULE-001 MaxContracts (limit 5)");
  play.trader("buys 3 MNQ, then 3 ES, and leaves a limit order for 1 ES in the market");
  play.buy(account, mnq, 3);
  play.rest_order(account, OrderType::limit, Side::buy, es, "5700.00");
  DemoPlay::pause();
  play.buy(account, es, 3);
  return play.proof(account) && play.judge(account, {0, 0, "account"});
}

bool too_much_of_one(DemoPlay& play, AccountId account) {
  play.title("Account 102 breaches RULE-002 MaxContractsPerInstrument (MNQ: 2)");
  play.trader("buys 3 MNQ");
  play.buy(account, mnq, 3);
  if (!play.proof(account)) return false;
  play.trader("does not believe it and buys 1 MNQ again");
  play.buy(account, mnq, 1);
  return play.proof(account) && play.judge(account, {0, 0, "symbol:MNQ"});
}

bool too_large_a_loss(DemoPlay& play, AccountId account) {
  play.title("Account 103 breaches RULE-003 DailyRealizedLoss (limit 500 net)");
  play.trader("holds 1 ES, loses 355.00 on MNQ, then 150.00 more");
  play.buy(account, es, 1);
  DemoPlay::pause();
  play.lose(account, mnq, "-355.00");
  DemoPlay::pause();
  play.lose(account, mnq, "-150.00");
  return play.proof(account) && play.judge(account, {0, 0, "account"});
}

bool open_loss(DemoPlay& play, AccountId account) {
  play.title("Account 104 breaches RULE-004 DailyUnrealizedLoss (300 per position)");
  play.trader("buys 2 MNQ at 21000 and 1 ES; MNQ falls to 20850");
  play.buy(account, mnq, 2);
  play.buy(account, es, 1);
  DemoPlay::pause();
  play.quote(mnq, "20900.00");
  DemoPlay::pause();
  play.quote(mnq, "20850.00");
  const bool good = play.proof(account) && play.judge(account, {1, 0, ""});
  set_opening_quotes(play);
  return good;
}

bool open_profit(DemoPlay& play, AccountId account) {
  play.title("Account 105 reaches RULE-005 MaxUnrealizedProfit (target 100)");
  play.trader("buys 1 ES at 5800; ES rises to 5802");
  play.buy(account, es, 1);
  DemoPlay::pause();
  play.quote(es, "5801.75");
  DemoPlay::pause();
  play.quote(es, "5802.00");
  const bool good = play.proof(account) && play.judge(account, {0, 0, ""});
  set_opening_quotes(play);
  return good;
}

bool too_often(DemoPlay& play, AccountId account) {
  play.title("Account 106 breaches RULE-006 TradeFrequencyLimit (2 per minute, pause 3 s)");
  play.trader("buys, sells and buys 1 MNQ within a second: it may be kept, but nothing may be added");
  play.buy(account, mnq, 1);
  play.sell(account, mnq, 1);
  play.buy(account, mnq, 1);
  if (!play.story(account, lockout_of(account)) || !play.judge(account, {1, 0, "account"})) return false;
  play.trader("adds 1 MNQ all the same");
  play.buy(account, mnq, 1);
  return play.proof(account) && play.judge(account, {1, 0, "account"});
}

bool after_a_loss(DemoPlay& play, AccountId account) {
  play.title("Account 107 breaches RULE-007 CooldownAfterLoss (100 dollars: 2 s)");
  play.trader("holds 1 ES and loses 120.00 on MNQ");
  play.buy(account, es, 1);
  DemoPlay::pause();
  play.lose(account, mnq, "-120.00");
  return play.proof(account) && play.judge(account, {0, 0, ""}); // the pause is over by itself
}

bool without_a_stop(DemoPlay& play, AccountId account) {
  play.title("Account 108 breaches RULE-008 NoStopLossGrace (1 s)");
  play.trader("buys 1 MNQ and places no stop");
  play.buy(account, mnq, 1);
  return play.proof(account) && play.judge(account, {0, 0, ""});
}

bool outside_the_session(DemoPlay& play, AccountId account) {
  play.title("Account 109 breaches RULE-009 SessionBlockOutside (the session is two hours away)");
  play.trader("buys 1 MNQ");
  play.buy(account, mnq, 1);
  return play.proof(account) && play.judge(account, {0, 0, "account"});
}

bool without_permission(DemoPlay& play, AccountId account) {
  play.title("Account 110 breaches RULE-010 AuthLossGuard");
  play.trader("holds 1 MNQ when the firm takes the permission to trade away");
  play.buy(account, mnq, 1);
  DemoPlay::pause();
  play.permit(account, false);
  if (!play.proof(account) || !play.judge(account, {0, 0, "account"})) return false;
  play.trader("is permitted again");
  play.permit(account, true);
  return play.judge(account, {0, 0, ""});
}

bool blocked_symbol(DemoPlay& play, AccountId account) {
  play.title("Account 111 breaches RULE-011 SymbolBlocks (ES and its family)");
  play.trader("buys 1 MNQ, which is fine, then 1 ES");
  play.buy(account, mnq, 1);
  DemoPlay::pause();
  play.buy(account, es, 1);
  return play.proof(account) && play.judge(account, {1, 0, "symbol:ES"}); // the block itself
}

bool managed_stop(DemoPlay& play, AccountId account) {
  play.title("Account 112 is helped by RULE-012 TradeManagement (breakeven after 8 ticks)");
  play.trader("buys 1 MNQ at 21000 with a stop at 20980; MNQ rises to 21002");
  play.buy(account, mnq, 1);
  play.rest_order(account, OrderType::stop, Side::sell, mnq, "20980.00");
  DemoPlay::pause();
  play.quote(mnq, "21002.00");
  const bool good = play.story(account, alert_of(account, "stop-managed")) && play.judge(account, {1, 1, ""});
  set_opening_quotes(play);
  return good;
}

} // namespace

void set_opening_quotes(DemoPlay& play) {
  play.quote(mnq, "21000.00");
  play.quote(es, "5800.00");
}

std::vector<DemoAct> demo_acts() {
  using Act = bool (*)(DemoPlay&, AccountId);
  constexpr Act acts[] = {too_many_contracts, too_much_of_one,     too_large_a_loss,   open_loss,
                          open_profit,        too_often,           after_a_loss,       without_a_stop,
                          blocked_symbol,     outside_the_session, without_permission, managed_stop};
  constexpr std::int64_t accounts[] = {101, 102, 103, 104, 105, 106, 107, 108, 111, 109, 110, 112};
  std::vector<DemoAct> all;
  for (std::size_t i = 0; i < std::size(acts); ++i) {
    const AccountId account{accounts[i]};
    all.push_back({account, [act = acts[i], account](DemoPlay& play) { return act(play, account); }});
  }
  return all;
}

} // namespace bulkhead::cli
