// Groups of accounts: what is said of them, and what is refused.

#include "cli/check_command.hpp"
#include "cli/config_groups.hpp"
#include "tests/cli/config_test_files.hpp"

#include <nlohmann/json.hpp>
#include <sstream>

namespace bulkhead::cli {
namespace {

constexpr std::string_view three_accounts = R"(accounts:
  - { account_id: 1, username: a, api_key: k, group: copied }
  - { account_id: 2, username: a, api_key: k, group: copied }
  - { account_id: 3, username: a, api_key: k }
)";

std::string problems(std::string_view rules, std::string_view accounts = three_accounts) {
  const ConfigDirectory directory;
  directory.write("accounts.yaml", accounts);
  directory.write("risk_config.yaml", "max_contracts: { limit: 5 }\n" + std::string(rules));
  return text_of(directory.load().problems);
}

std::string check(std::string_view rules, bool json) {
  const ConfigDirectory directory;
  directory.write("accounts.yaml", three_accounts);
  directory.write("risk_config.yaml", "max_contracts: { limit: 5 }\n" + std::string(rules));
  std::ostringstream out;
  const Environment nothing = [](const std::string&) { return std::optional<std::string>(); };
  EXPECT_EQ(check_command(directory.path(), json, out, nothing), 0);
  return out.str();
}

TEST(ConfigGroups, CheckListsEachGroupAndWhatWatchesIt) {
  const auto text = check("group_limits: { enabled: true, daily_loss_total: 1500 }\n", false);
  EXPECT_NE(text.find("\ngroup copied: accounts 1, 2\n  enforced             RULE-025 group_limits\n"
                      "  not configured       RULE-027 cross_account_hedge\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("  needs a group        RULE-025 group_limits\n"), std::string::npos) << text;
  const auto reply = nlohmann::json::parse(check("", true));
  EXPECT_EQ(reply["data"]["groups"][0]["group"], "copied");
  EXPECT_EQ(reply["data"]["groups"][0]["accounts"], nlohmann::json::array({1, 2}));
  EXPECT_EQ(reply["data"]["groups"][0]["rules"][1],
            (nlohmann::json{{"rule", "RULE-027 cross_account_hedge"}, {"coverage", "not configured"}}));
}

TEST(ConfigGroups, ARuleAboutGroupsWithoutAGroupIsAWarning) {
  EXPECT_EQ(problems("cross_account_hedge: { enabled: true, accounts: [3] }\n"),
            "risk_config.yaml:2: warning: cross_account_hedge = a mapping: RULE-027 watches nobody: no "
            "account it is about has a group in accounts.yaml\n");
  EXPECT_EQ(problems("cross_account_hedge: { enabled: false, accounts: [3] }\n"), "");
}

TEST(ConfigGroups, AGroupOfOneIsAWarning) {
  EXPECT_EQ(problems("cross_account_hedge: { enabled: true }\n",
                     "accounts: [{ account_id: 1, username: a, api_key: k, group: alone }]\n"),
            "risk_config.yaml:2: warning: cross_account_hedge = a mapping: RULE-027 watches group alone, "
            "which has one account only\n");
}

TEST(ConfigGroups, SettingsThatNameStrangersAreErrors) {
  EXPECT_EQ(problems("group_limits: { enabled: true, leader: 3 }\n"),
            "risk_config.yaml:2: group_limits.leader = 3: names an account that is in no group of "
            "accounts.yaml\n");
  EXPECT_EQ(problems("group_limits: { enabled: true, leader: 1, ratios: { 2: 1, 9: 0.5 } }\n"),
            "risk_config.yaml:2: group_limits.ratios.9 = 0.5: names an account that is in no group of "
            "accounts.yaml\n");
}

TEST(ConfigGroups, UnknownKeysAndValuesAreErrorsWithTheirPlace) {
  EXPECT_EQ(problems("group_limits: { enabled: true, daily_los_total: 5, leader: 1 }\n"),
            "risk_config.yaml:2: group_limits.daily_los_total = 5: unknown key (did you mean "
            "'daily_loss_total'?)\n");
  EXPECT_EQ(problems("cross_account_hedge: { enabled: true, tolerance_ms: -1 }\n"),
            "risk_config.yaml:2: cross_account_hedge.tolerance_ms = -1: must be within 0..600000\n");
}

TEST(ConfigGroups, AProfileHoldsNoRuleAboutGroups) {
  const ConfigDirectory directory;
  directory.write("accounts.yaml", "accounts: [{ account_id: 1, username: a, api_key: k, profile: firm }]\n");
  directory.write("profiles/firm.yaml",
                  "as_of: x\nsource: y\nrules: { group_limits: { daily_loss_total: 1 } }\n");
  EXPECT_NE(text_of(directory.load().problems)
                .find("rules.group_limits = a mapping: is about a group of accounts, which may have several "
                      "profiles\n"),
            std::string::npos);
}

} // namespace
} // namespace bulkhead::cli
