#include "model/order.hpp"

namespace bulkhead::model {

std::string_view to_string(OrderStatus status) noexcept {
  switch (status) {
  case OrderStatus::none: return "none";
  case OrderStatus::open: return "open";
  case OrderStatus::filled: return "filled";
  case OrderStatus::cancelled: return "cancelled";
  case OrderStatus::expired: return "expired";
  case OrderStatus::rejected: return "rejected";
  case OrderStatus::pending: return "pending";
  case OrderStatus::pending_cancellation: return "pending_cancellation";
  case OrderStatus::suspended: return "suspended";
  }
  return "unknown";
}

std::string_view to_string(OrderType type) noexcept {
  switch (type) {
  case OrderType::unknown: return "unknown";
  case OrderType::limit: return "limit";
  case OrderType::market: return "market";
  case OrderType::stop_limit: return "stop_limit";
  case OrderType::stop: return "stop";
  case OrderType::trailing_stop: return "trailing_stop";
  case OrderType::join_bid: return "join_bid";
  case OrderType::join_ask: return "join_ask";
  }
  return "unknown";
}

std::string_view to_string(Side side) noexcept {
  switch (side) {
  case Side::buy: return "buy";
  case Side::sell: return "sell";
  }
  return "unknown";
}

bool increases_exposure(const Order& order, std::int32_t held) noexcept {
  if (!order.working() || order.remaining() == 0) return false;
  const bool buys = order.side == Side::buy;
  if (held == 0 || buys == (held > 0)) return true;
  return order.remaining() > (held < 0 ? -held : held); // would close and open the other side
}

bool protects(const Order& order, std::int32_t held, bool accept_stop_limit) noexcept {
  const bool stop = order.type == OrderType::stop || order.type == OrderType::trailing_stop ||
                    (accept_stop_limit && order.type == OrderType::stop_limit);
  return stop && order.resting() && held != 0 && (order.side == Side::sell) == (held > 0) &&
         order.remaining() > 0;
}

} // namespace bulkhead::model
