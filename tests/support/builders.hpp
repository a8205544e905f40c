#pragma once
// Words for tests: instants, amounts and contracts from literals, and fluent builders of events. A builder is
// a value, converts to the payload it builds, and becomes an Event with .at(when); a time that was not stated
// is then the event's own. Literals that do not parse throw. Owned by the test that makes them; any thread.
// Inside namespace bulkhead write ::testing for GoogleTest, because testing is this namespace there.

#include "model/event.hpp"
#include "model/trading_calendar.hpp"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace bulkhead::testing {

using namespace model;

[[nodiscard]] inline Instant instant(std::string_view text) { return parse_instant(text).value(); }
[[nodiscard]] inline Money usd(std::string_view text) { return Money::parse(text).value(); }
[[nodiscard]] inline Price px(std::string_view text) { return Price::parse(text).value(); }
[[nodiscard]] inline TradingDay trading_day(std::string_view text) { return TradingDay::parse(text).value(); }
[[nodiscard]] inline TimeOfDay time_of_day(std::string_view text) { return TimeOfDay::parse(text).value(); }
[[nodiscard]] inline TickSpec tick(std::string_view size, std::string_view value) {
  return {px(size), usd(value)};
}

[[nodiscard]] inline AccountId trader() { return AccountId{41002233}; }
[[nodiscard]] inline ContractId contract(std::string_view symbol, std::string_view expiry = "U26") {
  return ContractId{"CON.F.US." + std::string(symbol) + "." + std::string(expiry)};
}
[[nodiscard]] inline ContractId mnq() { return contract("MNQ"); }
[[nodiscard]] inline ContractId nq() { return contract("ENQ"); }
[[nodiscard]] inline ContractId mes() { return contract("MES"); }
[[nodiscard]] inline ContractId es() { return contract("EP"); }
[[nodiscard]] inline ContractId m2k() { return contract("M2K"); }
[[nodiscard]] inline ContractId rty() { return contract("RTY"); }
[[nodiscard]] inline ContractId cl() { return contract("CLE", "V26"); }

/// Any payload as an event.
template <class P>
[[nodiscard]] Event at(Instant when, P payload) {
  return {when, 0, Payload{std::move(payload)}};
}

/// What all builders share: the payload, and the two ways out.
template <class Self, class P>
class Builder {
public:
  [[nodiscard]] operator P() const { return built_; } // implicit on purpose: a builder is its payload
  [[nodiscard]] const P& build() const { return built_; }
  [[nodiscard]] Event at(Instant when) const {
    Self copy = static_cast<const Self&>(*this);
    copy.stamp(when);
    return testing::at(when, copy.built_);
  }
  /// Anything without a word of its own: `.with([](Order& o) { o.parent = OrderId{1}; })`.
  template <class Change>
  [[nodiscard]] Self with(Change change) const {
    Self copy = static_cast<const Self&>(*this);
    change(copy.built_);
    return copy;
  }

protected:
  void stamp(Instant) {}
  P built_;
};

class PositionBuilder : public Builder<PositionBuilder, PositionUpdate> {
public:
  explicit PositionBuilder(ContractId id) { built_.account = trader(), built_.contract = std::move(id); }
  PositionBuilder& long_(std::int32_t n) { return of(PositionType::long_, n); }
  PositionBuilder& short_(std::int32_t n) { return of(PositionType::short_, n); }
  PositionBuilder& flat() { return of(PositionType::undefined, 0); }
  PositionBuilder& of(PositionType type, std::int32_t n) {
    return built_.type = type, built_.size = n, *this;
  }
  PositionBuilder& average(std::string_view price) { return built_.average_price = px(price), *this; }
  PositionBuilder& created(Instant when) { return built_.created = when, *this; }
  PositionBuilder& id(std::int64_t number) { return built_.id = PositionId{number}, *this; }
};
/// Flat until told otherwise: position(mnq()).long_(2).average("21000").at(when).
[[nodiscard]] inline PositionBuilder position(ContractId id) { return PositionBuilder{std::move(id)}; }

class OrderBuilder : public Builder<OrderBuilder, Order> {
public:
  explicit OrderBuilder(std::int64_t number) {
    built_.id = OrderId{number}, built_.account = trader(), built_.status = OrderStatus::open;
    on(mnq()).buy(1).market();
  }
  OrderBuilder& on(ContractId id) { return built_.contract = std::move(id), *this; }
  OrderBuilder& buy(std::int32_t n) { return built_.side = Side::buy, built_.size = n, *this; }
  OrderBuilder& sell(std::int32_t n) { return built_.side = Side::sell, built_.size = n, *this; }
  OrderBuilder& filled(std::int32_t n) { return built_.filled = n, *this; }
  OrderBuilder& status(OrderStatus s) { return built_.status = s, *this; }
  OrderBuilder& market() { return built_.type = OrderType::market, *this; }
  OrderBuilder& limit(std::string_view price) {
    return built_.type = OrderType::limit, built_.limit_price = px(price), *this;
  }
  OrderBuilder& stop(std::string_view price) {
    return built_.type = OrderType::stop, built_.stop_price = px(price), *this;
  }
  /// The venue's stamp of its last change; also the creation when none was stated.
  OrderBuilder& updated(Instant when) {
    if (!stamped_) built_.created = when;
    return built_.updated = when, stamped_ = true, *this;
  }
  OrderBuilder& created(Instant when) { return updated(when), built_.created = when, *this; }
  OrderBuilder& parent(std::int64_t entry) { return built_.parent = OrderId{entry}, *this; }
  OrderBuilder& tag(std::string text) { return built_.custom_tag = std::move(text), *this; }

private:
  friend Builder;
  void stamp(Instant when) {
    if (!stamped_) updated(when);
  }
  bool stamped_ = false;
};
/// A live market order to buy one MNQ until told otherwise.
[[nodiscard]] inline OrderBuilder order(std::int64_t number) { return OrderBuilder{number}; }

class FillBuilder : public Builder<FillBuilder, Fill> {
public:
  explicit FillBuilder(std::int64_t number) {
    built_.id = FillId{number}, built_.order = OrderId{number}, built_.account = trader();
    on(mnq()).buy(1).price("21000");
  }
  FillBuilder& on(ContractId id) { return built_.contract = std::move(id), *this; }
  FillBuilder& of_order(std::int64_t number) { return built_.order = OrderId{number}, *this; }
  FillBuilder& buy(std::int32_t n) { return built_.side = Side::buy, built_.size = n, *this; }
  FillBuilder& sell(std::int32_t n) { return built_.side = Side::sell, built_.size = n, *this; }
  FillBuilder& price(std::string_view text) { return built_.price = px(text), *this; }
  /// Not called on an opening fill.
  FillBuilder& pnl(std::string_view amount) { return built_.pnl = usd(amount), *this; }
  FillBuilder& fees(std::string_view amount) { return built_.fees = usd(amount), *this; }
  FillBuilder& commissions(std::string_view amount) { return built_.commissions = usd(amount), *this; }
  FillBuilder& executed(Instant when) { return built_.executed_at = when, stamped_ = true, *this; }
  FillBuilder& voided() { return built_.voided = true, *this; }

private:
  friend Builder;
  void stamp(Instant when) {
    if (!stamped_) executed(when);
  }
  bool stamped_ = false;
};
/// An opening fill of one MNQ without costs until told otherwise.
[[nodiscard]] inline FillBuilder fill(std::int64_t number) { return FillBuilder{number}; }

class QuoteBuilder : public Builder<QuoteBuilder, QuoteUpdate> {
public:
  explicit QuoteBuilder(ContractId id) { built_.contract = std::move(id); }
  QuoteBuilder& last(std::string_view price) { return built_.last = px(price), *this; }
  QuoteBuilder& bid(std::string_view price) { return built_.bid = px(price), *this; }
  QuoteBuilder& ask(std::string_view price) { return built_.ask = px(price), *this; }
};
[[nodiscard]] inline QuoteBuilder quote(ContractId id) { return QuoteBuilder{std::move(id)}; }

class AccountBuilder : public Builder<AccountBuilder, Account> {
public:
  AccountBuilder() { built_.id = trader(); }
  AccountBuilder& name(std::string text) { return built_.name = std::move(text), *this; }
  AccountBuilder& balance(std::string_view amount) { return built_.balance = usd(amount), *this; }
  AccountBuilder& can_trade(bool yes) { return built_.can_trade = yes, *this; }
  AccountBuilder& simulated(bool yes) { return built_.simulated = yes, *this; }
};
[[nodiscard]] inline AccountBuilder account() { return {}; }

class ReadBuilder : public Builder<ReadBuilder, Reconciled> {
public:
  explicit ReadBuilder(Instant requested) { built_.requested_at = requested; }
  ReadBuilder& has(const PositionUpdate& row) { return built_.positions.push_back(row), *this; }
  ReadBuilder& has(const Order& row) { return built_.orders.push_back(row), *this; }
  ReadBuilder& has(const Fill& row) { return built_.fills.push_back(row), *this; }
  ReadBuilder& has(const Account& row) { return built_.account = row, *this; }
  ReadBuilder& sees_suspended() { return built_.suspended_included = true, *this; }
};
/// A complete read of an account that is empty until told otherwise.
[[nodiscard]] inline ReadBuilder read(Instant requested) { return ReadBuilder{requested}; }

/// The reset at `start`, 17:00 Chicago time, with the bounds of the day it begins.
[[nodiscard]] inline DailyReset reset(Instant start) {
  const auto schedule = ResetSchedule::make(time_of_day("17:00"), "America/Chicago").value();
  return {schedule.trading_day(start), start, schedule.next_after(start)};
}
[[nodiscard]] inline ContractLearned learned(ContractId id, std::string_view size, std::string_view value) {
  Contract known;
  known.id = std::move(id), known.tick = tick(size, value);
  return {known};
}

/// A lockout row of the whole account in mode flatten, until told otherwise without an end.
class LockoutBuilder : public Builder<LockoutBuilder, Lockout> {
public:
  LockoutBuilder(Source source, Instant created) { built_.source = source, built_.created_at = created; }
  LockoutBuilder& until(Instant end) { return built_.expires_at = end, *this; }
  LockoutBuilder& kind(LockoutKind k) { return built_.kind = k, *this; }
  LockoutBuilder& on(std::string root) { return built_.symbol = Root{std::move(root)}, *this; }
  LockoutBuilder& no_new_exposure() { return built_.mode = LockoutMode::no_new_exposure, *this; }
  LockoutBuilder& keeps(const ContractId& id, std::int32_t held) { return built_.baseline[id] = held, *this; }
  LockoutBuilder& because(std::string text) { return built_.reason = std::move(text), *this; }
  LockoutBuilder& clears_on(std::initializer_list<ClearCause> causes) {
    for (const auto cause : causes) built_.clear_on = built_.clear_on.with(cause);
    return *this;
  }
};
[[nodiscard]] inline LockoutBuilder lockout(Source source, Instant created) { return {source, created}; }

} // namespace bulkhead::testing
