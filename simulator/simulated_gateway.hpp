#pragma once
// A whole simulated ProjectX gateway in one object: REST, both hubs and the control port on loopback, served
// by one thread of its own. Made, started and stopped by one owner; every other member may be called from any
// thread between start() and stop() and returns when the gateway's thread has done it.

#include "simulator/book_types.hpp"
#include "simulator/core.hpp"
#include "simulator/faults.hpp"
#include "simulator/options.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace bulkhead::simulator {

struct Ports {
  std::uint16_t port = 0;
  std::uint16_t control_port = 0;
  std::optional<std::filesystem::path> ca_file; // with TLS, if one was asked for
};

/// One account as it stands in the book.
struct AccountSnapshot {
  AccountRow account;
  std::vector<PositionRow> positions;
  std::vector<OrderRow> orders; // all, also ended ones
  std::vector<model::Fill> fills;
};

class SimulatedGateway {
public:
  explicit SimulatedGateway(SimulatorOptions options = {});
  /// Stops.
  ~SimulatedGateway();
  SimulatedGateway(const SimulatedGateway&) = delete;
  SimulatedGateway& operator=(const SimulatedGateway&) = delete;

  /// Listens and starts the thread. Requires: not started before. Errors: io.
  [[nodiscard]] model::Result<Ports> start();
  /// Cuts every connection and joins the thread. Harmless when not running. There is no second start.
  void stop();

  // The control interface in process. Errors: as Book and Core have them; busy when not running.
  model::Result<void> set_position(model::AccountId account, const model::ContractId& contract,
                                   std::int32_t quantity);
  model::Result<void> trade(const TradeScript& script);
  model::Result<void> set_quote(const model::QuoteUpdate& quote);
  model::Result<void> set_account(model::AccountId account, const AccountPatch& patch);
  model::Result<void> liquidate(model::AccountId account);
  model::Result<void> cancel_order(model::AccountId account, model::OrderId order);
  /// A refusal of the venue is an Outcome, not an Error.
  model::Result<Outcome> place_order(const PlaceRequest& request);
  model::Result<void> inject(const Fault& fault);
  model::Result<void> set_market_open(bool open);
  model::Result<void> reset();

  [[nodiscard]] model::Result<AccountSnapshot> snapshot(model::AccountId account);
  [[nodiscard]] model::Result<model::Quote> quote(const model::ContractId& contract);
  [[nodiscard]] model::Result<std::vector<TradingRequest>> trading_requests();
  [[nodiscard]] model::Result<std::size_t> connections(HubKind hub);

private:
  struct Running;
  template <class Work>
  auto on_thread(Work work) -> decltype(work(std::declval<Core&>()));
  SimulatorOptions options_;
  std::unique_ptr<Running> running_;
};

} // namespace bulkhead::simulator
