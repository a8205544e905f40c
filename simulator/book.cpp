#include "simulator/book.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>

namespace bulkhead::simulator {

using model::Errc;
using model::Error;
using model::OrderStatus;
using model::Side;

namespace {

Error no_account(model::AccountId id) {
  return {Errc::not_found, fmt::format("account {} does not exist", id.value)};
}
Error no_contract(const model::ContractId& id) {
  return {Errc::not_found, fmt::format("contract '{}' does not exist", id.value)};
}

} // namespace

Book::Book(BookOptions options) : options_(std::move(options)), contracts_(listed_contracts()) {
  for (const auto& listed : contracts_) {
    const auto last = listed.first_price;
    quotes_[listed.contract.id] = {last, last, last + listed.contract.tick.size, {}};
  }
}

void Book::add_account(AccountRow row) {
  const auto id = row.id;
  books_[id].row = std::move(row);
}

void Book::continue_ids(const Book& earlier) noexcept {
  next_order_ = earlier.next_order_;
  next_fill_ = earlier.next_fill_;
  next_position_ = earlier.next_position_;
  last_stamp_ = earlier.last_stamp_;
}

Book::AccountBook* Book::find(model::AccountId id) {
  const auto found = books_.find(id);
  return found == books_.end() ? nullptr : &found->second;
}
const Book::AccountBook* Book::find(model::AccountId id) const {
  const auto found = books_.find(id);
  return found == books_.end() ? nullptr : &found->second;
}

const AccountRow* Book::account(model::AccountId id) const {
  const auto* book = find(id);
  return book ? &book->row : nullptr;
}
std::vector<AccountRow> Book::accounts() const {
  std::vector<AccountRow> out;
  for (const auto& [id, book] : books_) out.push_back(book.row);
  return out;
}
const ListedContract* Book::contract(const model::ContractId& id) const {
  const auto found = std::find_if(contracts_.begin(), contracts_.end(),
                                  [&](const ListedContract& c) { return c.contract.id == id; });
  return found == contracts_.end() ? nullptr : &*found;
}
const PriceHistory* Book::prices(const model::ContractId& id) const {
  const auto it = prices_.find(id);
  return it == prices_.end() ? nullptr : &it->second;
}

const model::Quote* Book::quote(const model::ContractId& id) const {
  const auto found = quotes_.find(id);
  return found == quotes_.end() ? nullptr : &found->second;
}
std::vector<PositionRow> Book::positions(model::AccountId id) const {
  std::vector<PositionRow> out;
  if (const auto* book = find(id)) {
    for (const auto& [contract, row] : book->positions) out.push_back(row);
  }
  return out;
}
std::vector<OrderRow> Book::orders(model::AccountId id) const {
  std::vector<OrderRow> out;
  if (const auto* book = find(id)) {
    for (const auto& [order, row] : book->orders) out.push_back(row);
  }
  return out;
}
std::vector<model::Fill> Book::fills(model::AccountId id) const {
  const auto* book = find(id);
  return book ? book->fills : std::vector<model::Fill>{};
}
std::int32_t Book::quantity(model::AccountId id, const model::ContractId& contract) const {
  const auto* book = find(id);
  if (!book) return 0;
  const auto found = book->positions.find(contract);
  return found == book->positions.end() ? 0 : found->second.quantity;
}

model::Instant Book::stamp(model::Instant at) {
  last_stamp_ = std::max(at, last_stamp_ == model::Instant::min() ? at : last_stamp_ + model::Duration{1});
  return last_stamp_;
}

model::Result<Changes> Book::trade(const TradeScript& script, model::Instant at) {
  auto* book = find(script.account);
  if (!book) return no_account(script.account);
  if (!contract(script.contract)) return no_contract(script.contract);
  if (script.size <= 0) return Error{Errc::out_of_range, "size must be at least 1"};
  const auto price = script.price ? script.price : market_price(script.contract, script.side);
  if (!price) return Error{Errc::rejected, "the contract has no price"};
  stamp(at);
  Changes out;
  execute(*book, script.contract, script.side, script.size, *price, {script.pnl, script.fees}, out);
  return out;
}

model::Result<Changes> Book::set_position(model::AccountId account, const model::ContractId& contract,
                                          std::int32_t wanted, model::Instant at) {
  if (!find(account)) return no_account(account);
  if (!this->contract(contract)) return no_contract(contract);
  const auto move = wanted - quantity(account, contract);
  if (move == 0) return Changes{};
  return trade({account, contract, move > 0 ? Side::buy : Side::sell, std::abs(move), {}, {}, {}}, at);
}

model::Result<Changes> Book::set_quote(model::QuoteUpdate update, model::Instant at) {
  const auto* listed = contract(update.contract);
  if (!listed) return no_contract(update.contract);
  if (update.last && !update.bid && !update.ask) {
    update.bid = update.last;
    update.ask = *update.last + listed->contract.tick.size;
  }
  update.updated = stamp(at);
  if (!quotes_[update.contract].merge(update, last_stamp_)) {
    return Error{Errc::out_of_range, "prices must be positive and the bid not above the ask"};
  }
  if (const auto mark = quotes_[update.contract].mark()) prices_[update.contract].add(last_stamp_, *mark);
  Changes out{update};
  for (auto& [id, book] : books_) match(book, update.contract, out);
  return out;
}

model::Result<Changes> Book::set_account(model::AccountId account, const AccountPatch& patch) {
  auto* book = find(account);
  if (!book) return no_account(account);
  auto& row = book->row;
  row.can_trade = patch.can_trade.value_or(row.can_trade);
  row.visible = patch.visible.value_or(row.visible);
  row.simulated = patch.simulated.value_or(row.simulated);
  row.auto_oco = patch.auto_oco.value_or(row.auto_oco);
  row.follower = patch.follower.value_or(row.follower);
  row.balance = patch.balance.value_or(row.balance);
  return Changes{row};
}

model::Result<Changes> Book::withdraw(model::AccountId account, model::OrderId order, model::Instant at) {
  auto* book = find(account);
  if (!book) return no_account(account);
  const auto found = book->orders.find(order);
  if (found == book->orders.end() || !found->second.order.live()) {
    return Error{Errc::not_found, fmt::format("order {} is not working", order.value)};
  }
  stamp(at);
  Changes out;
  cancel_order(*book, found->second, out);
  return out;
}

model::Result<Changes> Book::liquidate(model::AccountId account, model::Instant at) {
  auto* book = find(account);
  if (!book) return no_account(account);
  stamp(at);
  Changes out;
  for (auto* row : book->live_orders())
    if (row->order.live()) cancel_order(*book, *row, out); // a child goes with its entry
  for (const auto& position : positions(account)) {
    const auto side = position.quantity > 0 ? Side::sell : Side::buy;
    if (const auto price = market_price(position.contract, side)) {
      execute(*book, position.contract, side, std::abs(position.quantity), *price, {}, out);
    }
  }
  book->row.can_trade = false;
  out.emplace_back(book->row);
  return out;
}

} // namespace bulkhead::simulator
