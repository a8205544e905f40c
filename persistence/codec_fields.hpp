#pragma once
// The field lists of the values of model/: what goes into an archive, in which order. The structured bindings
// are deliberate: a field added to a struct and forgotten here does not compile. To change a list, raise the
// version in codec.hpp and keep reading the old one. Included by the codec only; any thread.

#include "model/account.hpp"
#include "model/contract.hpp"
#include "model/fill.hpp"
#include "model/order.hpp"
#include "model/position.hpp"
#include "model/quote.hpp"
#include "model/source.hpp"
#include "persistence/archive_types.hpp"

namespace bulkhead::persistence {

template <>
struct EnumRange<model::Source::Kind> {
  static constexpr auto last = model::Source::Kind::guard;
};

template <class Ar>
void fields(Ar& ar, Of<Ar, model::Money>& x) {
  auto& [micros] = x;
  ar(micros);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::Price>& x) {
  auto& [nanos] = x;
  ar(nanos);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::TickSpec>& x) {
  auto& [size, value] = x;
  ar(size, value);
}

inline void fields(Writer& ar, const model::TradingDay& x) {
  ar(static_cast<std::int32_t>(static_cast<int>(x.date.year())));
  ar.byte(static_cast<std::uint8_t>(static_cast<unsigned>(x.date.month())));
  ar.byte(static_cast<std::uint8_t>(static_cast<unsigned>(x.date.day())));
}
inline void fields(Reader& ar, model::TradingDay& x) {
  std::int32_t year = 0;
  ar(year);
  const std::chrono::month month{ar.byte()};
  const std::chrono::day day{ar.byte()};
  // A ledger that has seen no reset yet has the day 0-0-0.
  const std::chrono::year_month_day date{std::chrono::year{year}, month, day};
  const bool none = year == 0 && month == std::chrono::month{0} && day == std::chrono::day{0};
  if (year < -32767 || year > 32767 || (!date.ok() && !none)) ar.fail("no date");
  x.date = ar.ok() ? date : std::chrono::year_month_day{};
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::Source>& x) {
  auto& [kind, number, instance] = x;
  ar(kind, number, instance);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::Account>& x) {
  auto& [id, name, balance, can_trade, is_visible, simulated] = x;
  ar(id, name, balance, can_trade, is_visible, simulated);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::Contract>& x) {
  auto& [id, name, description, tick, symbol, active] = x;
  ar(id, name, description, tick, symbol, active);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::Order>& x) {
  auto& [id, account, contract, symbol, created, updated, status, type, side, size, filled, limit_price,
         stop_price, filled_price, trail_price, parent, custom_tag] = x;
  ar(id, account, contract, symbol, created, updated, status, type, side, size, filled, limit_price,
     stop_price, filled_price, trail_price, parent, custom_tag);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::Fill>& x) {
  auto& [id, order, account, contract, executed_at, price, pnl, fees, commissions, side, size, voided] = x;
  ar(id, order, account, contract, executed_at, price, pnl, fees, commissions, side, size, voided);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::PositionUpdate>& x) {
  auto& [account, contract, id, type, size, average_price, created] = x;
  ar(account, contract, id, type, size, average_price, created);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::Position>& x) {
  auto& [contract, id, quantity, direction_known, average_price, epoch, opened_at, increased_at, seen_at] = x;
  ar(contract, id, quantity, direction_known, average_price, epoch, opened_at, increased_at, seen_at);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::QuoteUpdate>& x) {
  auto& [contract, last, bid, ask, open, updated] = x;
  ar(contract, last, bid, ask, open, updated);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::Quote>& x) {
  auto& [last, bid, ask, received_at, before_gap, after_gap, gap_at] = x;
  ar(last, bid, ask, received_at, before_gap, after_gap, gap_at);
}

} // namespace bulkhead::persistence
