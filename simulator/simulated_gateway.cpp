#include "simulator/simulated_gateway.hpp"

#include "simulator/running.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <future>

namespace bulkhead::simulator {

using model::Errc;
using model::Error;
using model::Result;

SimulatedGateway::SimulatedGateway(SimulatorOptions options) : options_(std::move(options)) {}
SimulatedGateway::~SimulatedGateway() = default;

Result<Ports> SimulatedGateway::start() {
  model::require(!running_, "a simulated gateway is started once");
  auto made = std::make_unique<Running>(options_);
  const auto ports = made->listen();
  if (!ports) return ports.error();
  running_ = std::move(made);
  running_->run();
  return *ports;
}

void SimulatedGateway::stop() { running_.reset(); }

/// Runs `work` on the gateway's thread and waits for its Result.
template <class Work>
auto SimulatedGateway::on_thread(Work work) -> decltype(work(std::declval<Core&>())) {
  if (!running_) return Error{Errc::busy, "the simulated gateway is not running"};
  std::packaged_task<decltype(work(std::declval<Core&>()))()> task([&] { return work(running_->core); });
  auto done = task.get_future();
  boost::asio::post(running_->io, [&task] { task(); });
  return done.get();
}

Result<void> SimulatedGateway::set_position(model::AccountId account, const model::ContractId& contract,
                                            std::int32_t quantity) {
  return on_thread([&](Core& core) {
    return core.commit(core.book().set_position(account, contract, quantity, core.now()));
  });
}
Result<void> SimulatedGateway::trade(const TradeScript& script) {
  return on_thread([&](Core& core) { return core.commit(core.book().trade(script, core.now())); });
}
Result<void> SimulatedGateway::set_quote(const model::QuoteUpdate& quote) {
  return on_thread([&](Core& core) { return core.commit(core.book().set_quote(quote, core.now())); });
}
Result<void> SimulatedGateway::set_account(model::AccountId account, const AccountPatch& patch) {
  return on_thread([&](Core& core) { return core.commit(core.book().set_account(account, patch)); });
}
Result<void> SimulatedGateway::liquidate(model::AccountId account) {
  return on_thread([&](Core& core) { return core.commit(core.book().liquidate(account, core.now())); });
}
Result<void> SimulatedGateway::cancel_order(model::AccountId account, model::OrderId order) {
  return on_thread([&](Core& core) { return core.commit(core.book().withdraw(account, order, core.now())); });
}
Result<Outcome> SimulatedGateway::place_order(const PlaceRequest& request) {
  return on_thread(
      [&](Core& core) { return Result<Outcome>(core.commit(core.book().place(request, core.now()))); });
}
Result<void> SimulatedGateway::inject(const Fault& fault) {
  return on_thread([&](Core& core) { return core.inject(fault); });
}
Result<void> SimulatedGateway::set_market_open(bool open) {
  return on_thread([&](Core& core) {
    core.book().set_market_open(open);
    return Result<void>();
  });
}
Result<void> SimulatedGateway::reset() {
  return on_thread([&](Core& core) {
    core.reset();
    return Result<void>();
  });
}

Result<AccountSnapshot> SimulatedGateway::snapshot(model::AccountId account) {
  return on_thread([&](Core& core) -> Result<AccountSnapshot> {
    const auto& book = core.book();
    const auto* row = book.account(account);
    if (!row) return Error{Errc::not_found, fmt::format("account {} does not exist", account.value)};
    return AccountSnapshot{*row, book.positions(account), book.orders(account), book.fills(account)};
  });
}
Result<model::Quote> SimulatedGateway::quote(const model::ContractId& contract) {
  return on_thread([&](Core& core) -> Result<model::Quote> {
    const auto* found = core.book().quote(contract);
    if (!found) return Error{Errc::not_found, fmt::format("contract '{}' does not exist", contract.value)};
    return *found;
  });
}
Result<std::vector<TradingRequest>> SimulatedGateway::trading_requests() {
  return on_thread([&](Core& core) {
    const auto& log = core.trading_log();
    return Result<std::vector<TradingRequest>>(std::vector<TradingRequest>(log.begin(), log.end()));
  });
}
Result<std::size_t> SimulatedGateway::connections(HubKind hub) {
  return on_thread([&](Core& core) { return Result<std::size_t>(core.hubs().count(hub)); });
}

} // namespace bulkhead::simulator
