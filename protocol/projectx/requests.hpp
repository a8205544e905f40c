#pragma once
// One function per REST call the product makes: path, bearer and the exact JSON body. Nothing is sent here.
// Pure functions, any thread. Members come in the order of the gateway's documentation; optional ones without
// a value are left out; ids leave as integers, prices as exact decimals.

#include "model/config.hpp"
#include "model/order.hpp"
#include "protocol/projectx/names.hpp"
#include "protocol/transport.hpp"

namespace bulkhead::protocol::projectx {

/// On which lane a request travels, and on whose behalf.
struct Caller {
  LaneId lane;
  std::string bearer;
};

struct Bracket {
  std::int32_t ticks = 0; // signed, from the entry: a long position's stop is negative
  model::OrderType type = model::OrderType::stop;
};

struct NewOrder {
  model::AccountId account;
  model::ContractId contract;
  model::OrderType type = model::OrderType::market;
  model::Side side = model::Side::buy;
  std::int32_t size = 0;
  std::optional<model::Price> limit_price;
  std::optional<model::Price> stop_price;
  std::optional<model::Price> trail_price; // an absolute level, unlike on read-back
  std::string custom_tag;                  // empty: none. Unique per account for ever
  std::optional<Bracket> stop_loss;
  std::optional<Bracket> take_profit;
};

/// Values that are not set leave the order as it is.
struct OrderChange {
  model::AccountId account;
  model::OrderId order;
  std::optional<std::int32_t> size;
  std::optional<model::Price> limit_price;
  std::optional<model::Price> stop_price;
  std::optional<model::Price> trail_price;
};

struct TimeSpan {
  model::Instant from;
  std::optional<model::Instant> to;
};

/// One page of Order/v2/query, the only read that sees suspended bracket children. Sorted by id, ascending.
struct OrderQuery {
  model::AccountId account;
  std::vector<model::OrderStatus> statuses; // empty: all
  std::optional<model::ContractId> contract;
  std::optional<model::Instant> created_after;
  std::optional<model::Instant> created_before;
  std::int32_t page_size = 100;
  std::int32_t page_offset = 0;
};

enum class BarUnit : std::int32_t { second = 1, minute = 2, hour = 3, day = 4, week = 5, month = 6 };
struct BarQuery {
  model::ContractId contract;
  bool live = false; // the data subscription, not the kind of account
  model::Instant from;
  model::Instant to;
  BarUnit unit = BarUnit::minute;
  std::int32_t unit_number = 1;
  std::int32_t limit = 1000; // the gateway accepts up to 20000
  bool include_partial = false;
};

/// The login carries no bearer; the body holds the key, so it must not be logged.
[[nodiscard]] HttpRequest login_key(LaneId lane, std::string_view user_name, const model::Secret& api_key);
[[nodiscard]] HttpRequest validate(const Caller& caller);
[[nodiscard]] HttpRequest logout(const Caller& caller);
[[nodiscard]] HttpRequest ping(const Caller& caller); // a GET

[[nodiscard]] HttpRequest search_accounts(const Caller& caller, bool only_active);
[[nodiscard]] HttpRequest search_contracts(const Caller& caller, std::string_view text, bool live = false);
[[nodiscard]] HttpRequest search_contract_by_id(const Caller& caller, const model::ContractId& contract);
[[nodiscard]] HttpRequest available_contracts(const Caller& caller, bool live = false);
[[nodiscard]] HttpRequest retrieve_bars(const Caller& caller, const BarQuery& query);

[[nodiscard]] HttpRequest search_open_positions(const Caller& caller, model::AccountId account);
[[nodiscard]] HttpRequest close_contract(const Caller& caller, model::AccountId account,
                                         const model::ContractId& contract);
/// Requires: size > 0.
[[nodiscard]] HttpRequest partial_close_contract(const Caller& caller, model::AccountId account,
                                                 const model::ContractId& contract, std::int32_t size);

[[nodiscard]] HttpRequest search_open_orders(const Caller& caller, model::AccountId account);
[[nodiscard]] HttpRequest search_orders(const Caller& caller, model::AccountId account, const TimeSpan& span);
[[nodiscard]] HttpRequest search_order_by_id(const Caller& caller, model::AccountId account,
                                             model::OrderId order);
[[nodiscard]] HttpRequest query_orders(const Caller& caller, const OrderQuery& query);
/// Requires: size > 0.
[[nodiscard]] HttpRequest place_order(const Caller& caller, const NewOrder& order);
[[nodiscard]] HttpRequest modify_order(const Caller& caller, const OrderChange& change);
[[nodiscard]] HttpRequest cancel_order(const Caller& caller, model::AccountId account, model::OrderId order);

[[nodiscard]] HttpRequest search_fills(const Caller& caller, model::AccountId account, const TimeSpan& span);

} // namespace bulkhead::protocol::projectx
