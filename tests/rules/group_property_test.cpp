// What holds of every life of a group, whatever comes in which order: random accounts, one of them silent,
// one whose copier opens again whatever is closed.

#include "tests/support/group.hpp"

#include <gtest/gtest.h>
#include <random>

namespace bulkhead::testing {
namespace {

using namespace std::chrono_literals;

constexpr int members = 4;
constexpr unsigned lives = 200;

RuleBlock loss_1500() { return block("group_limits", {{"enabled", "true"}, {"daily_loss_total", "1500"}}); }
RuleBlock hedge() { return block("cross_account_hedge", {{"enabled", "true"}}); }

/// What one account says, one thing after the other.
using Speech = std::vector<AccountSummary>;

std::vector<Speech> speeches(TestGroup& group, std::mt19937& dice) {
  std::vector<Speech> out;
  for (int n = 1; n <= members; ++n) {
    Speech speech;
    auto said = group.of(n);
    for (int i = 0; i < 5; ++i) {
      ++said.number.count;
      said.realized = -Money::dollars(std::uniform_int_distribution<int>(0, 500)(dice));
      speech.push_back(said);
    }
    out.push_back(std::move(speech));
  }
  return out;
}

Money sum_of(const TestGroup& group) {
  Money sum;
  for (const auto& [id, member] : group.group.members()) sum += member.result_realized;
  return sum;
}

/// Whose turn it is, each account's own order kept; some things are said twice, some late.
std::vector<const AccountSummary*> mixed(const std::vector<Speech>& all, std::mt19937& dice) {
  std::vector<const AccountSummary*> out;
  std::vector<std::size_t> next(all.size());
  std::vector<std::size_t> turns;
  for (std::size_t n = 0; n < all.size(); ++n) turns.insert(turns.end(), all[n].size(), n);
  std::shuffle(turns.begin(), turns.end(), dice);
  for (const auto n : turns) {
    out.push_back(&all[n][next[n]++]);
    if (dice() % 3 == 0) out.push_back(&all[n][dice() % next[n]]);
  }
  return out;
}

TEST(GroupProperties, TheSumDecidesAndNotTheOrderOfTheSummaries) {
  for (unsigned seed = 0; seed < lives; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 dice(seed);
    TestGroup first({loss_1500()}, members);
    const auto said = speeches(first, dice);
    std::optional<Money> end;
    for (int mix = 0; mix < 3; ++mix) {
      TestGroup group({loss_1500()}, members);
      bool locked = false;
      for (const auto* summary : mixed(said, dice)) {
        const auto orders = ordered(group.group.step(*summary, group.now));
        const bool beyond = sum_of(group) <= -usd("1500");
        // All of them, at the very summary that reaches the limit, and never before.
        EXPECT_EQ(orders, beyond && !locked ? "lock 1, lock 2, lock 3, lock 4" : "");
        locked = beyond; // below it again, a further breach is one of its own
        if (!orders.empty())
          for (auto& [id, one] : group.saying) one.locked_by.clear();
      }
      EXPECT_EQ(sum_of(group), end.value_or(sum_of(group))) << "another order, another sum";
      end = sum_of(group);
    }
  }
}

TEST(GroupProperties, TheSameSummariesInTheSameOrderDecideTheSame) {
  for (unsigned seed = 0; seed < lives; ++seed) {
    std::mt19937 dice(seed);
    TestGroup source({loss_1500(), hedge()}, members);
    const auto said = speeches(source, dice);
    const auto order = mixed(said, dice);
    std::vector<std::string> decided[2];
    for (auto& texts : decided) {
      TestGroup group({loss_1500(), hedge()}, members);
      for (const auto* summary : order) {
        group.now += 300ms;
        const auto decision = group.group.step(*summary, group.now);
        texts.push_back(ordered(decision) + format_instant(decision.wake_at, 6));
        for (const auto& [account, alert] : decision.alerts) texts.push_back(alert.text);
      }
    }
    ASSERT_EQ(decided[0], decided[1]) << "seed " << seed;
  }
}

TEST(GroupProperties, ASilentMemberNeitherHoldsBackNorIsForgotten) {
  for (unsigned seed = 0; seed < lives; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 dice(seed);
    TestGroup group({loss_1500()}, members);
    const int quiet = 1 + static_cast<int>(dice() % members);
    const auto lost = Money::dollars(static_cast<std::int64_t>(dice() % 1400));
    group.of(quiet).realized = -lost;
    group.say(quiet);
    group.silence(quiet);
    EXPECT_EQ(told(group.wait(std::chrono::seconds{6 + dice() % 60}), "group-member-silent"), 1U);
    const int other = quiet % members + 1;
    group.of(other).realized = -(usd("1499.99") - lost);
    EXPECT_EQ(ordered(group.say(other)), "");
    group.of(other).realized = -(usd("1500") - lost);
    EXPECT_EQ(ordered(group.say(other)), "lock 1, lock 2, lock 3, lock 4") << "at once";
  }
}

TEST(GroupProperties, ACopierThatFightsBackIsClosedEachTimeAndToldOf) {
  for (unsigned seed = 0; seed < 50; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 dice(seed);
    TestGroup group({hedge()}, members);
    group.hold(1, es(), 2);
    group.wait(1s);
    for (int round = 0; round < 5; ++round) {
      const int fighter = 2 + static_cast<int>(dice() % (members - 1));
      group.hold(fighter, dice() % 2 == 0 ? es() : mes(), -1 - static_cast<std::int32_t>(dice() % 3));
      EXPECT_EQ(ordered(group.wait(2s)), "") << "not before the tolerance";
      const auto decision = group.wait(100ms);
      EXPECT_EQ(decision.orders.size(), 1U) << "not twice";
      EXPECT_EQ(decision.orders.at(0).first, AccountId{fighter}) << "never the older side";
      EXPECT_EQ(told(decision, "cross-account-hedge"), 1U);
      group.obey(decision);
      EXPECT_EQ(group.of(1).positions.size(), 1U);
      group.wait(std::chrono::milliseconds{dice() % 3000});
    }
  }
}

TEST(GroupProperties, ALockoutReachesAnAccountThatKeepsDying) {
  for (unsigned seed = 0; seed < 50; ++seed) {
    std::mt19937 dice(seed);
    TestGroup group({loss_1500()}, members);
    auto decision = group.lose(1, "1500");
    std::set<AccountId> missing{AccountId{1}, AccountId{2}, AccountId{3}, AccountId{4}};
    for (int round = 0; round < 100 && !missing.empty(); ++round) {
      for (const auto& [account, payload] : decision.orders) {
        if (dice() % 2 == 0) continue; // it died with the order in its hands
        missing.erase(account);
        group.of(static_cast<int>(account.value)).locked_by.insert({Source::rule(25), std::nullopt});
      }
      for (auto& [id, said] : group.saying)
        if (dice() % 4 == 0) said.number = {group.now, 0};
      decision = group.wait(1s);
    }
    EXPECT_TRUE(missing.empty()) << "seed " << seed;
  }
}

} // namespace
} // namespace bulkhead::testing
