#pragma once
// Domain values with every field set to something that is not its default, so that a field lost on the way to
// disk and back shows. Used by the tests of persistence/ only.

#include "model/account_state.hpp"
#include "model/decision.hpp"
#include "model/event.hpp"
#include "persistence/store.hpp"

#include <vector>

namespace bulkhead::persistence::samples {

using namespace model;
using namespace std::chrono_literals;

inline Instant at(std::int64_t seconds) {
  return Instant{std::chrono::microseconds{1'784'152'800'000'000 + seconds * 1'000'000 + 7}};
}
inline TradingDay day(unsigned d = 15) {
  return {std::chrono::year{2026} / std::chrono::July / std::chrono::day{d}};
}
inline const ContractId mnq{"CON.F.US.MNQ.U26"};
inline const ContractId es{"CON.F.US.EP.U26"};

inline Account account() { return {AccountId{4711}, "50K-\"Ü\n", Money{-123'456'789}, true, false, true}; }
inline Order order() {
  return {OrderId{9'000'000'001},
          AccountId{4711},
          mnq,
          SymbolId{"F.US.MNQ"},
          at(1),
          at(2),
          OrderStatus::open,
          static_cast<OrderType>(77),
          Side::sell,
          5,
          2,
          Price{21'000'250'000'000},
          Price{-1},
          Price{0},
          Price{12},
          OrderId{8},
          "tag"};
}
inline Fill fill(std::int64_t id = 31, std::int64_t second = 3) {
  return {FillId{id}, OrderId{77},    AccountId{4711}, mnq,        at(second), Price{21'000'250'000'000},
          Money{-55}, Money{370'000}, Money{1},        Side::sell, 3,          false};
}
inline PositionUpdate position_update() {
  return {AccountId{4711}, es, PositionId{5}, PositionType::short_, 4, Price{6'000'000'000'000}, at(4)};
}
inline Lockout lockout() {
  return {Root{"MNQ"},
          Source::rule(4, 2),
          LockoutKind::symbol,
          LockoutMode::no_new_exposure,
          "too much",
          at(5),
          at(900),
          ClearOn{}.with(ClearCause::daily_reset).with(ClearCause::admin),
          {{es, -2}, {mnq, 1}},
          9};
}
inline Contract contract() {
  return {mnq, "MNQU6", "Micro Nasdaq", {Price{250'000'000}, Money{500'000}}, SymbolId{"F.US.MNQ"}, false};
}
inline EnforcementIntent intent() {
  return {IntentId{"4711|x"},
          EnforcementIntent::Kind::reduce_position,
          AccountId{4711},
          mnq,
          OrderId{3},
          -7,
          2,
          6,
          Source::gate(),
          11,
          "why"};
}

/// One event per payload kind, in the order of the variant.
inline std::vector<Event> events() {
  const QuoteUpdate quote{es, Price{1}, Price{2}, std::nullopt, Price{4}, at(6)};
  const Reconciled read{at(7), account(), {position_update()}, {order(), order()}, true, {fill(), fill(32)}};
  std::vector<Payload> payloads{
      account(),
      position_update(),
      order(),
      fill(),
      quote,
      ContractLearned{contract()},
      read,
      DailyReset{day(), at(0), at(86'400)},
      ConnectionLost{},
      ConnectionRestored{},
      ConfigReloaded{},
      TimeReached{},
      LockoutOrdered{lockout()},
      LockoutLifted{Source::manual()},
      FlattenOrdered{"this", ContractId{"CON.F.US.MNQ.U26"}, OrderId{7}, true, Source::rule(27), 3},
      IntentReported{IntentId{"4711|x"}, IntentOutcome::deferred, "closed"},
      Restarted{},
      AccountMissing{},
      AutomationReported{IntentId{"4711|y"}, true, OrderId{5}, "placed"},
      BalanceAdjusted{BalanceAdjusted::Kind::correction, Money{-13}},
      EnforcementSwitched{false, "moved"},
      HistoryRead{{{day(9), std::nullopt, Money{1}, Money{-2}, 3}}, EquityHighs{Money{4}, Money{-5}, false}}};
  std::vector<Event> out;
  for (std::size_t i = 0; i < payloads.size(); ++i) {
    out.push_back({at(100 + static_cast<std::int64_t>(i)), -5 + static_cast<std::int64_t>(i), payloads[i]});
  }
  return out;
}

inline Decision decision() {
  Decision d;
  d.at = at(8);
  d.breaches = {{Source::rule(3), AccountId{4711}, mnq, Measure::money(Money{-520'000'000}),
                 Measure::contracts(5), "reason", at(9), true}};
  d.intents = {intent(), intent()};
  d.lockouts_set = {lockout()};
  d.lockouts_cleared = {{lockout(), ClearCause::session_start, at(10)}};
  d.alerts = {{Alert::Severity::critical, "loss-warning", "text"}};
  d.wake_at = at(11);
  d.automation = {{IntentId{"4711|y"}, AutomationRequest::Kind::modify_stop, AccountId{4711}, mnq, OrderId{6},
                   Side::buy, 2, Price{20'000'000'000'000}, Price{19'000'000'000'000}, Price{1}, "bh-1-2",
                   Source::rule(12), 3, 4, "trailing"}};
  d.reads = {{Source::rule(8), "before closing"}};
  return d;
}

inline AccountHistory history() {
  return {{{day(13), Money{14}, Money{15}, Money{-16}, 17}, {day(14), std::nullopt, Money{18}, Money{}, 0}},
          Money{19},
          Money{20},
          day(12),
          2,
          Money{21},
          true,
          Money{22},
          Money{23},
          Money{24},
          Money{25},
          Money{26},
          Money{27},
          Money{-38},
          day(13),
          EarlierDays::untold,
          at(90)};
}

inline AccountState state(AccountId id = AccountId{4711}) {
  AccountState s;
  s.id = id;
  s.account = account();
  s.positions[es] = {es, PositionId{5}, -4, false, Price{6'000'000'000'000}, 3, at(1), at(2), at(3)};
  s.contracts[es] = {3, at(12)};
  s.orders[OrderId{1}] = {order(), at(13)};
  s.ended_orders[OrderId{2}] = {at(14), at(15)};
  s.ticks[es] = {Price{250'000'000}, Money{12'500'000}};
  s.ledger.begin({day(), at(0), at(86'400)});
  (void)s.ledger.add(fill(1, 10));
  (void)s.ledger.add(fill(2, -10));
  Fill voided = fill(1, 10);
  voided.voided = true;
  (void)s.ledger.add(voided);
  (void)s.ledger.add(fill(3, 20));
  s.unrealized_at_reset = Money{-77};
  (void)s.lockouts.set(lockout());
  s.breaches[{Source::rule(1), "CON"}] = {2, at(16), at(15), true};
  s.breaches[{Source{Source::Kind::guard, 3, 0}, ""}] = {0, at(17), at(14), false};
  s.pending_closes[es] = {IntentId{"a"}, Source::rule(3), 3, 1, 4, at(18), at(19), true};
  s.pending_cancels[OrderId{4}] = {IntentId{"b"}, Source::manual(), 0, 0, 1, at(20), std::nullopt, false};
  s.ordinals[{Source::gate(), mnq}] = 6;
  s.told_today = {"a", "b"};
  s.reconciled = true;
  s.connected = true;
  s.trusted_from = at(21);
  s.last_event = at(22);
  s.irregular = {1, 2, 3, std::uint64_t{1} << 63, 5, 6, 7, 8, 9};
  s.quotes[es] = {Price{1}, Price{2}, Price{3}, at(23), Price{4}, Price{5}, at(24)};
  s.peaks[es] = {3, Price{6}, Money{7}, Money{-8}, Money{9}};
  s.memory[{Source::rule(8), "CON"}] = {3, at(25), at(26), Price{10}, -11};
  s.wakes[Source::rule(8)] = at(27);
  s.failing[Source::rule(2)] = 2;
  s.closes = {{es, -4, at(28), std::nullopt}, {mnq, 1, at(29), at(30)}};
  s.unseen[mnq] = {-2, at(31), 4};
  s.peak_equity = Money{12};
  s.book_changed_at = at(32);
  s.balance_changed_at = at(33);
  s.complete_from = at(34);
  s.can_trade_seen_at = at(35);
  s.can_trade_missing = true;
  s.missing_reads = 1;
  s.read_at = at(36);
  s.history = history();
  s.moves[es].add(Price{28}, at(37));
  s.disabled = true;
  return s;
}

} // namespace bulkhead::persistence::samples
