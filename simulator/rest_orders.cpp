// Endpoints of orders.
#include "simulator/codes.hpp"
#include "simulator/json_text.hpp"
#include "simulator/rest_api.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::simulator {

using model::OrderStatus;
using protocol::projectx::Member;

namespace {

template <class Keep>
std::string rows_of(const std::vector<OrderRow>& orders, Keep keep) {
  std::vector<std::string> rows;
  for (const auto& row : orders) {
    if (keep(row.order)) rows.push_back(order_json(row, Form::rest));
  }
  return json_array(rows);
}

std::optional<Bracket> bracket(RequestBody& body, Member member) {
  auto nested = body.maybe_object(member);
  if (!nested) return std::nullopt;
  const Bracket out{nested->int32(Member::ticks), static_cast<model::OrderType>(nested->int32(Member::type))};
  body.absorb(*nested);
  return out;
}

} // namespace

RestApi::Reply RestApi::open_orders(RequestBody& body, const Caller& caller) {
  const auto account = own(body.account(), caller);
  if (!exists(account)) return {R"("orders":null)", number(SearchCode::not_found), {}};
  // Suspended bracket children are not shown here, as on the real gateway.
  const auto rows = rows_of(core_.book().orders(account),
                            [](const model::Order& o) { return o.status == OrderStatus::open; });
  return {"\"orders\":" + rows, 0, {}};
}

RestApi::Reply RestApi::search_orders(RequestBody& body, const Caller& caller) {
  const auto account = own(body.account(), caller);
  const auto start = body.instant(Member::start_timestamp);
  const auto end = body.maybe_instant(Member::end_timestamp).value_or(model::Instant::max());
  if (!exists(account)) return {R"("orders":null)", number(SearchCode::not_found), {}};
  const auto rows = rows_of(core_.book().orders(account),
                            [&](const model::Order& o) { return o.created >= start && o.created <= end; });
  return {"\"orders\":" + rows, 0, {}};
}

RestApi::Reply RestApi::order_by_id(RequestBody& body, const Caller& caller) {
  const auto account = own(body.account(), caller);
  const model::OrderId id{body.integer(Member::order_id)};
  for (const auto& row : core_.book().orders(account)) {
    if (row.order.id == id) return {"\"order\":" + order_json(row, Form::rest), 0, {}};
  }
  return {R"("order":null)", number(SearchCode::not_found), {}};
}

RestApi::Reply RestApi::query_orders(RequestBody& body, const Caller& caller) {
  constexpr std::int64_t usual_page = 100, largest_page = 1000;
  auto filter = body.maybe_object(Member::filter).value_or(RequestBody(nlohmann::json::object()));
  const auto account = own(filter.account(), caller);
  const auto statuses = filter.integers(Member::statuses);
  const auto contract = filter.maybe_text(Member::contract_id);
  const auto after = filter.maybe_instant(Member::created_after).value_or(model::Instant::min());
  const auto before = filter.maybe_instant(Member::created_before).value_or(model::Instant::max());
  body.absorb(filter);
  const auto page =
      std::clamp(body.maybe_integer(Member::page_size).value_or(usual_page), std::int64_t{0}, largest_page);
  const auto offset = std::max(body.maybe_integer(Member::page_offset).value_or(0), std::int64_t{0});
  const bool descending = body.maybe_integer(Member::sort_direction).value_or(0) == 1;
  const bool counted = body.flag_or(Member::include_total_count, false);
  if (!exists(account)) return {R"("orders":null,"totalCount":null)", number(SearchCode::not_found), {}};
  auto found = core_.book().orders(account); // by id, which is by creation too
  std::erase_if(found, [&](const OrderRow& row) {
    const auto& order = row.order;
    const auto status = static_cast<std::int64_t>(order.status);
    const bool wanted =
        statuses.empty() || std::find(statuses.begin(), statuses.end(), status) != statuses.end();
    return !wanted || (contract && order.contract.value != *contract) || order.created < after ||
           order.created > before;
  });
  if (descending) std::reverse(found.begin(), found.end());
  std::vector<std::string> rows;
  const auto total = static_cast<std::int64_t>(found.size());
  for (auto i = offset; i < std::min(total, offset + page); ++i) {
    rows.push_back(order_json(found[static_cast<std::size_t>(i)], Form::rest));
  }
  const auto count = counted ? std::to_string(total) : "null";
  return {fmt::format(R"("orders":{},"totalCount":{})", json_array(rows), count), 0, {}};
}

RestApi::Reply RestApi::place(RequestBody& body, const Caller& caller) {
  PlaceRequest request;
  request.account = own(body.account(), caller);
  request.contract = body.contract();
  request.type = static_cast<model::OrderType>(body.int32(Member::type));
  const auto side = body.int32(Member::side);
  request.side = side == 0 ? model::Side::buy : model::Side::sell;
  request.size = body.int32(Member::size);
  request.limit_price = body.maybe_price(Member::limit_price);
  request.stop_price = body.maybe_price(Member::stop_price);
  request.trail_price = body.maybe_price(Member::trail_price);
  request.custom_tag = body.maybe_text(Member::custom_tag).value_or("");
  request.stop_loss = bracket(body, Member::stop_loss_bracket);
  request.take_profit = bracket(body, Member::take_profit_bracket);
  if (!body.ok()) return {};
  const auto done = core_.commit(core_.book().place(request, core_.now()));
  const auto id = done.order ? std::to_string(done.order->value) : "null";
  return {"\"orderId\":" + id, done.code, done.text};
}

RestApi::Reply RestApi::modify(RequestBody& body, const Caller& caller) {
  ModifyRequest request;
  request.account = own(body.account(), caller);
  request.order = model::OrderId{body.integer(Member::order_id)};
  request.size = body.maybe_int32(Member::size);
  request.limit_price = body.maybe_price(Member::limit_price);
  request.stop_price = body.maybe_price(Member::stop_price);
  request.trail_price = body.maybe_price(Member::trail_price);
  if (!body.ok()) return {};
  const auto done = core_.commit(core_.book().modify(request, core_.now()));
  return {{}, done.code, done.text};
}

RestApi::Reply RestApi::cancel(RequestBody& body, const Caller& caller) {
  const auto account = own(body.account(), caller);
  const model::OrderId id{body.integer(Member::order_id)};
  if (!body.ok()) return {};
  const auto done = core_.commit(core_.book().cancel(account, id, core_.now()));
  return {{}, done.code, done.text};
}

} // namespace bulkhead::simulator
