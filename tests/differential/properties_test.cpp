// What holds of every life, whatever the rules say.

#include "persistence/codec.hpp"
#include "tests/differential/streams.hpp"
#include "tests/examples_runner/world.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace bulkhead::differential {
namespace {

using namespace model;
using RuleSetPtr = std::shared_ptr<const rules::RuleSet>;

constexpr std::uint64_t first_seed = 411;
constexpr std::uint64_t lives = 40;
constexpr int steps_per_life = 60;

// Every rule that needs no holidays, each with limits that random lives reach.
constexpr const char* all_rules = R"(rules:
  daily_realized_loss: { limit: -400, include_unrealized: true }
  max_contracts: { limit: 6, unit: mini_equivalent, lockout_on_breach: true }
  max_contracts_per_instrument: { limits: { MNQ: 3, ES: 2 }, unknown_symbol_action: "allow_with_limit:5" }
  daily_unrealized_loss:
    - { scope: per_position, loss_limit: 150 }
    - { scope: total, loss_limit: 300 }
  max_unrealized_profit: { mode: profit_target, profit_target: 200 }
  trade_frequency_limit: { limits: { per_minute: 3, per_hour: 6, per_session: 9 } }
  cooldown_after_loss: { loss_threshold: 200, cooldown_seconds: 300 }
  no_stop_loss_grace: { grace_period_seconds: 30 }
  session_block_outside: { allowed_hours: { start: "04:00", end: "20:00", timezone: "America/Chicago" }, respect_holidays: false }
  auth_loss_guard: { auto_unlock_on_restore: true }
  symbol_blocks: { blocked_symbols: [RTY] }
  trade_management: { enabled: true, auto_stop_loss: true, stop_loss_ticks: 10 }
  max_loss_limit: { enabled: true, mode: intraday_trailing, start_balance: 50000, max_loss: 700, lockout_until: daily_reset }
  daily_realized_profit: { enabled: true, target: 300 }
  profit_target: { enabled: true, start_balance: 50000, target: 400, action: lockout_permanent }
  consistency: { enabled: true, max_share: 0.5, action: lockout_at_cap }
  scaling_plan: { enabled: true, tiers: [{ limit: 3 }, { above: 50100, limit: 4 }], action: reduce_to_limit }
  min_hold: { enabled: true, min_hold_seconds: 30, max_violations: 2 }
  max_trade_risk: { enabled: true, limit: 150, percent_of_room: 30 }
  consecutive_losses: { enabled: true, losses: 2, cooldown_seconds: 300, reset_on: win }
  max_daily_trades: { enabled: true, max_round_trips: 6, max_orders: 12 }
  correlated_exposure: { enabled: true, groups: { index: { limit: 3, weights: { ES: 1, NQ: 1, RTY: 0.6 } } } }
  order_limits: { enabled: true, max_order_size: 3, max_pending_exposure: 5, max_working_orders: 4, price_collar_ticks: 200 }
)";

rules::RiskEngine engine_of(const RuleSetPtr& rules, AccountId account) {
  AccountState state;
  state.id = account;
  return {std::move(state), rules};
}

/// A life lived with one engine: the events and what was decided.
struct Lived {
  reference::Events events;
  std::vector<Decision> decisions;
};

Lived live(std::uint64_t seed, const RuleSetPtr& rules, AccountId account) {
  auto engine = engine_of(rules, account);
  Life life(seed, account);
  Lived out;
  out.events = life.begin();
  for (const auto& event : out.events) out.decisions.push_back(engine.step(event));
  for (int i = 0; i < steps_per_life; ++i) {
    out.events.push_back(life.next(out.decisions.back()));
    out.decisions.push_back(engine.step(out.events.back()));
  }
  return out;
}

std::vector<std::string> ids_of(const Decision& decision) {
  std::vector<std::string> ids;
  for (const auto& intent : decision.intents)
    ids.push_back(intent.id.value + " to " + std::to_string(intent.target));
  return ids;
}

/// The same wishes under the same ids, and the same lockouts; of several
/// lockouts that forbid the same thing, the reason names the first.
void expect_same(const Decision& a, const Decision& b) {
  const auto by_source = [](auto list) {
    std::sort(list.begin(), list.end(), [](const auto& x, const auto& y) { return x.source < y.source; });
    return list;
  };
  EXPECT_EQ(ids_of(a), ids_of(b));
  EXPECT_EQ(by_source(a.lockouts_set), by_source(b.lockouts_set));
  EXPECT_EQ(a.breaches.size(), b.breaches.size());
  EXPECT_EQ(a.wake_at, b.wake_at);
}

class Properties : public ::testing::TestWithParam<std::uint64_t> {
protected:
  RuleSetPtr rules = examples::load_rules(all_rules, "");
  AccountId account{examples::account_number};
};

TEST_P(Properties, TheOrderOfTheRulesDoesNotMatter) {
  const Lived lived = live(GetParam(), rules, account);
  auto turned = std::make_shared<rules::RuleSet>(*rules);
  std::reverse(turned->rules.begin(), turned->rules.end());
  auto engine = engine_of(turned, account);
  for (std::size_t i = 0; i < lived.events.size() && !HasFailure(); ++i)
    expect_same(engine.step(lived.events[i]), lived.decisions[i]);
}

TEST_P(Properties, AnAccountDecidesAmongOthersAsItDoesAlone) {
  const AccountId other{2002};
  const Lived mine = live(GetParam(), rules, account);
  const Lived theirs = live(GetParam() + 7919, rules, other);
  auto one = engine_of(rules, account);
  auto two = engine_of(rules, other);
  std::mt19937_64 random(GetParam());
  std::size_t i = 0;
  for (std::size_t j = 0; (i < mine.events.size() || j < theirs.events.size()) && !HasFailure();) {
    const bool first = j == theirs.events.size() || (i < mine.events.size() && random() % 2 == 0);
    if (first) {
      EXPECT_EQ(one.step(mine.events[i]), mine.decisions[i]);
      ++i;
    } else {
      EXPECT_EQ(two.step(theirs.events[j]), theirs.decisions[j]);
      ++j;
    }
  }
}

TEST_P(Properties, NothingIsAskedForWithoutABreachALockoutOrAPerson) {
  const Lived lived = live(GetParam(), rules, account);
  auto engine = engine_of(rules, account);
  for (std::size_t i = 0; i < lived.events.size(); ++i) {
    const auto pending = [&] {
      return engine.state().pending_closes.size() + engine.state().pending_cancels.size();
    };
    const bool carried_on = pending() > 0; // asked for before, for one of these reasons
    const Decision decision = engine.step(lived.events[i]);
    if (decision.intents.empty()) continue;
    const bool reason = engine.state().lockouts.locked() || !engine.state().breaches.empty() || carried_on ||
                        std::holds_alternative<FlattenOrdered>(lived.events[i].payload);
    EXPECT_TRUE(reason) << "step " << i << ": " << decision.intents[0].id.value;
  }
}

TEST_P(Properties, RecordedEventsDecideTheSameAgain) {
  const Lived lived = live(GetParam(), rules, account);
  auto engine = engine_of(rules, account);
  for (std::size_t i = 0; i < lived.events.size() && !HasFailure(); ++i) {
    const auto event = persistence::decode_event(persistence::encoded(lived.events[i]));
    ASSERT_TRUE(event.has_value());
    EXPECT_EQ(engine.step(*event), lived.decisions[i]) << "step " << i;
  }
}

TEST_P(Properties, EveryFigureCanBeShownAtAnyTime) {
  const Lived lived = live(GetParam(), rules, account);
  auto engine = engine_of(rules, account);
  EXPECT_EQ(engine.rule_status({}).size(), rules->rules.size()) << "before anything is known";
  for (const auto& event : lived.events) {
    (void)engine.step(event);
    for (const auto& status : engine.rule_status(event.at)) {
      if (!status.gauge) {
        EXPECT_EQ(to_string(status.room), "");
        continue;
      }
      EXPECT_EQ(status.gauge->value.unit, status.gauge->limit.unit) << status.rule->spec->name;
      EXPECT_FALSE(to_string(status.gauge->value).empty());
      EXPECT_GE(status.room.dollars.value_or(Money{}).micros, 0) << status.rule->spec->name;
      EXPECT_TRUE(status.room.dollars || !status.room.ticks) << "ticks are made of dollars";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, Properties, ::testing::Range(first_seed, first_seed + lives));

} // namespace
} // namespace bulkhead::differential
