#include "actors/rules_in_force.hpp"

#include "rules/config_change.hpp"
#include "tests/persistence/temp_dir.hpp"
#include "tests/support/engine.hpp"

#include <fstream>
#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

actors::RulesInForce some_rules() {
  actors::RulesInForce rules;
  rules.from = instant("2026-07-15T18:00:00Z");
  rules.config.global.strict_mode = true;
  rules.config.rules = {block("max_contracts", {{"limit", "5"}, {"unit", "contracts"}}),
                        with(block("trade_frequency_limit", {}), "limits",
                             map_node("rules.trade_frequency_limit.limits", {{"per_minute", "3"}}))};
  rules.config.rules[1].instance = 2;
  FirmProfile profile;
  profile.name = "static";
  profile.rules = {block("max_loss_limit", {{"max_loss", "2000"}})};
  rules.config.profiles = {profile};
  AccountConfig account;
  account.id = AccountId{101};
  account.profile = "static";
  rules.config.accounts = {account};
  return rules;
}

TEST(RulesInForce, ComeBackAsTheyWereKept) {
  persistence::TempDir dir;
  const auto kept = some_rules();
  ASSERT_TRUE(actors::save_rules_in_force(dir.path(), kept));
  const auto read = actors::load_rules_in_force(dir.path());
  ASSERT_TRUE(read && *read);
  EXPECT_EQ((*read)->from, kept.from);
  EXPECT_TRUE((*read)->config.global.strict_mode);
  EXPECT_TRUE((*read)->config.global.deny_loosening_while_open);
  ASSERT_EQ((*read)->config.rules.size(), 2U);
  EXPECT_EQ((*read)->config.rules[1].instance, 2);
  ASSERT_EQ((*read)->config.profiles.size(), 1U);
  EXPECT_EQ((*read)->config.accounts.at(0).profile, "static");
  EXPECT_TRUE(rules::changes(kept.config, (*read)->config).empty());
}

TEST(RulesInForce, NoFileIsNoError) {
  persistence::TempDir dir;
  const auto read = actors::load_rules_in_force(dir.path());
  ASSERT_TRUE(read);
  EXPECT_FALSE(*read);
}

TEST(RulesInForce, AnythingElseIsCorruptAndNamesTheFile) {
  persistence::TempDir dir;
  const auto file = dir.path() / "rules_in_force.json";
  ASSERT_TRUE(actors::save_rules_in_force(dir.path(), some_rules()));
  std::stringstream whole;
  whole << std::ifstream(file).rdbuf();
  const auto text = whole.str();
  for (std::size_t size = 0; size + 1 < text.size(); size += 7) {
    std::ofstream(file) << text.substr(0, size);
    const auto read = actors::load_rules_in_force(dir.path());
    ASSERT_FALSE(read) << size;
    EXPECT_EQ(read.error().code(), Errc::corrupt);
    EXPECT_NE(read.error().message().find(file.string()), std::string::npos);
  }
  std::ofstream(file) << std::string(100'000, '[');
  EXPECT_FALSE(actors::load_rules_in_force(dir.path()));
}

} // namespace
} // namespace bulkhead::testing
