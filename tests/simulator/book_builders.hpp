#pragma once
// Short words for the tests of the simulated venue's book.

#include "simulator/book.hpp"

#include <fmt/format.h>
#include <string>

namespace bulkhead::simulator::test_words {

inline const model::AccountId account{101};
inline const model::ContractId mnq{"CON.F.US.MNQ.U26"};
inline const model::Instant now = model::parse_instant("2026-09-02T14:16:01Z").value();

inline model::Price price(std::string_view text) { return model::Price::parse(text).value(); }
inline model::Money money(std::string_view text) { return model::Money::parse(text).value(); }
inline model::ContractId contract(std::string text) { return model::ContractId{std::move(text)}; }

inline Book book_with_account(BookOptions options = {}) {
  Book book(options);
  AccountRow row;
  row.id = account;
  row.owner = "trader1";
  row.balance = money("50000");
  book.add_account(row);
  return book;
}

inline PlaceRequest market(model::Side side, std::int32_t size) {
  PlaceRequest out;
  out.account = account;
  out.contract = mnq;
  out.side = side;
  out.size = size;
  return out;
}
inline PlaceRequest limit(model::Side side, std::int32_t size, std::string_view level) {
  auto out = market(side, size);
  out.type = model::OrderType::limit;
  out.limit_price = price(level);
  return out;
}
inline PlaceRequest stop(model::Side side, std::int32_t size, std::string_view level) {
  auto out = market(side, size);
  out.type = model::OrderType::stop;
  out.stop_price = price(level);
  return out;
}

inline OrderRow order(const Book& book, model::OrderId id) {
  for (const auto& row : book.orders(account)) {
    if (row.order.id == id) return row;
  }
  return {};
}

/// "order6 order2 fill position-2 account": what the streams would say.
inline std::string kinds(const Changes& changes) {
  std::string out;
  for (const auto& change : changes) {
    if (!out.empty()) out += ' ';
    if (const auto* row = std::get_if<OrderRow>(&change))
      out += fmt::format("order{}", static_cast<int>(row->order.status));
    if (std::holds_alternative<model::Fill>(change)) out += "fill";
    if (const auto* row = std::get_if<PositionRow>(&change)) out += fmt::format("position{}", row->quantity);
    if (std::holds_alternative<AccountRow>(change)) out += "account";
    if (std::holds_alternative<model::QuoteUpdate>(change)) out += "quote";
  }
  return out;
}

} // namespace bulkhead::simulator::test_words
