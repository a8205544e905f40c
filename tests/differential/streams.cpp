#include "tests/differential/streams.hpp"

#include <fmt/format.h>

namespace bulkhead::differential {

using namespace model;

namespace {

constexpr const char* contracts[] = {"CON.F.US.MNQ.U26", "CON.F.US.MNQ.Z26", "CON.F.US.EP.U26",
                                     "CON.F.US.MES.U26", "CON.F.US.RTY.U26"};
constexpr std::int64_t prices[] = {21000, 21100, 5800, 5800, 2200};

std::size_t number_of(const std::string& contract) {
  std::size_t i = 0;
  while (contracts[i] != contract) ++i;
  return i;
}

ContractLearned learned(const char* id, std::int64_t tick_nanos, std::int64_t value_micros) {
  ContractLearned event;
  event.contract.id = ContractId{id};
  event.contract.tick = {Price{tick_nanos}, Money{value_micros}};
  return event;
}

} // namespace

Life::Life(std::uint64_t seed, AccountId account) : random_(seed), account_(account) {
  // Anywhere in 2026, so that both changes of the clock are met.
  now_ = Instant{std::chrono::sys_days{std::chrono::year{2026} / 1 / 2}} + std::chrono::hours{pick(0, 8600)} +
         std::chrono::seconds{pick(0, 3599)};
}

int Life::pick(int low, int high) {
  return low + static_cast<int>(random_() % static_cast<std::uint64_t>(high - low + 1));
}
std::string Life::contract() { return contracts[static_cast<std::size_t>(pick(0, 4))]; }

DailyReset Life::day() const {
  Instant start = reference::next_reset(now_ - std::chrono::hours{26});
  for (Instant next = start; next <= now_; next = reference::next_reset(start)) start = next;
  const Instant end = reference::next_reset(start);
  return {TradingDay{std::chrono::floor<std::chrono::days>(end)}, start, end};
}

reference::Events Life::begin() {
  reference::Events events;
  events.push_back(at(learned(contracts[0], 250'000'000, 500'000)));
  events.push_back(at(learned(contracts[1], 250'000'000, 500'000)));
  events.push_back(at(learned(contracts[2], 250'000'000, 12'500'000)));
  events.push_back(at(learned(contracts[3], 250'000'000, 1'250'000)));
  if (chance(80)) events.push_back(at(learned(contracts[4], 100'000'000, 5'000'000)));
  events.push_back(at(ConnectionRestored{}));
  events.push_back(at(day()));
  now_ += Duration{1};
  events.push_back(at(read()));
  return events;
}

void Life::pass_time(const Decision& last) {
  if (last.wake_at && chance(20))
    now_ = std::max(now_ + Duration{1}, *last.wake_at);
  else if (chance(5))
    now_ += std::chrono::minutes{pick(1, 600)};
  else
    now_ += std::chrono::milliseconds{pick(1, chance(50) ? 900 : 40'000)};
}

Event Life::next(const Decision& last) {
  for (const auto& intent : last.intents) {
    const bool cancels = intent.kind == EnforcementIntent::Kind::cancel_order;
    asked_[cancels ? to_string(intent.order) : intent.contract.value] = intent.id;
  }
  pass_time(last);
  if (unread_) {
    unread_ = false;
    if (chance(70)) return at(read());
  }
  if (told_last_ && chance(6)) return at(*told_last_);
  const int kind = pick(1, 100);
  if (kind <= 34)
    told_last_ = position();
  else if (kind <= 54)
    told_last_ = order();
  else if (kind <= 72)
    told_last_ = fill();
  else if (kind <= 83)
    told_last_ = quote();
  else if (kind <= 84)
    told_last_ = account();
  else if (kind <= 87)
    return at(TimeReached{});
  else if (kind <= 90)
    return at(day());
  else if (kind <= 93)
    return at(person());
  else if (kind <= 96)
    return at(report());
  else if (kind <= 98)
    return at(read());
  else {
    unread_ = true;
    return at(Restarted{});
  }
  return at(*told_last_);
}

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

Payload Life::fill() {
  // The ledger remembers two days; what is older is told once.
  std::erase_if(fills_,
                [&](const auto& entry) { return entry.second.executed_at < now_ - std::chrono::hours{24}; });
  if (!fills_.empty() && chance(12)) {
    auto it = fills_.begin();
    std::advance(it, pick(0, static_cast<int>(fills_.size()) - 1));
    if (chance(50))
      it->second.voided = true;
    else if (chance(50))
      it->second.fees = Money{pick(1, 5) * 700'000};
    return it->second;
  }
  Fill fill;
  fill.id = FillId{ids_++};
  fill.order = OrderId{chance(80) ? ids_ : std::max<std::int64_t>(1, ids_ - 3)};
  fill.account = account_;
  fill.contract = ContractId{contract()};
  fill.executed_at = chance(85) ? now_ : now_ - std::chrono::minutes{pick(1, 2000)};
  fill.price = Price{prices[number_of(fill.contract.value)] * Price::per_unit};
  if (chance(70)) fill.pnl = Money{std::int64_t{pick(-350, 150)} * 1'000'000 + pick(0, 9) * 100'000};
  fill.fees = Money{chance(50) ? 0 : 1'400'000};
  fill.commissions = Money{chance(90) ? 0 : 250'000};
  fill.side = chance(50) ? Side::buy : Side::sell;
  fill.size = pick(1, 3);
  fills_.insert_or_assign(fill.id.value, fill);
  return fill;
}

Payload Life::quote() {
  QuoteUpdate quote;
  quote.contract = ContractId{contract()};
  const std::int64_t tick = quote.contract.value == contracts[4] ? 100'000'000 : 250'000'000;
  quote.last =
      Price{prices[number_of(quote.contract.value)] * Price::per_unit + std::int64_t{pick(-200, 200)} * tick};
  return quote;
}

Payload Life::account() {
  Account account;
  account.id = account_;
  if (chance(50)) account.balance = Money::dollars(pick(40'000, 60'000));
  if (chance(80)) account.can_trade = can_trade_ = chance(can_trade_ ? 70 : 80);
  return account;
}

Payload Life::person() {
  if (chance(25)) return FlattenOrdered{"by hand"};
  static constexpr Source sources[] = {Source::manual(), Source::rule(1), Source::rule(2), Source::rule(3),
                                       Source::rule(6)};
  const Source source = sources[static_cast<std::size_t>(pick(0, 4))];
  if (chance(40)) return LockoutLifted{source};
  Lockout row;
  row.source = chance(50) ? source : Source::manual();
  row.kind = LockoutKind::manual;
  // Only lockouts that flatten: what may stay under the other mode depends on fills that no position has told
  // of yet, which the reference does not know.
  row.mode = LockoutMode::flatten;
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
  read.account = account;
  for (const auto& [contract, position] : positions_) read.positions.push_back(position);
  for (const auto& [id, order] : orders_)
    if (order.live()) read.orders.push_back(order);
  read.suspended_included = true;
  return read;
}

} // namespace bulkhead::differential
