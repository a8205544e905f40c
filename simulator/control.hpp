#pragma once
// The simulator's own HTTP interface, on a port apart from the gateway's: what traders, markets and bad luck
// do is scripted here in JSON. Every POST answers 200 with {"ok":true,...}, or 400 with a sentence. Owned by
// SimulatedGateway, io thread only.
//
//   POST /sim/position {accountId, contractId, type 1 long | 2 short, size}   trades until exactly that is
//   held POST /sim/fill     {accountId, contractId, side, size, price?, pnl?, fees?} POST /sim/order    the
//   body of Order/place POST /sim/cancel   {accountId, orderId} POST /sim/quote    {contractId, last?, bid?,
//   ask?}                        decimal strings or numbers POST /sim/account  {accountId, canTrade?,
//   balance?, isVisible?, simulated?, autoOco?, follower?} POST /sim/liquidate {accountId}        POST
//   /sim/market {open}            POST /sim/reset POST /sim/fault    {kind, endpoint?, accountId?, count?,
//   ms?, status?, body?, code?, text?, retryAfter?,
//                       hub?, close?, allowReconnect?}                        kinds: faults.hpp
//   GET  /sim/state

#include "simulator/core.hpp"
#include "simulator/http.hpp"

#include <nlohmann/json.hpp>

namespace bulkhead::simulator {

class Control {
public:
  explicit Control(Core& core) : core_(core) {}
  [[nodiscard]] Exchange handle(const HttpCall& call);

private:
  /// The members of the answer behind "ok", or why not.
  using Answer = model::Result<std::string>;
  [[nodiscard]] Answer post(std::string_view path, const nlohmann::json& body);
  [[nodiscard]] Answer position(const nlohmann::json& body);
  [[nodiscard]] Answer fill(const nlohmann::json& body);
  [[nodiscard]] Answer order(const nlohmann::json& body);
  [[nodiscard]] Answer cancel(const nlohmann::json& body);
  [[nodiscard]] Answer quote(const nlohmann::json& body);
  [[nodiscard]] Answer account(const nlohmann::json& body);
  [[nodiscard]] Answer liquidate(const nlohmann::json& body);
  [[nodiscard]] Answer market(const nlohmann::json& body);
  [[nodiscard]] Answer fault(const nlohmann::json& body);
  [[nodiscard]] std::string state() const;
  [[nodiscard]] Answer done(model::Result<Changes> changes);

  Core& core_;
};

} // namespace bulkhead::simulator
