// What a gateway and people tell in a random life.

#include "tests/differential/streams.hpp"

#include <fmt/format.h>
#include <utility>

namespace bulkhead::differential {

using namespace model;

namespace {

std::size_t number_of(const std::string& contract) {
  std::size_t i = 0;
  while (contracts[i] != contract) ++i;
  return i;
}
std::int64_t tick_of(std::size_t contract) { return contract == 4 ? 100'000'000 : 250'000'000; }

} // namespace

Payload Life::position() {
  PositionUpdate update;
  update.account = account_;
  update.contract = ContractId{contract()};
  const auto known = positions_.find(update.contract.value);
  if (known != positions_.end() && chance(35)) {
    positions_.erase(known);
    return update; // closed
  }
  update.type = chance(3) ? PositionType::undefined : chance(60) ? PositionType::long_ : PositionType::short_;
  if (known != positions_.end() && chance(75)) update.type = known->second.type;
  update.size = pick(1, chance(80) ? 4 : 60);
  const auto base = prices[number_of(update.contract.value)];
  update.average_price = Price{base * Price::per_unit + std::int64_t{pick(-40, 40)} * 83'333'333};
  if (chance(50)) update.id = PositionId{chance(90) ? 77 : ids_++};
  positions_.insert_or_assign(update.contract.value, update);
  return update;
}

Payload Life::order() {
  if (!orders_.empty() && chance(45)) {
    auto it = orders_.begin();
    std::advance(it, pick(0, static_cast<int>(orders_.size()) - 1));
    Order& order = it->second;
    order.updated = now_ - std::chrono::milliseconds{chance(85) ? 0 : pick(1, 60'000)}; // perhaps too late
    if (chance(60))
      order.status = static_cast<OrderStatus>(pick(1, 8));
    else
      order.filled = std::min(order.size, order.filled + 1);
    const Order told = order;
    if (!told.live() && chance(70)) orders_.erase(it);
    return told;
  }
  if (!positions_.empty() && chance(40)) return stop();
  Order order;
  order.id = OrderId{ids_++};
  order.account = account_;
  order.contract = ContractId{contract()};
  order.created = order.updated = now_;
  order.status = chance(85) ? OrderStatus::open : chance(50) ? OrderStatus::pending : OrderStatus::suspended;
  order.type = static_cast<OrderType>(pick(1, 5));
  order.side = chance(50) ? Side::buy : Side::sell;
  order.size = pick(1, 6);
  order.stop_price = Price{prices[number_of(order.contract.value)] * Price::per_unit};
  orders_.insert_or_assign(order.id.value, order);
  return order;
}

/// For what is held, on its closing side, about as large.
Payload Life::stop() {
  auto it = positions_.begin();
  std::advance(it, pick(0, static_cast<int>(positions_.size()) - 1));
  const PositionUpdate& held = it->second;
  Order order;
  order.id = OrderId{ids_++};
  order.account = account_;
  order.contract = held.contract;
  order.created = order.updated = now_;
  order.status = chance(80) ? OrderStatus::open : OrderStatus::pending;
  order.type = chance(70) ? OrderType::stop : chance(50) ? OrderType::stop_limit : OrderType::trailing_stop;
  const bool is_long = held.type != PositionType::short_;
  order.side = is_long == chance(90) ? Side::sell : Side::buy;
  order.size = chance(70) ? held.size : pick(1, 4);
  const auto index = number_of(held.contract.value);
  order.stop_price = Price{prices[index] * Price::per_unit -
                           std::int64_t{pick(-20, 120)} * (is_long ? 1 : -1) * tick_of(index)};
  if (order.type == OrderType::trailing_stop && chance(50)) order.stop_price.reset();
  orders_.insert_or_assign(order.id.value, order);
  return order;
}

/// What comes of a stop that the engine wanted placed or moved: the order as the gateway shows it, or a word
/// that it was done or refused.
Payload Life::carry_out() {
  const AutomationRequest request = requests_.front();
  requests_.pop_front();
  if (chance(20)) return AutomationReported{request.id, chance(30), std::nullopt, ""};
  const bool places = request.kind == AutomationRequest::Kind::place_stop;
  const OrderId id = places ? OrderId{ids_++} : *request.order;
  const auto known = orders_.find(id.value);
  if (!places && (known == orders_.end() || !known->second.live()))
    return AutomationReported{request.id, false, std::nullopt, "gone"};
  Order order = places ? Order{} : known->second;
  order.id = id;
  order.account = account_;
  order.contract = request.contract;
  order.updated = now_;
  if (places) {
    order.created = now_;
    order.status = OrderStatus::open;
    order.type = OrderType::stop;
    order.side = request.side;
    order.custom_tag = request.custom_tag;
  }
  order.size = std::max(request.size, order.filled);
  order.stop_price = request.stop_price;
  orders_.insert_or_assign(id.value, order);
  told_last_ = order;
  return order;
}

Payload Life::fill() {
  // The ledger remembers two days; what is older is told once.
  std::erase_if(fills_,
                [&](const auto& entry) { return entry.second.executed_at < now_ - std::chrono::hours{24}; });
  if (!fills_.empty() && chance(12)) {
    auto it = fills_.begin();
    std::advance(it, pick(0, static_cast<int>(fills_.size()) - 1));
    if (!it->second.voided) earn(it->second, -1);
    if (chance(50))
      it->second.voided = true;
    else if (chance(50))
      it->second.fees = Money{pick(1, 5) * 700'000};
    if (!it->second.voided) earn(it->second, 1);
    return it->second;
  }
  Fill fill;
  fill.id = FillId{ids_++};
  fill.order = OrderId{chance(80) ? ids_ : std::max<std::int64_t>(1, ids_ - 3)};
  fill.account = account_;
  fill.contract = ContractId{contract()};
  fill.executed_at = chance(85) ? now_ : now_ - std::chrono::minutes{pick(1, 2000)};
  fill.price = Price{prices[number_of(fill.contract.value)] * Price::per_unit};
  const int best = lucky_ ? 350 : 150;
  if (chance(70)) fill.pnl = Money{std::int64_t{pick(best - 500, best)} * 1'000'000 + pick(0, 9) * 100'000};
  fill.fees = Money{chance(50) ? 0 : 1'400'000};
  fill.commissions = Money{chance(90) ? 0 : 250'000};
  fill.side = chance(50) ? Side::buy : Side::sell;
  fill.size = pick(1, 3);
  fills_.insert_or_assign(fill.id.value, fill);
  earn(fill, 1);
  return fill;
}

void Life::earn(const Fill& fill, int sign) {
  const Money worth = fill.pnl.value_or(Money{}) - fill.fees - fill.commissions;
  balance_ = sign > 0 ? balance_ + worth : balance_ - worth;
}

Payload Life::quote() {
  QuoteUpdate quote;
  quote.contract = ContractId{
      positions_.empty() || chance(30)
          ? contract()
          : std::next(positions_.begin(), pick(0, static_cast<int>(positions_.size()) - 1))->first};
  const auto index = number_of(quote.contract.value);
  const std::int64_t tick = tick_of(index);
  const std::int64_t last =
      prices[index] * Price::per_unit + std::int64_t{chance(50) ? pick(-200, 200) : pick(-30, 30)} * tick;
  if (chance(85)) quote.last = Price{last};
  if (!quote.last || chance(70)) quote.bid = Price{last - pick(0, 2) * tick};
  if (!quote.last || chance(70)) quote.ask = Price{last + pick(0, 2) * tick};
  if (chance(2)) quote.bid = Price{last + 500 * tick}; // above the ask
  if (chance(2)) quote.last = Price{0};
  return quote;
}

Payload Life::account() {
  Account account;
  account.id = account_;
  // Nobody says why: anywhere, or where limits tend to lie.
  if (chance(12)) balance_ = Money::dollars(chance(30) ? pick(40'000, 60'000) : 50'000 + 50 * pick(-16, 10));
  if (chance(5)) untold_ += Money::dollars(pick(-2'000, 1'000));
  if (chance(85)) account.balance = balance_ + untold_;
  if (chance(80)) account.can_trade = can_trade_ = chance(can_trade_ ? 70 : 80);
  return account;
}

Payload Life::person() {
  if (chance(25)) return FlattenOrdered{"by hand"};
  static constexpr Source sources[] = {Source::manual(), Source::rule(1), Source::rule(2), Source::rule(3),
                                       Source::rule(6),  Source::rule(7), Source::rule(9)};
  const Source source = sources[static_cast<std::size_t>(pick(0, 6))];
  if (chance(40)) return LockoutLifted{source};
  Lockout row;
  row.source = chance(50) ? source : Source::manual();
  row.kind = LockoutKind::manual;
  row.mode = chance(60) ? LockoutMode::flatten : LockoutMode::no_new_exposure;
  row.reason = "by hand";
  row.created_at = now_;
  row.clear_on = row.clear_on.with(ClearCause::admin);
  if (chance(80))
    row.expires_at = now_ + std::chrono::seconds{pick(1, 7200)},
    row.clear_on = row.clear_on.with(ClearCause::expiry);
  if (chance(20)) row.clear_on = row.clear_on.with(ClearCause::daily_reset);
  if (chance(30)) row.symbol = Root{chance(50) ? "MNQ" : "ES"};
  return LockoutOrdered{row};
}

/// Money put in or taken out, told before the balance shows it, or afterwards, or never seen there.
Payload Life::change() {
  if (chance(15)) {
    if (chance(70)) balance_ = Money::dollars(50'000), untold_ = {};
    return BalanceAdjusted{BalanceAdjusted::Kind::restart, {}};
  }
  Money amount = std::exchange(untold_, {});
  balance_ += amount;
  if (amount == Money{}) {
    amount = Money::dollars(pick(-2'000, 500));
    if (chance(80)) balance_ += amount;
  }
  if (amount < Money{} && chance(80)) return BalanceAdjusted{BalanceAdjusted::Kind::payout, amount.abs()};
  return BalanceAdjusted{BalanceAdjusted::Kind::correction, amount};
}

/// The days before this one, of some of which nothing is known.
HistoryRead Life::history() {
  HistoryRead read;
  for (int ago = pick(0, 6); ago > 0; --ago) {
    if (chance(20)) continue;
    PastDay past;
    past.day = TradingDay{std::chrono::sys_days{day().day.date} - std::chrono::days{ago}};
    past.net = Money{std::int64_t{pick(-300, 700)} * 1'000'000};
    past.fills = 1;
    read.days.push_back(past);
  }
  return read;
}

Payload Life::report() {
  if (asked_.empty()) return TimeReached{};
  auto it = asked_.begin();
  std::advance(it, pick(0, static_cast<int>(asked_.size()) - 1));
  return IntentReported{it->second, static_cast<IntentOutcome>(pick(0, 2)), ""};
}

Payload Life::read() {
  Reconciled read;
  read.requested_at = now_;
  Account account;
  account.id = account_;
  if (chance(80)) account.balance = balance_ + untold_;
  read.account = account;
  for (const auto& [contract, position] : positions_) read.positions.push_back(position);
  for (const auto& [id, order] : orders_)
    if (order.live()) read.orders.push_back(order);
  read.suspended_included = true;
  return read;
}

} // namespace bulkhead::differential
