// The `alerts:` section: webhooks, and URLs that no problem shows.

#include "tests/cli/config_test_files.hpp"

namespace bulkhead::cli {
namespace {

using model::WebhookConfig;

LoadedConfig load(const std::string& webhooks) {
  ConfigDirectory directory;
  directory.environment["HOOK"] = "https://hooks.example/T0/s3cr3t";
  std::string text{valid_rules};
  text.append("alerts:\n  webhooks:\n").append(webhooks);
  directory.write("risk_config.yaml", text);
  return directory.load();
}

} // namespace

TEST(ConfigAlerts, ReadsWebhooksWithTheirSecrets) {
  const auto loaded =
      load("    - { url: \"${HOOK}\" }\n"
           "    - { url: \"http://127.0.0.1:9/x\", format: telegram, chat_id: \"-1\", severity: info }\n");
  expect_problems(loaded, {});
  const auto& hooks = loaded.config.alerts.webhooks;
  ASSERT_EQ(hooks.size(), 2U);
  EXPECT_EQ(hooks[0].url.reveal(), "https://hooks.example/T0/s3cr3t");
  EXPECT_EQ(hooks[0].format, WebhookConfig::Format::json);
  EXPECT_EQ(hooks[0].from, WebhookConfig::From::warning);
  EXPECT_EQ(hooks[1].chat_id, "-1");
}

TEST(ConfigAlerts, RefusesPlainHttpToOthersAndTelegramWithoutAChat) {
  EXPECT_NE(text_of(load("    - { url: \"http://hooks.example/s3cr3t\" }\n").problems).find("must be https"),
            std::string::npos);
  EXPECT_NE(text_of(load("    - { url: \"${HOOK}\", format: telegram }\n").problems).find("chat_id"),
            std::string::npos);
  EXPECT_NE(text_of(load("    - { format: json }\n").problems).find("url is missing"), std::string::npos);
}

TEST(ConfigAlerts, ShowsNoUrl) {
  for (const std::string wrong :
       {"    - { url: \"http://hooks.example/s3cr3t\" }\n",
        "    - { ulr: \"https://hooks.example/s3cr3t\" }\n",
        "    - { url: [\"https://hooks.example/s3cr3t\"] }\n", "    - \"https://hooks.example/s3cr3t\"\n"}) {
    const auto problems = text_of(load(wrong).problems);
    EXPECT_FALSE(problems.empty()) << wrong;
    EXPECT_EQ(problems.find("s3cr3t"), std::string::npos) << problems;
  }
}

TEST(ConfigAlerts, ReadsTheLevelsOfRoomWidestFirst) {
  const auto loaded = load("    []\n  room: { dollars: [100, 500], minutes: [10, 30] }\n");
  expect_problems(loaded, {});
  const auto& room = loaded.config.alerts.room;
  EXPECT_EQ(room.dollars, (std::vector{model::Money::dollars(500), model::Money::dollars(100)}));
  EXPECT_EQ(room.lengths, (std::vector<model::Duration>{std::chrono::minutes{30}, std::chrono::minutes{10}}));
  EXPECT_NE(text_of(load("    []\n  room: { ticks: [1] }\n").problems).find("ticks"), std::string::npos);
}

} // namespace bulkhead::cli
