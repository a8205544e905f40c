#pragma once
// The only table of the gateway's words: JSON member names, REST paths, hub paths, hub events and hub
// methods. Decoders, request builders and the simulated gateway all take them from here. Constant data: any
// thread.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace bulkhead::protocol::projectx {

/// One value per JSON member. What the decoders read comes first; from `first_unread` on: members that are
/// only written.
enum class Member : std::uint8_t {
  // clang-format off
  id, account_id, contract_id, symbol_id, creation_timestamp, update_timestamp, status, type, side, size,
  limit_price, stop_price, fill_volume, filled_price, custom_tag, trail_price, parent_order_id, order_id,
  average_price, price, profit_and_loss, fees, commissions, voided, action, data, last_price, best_bid, best_ask,
  open, symbol, last_updated, timestamp, name, balance, can_trade, is_visible, simulated, description, tick_size,
  tick_value, active_contract, bar_time, bar_open, bar_high, bar_low, bar_close, bar_volume, success, error_code,
  error_message, token, new_token, total_count,
  first_unread, contract_display_name = first_unread, trail_distance, linked_order_id, symbol_name, change,
  change_percent, high, low, volume, current_volume, accounts, contracts, contract, positions, orders, order,
  trades, bars, user_name, api_key, only_active_accounts, search_text, live, start_timestamp, end_timestamp,
  filter, statuses, created_after, created_before, page_size, page_offset, sort_by, sort_direction,
  include_total_count, stop_loss_bracket, take_profit_bracket, ticks, start_time, end_time, unit, unit_number,
  limit, include_partial_bar, count
  // clang-format on
};
inline constexpr std::size_t read_member_count = static_cast<std::size_t>(Member::first_unread);
inline constexpr std::size_t member_count = static_cast<std::size_t>(Member::count);

inline constexpr std::array<std::string_view, member_count> member_names{
    // clang-format off
    "id", "accountId", "contractId", "symbolId", "creationTimestamp", "updateTimestamp", "status", "type", "side",
    "size", "limitPrice", "stopPrice", "fillVolume", "filledPrice", "customTag", "trailPrice", "parentOrderId",
    "orderId", "averagePrice", "price", "profitAndLoss", "fees", "commissions", "voided", "action", "data",
    "lastPrice", "bestBid", "bestAsk", "open", "symbol", "lastUpdated", "timestamp", "name", "balance", "canTrade",
    "isVisible", "simulated", "description", "tickSize", "tickValue", "activeContract", "t", "o", "h", "l", "c",
    "v", "success", "errorCode", "errorMessage", "token", "newToken", "totalCount",
    "contractDisplayName", "trailDistance", "linkedOrderId", "symbolName", "change", "changePercent", "high",
    "low", "volume", "currentVolume", "accounts", "contracts", "contract", "positions", "orders", "order",
    "trades", "bars", "userName", "apiKey", "onlyActiveAccounts", "searchText", "live", "startTimestamp",
    "endTimestamp", "filter", "statuses", "createdAfter", "createdBefore", "pageSize", "pageOffset", "sortBy",
    "sortDirection", "includeTotalCount", "stopLossBracket", "takeProfitBracket", "ticks", "startTime", "endTime",
    "unit", "unitNumber", "limit", "includePartialBar"
    // clang-format on
};
static_assert(!member_names.back().empty(), "a member without a name");

/// The member's name on the wire.
[[nodiscard]] constexpr std::string_view wire(Member member) noexcept {
  return member_names[static_cast<std::size_t>(member)];
}
// The two lists above are matched by position; these pin the places where a slip would show.
static_assert(wire(Member::order_id) == "orderId" && wire(Member::data) == "data");
static_assert(wire(Member::simulated) == "simulated" && wire(Member::total_count) == "totalCount");
static_assert(wire(Member::order) == "order" && wire(Member::filter) == "filter");
static_assert(wire(Member::include_partial_bar) == "includePartialBar");

/// Where each name that is read has a slot of its own: found when this is compiled, by trying one `salt`
/// after another.
struct ReadMemberSlots {
  std::size_t salt = 1;
  std::array<Member, 512> members{};

  [[nodiscard]] static constexpr std::size_t slot(std::string_view name, std::size_t salt) noexcept {
    const auto byte = [](char c) { return static_cast<std::size_t>(static_cast<unsigned char>(c)); };
    const auto hash =
        ((name.size() * salt + byte(name.front())) * salt + byte(name[name.size() / 2])) * salt +
        byte(name.back());
    return hash % std::tuple_size_v<decltype(members)>;
  }
  constexpr bool fill() noexcept {
    members.fill(Member::first_unread);
    for (std::size_t i = 0; i < read_member_count; ++i) {
      auto& own = members[slot(member_names[i], salt)];
      if (own != Member::first_unread) return false;
      own = static_cast<Member>(i);
    }
    return true;
  }
};
inline constexpr ReadMemberSlots read_member_slots = [] {
  ReadMemberSlots out;
  while (!out.fill()) out.salt += 2;
  return out;
}();

/// The member a decoder may read under this name; none for every other name.
[[nodiscard]] constexpr std::optional<Member> find_read_member(std::string_view text) noexcept {
  if (text.empty()) return std::nullopt;
  const auto found = read_member_slots.members[ReadMemberSlots::slot(text, read_member_slots.salt)];
  if (found == Member::first_unread || wire(found) != text) return std::nullopt;
  return found;
}
static_assert(find_read_member("size") == Member::size && find_read_member("side") == Member::side);
static_assert(!find_read_member("symbolName") && !find_read_member("sizes") && !find_read_member(""));

enum class Endpoint : std::uint8_t {
  login_key,
  validate,
  logout,
  account_search,
  contract_search,
  contract_search_by_id,
  contract_available,
  position_search_open,
  position_close,
  position_partial_close,
  order_search_open,
  order_search,
  order_search_by_id,
  order_query,
  order_place,
  order_modify,
  order_cancel,
  trade_search,
  retrieve_bars,
  ping,
  count
};
inline constexpr std::array<std::string_view, static_cast<std::size_t>(Endpoint::count)> endpoint_paths{
    "/api/Auth/loginKey",
    "/api/Auth/validate",
    "/api/Auth/logout",
    "/api/Account/search",
    "/api/Contract/search",
    "/api/Contract/searchById",
    "/api/Contract/available",
    "/api/Position/searchOpen",
    "/api/Position/closeContract",
    "/api/Position/partialCloseContract",
    "/api/Order/searchOpen",
    "/api/Order/search",
    "/api/Order/searchById",
    "/api/Order/v2/query",
    "/api/Order/place",
    "/api/Order/modify",
    "/api/Order/cancel",
    "/api/Trade/search",
    "/api/History/retrieveBars",
    "/api/Status/ping",
};
static_assert(!endpoint_paths.back().empty(), "an endpoint without a path");
[[nodiscard]] constexpr std::string_view path(Endpoint endpoint) noexcept {
  return endpoint_paths[static_cast<std::size_t>(endpoint)];
}

inline constexpr std::string_view user_hub_path = "/hubs/user";
inline constexpr std::string_view market_hub_path = "/hubs/market";

/// What the hubs call on us.
enum class HubEvent : std::uint8_t {
  account,
  order,
  position,
  fill,
  quote,
  market_trade,
  depth,
  logout,
  unknown
};
inline constexpr std::array<std::string_view, static_cast<std::size_t>(HubEvent::unknown)> hub_targets{
    "GatewayUserAccount", "GatewayUserOrder", "GatewayUserPosition", "GatewayUserTrade",
    "GatewayQuote",       "GatewayTrade",     "GatewayDepth",        "GatewayLogout"};
[[nodiscard]] constexpr std::string_view target(HubEvent event) noexcept {
  return event == HubEvent::unknown ? "" : hub_targets[static_cast<std::size_t>(event)];
}
[[nodiscard]] constexpr HubEvent find_hub_event(std::string_view text) noexcept {
  for (std::size_t i = 0; i < hub_targets.size(); ++i) {
    if (hub_targets[i] == text) return static_cast<HubEvent>(i);
  }
  return HubEvent::unknown;
}

/// What we call on the hubs; Unsubscribe methods are the same words behind "Un" with a small s.
namespace hub_method {
inline constexpr std::string_view subscribe_accounts = "SubscribeAccounts";
inline constexpr std::string_view subscribe_orders = "SubscribeOrders";
inline constexpr std::string_view subscribe_positions = "SubscribePositions";
inline constexpr std::string_view subscribe_trades = "SubscribeTrades";
inline constexpr std::string_view subscribe_quotes = "SubscribeContractQuotes";
inline constexpr std::string_view subscribe_market_trades = "SubscribeContractTrades";
inline constexpr std::string_view subscribe_depth = "SubscribeContractMarketDepth";
inline constexpr std::string_view unsubscribe_accounts = "UnsubscribeAccounts";
inline constexpr std::string_view unsubscribe_orders = "UnsubscribeOrders";
inline constexpr std::string_view unsubscribe_positions = "UnsubscribePositions";
inline constexpr std::string_view unsubscribe_trades = "UnsubscribeTrades";
inline constexpr std::string_view unsubscribe_quotes = "UnsubscribeContractQuotes";
inline constexpr std::string_view unsubscribe_market_trades = "UnsubscribeContractTrades";
inline constexpr std::string_view unsubscribe_depth = "UnsubscribeContractMarketDepth";
} // namespace hub_method

} // namespace bulkhead::protocol::projectx
