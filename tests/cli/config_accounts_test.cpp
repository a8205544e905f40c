#include "tests/cli/config_test_files.hpp"

#include <fmt/format.h>

namespace bulkhead::cli {
namespace {

/// The one account of `valid_accounts` with more lines.
std::string account_with(const std::string& lines) { return std::string(valid_accounts) + lines; }

/// An account whose api_key line is this.
std::string account_with_key(const std::string& key) {
  return "accounts:\n  - account_id: 1001\n    username: trader1\n    api_key: " + key + "\n";
}

} // namespace

TEST(ConfigAccounts, ReadsEveryField) {
  ConfigDirectory directory;
  directory.write("ca.pem", "x");
  directory.write("profiles/topstep_50k_combine.yaml", "{ as_of: '2026-07-15', source: a page }");
  directory.write("accounts.yaml", R"(accounts:
  - account_id: 4611686018427387904
    username: trader1
    api_key: "${KEY1}"
    enabled: false
    nickname: "50K combine"
    profile: topstep_50k_combine
    group: g1
    api: { base_url: "https://api.example.com", user_hub: "https://rtc.example.com/u", market_hub: "wss://rtc.example.com/m", ca_file: ca.pem }
  - { account_id: 2, username: trader2, api_key: literal-key }
)");
  const auto loaded = directory.load();
  expect_problems(loaded, {});
  ASSERT_EQ(loaded.config.accounts.size(), 2U);
  const auto& one = loaded.config.accounts[0];
  EXPECT_EQ(one.id, model::AccountId{4611686018427387904});
  EXPECT_EQ(one.username, "trader1");
  EXPECT_TRUE(one.api_key.reveal() == "secret-one");
  EXPECT_FALSE(one.enabled);
  EXPECT_EQ(one.nickname, "50K combine");
  EXPECT_EQ(one.profile, "topstep_50k_combine");
  EXPECT_EQ(one.group, "g1");
  EXPECT_EQ(one.api.base_url, "https://api.example.com");
  EXPECT_EQ(one.api.market_hub, "wss://rtc.example.com/m");
  EXPECT_EQ(one.api.ca_file, (directory.path() / "ca.pem").string());
  const auto& two = loaded.config.accounts[1];
  EXPECT_TRUE(two.enabled);
  EXPECT_EQ(two.api, model::ApiConfig{});
  EXPECT_TRUE(two.api_key.reveal() == "literal-key");
}

TEST(ConfigAccounts, AnAccountsOwnApiBlockStandsOverTheGlobalOne) {
  const ConfigDirectory directory;
  directory.write(
      "accounts.yaml",
      R"(api: { base_url: "http://127.0.0.1:1", user_hub: "ws://127.0.0.1:1/u", market_hub: "ws://127.0.0.1:1/m" }
accounts:
  - { account_id: 1, username: a, api_key: k }
  - { account_id: 2, username: b, api_key: k, api: { market_hub: "ws://127.0.0.1:2/m" } }
)");
  const auto loaded = directory.load();
  expect_problems(loaded, {});
  EXPECT_EQ(loaded.config.accounts[0].api.market_hub, "ws://127.0.0.1:1/m");
  EXPECT_EQ(loaded.config.accounts[1].api.market_hub, "ws://127.0.0.1:2/m");
  EXPECT_EQ(loaded.config.accounts[1].api.base_url, "http://127.0.0.1:1");
}

TEST(ConfigAccounts, AreRequired) {
  const std::string message = "accounts: must name at least one account\n";
  EXPECT_EQ(problems_of_accounts(""), "accounts.yaml:1: " + message);
  EXPECT_EQ(problems_of_accounts("accounts: []\n"), "accounts.yaml:1: " + message);
  EXPECT_EQ(problems_of_accounts("accounts: 5\n"),
            "accounts.yaml:1: accounts = ***: must be a list of accounts\naccounts.yaml:1: " + message);
  ConfigDirectory directory;
  directory.remove("accounts.yaml");
  expect_problems(directory.load(), {"accounts.yaml: the file is missing in " + directory.path().string()});
}

TEST(ConfigAccounts, NeedAnIdAUserAndAKey) {
  EXPECT_EQ(problems_of_accounts("accounts:\n  - enabled: true\n"),
            "accounts.yaml:2: accounts[0].account_id: is missing\n"
            "accounts.yaml:2: accounts[0].username: is missing\n"
            "accounts.yaml:2: accounts[0].api_key: is missing\n");
}

TEST(ConfigAccounts, IdsAreWholePositiveAndUnique) {
  const auto with_id = [](const std::string& id) {
    return "accounts:\n  - { account_id: " + id + ", username: a, api_key: k }\n";
  };
  const std::string range = ": must be within 1..9223372036854775807\n";
  EXPECT_EQ(problems_of_accounts(with_id("0")), "accounts.yaml:2: accounts[0].account_id = 0" + range);
  EXPECT_EQ(problems_of_accounts(with_id("-7")), "accounts.yaml:2: accounts[0].account_id = -7" + range);
  EXPECT_EQ(problems_of_accounts(with_id("12a")),
            "accounts.yaml:2: accounts[0].account_id = 12a: must be a whole number\n");
  EXPECT_EQ(problems_of_accounts(with_id("7") + "  - { account_id: 7, username: b, api_key: k }\n"),
            "accounts.yaml:3: accounts[1].account_id = 7: is also the account of line 2\n");
}

TEST(ConfigAccounts, SimpleFieldsAreChecked) {
  EXPECT_EQ(problems_of_accounts("accounts:\n  - { account_id: 1, username: \"\", api_key: k }\n"),
            "accounts.yaml:2: accounts[0].username: must not be empty\n");
  EXPECT_EQ(problems_of_accounts(account_with("    enabled: yes\n")),
            "accounts.yaml:5: accounts[0].enabled = yes: must be true or false\n");
  const std::string longest(64, 'n');
  EXPECT_EQ(problems_of_accounts(account_with("    nickname: " + longest + "\n")), "");
  EXPECT_EQ(problems_of_accounts(account_with("    nickname: " + longest + "n\n")),
            "accounts.yaml:5: accounts[0].nickname = " + longest + "n: is longer than 64 characters\n");
  std::string umlauts;
  for (int i = 0; i < 64; ++i) umlauts += "\xc3\xa4";
  EXPECT_EQ(problems_of_accounts(account_with("    nickname: " + umlauts + "\n")), "");
}

TEST(ConfigAccounts, AMissingVariableIsNamed) {
  EXPECT_EQ(problems_of_accounts(account_with_key("\"${NO_SUCH_KEY}\"")),
            "accounts.yaml:4: accounts[0].api_key = ***: environment variable NO_SUCH_KEY is not set\n");
  ConfigDirectory directory;
  directory.environment["KEY1"] = " \n";
  expect_problems(directory.load(),
                  {"accounts.yaml:4: accounts[0].api_key = ***: environment variable KEY1 is empty"});
}

TEST(ConfigAccounts, AnAccountThatIsNotWatchedOnlyWarnsOfItsVariable) {
  EXPECT_EQ(problems_of_accounts(
                account_with("  - { account_id: 2, username: b, api_key: \"${NONE}\", enabled: false }\n")),
            "accounts.yaml:5: warning: accounts[1].api_key = ***: environment variable NONE is not set\n");
}

TEST(ConfigAccounts, AVariableMustBeTheWholeValue) {
  for (const std::string key :
       {"\"pre${KEY1}\"", "\"${KEY1}post\"", "\"${}\"", "\"${1A}\"", "\"${A B}\"", "\"${KEY1\""})
    EXPECT_EQ(problems_of_accounts(account_with_key(key)),
              "accounts.yaml:4: accounts[0].api_key = ***: must be ${NAME} as a whole, NAME being letters, "
              "digits and "
              "underscores\n")
        << key;
}

TEST(ConfigAccounts, AKeyMayStandInAFile) {
  const ConfigDirectory directory;
  directory.write("key", "  from-file\r\n");
  directory.write("accounts.yaml", account_with_key("file:" + (directory.path() / "key").string()));
  auto loaded = directory.load();
  expect_problems(loaded, {});
  EXPECT_TRUE(loaded.config.accounts[0].api_key.reveal() == "from-file");
  directory.write("accounts.yaml", account_with_key("\"file:key\""));
  loaded = directory.load();
  expect_problems(loaded, {});
  EXPECT_TRUE(loaded.config.accounts[0].api_key.reveal() == "from-file");
}

TEST(ConfigAccounts, AKeyFileMustExistAndHoldOneLine) {
  const ConfigDirectory directory;
  const std::string start =
      "accounts.yaml:4: accounts[0].api_key = ***: file " + (directory.path() / "key").string();
  directory.write("accounts.yaml", account_with_key("\"file:key\""));
  expect_problems(directory.load(), {start + " does not exist"});
  directory.write("key", "\n");
  expect_problems(directory.load(), {start + " is empty"});
  directory.write("key", "secret\nsecret\n");
  expect_problems(directory.load(), {start + " is not one line of up to 4096 visible ASCII characters"});
  directory.write("key", std::string(5000, 's'));
  expect_problems(directory.load(), {start + " is not one line of up to 4096 visible ASCII characters"});
}

TEST(ConfigAccounts, AddressesMustBeEndpointsThisProgramConnectsTo) {
  const auto with_hub = [](const std::string& url) {
    return std::string(valid_accounts) + "api: { user_hub: \"" + url + "\" }\n";
  };
  EXPECT_EQ(problems_of_accounts(with_hub("rtc.example.com"))
                .rfind("accounts.yaml:5: api.user_hub = rtc.example.com: ", 0),
            0U);
  EXPECT_EQ(problems_of_accounts(with_hub("ftp://a.example.com"))
                .rfind("accounts.yaml:5: api.user_hub = ftp://a.example.com: ", 0),
            0U);
  EXPECT_EQ(problems_of_accounts(with_hub("ws://a.example.com"))
                .rfind("accounts.yaml:5: api.user_hub = ws://a.example.com: ", 0),
            0U);
  EXPECT_EQ(problems_of_accounts(with_hub("ws://127.0.0.1:9/hub")), "");
}

TEST(ConfigAccounts, AnotherGatewayNeedsItsOwnHubs) {
  EXPECT_EQ(
      problems_of_accounts(std::string(valid_accounts) + "api: { base_url: \"https://api.example.com\" }\n"),
      "accounts.yaml:5: api.user_hub: is missing: another base_url needs its own hubs, or one gateway's "
      "token would "
      "be sent to another's\n"
      "accounts.yaml:5: api.market_hub: is missing: another base_url needs its own hubs, or one gateway's "
      "token "
      "would be sent to another's\n");
}

TEST(ConfigAccounts, ACertificateFileMustExist) {
  const ConfigDirectory directory;
  directory.write("accounts.yaml", std::string(valid_accounts) + "api: { ca_file: ca.pem }\n");
  expect_problems(directory.load(),
                  {fmt::format("accounts.yaml:5: api.ca_file = ca.pem: file {} does not exist",
                               (directory.path() / "ca.pem").string())});
  directory.write("accounts.yaml", std::string(valid_accounts) + "api: { ca_file: null }\n");
  EXPECT_FALSE(directory.load().config.accounts[0].api.ca_file);
}

TEST(ConfigAccounts, AccountsOfOneCredentialAgree) {
  EXPECT_EQ(problems_of_accounts(account_with("  - { account_id: 2, username: trader1, api_key: other }\n")),
            "accounts.yaml:5: accounts[1] = a mapping: has the user and base_url of the account of line 2, "
            "but another "
            "api_key\n");
  EXPECT_EQ(
      problems_of_accounts(account_with("  - { account_id: 2, username: trader1, api_key: secret-one }\n")),
      "");
}

TEST(ConfigAccounts, AFileOthersCanReadIsAWarning) {
  using std::filesystem::perms;
  const ConfigDirectory directory;
  const std::string line =
      "accounts.yaml: warning: is accessible to other users; make it yours alone: chmod 600";
  std::filesystem::permissions(directory.path() / "accounts.yaml", perms::owner_read | perms::others_read);
  expect_problems(directory.load(), {line});
  std::filesystem::permissions(directory.path() / "accounts.yaml", perms::owner_read | perms::group_read);
  expect_problems(directory.load(), {line});
  std::filesystem::permissions(directory.path() / "accounts.yaml", perms::owner_read);
  expect_problems(directory.load(), {});
}

TEST(ConfigAccounts, NoEnabledAccountIsAWarning) {
  EXPECT_EQ(problems_of_accounts(account_with("    enabled: false\n")),
            "accounts.yaml: warning: no account is enabled\n");
}

} // namespace bulkhead::cli
