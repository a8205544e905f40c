// The status of an account, for people and for programs.

#include "cli/status_command.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace bulkhead::cli {
namespace {

using ::testing::HasSubstr;

actors::StatusReply reply_with(const actors::AccountView& view) {
  actors::StatusReply reply;
  reply.accounts.push_back(view);
  return reply;
}

TEST(Status, TellsWarningsInBothForms) {
  actors::AccountView view;
  view.warnings = {"refused quotes: 3"};
  EXPECT_THAT(status_table(reply_with(view), false), HasSubstr("    warning: refused quotes: 3\n"));
  const auto json = nlohmann::json::parse(status_json(reply_with(view)));
  EXPECT_EQ(json.at("data").at("accounts").at(0).at("warnings").at(0), "refused quotes: 3");
}

TEST(Status, TellsProgramsOfTheMemory) {
  actors::StatusReply reply;
  reply.resident_kib = 26'000, reply.heap_kib = 5'250;
  const auto memory = nlohmann::json::parse(status_json(reply)).at("data").at("memory");
  EXPECT_EQ(memory, (nlohmann::json{{"resident_kib", 26'000}, {"heap_in_use_kib", 5'250}}));
}

TEST(Status, ABlockOfTheConfigurationEndsWithIt) {
  actors::AccountView view;
  view.lockouts.push_back(
      {"RULE-011", "symbol:ES", "configured", "flatten", "listed in symbol_blocks", "", "", 0});
  EXPECT_THAT(status_table(reply_with(view), false),
              HasSubstr("blocked by RULE-011 (symbol:ES, flatten) until the configuration changes"));
}

} // namespace
} // namespace bulkhead::cli
