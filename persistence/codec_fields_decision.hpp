#pragma once
// Field lists of lockouts, intents, breaches, decisions and event payloads; see codec_fields.hpp. Included by
// the codec only; any thread.

#include "model/decision.hpp"
#include "model/event.hpp"
#include "persistence/codec_fields.hpp"

namespace bulkhead::persistence {

template <>
struct EnumRange<model::LockoutKind> {
  static constexpr auto last = model::LockoutKind::manual;
};
template <>
struct EnumRange<model::LockoutMode> {
  static constexpr auto last = model::LockoutMode::no_new_exposure;
};
template <>
struct EnumRange<model::ClearCause> {
  static constexpr auto last = model::ClearCause::admin;
};
template <>
struct EnumRange<model::IntentOutcome> {
  static constexpr auto last = model::IntentOutcome::deferred;
};
template <>
struct EnumRange<model::EnforcementIntent::Kind> {
  static constexpr auto last = model::EnforcementIntent::Kind::cancel_order;
};
template <>
struct EnumRange<model::AutomationRequest::Kind> {
  static constexpr auto last = model::AutomationRequest::Kind::modify_stop;
};
template <>
struct EnumRange<model::BalanceAdjusted::Kind> {
  static constexpr auto last = model::BalanceAdjusted::Kind::restart;
};
template <>
struct EnumRange<model::Measure::Unit> {
  static constexpr auto last = model::Measure::Unit::percent;
};
template <>
struct EnumRange<model::Alert::Severity> {
  static constexpr auto last = model::Alert::Severity::critical;
};

inline void fields(Writer& ar, const model::ClearOn& x) { ar.byte(x.bits); }
inline void fields(Reader& ar, model::ClearOn& x) {
  x.bits = ar.byte();
  if (x.bits >> (static_cast<unsigned>(EnumRange<model::ClearCause>::last) + 1) != 0)
    ar.fail("unknown cause");
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::Lockout>& x) {
  auto& [symbol, source, kind, mode, reason, created_at, expires_at, clear_on, baseline, violations] = x;
  ar(symbol, source, kind, mode, reason, created_at, expires_at, clear_on, baseline, violations);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::ClearedLockout>& x) {
  auto& [lockout, cause, at] = x;
  ar(lockout, cause, at);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::EnforcementIntent>& x) {
  auto& [id, kind, account, contract, order, held, target, epoch, source, ordinal, reason] = x;
  ar(id, kind, account, contract, order, held, target, epoch, source, ordinal, reason);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::Measure>& x) {
  auto& [unit, value] = x;
  ar(unit, value);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::Breach>& x) {
  auto& [source, account, contract, actual, limit, reason, at, dry_run] = x;
  ar(source, account, contract, actual, limit, reason, at, dry_run);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::Alert>& x) {
  auto& [severity, code, text] = x;
  ar(severity, code, text);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::AutomationRequest>& x) {
  auto& [id, kind, account, contract, order, side, size, stop_price, limit_price, previous, custom_tag,
         source, epoch, ordinal, reason] = x;
  ar(id, kind, account, contract, order, side, size, stop_price, limit_price, previous, custom_tag, source,
     epoch, ordinal, reason);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::ReadRequest>& x) {
  auto& [source, reason] = x;
  ar(source, reason);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::Decision>& x) {
  auto& [at, breaches, intents, lockouts_set, lockouts_cleared, alerts, wake_at, automation, reads] = x;
  ar(at, breaches, intents, lockouts_set, lockouts_cleared, alerts, wake_at);
  if (ar.since(2)) ar(automation, reads);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::ContractLearned>& x) {
  auto& [contract] = x;
  ar(contract);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::Reconciled>& x) {
  auto& [requested_at, account, positions, orders, suspended_included, fills] = x;
  ar(requested_at, account, positions, orders, suspended_included, fills);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::DailyReset>& x) {
  auto& [day, start, end] = x;
  ar(day, start, end);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::LockoutOrdered>& x) {
  auto& [lockout] = x;
  ar(lockout);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::LockoutLifted>& x) {
  auto& [source] = x;
  ar(source);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::FlattenOrdered>& x) {
  auto& [reason, contract, order, only_orders, source, epoch] = x;
  ar(reason);
  if (ar.since(2)) ar(contract, order, only_orders);
  if (ar.since(3)) ar(source, epoch);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::IntentReported>& x) {
  auto& [intent, outcome, detail] = x;
  ar(intent, outcome, detail);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::BalanceAdjusted>& x) {
  auto& [kind, amount] = x;
  ar(kind, amount);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::PastDay>& x) {
  auto& [day, balance, net, adjusted, fills] = x;
  ar(day, balance, net, adjusted, fills);
}
template <class Ar>
void fields(Ar& ar, Of<Ar, model::EquityHighs>& x) {
  auto& [earlier, today, whole] = x;
  ar(earlier, today, whole);
}
template <class Ar>
void fields(Ar& ar, Of<Ar, model::HistoryRead>& x) {
  auto& [days, highs] = x;
  ar(days);
  if (ar.since(4)) ar(highs);
}
template <class Ar>
void fields(Ar& ar, Of<Ar, model::EnforcementSwitched>& x) {
  auto& [on, reason] = x;
  ar(on, reason);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::AutomationReported>& x) {
  auto& [request, done, order, detail] = x;
  ar(request, done, order, detail);
}

template <class Ar>
void fields(Ar& ar, Of<Ar, model::Event>& x) {
  auto& [at, received, payload] = x;
  ar(at, received, payload);
}

} // namespace bulkhead::persistence
