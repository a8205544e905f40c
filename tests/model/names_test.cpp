// Texts that reach logs, the journal and people: stable names, and the pure functions that make ids.

#include "model/decision.hpp"
#include "tests/support/builders.hpp"

#include <gtest/gtest.h>

#include <set>
#include <utility>
#include <vector>

namespace bulkhead::model {
namespace {

using namespace testing;

const Instant t0 = instant("2026-07-15T19:00:00Z");

TEST(Source, IsWrittenStablyAndReadBack) {
  const std::vector<std::pair<Source, std::string_view>> sources = {
      {Source::rule(3), "RULE-003"},
      {Source::rule(4, 2), "RULE-004#2"},
      {Source::rule(27), "RULE-027"},
      {Source::rule(1234, 65535), "RULE-1234#65535"},
      {Source::gate(), "gate"},
      {Source::manual(), "manual"},
      {Source{Source::Kind::guard, 1, 0}, "guard-1"},
  };
  for (const auto& [source, text] : sources) {
    EXPECT_EQ(to_string(source), text);
    EXPECT_EQ(Source::parse(text).value(), source) << text;
  }
}

TEST(Source, RefusesWhatWasNeverWritten) {
  for (const std::string_view text : {"", "RULE-", "RULE-x", "RULE-003#", "RULE-003#x", "RULE-003 ",
                                      "RULE--3", "RULE-70000", "RULE-003#70000", "RULE-003#1#2", "rule-003",
                                      "Gate", "gate ", "guard-", "guard-1#2", "manual:admin"}) {
    const auto parsed = Source::parse(text);
    ASSERT_TRUE(parsed.has_error()) << text;
    EXPECT_EQ(parsed.error().code(), Errc::malformed) << text;
  }
}

EnforcementIntent close_intent() {
  EnforcementIntent intent;
  intent.account = AccountId{123};
  intent.contract = mnq();
  intent.order = OrderId{789};
  intent.epoch = 3;
  intent.source = Source::rule(1);
  intent.ordinal = 1;
  return intent;
}

TEST(IntentId, NamesAccountContractEpochRuleOrdinalAndKind) {
  EXPECT_EQ(make_intent_id(close_intent()).value, "123|CON.F.US.MNQ.U26|e3|RULE-001|1|close");
  auto cancel = close_intent();
  cancel.kind = EnforcementIntent::Kind::cancel_order;
  cancel.source = Source::rule(3);
  EXPECT_EQ(make_intent_id(cancel).value, "123|order 789|RULE-003|1|cancel");
}

TEST(IntentId, DoesNotDependOnWhatWasSeenOrSaid) {
  auto other = close_intent();
  other.id = IntentId{"left over"};
  other.held = 5;
  other.reason = "another sentence";
  EXPECT_EQ(make_intent_id(other), make_intent_id(close_intent()));
}

TEST(IntentId, DiffersWhenTheLogicalEventDiffers) {
  std::set<IntentId> ids = {make_intent_id(close_intent())};
  const auto add = [&](auto change) {
    auto intent = close_intent();
    change(intent);
    EXPECT_TRUE(ids.insert(make_intent_id(intent)).second) << make_intent_id(intent).value;
  };
  using Kind = EnforcementIntent::Kind;
  add([](auto& i) { i.account = AccountId{124}; });
  add([](auto& i) { i.contract = es(); });
  add([](auto& i) { i.epoch = 4; });
  add([](auto& i) { i.source = Source::rule(1, 2); });
  add([](auto& i) { i.ordinal = 2; });
  add([](auto& i) { i.kind = Kind::reduce_position; });
  add([](auto& i) { i.kind = Kind::cancel_order; });
  add([](auto& i) { i.kind = Kind::cancel_order, i.order = OrderId{790}; });
}

/// One event of every kind with its stable name, in the order of the variant.
std::vector<std::pair<Event, std::string_view>> every_kind() {
  return {
      {account().at(t0), "account"},
      {position(mnq()).at(t0), "position"},
      {order(1).at(t0), "order"},
      {fill(1).at(t0), "fill"},
      {quote(mnq()).at(t0), "quote"},
      {at(t0, learned(mnq(), "0.25", "0.5")), "contract_learned"},
      {read(t0).at(t0), "reconciled"},
      {at(t0, reset(t0)), "daily_reset"},
      {at(t0, ConnectionLost{}), "connection_lost"},
      {at(t0, ConnectionRestored{}), "connection_restored"},
      {at(t0, ConfigReloaded{}), "config_reloaded"},
      {at(t0, TimeReached{}), "time_reached"},
      {at(t0, LockoutOrdered{}), "lockout_ordered"},
      {at(t0, LockoutLifted{}), "lockout_lifted"},
      {at(t0, FlattenOrdered{}), "flatten_ordered"},
      {at(t0, IntentReported{}), "intent_reported"},
      {at(t0, Restarted{}), "restarted"},
      {at(t0, AccountMissing{}), "account_missing"},
      {at(t0, AutomationReported{}), "automation_reported"},
      {at(t0, BalanceAdjusted{}), "balance_adjusted"},
      {at(t0, EnforcementSwitched{}), "enforcement_switched"},
      {at(t0, HistoryRead{}), "history_read"},
  };
}

TEST(Event, EveryKindHasItsStableName) {
  const auto kinds = every_kind();
  ASSERT_EQ(kinds.size(), std::variant_size_v<Payload>) << "name the new kind here";
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    EXPECT_EQ(kinds[i].first.payload.index(), i);
    EXPECT_EQ(kind_name(kinds[i].first), kinds[i].second);
  }
}

TEST(Event, EveryKindHasABitOfItsOwn) {
  EventMask seen = 0;
  for (const auto& [event, name] : every_kind()) {
    EXPECT_EQ(seen & mask_of(event), 0u) << name;
    seen |= mask_of(event);
  }
  EXPECT_EQ(seen, (EventMask{1} << std::variant_size_v<Payload>)-1);
}

TEST(Event, TheMaskOfATypeIsTheMaskOfItsEvents) {
  EXPECT_EQ(mask_of<Account>(), mask_of(account().at(t0)));
  EXPECT_EQ(mask_of<Fill>(), mask_of(fill(1).at(t0)));
  EXPECT_EQ(mask_of<DailyReset>(), mask_of(at(t0, reset(t0))));
  EXPECT_EQ(mask_of<IntentReported>(), mask_of(at(t0, IntentReported{})));
  EXPECT_EQ((events<Fill, Order>()), mask_of<Fill>() | mask_of<Order>());
}

TEST(Names, OfLockoutsIntentsAndAlertsAreStable) {
  const auto spell = [](auto first, int count) {
    std::string out;
    for (int i = 0; i <= count; ++i) out += std::string(to_string(static_cast<decltype(first)>(i))) + ' ';
    return out;
  };
  EXPECT_EQ(spell(LockoutKind{}, 5), "hard cooldown session external symbol manual ");
  EXPECT_EQ(spell(LockoutMode{}, 1), "flatten no_new_exposure ");
  EXPECT_EQ(spell(ClearCause{}, 5),
            "expiry daily_reset session_start can_trade_restored config_change admin ");
  EXPECT_EQ(spell(EnforcementIntent::Kind{}, 2), "close reduce cancel ");
  EXPECT_EQ(spell(IntentOutcome{}, 2), "achieved failed deferred ");
  EXPECT_EQ(spell(Alert::Severity{}, 2), "info warning critical ");
}

TEST(Measure, IsWrittenWithItsUnit) {
  using Unit = Measure::Unit;
  EXPECT_EQ(to_string(Measure::contracts(1)), "1 contract");
  EXPECT_EQ(to_string(Measure::contracts(6)), "6 contracts");
  EXPECT_EQ(to_string(Measure{Unit::tenths_of_mini, 51}), "5.1 minis");
  EXPECT_EQ(to_string(Measure::money(usd("-520"))), "-$520.00");
  EXPECT_EQ(to_string(Measure::money(usd("500.1"))), "$500.10");
  EXPECT_EQ(to_string(Measure{Unit::count, 30}), "30");
  EXPECT_EQ(to_string(Measure{Unit::seconds, 90}), "90 s");
  EXPECT_EQ(to_string(Measure{Unit::percent, 70}), "70%");
}

} // namespace
} // namespace bulkhead::model
