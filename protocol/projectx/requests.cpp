#include "protocol/projectx/requests.hpp"

#include "protocol/projectx/body_writer.hpp"

namespace bulkhead::protocol::projectx {
namespace {

HttpRequest post(Endpoint endpoint, const Caller& caller, std::string body) {
  HttpRequest request;
  request.lane = caller.lane;
  request.target = path(endpoint);
  request.bearer = caller.bearer;
  request.body = std::move(body);
  return request;
}

std::string instant(model::Instant at) { return model::format_instant(at, 6); }

BodyWriter for_account(model::AccountId account) {
  BodyWriter body;
  body.number(Member::account_id, account.value);
  return body;
}

void add(BodyWriter& body, const TimeSpan& span) {
  body.text(Member::start_timestamp, instant(span.from));
  if (span.to) body.text(Member::end_timestamp, instant(*span.to));
}

void add(BodyWriter& body, Member member, const std::optional<Bracket>& bracket) {
  if (!bracket) return;
  BodyWriter inner;
  inner.number(Member::ticks, bracket->ticks).number(Member::type, static_cast<std::int32_t>(bracket->type));
  body.raw(member, inner.finish());
}

std::string filter_of(const OrderQuery& query) {
  BodyWriter filter = for_account(query.account);
  if (!query.statuses.empty()) {
    std::string list;
    for (const auto status : query.statuses) {
      list += fmt::format("{}{}", list.empty() ? '[' : ',', static_cast<std::int32_t>(status));
    }
    filter.raw(Member::statuses, list + ']');
  }
  if (query.contract) filter.text(Member::contract_id, query.contract->value);
  if (query.created_after) filter.text(Member::created_after, instant(*query.created_after));
  if (query.created_before) filter.text(Member::created_before, instant(*query.created_before));
  return filter.finish();
}

} // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  out += '"';
}

HttpRequest login_key(LaneId lane, std::string_view user_name, const model::Secret& api_key) {
  BodyWriter body;
  body.text(Member::user_name, user_name).text(Member::api_key, api_key.reveal());
  return post(Endpoint::login_key, {lane, {}}, body.finish());
}

HttpRequest validate(const Caller& caller) { return post(Endpoint::validate, caller, "{}"); }
HttpRequest logout(const Caller& caller) { return post(Endpoint::logout, caller, "{}"); }

HttpRequest ping(const Caller& caller) {
  HttpRequest request = post(Endpoint::ping, caller, {});
  request.method = "GET";
  return request;
}

HttpRequest search_accounts(const Caller& caller, bool only_active) {
  return post(Endpoint::account_search, caller,
              BodyWriter{}.flag(Member::only_active_accounts, only_active).finish());
}

HttpRequest search_contracts(const Caller& caller, std::string_view text, bool live) {
  BodyWriter body;
  body.text(Member::search_text, text).flag(Member::live, live);
  return post(Endpoint::contract_search, caller, body.finish());
}

HttpRequest search_contract_by_id(const Caller& caller, const model::ContractId& contract) {
  return post(Endpoint::contract_search_by_id, caller,
              BodyWriter{}.text(Member::contract_id, contract.value).finish());
}

HttpRequest available_contracts(const Caller& caller, bool live) {
  return post(Endpoint::contract_available, caller, BodyWriter{}.flag(Member::live, live).finish());
}

HttpRequest retrieve_bars(const Caller& caller, const BarQuery& query) {
  BodyWriter body;
  body.text(Member::contract_id, query.contract.value)
      .flag(Member::live, query.live)
      .text(Member::start_time, instant(query.from))
      .text(Member::end_time, instant(query.to))
      .number(Member::unit, static_cast<std::int32_t>(query.unit))
      .number(Member::unit_number, query.unit_number)
      .number(Member::limit, query.limit)
      .flag(Member::include_partial_bar, query.include_partial);
  return post(Endpoint::retrieve_bars, caller, body.finish());
}

HttpRequest search_open_positions(const Caller& caller, model::AccountId account) {
  return post(Endpoint::position_search_open, caller, for_account(account).finish());
}

HttpRequest close_contract(const Caller& caller, model::AccountId account,
                           const model::ContractId& contract) {
  return post(Endpoint::position_close, caller,
              for_account(account).text(Member::contract_id, contract.value).finish());
}

HttpRequest partial_close_contract(const Caller& caller, model::AccountId account,
                                   const model::ContractId& contract, std::int32_t size) {
  model::require(size > 0, "a partial close of nothing");
  BodyWriter body = for_account(account);
  body.text(Member::contract_id, contract.value).number(Member::size, size);
  return post(Endpoint::position_partial_close, caller, body.finish());
}

HttpRequest search_open_orders(const Caller& caller, model::AccountId account) {
  return post(Endpoint::order_search_open, caller, for_account(account).finish());
}

HttpRequest search_orders(const Caller& caller, model::AccountId account, const TimeSpan& span) {
  BodyWriter body = for_account(account);
  add(body, span);
  return post(Endpoint::order_search, caller, body.finish());
}

HttpRequest search_order_by_id(const Caller& caller, model::AccountId account, model::OrderId order) {
  return post(Endpoint::order_search_by_id, caller,
              for_account(account).number(Member::order_id, order.value).finish());
}

HttpRequest query_orders(const Caller& caller, const OrderQuery& query) {
  BodyWriter body;
  body.raw(Member::filter, filter_of(query))
      .number(Member::page_size, query.page_size)
      .number(Member::page_offset, query.page_offset)
      .number(Member::sort_by, 1)
      .number(Member::sort_direction, 0)
      .flag(Member::include_total_count, true);
  return post(Endpoint::order_query, caller, body.finish());
}

HttpRequest place_order(const Caller& caller, const NewOrder& order) {
  model::require(order.size > 0, "an order of nothing");
  BodyWriter body = for_account(order.account);
  body.text(Member::contract_id, order.contract.value)
      .number(Member::type, static_cast<std::int32_t>(order.type))
      .number(Member::side, static_cast<std::int32_t>(order.side))
      .number(Member::size, order.size)
      .price(Member::limit_price, order.limit_price)
      .price(Member::stop_price, order.stop_price)
      .price(Member::trail_price, order.trail_price);
  if (!order.custom_tag.empty()) body.text(Member::custom_tag, order.custom_tag);
  add(body, Member::stop_loss_bracket, order.stop_loss);
  add(body, Member::take_profit_bracket, order.take_profit);
  return post(Endpoint::order_place, caller, body.finish());
}

HttpRequest modify_order(const Caller& caller, const OrderChange& change) {
  BodyWriter body = for_account(change.account);
  body.number(Member::order_id, change.order.value);
  if (change.size) body.number(Member::size, *change.size);
  body.price(Member::limit_price, change.limit_price)
      .price(Member::stop_price, change.stop_price)
      .price(Member::trail_price, change.trail_price);
  return post(Endpoint::order_modify, caller, body.finish());
}

HttpRequest cancel_order(const Caller& caller, model::AccountId account, model::OrderId order) {
  return post(Endpoint::order_cancel, caller,
              for_account(account).number(Member::order_id, order.value).finish());
}

HttpRequest search_fills(const Caller& caller, model::AccountId account, const TimeSpan& span) {
  BodyWriter body = for_account(account);
  add(body, span);
  return post(Endpoint::trade_search, caller, body.finish());
}

} // namespace bulkhead::protocol::projectx
