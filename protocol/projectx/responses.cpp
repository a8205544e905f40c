#include "protocol/projectx/responses.hpp"

#include "protocol/projectx/answer_reader.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::protocol::projectx {
namespace {

using model::Errc;
using model::Error;
using model::Result;

template <class T>
using Convert = Result<T> (*)(const Members&);

Result<Members> read_row(JsonValue value) {
  JsonObject object;
  if (const auto code = value.get_object().get(object)) return json_error(code);
  return read_members(object);
}

/// A fill the venue took back is worth nothing, so one that cannot be read spoils no snapshot.
template <class T>
bool may_be_skipped(const Members& members) {
  return std::is_same_v<T, model::Fill> && members[Member::voided].kind == Scalar::Kind::boolean &&
         members[Member::voided].text == "true";
}

template <class T>
Result<void> read_rows(JsonValue value, Member list, Convert<T> convert, std::vector<T>& rows) {
  rows.clear();
  JsonArray array;
  if (const auto code = value.get_array().get(array)) return json_error(code).with_context(wire(list));
  std::size_t index = 0;
  for (auto element : array) {
    const auto place = [&] { return fmt::format("{}[{}]", wire(list), index); };
    JsonValue row;
    if (const auto code = element.get(row)) return json_error(code).with_context(place());
    if (index >= most_rows) return Error{Errc::out_of_range, "too many rows"}.with_context(place());
    const auto members = read_row(row);
    if (!members) return members.error().with_context(place());
    auto converted = convert(*members);
    if (converted) {
      rows.push_back(std::move(*converted));
    } else if (!may_be_skipped<T>(*members)) {
      return converted.error().with_context(place());
    }
    ++index;
  }
  return {};
}

template <class T>
Result<std::vector<T>> read_list(AnswerReader& reader, Member list, Convert<T> convert) {
  std::vector<T> rows;
  const auto read = reader.read(list, [&](JsonValue value) { return read_rows(value, list, convert, rows); });
  if (!read) return read.error();
  return rows;
}

template <class T>
Result<T> read_one(Endpoint endpoint, const HttpReply& reply, Member member, Convert<T> convert) {
  AnswerReader reader(endpoint, reply);
  T one;
  const auto read = reader.read(member, [&](JsonValue value) -> Result<void> {
    const auto members = read_row(value);
    if (!members) return members.error().with_context(wire(member));
    auto converted = convert(*members);
    if (!converted) return converted.error().with_context(wire(member));
    one = std::move(*converted);
    return {};
  });
  if (!read) return read.error();
  return one;
}

} // namespace

Result<void> read_done(Endpoint endpoint, const HttpReply& reply) {
  return AnswerReader(endpoint, reply).read();
}

Result<std::string> read_token(const HttpReply& reply) {
  AnswerReader reader(Endpoint::login_key, reply);
  if (auto read = reader.read(); !read) return read.error();
  const Scalar& token = reader.members()[Member::token];
  if (token.kind == Scalar::Kind::text && !token.text.empty()) return std::string(token.text);
  return Error{Errc::missing, "token: missing"}.with_context(path(Endpoint::login_key));
}

Result<std::optional<std::string>> read_new_token(const HttpReply& reply) {
  AnswerReader reader(Endpoint::validate, reply);
  if (auto read = reader.read(); !read) return read.error();
  const Scalar& token = reader.members()[Member::new_token];
  if (token.kind != Scalar::Kind::text || token.text.empty()) return std::optional<std::string>{};
  return std::optional<std::string>{token.text};
}

Result<std::vector<model::Account>> read_accounts(const HttpReply& reply) {
  AnswerReader reader(Endpoint::account_search, reply);
  return read_list<model::Account>(reader, Member::accounts, to_account);
}

Result<std::vector<model::Contract>> read_contracts(Endpoint endpoint, const HttpReply& reply) {
  AnswerReader reader(endpoint, reply);
  return read_list<model::Contract>(reader, Member::contracts, to_contract);
}

Result<model::Contract> read_contract(const HttpReply& reply) {
  return read_one<model::Contract>(Endpoint::contract_search_by_id, reply, Member::contract, to_contract);
}

Result<std::vector<model::PositionUpdate>> read_positions(const HttpReply& reply) {
  AnswerReader reader(Endpoint::position_search_open, reply);
  return read_list<model::PositionUpdate>(reader, Member::positions, to_position);
}

Result<OrderPage> read_orders(Endpoint endpoint, const HttpReply& reply) {
  AnswerReader reader(endpoint, reply);
  auto orders = read_list<model::Order>(reader, Member::orders, to_order);
  if (!orders) return orders.error();
  FieldReader page(reader.members());
  const auto total = page.optional_whole(Member::total_count);
  if (total && *total < 0) page.fail(Errc::out_of_range, Member::total_count, "negative");
  auto read = page.finish(OrderPage{std::move(*orders), total});
  if (!read) return read.error().with_context(path(endpoint));
  return read;
}

Result<model::Order> read_order(const HttpReply& reply) {
  return read_one<model::Order>(Endpoint::order_search_by_id, reply, Member::order, to_order);
}

Result<model::OrderId> read_placed(const HttpReply& reply) {
  AnswerReader reader(Endpoint::order_place, reply);
  if (auto read = reader.read(); !read) return read.error();
  FieldReader fields(reader.members());
  const model::OrderId id{fields.required_id(Member::order_id)};
  const auto read = fields.finish(id);
  if (!read) return read.error().with_context(path(Endpoint::order_place));
  return read;
}

Result<std::vector<model::Fill>> read_fills(const HttpReply& reply) {
  AnswerReader reader(Endpoint::trade_search, reply);
  return read_list<model::Fill>(reader, Member::trades, to_fill);
}

Result<std::vector<Bar>> read_bars(const HttpReply& reply) {
  AnswerReader reader(Endpoint::retrieve_bars, reply);
  auto bars = read_list<Bar>(reader, Member::bars, to_bar);
  if (!bars) return bars;
  std::stable_sort(bars->begin(), bars->end(),
                   [](const Bar& a, const Bar& b) { return a.opened_at < b.opened_at; });
  return bars;
}

} // namespace bulkhead::protocol::projectx
