#include "cli/config_rules.hpp"
#include "tests/cli/config_test_files.hpp"

#include <cstdlib>

namespace bulkhead::cli {
namespace {

constexpr const char* shipped = BULKHEAD_SOURCE_DIR "/config";
constexpr const char* seeds = BULKHEAD_SOURCE_DIR "/tests/cli/data/seeds";

/// Without the warning about permissions, which a checkout cannot keep.
model::Problems apart_from_permissions(model::Problems problems) {
  std::erase_if(problems,
                [](const auto& problem) { return problem.message.starts_with("is accessible to other"); });
  return problems;
}

Environment every_key_set() {
  return [](const std::string& name) { return std::optional("value-of-" + name); };
}

} // namespace

TEST(ConfigLoader, TheShippedExampleIsValid) {
  const auto loaded = load_config(shipped, every_key_set());
  EXPECT_EQ(text_of(apart_from_permissions(loaded.problems)), "");
  EXPECT_EQ(loaded.config.accounts.size(), 3U);
  EXPECT_EQ(loaded.config.holidays.closures.size(), 3U);
  EXPECT_EQ(loaded.config.holidays.early_closes.size(), 9U);
}

TEST(ConfigLoader, TheShippedExampleHasABlockForEveryRuleOfTheFirstTwelve) {
  const auto loaded = load_config(shipped, every_key_set());
  for (const auto& rule : known_rules().first(12))
    EXPECT_TRUE(std::any_of(loaded.config.rules.begin(), loaded.config.rules.end(), [&](const auto& block) {
      return block.key == rule.key;
    })) << rule.key;
}

TEST(ConfigLoader, TheShippedExampleHasEveryDefaultWrittenOut) {
  const auto loaded = load_config(shipped, every_key_set());
  const model::Config defaults;
  EXPECT_EQ(loaded.config.reset, defaults.reset);
  EXPECT_EQ(loaded.config.accounts[0].api, model::ApiConfig{});
  EXPECT_EQ(loaded.config.control.port, defaults.control.port);
  EXPECT_EQ(loaded.config.logging.enforcement_file, defaults.logging.enforcement_file);
  EXPECT_EQ(loaded.config.persistence.database_path, defaults.persistence.database_path);
}

TEST(ConfigLoader, LoadsTheFlatFormOfTheFiles) {
  const auto loaded = load_config(seeds, every_key_set());
  EXPECT_FALSE(model::has_errors(loaded.problems)) << text_of(loaded.problems);
  const auto& config = loaded.config;
  ASSERT_EQ(config.accounts.size(), 1U);
  EXPECT_EQ(config.accounts[0].id, model::AccountId{123});
  EXPECT_EQ(config.accounts[0].username, "your_username");
  EXPECT_TRUE(config.accounts[0].api_key.reveal() == "your_api_key_here");
  EXPECT_EQ(config.accounts[0].nickname, "Main Trading Account");
  EXPECT_EQ(config.accounts[0].api, model::ApiConfig{});
  EXPECT_EQ(config.reset.time(), model::TimeOfDay{17 * 60});
  EXPECT_EQ(config.reset.zone(), "America/New_York");
  EXPECT_EQ(config.rules.size(), 5U);
  EXPECT_EQ(config.holidays.closures.size(), 3U);
}

TEST(ConfigLoader, BothHalvesOfTheSingleAccountFormAreNeeded) {
  EXPECT_EQ(problems_of_accounts("topstepx: { username: a, api_key: k }\n"),
            "accounts.yaml:1: monitored_account: is missing: topstepx and monitored_account belong together\n"
            "accounts.yaml:1: accounts: must name at least one account\n");
  EXPECT_EQ(
      problems_of_accounts("topstepx: { username: a, api_key: k }\nmonitored_account: { account_name: b }\n"),
      "accounts.yaml:2: monitored_account.account_id: is missing\n");
}

TEST(ConfigLoader, ListsTwelveDifferentProblemsAtOnce) {
  const ConfigDirectory directory;
  directory.write("accounts.yaml", R"(accounts:
  - account_id: 0
    username: ""
    api_key: "${MISSING}"
    enabled: 1
    nickname: [a]
api:
  user_hub: "rtc"
  usr: x
)");
  directory.write("risk_config.yaml", R"(daily_reset: { time: "5pm", timezone: Nowhere }
rules:
  max_contract: { limit: 5 }
  max_contracts:
    limit: 5
    count_type: brutto
control:
  port: 70000
)");
  directory.write("holidays.yaml", "holidays:\n  - soon\n");
  const auto problems = text_of(directory.load().problems);
  const std::vector<std::string> starts = {
      "accounts.yaml:2: accounts[0].account_id = 0: must be within",
      "accounts.yaml:3: accounts[0].username: must not be empty",
      "accounts.yaml:4: accounts[0].api_key = ***: environment variable MISSING is not set",
      "accounts.yaml:5: accounts[0].enabled = 1: must be true or false",
      "accounts.yaml:6: accounts[0].nickname = a list: must be a single value",
      "accounts.yaml:8: api.user_hub = rtc: ",
      "accounts.yaml:9: api.usr = ***: unknown key",
      "holidays.yaml:2: holidays[0] = soon: must be a date",
      "risk_config.yaml:1: daily_reset.time = 5pm: must be a time of day",
      "risk_config.yaml:1: daily_reset.timezone = Nowhere: must be an IANA time zone",
      "risk_config.yaml:3: rules.max_contract = a mapping: unknown key (did you mean 'max_contracts'?)",
      "risk_config.yaml:6: rules.max_contracts.count_type = brutto: must be one of",
      "risk_config.yaml:8: control.port = 70000: must be within 0..65535",
  };
  std::size_t at = 0;
  for (const auto& start : starts) {
    const auto found = problems.find(start);
    ASSERT_NE(found, std::string::npos) << start << "\nin\n" << problems;
    EXPECT_GE(found, at) << "problems are not sorted by file and line\n" << problems;
    at = found;
  }
  EXPECT_EQ(static_cast<std::size_t>(std::count(problems.begin(), problems.end(), '\n')), starts.size())
      << problems;
}

TEST(ConfigLoader, AFileThatCannotBeReadDoesNotHideTheOthers) {
  const ConfigDirectory directory;
  directory.write("accounts.yaml", "accounts: [\n");
  directory.write("risk_config.yaml", "max_contracts: { limit: 0 }\n");
  const auto problems = text_of(directory.load().problems);
  EXPECT_NE(problems.find("accounts.yaml:2: not valid YAML"), std::string::npos) << problems;
  EXPECT_NE(problems.find("risk_config.yaml:1: max_contracts.limit = 0"), std::string::npos) << problems;
}

TEST(ConfigLoader, EveryFileIsMissingFromAnEmptyDirectory) {
  const ConfigDirectory directory;
  directory.remove("accounts.yaml");
  directory.remove("risk_config.yaml");
  const std::string missing = ": the file is missing in " + directory.path().string();
  expect_problems(directory.load(), {"accounts.yaml" + missing, "risk_config.yaml" + missing});
}

TEST(ConfigLoader, LongValuesAreShortenedToOneLine) {
  EXPECT_EQ(problems_of_rules("max_contracts: { limit: 5 }\ncontrol:\n  port: \"a\\n" +
                              std::string(100, 'b') + "\"\n"),
            "risk_config.yaml:3: control.port = a " + std::string(78, 'b') + "...: must be a whole number\n");
}

TEST(ConfigLoader, LooksIntoTheEnvironmentOfTheProcess) {
  ASSERT_EQ(setenv("BULKHEAD_CONFIG_TEST", "x", 1), 0);
  EXPECT_EQ(process_environment()("BULKHEAD_CONFIG_TEST"), "x");
  ASSERT_EQ(unsetenv("BULKHEAD_CONFIG_TEST"), 0);
  EXPECT_EQ(process_environment()("BULKHEAD_CONFIG_TEST"), std::nullopt);
}

} // namespace bulkhead::cli
