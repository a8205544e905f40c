#include "cli/demo_play.hpp"

#include "cli/signals.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iostream>

namespace bulkhead::cli {
namespace {

using model::AccountId;
using model::ContractId;
using namespace std::chrono_literals;

constexpr auto step_takes_at_most = 10s;
constexpr auto judged_within = 5s;

bool fail(const std::string& why) {
  std::cout << "    FAILED    " << why << '\n';
  return false;
}

} // namespace

DemoPlay::DemoPlay(DemoWorld& world) : world_(world) {
  world_.daemon().subscribe([this](const actors::Activity& activity) { timeline_.add(activity); });
}

bool DemoPlay::wait_until_ready(const std::vector<AccountId>& accounts) {
  for (const auto account : accounts) {
    if (!timeline_.wait_for(0, 20s, alert_of(account, "ready")))
      return fail("an account did not become ready");
  }
  std::cout << fmt::format("{} accounts ready at {} (TLS, certificate verified)\n\n", accounts.size(),
                           world_.gateway_url());
  return true;
}

void DemoPlay::title(const std::string& text) { std::cout << text << '\n'; }

void DemoPlay::trader(const std::string& text) {
  std::cout << fmt::format("    {:<10}{}\n", "trader", text);
  from_ = timeline_.size();
}

void DemoPlay::pause() { (void)wait_for_signal(300ms); }

void DemoPlay::quote(const ContractId& contract, std::string_view last) {
  model::QuoteUpdate update;
  update.contract = contract;
  update.last = update.bid = update.ask = *model::Price::parse(last);
  (void)world_.gateway().set_quote(update);
}

void DemoPlay::buy(AccountId account, const ContractId& contract, std::int32_t size) {
  (void)world_.gateway().trade({account, contract, model::Side::buy, size, {}, {}, {}});
}

void DemoPlay::sell(AccountId account, const ContractId& contract, std::int32_t size) {
  (void)world_.gateway().trade({account, contract, model::Side::sell, size, {}, {}, {}});
}

void DemoPlay::rest_order(AccountId account, model::OrderType type, model::Side side,
                          const ContractId& contract, std::string_view price) {
  simulator::PlaceRequest order;
  order.account = account;
  order.contract = contract;
  order.type = type;
  order.side = side;
  order.size = 1;
  (type == model::OrderType::limit ? order.limit_price : order.stop_price) = *model::Price::parse(price);
  (void)world_.gateway().place_order(order);
}

void DemoPlay::lose(AccountId account, const ContractId& contract, std::string_view pnl) {
  buy(account, contract, 1);
  simulator::TradeScript close{account, contract, model::Side::sell, 1, {}, {}, {}};
  close.pnl = *model::Money::parse(pnl);
  (void)world_.gateway().trade(close);
}

void DemoPlay::permit(AccountId account, bool can_trade) {
  simulator::AccountPatch patch;
  patch.can_trade = can_trade;
  (void)world_.gateway().set_account(account, patch);
}

bool DemoPlay::story(AccountId account, const DemoTimeline::Match& match) {
  const auto found = timeline_.wait_for(from_, step_takes_at_most, match);
  // The breach is told once it is on disk, which may be a moment after the proof.
  (void)timeline_.wait_for(from_, 1s, [account](const actors::Activity& a) {
    const auto* decision = std::get_if<model::Decision>(&a.what);
    return a.account == account && decision != nullptr &&
           (!decision->intents.empty() || !decision->automation.empty());
  });
  print_story(std::cout, timeline_.of(account, from_, timeline_.size()), world_.zone());
  return found ? true : fail("what the rule demands did not happen in time");
}

bool DemoPlay::stands(AccountId account, const DemoEnding& demanded, std::string& as) {
  const auto truth = world_.gateway().snapshot(account);
  const auto status = world_.daemon().status();
  if (!truth || !status) return as = "gateway or daemon did not answer", false;
  const auto open = std::count_if(truth->positions.begin(), truth->positions.end(),
                                  [](const auto& position) { return position.quantity != 0; });
  const auto live = std::count_if(truth->orders.begin(), truth->orders.end(),
                                  [](const auto& row) { return row.order.live(); });
  const auto view = std::find_if(status->accounts.begin(), status->accounts.end(),
                                 [&](const auto& a) { return a.account_id == account.value; });
  if (view == status->accounts.end()) return as = "the daemon does not show the account", false;
  const bool locked = std::any_of(view->lockouts.begin(), view->lockouts.end(),
                                  [&](const auto& row) { return row.scope == demanded.locked; });
  as = fmt::format("gateway book: {} open positions, {} live orders; {}", open, live,
                   view->lockouts.empty() ? "not locked" : "locked: " + view->lockouts.front().scope);
  return open == demanded.open_positions && live == demanded.live_orders &&
         (demanded.locked.empty() ? view->lockouts.empty() : locked);
}

bool DemoPlay::judge(AccountId account, const DemoEnding& demanded) {
  std::string as;
  const auto give_up = std::chrono::steady_clock::now() + judged_within;
  bool good = stands(account, demanded, as);
  while (!good && std::chrono::steady_clock::now() < give_up) {
    (void)wait_for_signal(50ms);
    good = stands(account, demanded, as);
  }
  std::cout << fmt::format("    {:<10}{}{}\n\n", "judge", as, good ? "" : "  <- NOT WHAT THE RULE DEMANDS");
  return good;
}

} // namespace bulkhead::cli
