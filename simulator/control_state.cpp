// GET /sim/state: the whole truth in one JSON document.
#include "simulator/control.hpp"
#include "simulator/json_text.hpp"

namespace bulkhead::simulator {
namespace {

std::string account_state(const Book& book, const AccountRow& row) {
  std::vector<std::string> positions, orders, fills;
  for (const auto& position : book.positions(row.id))
    positions.push_back(position_json(position, Form::rest));
  for (const auto& order : book.orders(row.id)) orders.push_back(order_json(order, Form::rest));
  for (const auto& fill : book.fills(row.id)) fills.push_back(fill_json(fill, Form::rest));
  std::string out = account_json(row);
  out.pop_back();
  return out + ",\"owner\":" + json_string(row.owner) + ",\"positions\":" + json_array(positions) +
         ",\"orders\":" + json_array(orders) + ",\"fills\":" + json_array(fills) + "}";
}

std::string request_json(const TradingRequest& request) {
  return JsonObject{}
      .text("endpoint", request.endpoint)
      .number("accountId", request.account)
      .text("body", request.body)
      .number("receivedNs", request.received)
      .number("status", request.status)
      .number("errorCode", request.code)
      .str();
}

} // namespace

std::string Control::state() const {
  const Core& core = core_;
  std::vector<std::string> accounts, trading;
  for (const auto& row : core.book().accounts()) accounts.push_back(account_state(core.book(), row));
  for (const auto& request : core.trading_log()) trading.push_back(request_json(request));
  JsonObject counts;
  for (const auto& [path, count] : core.request_counts())
    counts.number(path.c_str(), static_cast<std::int64_t>(count));
  const auto connected = [&](HubKind kind) { return static_cast<std::int64_t>(core_.hubs().count(kind)); };
  return JsonObject{}
      .raw("accounts", json_array(accounts))
      .raw("requests", counts.str())
      .raw("trading", json_array(trading))
      .raw("connections", JsonObject{}
                              .number("user", connected(HubKind::user))
                              .number("market", connected(HubKind::market))
                              .str())
      .str();
}

} // namespace bulkhead::simulator
