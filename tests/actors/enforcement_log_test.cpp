// The lines of enforcement.log: the five actions, and the two of lockouts.

#include "actors/notifier.hpp"
#include "tests/support/builders.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

using actors::CloseResult;
using Kind = EnforcementIntent::Kind;

CloseResult result(Kind kind, CloseResult::Status status = CloseResult::Status::closed) {
  CloseResult r;
  r.action = kind, r.status = status, r.account = AccountId{123}, r.contract = contract("EP");
  r.from = 3, r.to = 2, r.rule_id = "RULE-002", r.attempts = 1, r.close_id = "id-1", r.order = OrderId{789};
  r.requested_at = instant("2026-07-15T19:00:01.000Z");
  r.close_timestamp = instant("2026-07-15T19:00:01.377Z");
  return r;
}

std::vector<std::string> lines(std::vector<CloseResult> results, bool whole_account = false) {
  actors::Certificate certificate;
  certificate.whole_account = whole_account;
  certificate.closes = actors::sum_up(std::move(results), "");
  return actors::enforcement_lines(
      {AccountId{123}, instant("2026-07-15T19:00:01.377Z"), "enforcement", {}, true, certificate});
}

TEST(EnforcementLog, HasOneLineForEachSingleAction) {
  EXPECT_EQ(
      lines({result(Kind::reduce_position), result(Kind::close_position), result(Kind::cancel_order)}),
      (std::vector<std::string>{
          "[2026-07-15T19:00:01.377Z] REDUCE_POSITION: account=123, contract=CON.F.US.EP.U26, from=3, to=2, "
          "rule=RULE-002, result=ok, attempts=1, ms=377, id=id-1",
          "[2026-07-15T19:00:01.377Z] CLOSE_POSITION: account=123, contract=CON.F.US.EP.U26, rule=RULE-002, "
          "result=ok, attempts=1, ms=377, id=id-1",
          "[2026-07-15T19:00:01.377Z] CANCEL_ORDER: account=123, order=789, rule=RULE-002, result=ok, "
          "attempts=1, ms=377, id=id-1"}));
}

TEST(EnforcementLog, CountsWhatWasReallyClosedWhenEverythingWasToGo) {
  EXPECT_EQ(
      lines({result(Kind::close_position), result(Kind::close_position, CloseResult::Status::failed)}, true),
      (std::vector<std::string>{
          "[2026-07-15T19:00:01.377Z] CLOSE_ALL_POSITIONS: account=123, count=1, rule=RULE-002, "
          "result=partial",
          "[2026-07-15T19:00:01.377Z] CANCEL_ALL_ORDERS: account=123, count=0, result=ok"}));
}

TEST(EnforcementLog, HasALineForEachLockoutSetAndCleared) {
  Decision decision;
  const auto row =
      lockout(Source::rule(3), instant("2026-07-15T19:00:00Z")).until(instant("2026-07-15T22:00:00Z"));
  decision.lockouts_set.push_back(row.build());
  decision.lockouts_cleared.push_back({row.build(), ClearCause::admin, instant("2026-07-15T19:00:01Z")});
  const actors::Activity activity{AccountId{123}, instant("2026-07-15T19:00:01.377Z"), "quote", {}, true,
                                  decision};
  EXPECT_EQ(
      actors::enforcement_lines(activity),
      (std::vector<std::string>{
          "[2026-07-15T19:00:01.377Z] APPLY_LOCKOUT: account=123, scope=account, until=2026-07-15T22:00:00Z, "
          "rule=RULE-003, result=ok",
          "[2026-07-15T19:00:01.377Z] REMOVE_LOCKOUT: account=123, scope=account, by=admin, rule=RULE-003, "
          "result=ok"}));
}

TEST(BulkCloseResult, AddsUp) {
  auto priced = result(Kind::close_position);
  priced.pnl = usd("-12.50");
  const auto sum =
      actors::sum_up({priced, result(Kind::close_position, CloseResult::Status::failed),
                      result(Kind::reduce_position, CloseResult::Status::deferred),
                      result(Kind::close_position, CloseResult::Status::pending), result(Kind::cancel_order)},
                     "drawdown_critical");
  EXPECT_EQ(sum.total_positions, sum.successful_closes + sum.failed_closes + sum.deferred);
  EXPECT_EQ(sum.total_positions, 4U);
  EXPECT_EQ(sum.total_pnl, usd("-12.50"));
  EXPECT_EQ(actors::sum_up({}, "nothing").total_positions, 0U);
}

} // namespace
} // namespace bulkhead::testing
