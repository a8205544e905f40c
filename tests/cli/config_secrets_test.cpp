// Whatever is wrong with accounts.yaml, and wherever a key was pasted by mistake: no problem shows it.

#include "cli/check_command.hpp"
#include "tests/cli/config_test_files.hpp"

#include <sstream>

namespace bulkhead::cli {
namespace {

constexpr std::string_view secret = "s3cr3t-k3y";

/// Everything `check` prints about an accounts.yaml, as text and as JSON.
std::string printed(const ConfigDirectory& directory, const std::string& accounts) {
  directory.write("accounts.yaml", accounts);
  std::ostringstream out;
  const Environment environment = [](const std::string&) {
    return std::string(secret) + "\n" + std::string(secret);
  };
  (void)check_command(directory.path(), false, out, environment);
  (void)check_command(directory.path(), true, out, environment);
  return out.str();
}

} // namespace

TEST(ConfigSecrets, AreNeverPrinted) {
  const ConfigDirectory directory;
  directory.write("key", std::string(secret) + " " + std::string(secret));
  for (const std::string accounts : {
           "accounts:\n  - { account_id: x, username: a, api_key: s3cr3t-k3y, nickname: [] }\n",
           "accounts:\n  - { account_id: 1, username: a, apikey: s3cr3t-k3y }\n",
           "accounts:\n  - { account_id: 1, username: a, api_key: [s3cr3t-k3y] }\n",
           "accounts:\n  - { account_id: 1, username: a, api_key: { value: s3cr3t-k3y } }\n",
           "accounts:\n  - { account_id: 1, username: a, api_key: \"${s3cr3t-k3y\" }\n",
           "accounts:\n  - { account_id: 1, username: a, api_key: \"${KEY}\" }\n",
           "accounts:\n  - { account_id: 1, username: a, api_key: \"file:key\" }\n",
           "accounts:\n  - s3cr3t-k3y\n",
           "accounts: s3cr3t-k3y\n",
           "topstepx: s3cr3t-k3y\nmonitored_account: { account_id: 1 }\n",
           "topstepx: { username: a, api_key: s3cr3t-k3y, token: s3cr3t-k3y }\nmonitored_account: { "
           "account_id: 0 }\n",
           "s3cr3t-k3y\n",
           "- s3cr3t-k3y\n",
           "password: s3cr3t-k3y\n",
           "api: { base_url: \"https://u:s3cr3t-k3y@api.example.com\", token: s3cr3t-k3y }\n",
           "api: { user_hub: \"wss://api.example.com:x/hub?access_token=s3cr3t-k3y\" }\n",
           "accounts:\n  - { account_id: 1, username: a, api_key: s3cr3t-k3y }\n  - { account_id: 2, "
           "username: a, api_key: b }\n",
           "accounts:\n  - { account_id: 1, username: a, api_key: s3cr3t-k3y, api_key: s3cr3t-k3y }\n",
           "accounts:\n  - api_key: s3cr3t-k3y\n   username: a\n",
           "accounts:\n  - api_key: \"s3cr3t-k3y\n",
           "accounts:\n  - api_key: *s3cr3t-k3y\n",
           "accounts:\n  - api_key: !s3cr3t-k3y a\n",
           "accounts:\n  - api_key: \"s3cr3t-k3y\\0\"\n",
       }) {
    const std::string text = printed(directory, accounts);
    EXPECT_NE(text.find("error"), std::string::npos) << accounts;
    EXPECT_EQ(text.find(secret), std::string::npos) << accounts << text;
  }
}

TEST(ConfigSecrets, AValidConfigurationPrintsNoneEither) {
  const ConfigDirectory directory;
  const std::string text =
      printed(directory, "accounts:\n  - { account_id: 1, username: a, api_key: s3cr3t-k3y }\n");
  EXPECT_NE(text.find("configuration is valid"), std::string::npos) << text;
  EXPECT_EQ(text.find(secret), std::string::npos) << text;
}

} // namespace bulkhead::cli
