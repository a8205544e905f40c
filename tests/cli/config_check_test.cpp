#include "cli/check_command.hpp"
#include "cli/check_coverage.hpp"
#include "cli/config_rules.hpp"
#include "tests/cli/config_test_files.hpp"

#include <nlohmann/json.hpp>
#include <sstream>

namespace bulkhead::cli {
namespace {

struct Outcome {
  int code = -1;
  std::string text;
};

Outcome check(const ConfigDirectory& directory, bool json = false) {
  std::ostringstream out;
  const Environment environment = [](const std::string&) { return std::optional<std::string>("k"); };
  const int code = check_command(directory.path(), json, out, environment);
  return {code, out.str()};
}

} // namespace

TEST(ConfigCheck, AValidConfigurationExitsWithZeroAndSaysWhatItHolds) {
  const auto outcome = check(ConfigDirectory{});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.text.rfind("configuration is valid: 1 account, 1 rule enforced\n", 0), 0U)
      << outcome.text;
}

TEST(ConfigCheck, SaysForEachAccountWhatIsEnforcedAndWhatIsNot) {
  const ConfigDirectory directory;
  directory.write("accounts.yaml", R"(accounts:
  - { account_id: 1, username: a, api_key: k, nickname: first }
  - { account_id: 2, username: a, api_key: k }
  - { account_id: 3, username: a, api_key: k, enabled: false }
)");
  directory.write("risk_config.yaml", R"(max_contracts:
  - { limit: 5 }
  - { limit: 3, accounts: [2] }
daily_realized_loss: { limit: 500, dry_run: true }
max_contracts_per_instrument: { enabled: false, limits: { ES: 1 } }
)");
  const auto outcome = check(directory);
  EXPECT_EQ(outcome.code, 0);
  const auto one = outcome.text.find("account 1 (first)\n  enforced             RULE-001#1 max_contracts\n"
                                     "  dry run              RULE-003 daily_realized_loss\n"
                                     "  other accounts only  RULE-001#2 max_contracts\n"
                                     "  switched off         RULE-002 max_contracts_per_instrument\n"
                                     "  not configured       RULE-004 daily_unrealized_loss, RULE-005 ");
  EXPECT_NE(one, std::string::npos) << outcome.text;
  EXPECT_NE(outcome.text.find(
                "account 2\n  enforced             RULE-001#1 max_contracts, RULE-001#2 max_contracts\n"),
            std::string::npos)
      << outcome.text;
  EXPECT_NE(outcome.text.find("account 3: switched off, not watched\n"), std::string::npos) << outcome.text;
}

TEST(ConfigCheck, WarningsAloneAreValid) {
  const ConfigDirectory directory;
  directory.write("risk_config.yaml",
                  "max_contracts: { limit: 5 }\ncross_account_hedge: { enabled: true }\n");
  const auto outcome = check(directory);
  EXPECT_EQ(outcome.code, 0);
  EXPECT_NE(outcome.text.find("configuration is valid: 1 account, 2 rules enforced, 1 warning\n"),
            std::string::npos)
      << outcome.text;
}

TEST(ConfigCheck, AnInvalidConfigurationExitsWithFiveAndListsEveryProblem) {
  const ConfigDirectory directory;
  directory.write(
      "risk_config.yaml",
      "max_contracts: { limit: 0 }\ncontrol: { prt: 1 }\ncross_account_hedge: { enabled: true }\n");
  const auto outcome = check(directory);
  EXPECT_EQ(outcome.code, 5);
  EXPECT_EQ(
      outcome.text,
      "risk_config.yaml:1: max_contracts.limit = 0: must be within 1..1000\n"
      "risk_config.yaml:2: control.prt = 1: unknown key (did you mean 'port'?)\n"
      "risk_config.yaml:3: warning: cross_account_hedge = a mapping: RULE-027 watches nobody: no account it "
      "is about has a group in accounts.yaml\n"
      "2 errors, 1 warning\n");
}

TEST(ConfigCheck, JsonHasTheEnvelopeAndEveryProblem) {
  const ConfigDirectory directory;
  directory.write("risk_config.yaml",
                  "max_contracts: { limt: 5, limit: 4 }\ncross_account_hedge: { enabled: true }\n");
  const auto outcome = check(directory, true);
  EXPECT_EQ(outcome.code, 5);
  const auto reply = nlohmann::json::parse(outcome.text);
  EXPECT_EQ(reply["status"], "error");
  EXPECT_EQ(reply["error"], "CONFIG_INVALID: 1 error, 1 warning");
  EXPECT_TRUE(reply["request_id"].is_null());
  EXPECT_EQ(reply["data"]["valid"], false);
  EXPECT_EQ(reply["data"]["warnings"].size(), 1U);
  const nlohmann::json expected = {{"file", "risk_config.yaml"},   {"line", 1},
                                   {"path", "max_contracts.limt"}, {"value", "5"},
                                   {"message", "unknown key"},     {"suggestion", "limit"}};
  EXPECT_EQ(reply["data"]["errors"], nlohmann::json::array({expected}));
}

TEST(ConfigCheck, JsonOfAValidConfigurationNamesTheRulesOfEachAccount) {
  const auto outcome = check(ConfigDirectory{}, true);
  EXPECT_EQ(outcome.code, 0);
  const auto reply = nlohmann::json::parse(outcome.text);
  EXPECT_EQ(reply["status"], "success");
  EXPECT_TRUE(reply["error"].is_null());
  EXPECT_EQ(reply["data"]["valid"], true);
  EXPECT_TRUE(reply["data"]["errors"].empty());
  const auto& account = reply["data"]["accounts"].at(0);
  EXPECT_EQ(account["account_id"], 1001);
  EXPECT_EQ(account["rules"].at(0),
            (nlohmann::json{{"rule", "RULE-001 max_contracts"}, {"coverage", "enforced"}}));
  EXPECT_EQ(account["rules"].size(), known_rules().size());
}

} // namespace bulkhead::cli
