#include "tests/simulation/trader.hpp"

#include <cstdlib>

namespace bulkhead::simulation {

using model::ContractId;
using model::Duration;
using model::OrderType;
using model::Price;
using model::Side;

Trader::Trader(Timeline& timeline, Gateway& gateway, std::uint64_t seed, model::AccountId account)
    : on_trade([](const ContractId&) {}),
      timeline_(timeline),
      gateway_(gateway),
      account_(account),
      random_(seed, "trader", account.value),
      temper_(static_cast<Temper>(random_.draw(0, 5))),
      usual_size_(random_.draw(1, random_.chance(70) ? 3 : 8)),
      mean_seconds_(random_.draw(200, 1400)),
      balance_(model::Money::dollars(50'000)) {
  copied_ = random_.draw(1, 5) * (random_.chance(50) ? 1 : -1);
}

ContractId Trader::contract() {
  return ContractId{traded_contracts[static_cast<std::size_t>(random_.chance(55) ? account_.value % 2
                                                                                 : random_.draw(0, 3))]};
}

std::optional<simulator::PositionRow> Trader::some_position() {
  const auto rows = gateway_.core.book().positions(account_);
  if (rows.empty()) return std::nullopt;
  return rows[static_cast<std::size_t>(random_.draw(0, static_cast<std::int64_t>(rows.size()) - 1))];
}

Price Trader::price(const ContractId& contract, std::int64_t ticks) const {
  const auto& quote = *gateway_.core.book().quote(contract);
  const auto tick = gateway_.core.book().contract(contract)->contract.tick.size;
  const auto last = quote.last.value_or(Price{});
  return Price{(last.nanos / tick.nanos + ticks) * tick.nanos};
}

void Trader::order(simulator::PlaceRequest request) {
  request.account = account_;
  on_trade(request.contract);
  (void)gateway_.core.commit(gateway_.core.book().place(request, timeline_.now()));
}

void Trader::open(std::int64_t size) {
  simulator::PlaceRequest request;
  request.contract = contract();
  request.side = random_.chance(50) ? Side::buy : Side::sell;
  request.size = static_cast<std::int32_t>(size);
  order(std::move(request));
}

void Trader::close(const ContractId& contract) {
  const auto held = gateway_.core.book().quantity(account_, contract);
  if (held == 0) return;
  simulator::PlaceRequest request;
  request.contract = contract;
  request.side = held > 0 ? Side::sell : Side::buy;
  request.size = random_.chance(75) ? std::abs(held) : 1;
  order(std::move(request));
}

void Trader::flip() {
  const auto row = some_position();
  if (!row) return open(usual_size_);
  simulator::PlaceRequest request;
  request.contract = row->contract;
  request.side = row->quantity > 0 ? Side::sell : Side::buy;
  request.size = std::abs(row->quantity) + static_cast<std::int32_t>(usual_size_);
  order(std::move(request));
}

void Trader::bracket() {
  simulator::PlaceRequest request;
  request.contract = contract();
  request.side = random_.chance(50) ? Side::buy : Side::sell;
  request.size = static_cast<std::int32_t>(random_.draw(1, usual_size_));
  const int sign = request.side == Side::buy ? 1 : -1;
  request.stop_loss =
      simulator::Bracket{static_cast<std::int32_t>(-sign * random_.draw(8, 60)), OrderType::stop};
  if (random_.chance(80))
    request.take_profit =
        simulator::Bracket{static_cast<std::int32_t>(sign * random_.draw(8, 80)), OrderType::limit};
  if (random_.chance(40)) {
    request.type = OrderType::limit;
    request.limit_price = price(request.contract, -sign * random_.draw(2, 30));
  }
  order(std::move(request));
}

/// An order that waits in the market.
void Trader::rest() {
  simulator::PlaceRequest request;
  request.contract = contract();
  request.side = random_.chance(50) ? Side::buy : Side::sell;
  const int sign = request.side == Side::buy ? 1 : -1;
  request.size = static_cast<std::int32_t>(random_.draw(1, usual_size_));
  if (random_.chance(60)) {
    request.type = OrderType::limit;
    request.limit_price = price(request.contract, -sign * random_.draw(4, 80));
  } else {
    request.type = OrderType::stop;
    request.stop_price = price(request.contract, sign * random_.draw(4, 80));
  }
  order(std::move(request));
}

/// Protects what he holds; now and then on the wrong side or too little.
void Trader::stop() {
  const auto row = some_position();
  if (!row) return;
  simulator::PlaceRequest request;
  request.contract = row->contract;
  request.type = OrderType::stop;
  request.side = (row->quantity > 0) == random_.chance(85) ? Side::sell : Side::buy;
  request.size = random_.chance(75) ? std::abs(row->quantity) : 1;
  request.stop_price = price(row->contract, (request.side == Side::sell ? -1 : 1) * random_.draw(6, 60));
  order(std::move(request));
}

void Trader::withdraw() {
  for (const auto& row : gateway_.core.book().orders(account_)) {
    if (!row.order.live() || random_.chance(60)) continue;
    on_trade(row.order.contract);
    (void)gateway_.core.commit(gateway_.core.book().withdraw(account_, row.order.id, timeline_.now()));
    return;
  }
}

void Trader::copy() {
  const ContractId first{traded_contracts[0]};
  if (random_.one_in(8)) copied_ = random_.draw(-5, 5);
  const auto lacks = copied_ - gateway_.core.book().quantity(account_, first);
  if (lacks == 0) return;
  simulator::PlaceRequest request;
  request.contract = first;
  request.side = lacks > 0 ? Side::buy : Side::sell;
  request.size = static_cast<std::int32_t>(std::abs(lacks));
  order(std::move(request));
}

void Trader::follow_mood() {
  const auto balance = gateway_.core.book().account(account_)->balance;
  const bool lost = balance < std::exchange(balance_, balance);
  const auto row = some_position();
  switch (temper_) {
  case Temper::scalper: return row && random_.chance(65) ? close(row->contract) : open(usual_size_);
  case Temper::brackets: return random_.chance(75) ? bracket() : row ? close(row->contract) : rest();
  case Temper::revenge:
    return row && random_.chance(50) ? close(row->contract) : open(lost ? usual_size_ * 2 : usual_size_);
  case Temper::copier: return copy();
  case Temper::flipper: return random_.chance(70) ? flip() : row ? close(row->contract) : open(usual_size_);
  case Temper::defiant: return row && random_.chance(45) ? close(row->contract) : open(usual_size_);
  }
}

Duration Trader::act(bool locked_out, bool excited) {
  const auto mean = excited ? std::min<std::int64_t>(mean_seconds_, 40) : mean_seconds_;
  const Duration pause{random_.draw(500'000, mean * 2'000'000)};
  const bool stubborn = temper_ == Temper::defiant || temper_ == Temper::copier;
  const bool dares = random_.chance(stubborn && excited ? 90 : stubborn ? 25 : 10);
  if (locked_out && !dares) return pause;
  switch (random_.draw(1, 10)) {
  case 1: stop(); break;
  case 2: rest(); break;
  case 3: withdraw(); break;
  case 4: stop(); break;
  default: follow_mood(); break;
  }
  return temper_ == Temper::defiant && locked_out ? pause / 3 : pause;
}

} // namespace bulkhead::simulation
