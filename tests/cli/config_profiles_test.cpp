// Firm profiles: what they fill in, what they may not say, and the ones that are shipped.

#include "rules/registry.hpp"
#include "tests/cli/config_test_files.hpp"

#include <fmt/format.h>

namespace bulkhead::cli {
namespace {

constexpr const char* accounts = R"(accounts:
  - { account_id: 1, username: a, api_key: k, profile: small }
  - { account_id: 2, username: a, api_key: k, profile: large }
  - { account_id: 3, username: a, api_key: k, profile: small }
)";
std::string profile(const std::string& rules) {
  return "as_of: '2026-07-15'\nsource: a page\nrules: " + rules;
}

struct TwoProfiles : ConfigDirectory {
  explicit TwoProfiles(std::string_view rules) {
    write("accounts.yaml", accounts);
    write("profiles/small.yaml", profile("{ max_contracts: { limit: 2 } }"));
    write("profiles/large.yaml", profile("{ max_contracts: { limit: 9, unit: mini_equivalent } }"));
    write("risk_config.yaml", rules);
  }
};

/// "1 3: 2 contracts" for each bound rule: its accounts and the limit it shows.
std::vector<std::string> bound(const ConfigDirectory& directory) {
  auto loaded = directory.load();
  EXPECT_EQ(text_of(loaded.problems), "");
  std::vector<std::string> out;
  model::Problems problems;
  for (const auto& rule : rules::bind_rules(loaded.config, problems)) {
    std::string text;
    for (const auto id : rule.accounts) text += to_string(id) + " ";
    const model::AccountState state;
    const model::Event event{{}, 0, model::TimeReached{}};
    const rules::RuleContext context{state,
                                     event,
                                     loaded.config.reset,
                                     loaded.config.roots,
                                     loaded.config.holidays,
                                     loaded.config.news,
                                     rule.source};
    out.push_back(text + to_string(rule.binding.gauge(context)->limit));
  }
  return out;
}

TEST(ConfigProfiles, FillInWhatABlockLeavesOut) {
  const TwoProfiles directory("max_contracts: { enabled: true }\n");
  EXPECT_EQ(bound(directory), (std::vector<std::string>{"1 3 2 contracts", "2 9.0 minis"}));
}

TEST(ConfigProfiles, WhatABlockSaysStands) {
  const TwoProfiles directory("max_contracts: { limit: 4 }\n");
  EXPECT_EQ(bound(directory), (std::vector<std::string>{"1 3 4 contracts", "2 4.0 minis"}));
}

TEST(ConfigProfiles, ABlockForSomeAccountsLooksAtTheirsAlone) {
  const TwoProfiles directory("max_contracts: { accounts: [3] }\n");
  EXPECT_EQ(bound(directory), (std::vector<std::string>{"3 2 contracts"}));
}

TEST(ConfigProfiles, SwitchNothingOn) {
  const TwoProfiles directory("daily_realized_loss: { limit: 5 }\n");
  EXPECT_EQ(bound(directory).size(), 1U);
}

TEST(ConfigProfiles, ABlockThatStatesTheLimitUnderItsOtherNameKeepsIt) {
  const TwoProfiles directory("daily_realized_loss: { loss_limit: 300 }\n");
  for (const auto* name : {"profiles/small.yaml", "profiles/large.yaml"})
    directory.write(name, profile("{ daily_realized_loss: { limit: 500 } }"));
  EXPECT_EQ(bound(directory), (std::vector<std::string>{"1 3 -$300.00", "2 -$300.00"}));
}

TEST(ConfigProfiles, AnAccountWithoutOneNeedsTheLimitInTheBlock) {
  const TwoProfiles directory("max_contracts: { enabled: true }\n");
  directory.write("accounts.yaml",
                  std::string(accounts) + "  - { account_id: 4, username: a, api_key: k }\n");
  EXPECT_EQ(text_of(directory.load().problems),
            "risk_config.yaml:1: max_contracts.limit: is missing: a rule in the file must state its limit\n");
}

TEST(ConfigProfiles, AProblemOfAProfileNamesItsFile) {
  const TwoProfiles directory("max_contracts: { enabled: true }\n");
  directory.write("profiles/small.yaml", profile("{ max_contracts: { limit: 0 } }"));
  EXPECT_EQ(text_of(directory.load().problems),
            "small.yaml:3: rules.max_contracts.limit = 0: must be within 1..1000\n");
}

TEST(ConfigProfiles, RefuseWhatIsNotTheirs) {
  const TwoProfiles directory("max_contracts: { limit: 4 }\n");
  directory.write("profiles/small.yaml",
                  "as_of: x\nrules: { max_contracts: { enabled: true }, max_contrakts: { limit: 1 } }");
  const auto text = text_of(directory.load().problems);
  EXPECT_NE(text.find("a profile switches nothing on"), std::string::npos) << text;
  EXPECT_NE(text.find("did you mean 'max_contracts'?"), std::string::npos) << text;
  EXPECT_NE(text.find("source: is missing"), std::string::npos) << text;
}

TEST(ConfigProfiles, AMissingFileNamesTheOnesThereAre) {
  for (const auto* name : {"other", "../accounts", "Small"}) {
    const TwoProfiles directory("max_contracts: { limit: 4 }\n");
    directory.write(
        "accounts.yaml",
        fmt::format("accounts: [{{ account_id: 1, username: a, api_key: k, profile: {} }}]", name));
    EXPECT_EQ(text_of(directory.load().problems),
              fmt::format("accounts.yaml: profile = {}: no such profile: there are large, small\n", name));
  }
}

TEST(ConfigProfiles, EveryShippedOneFitsTheRules) {
  std::size_t count = 0;
  for (const auto& file : std::filesystem::directory_iterator(BULKHEAD_SOURCE_DIR "/config/profiles")) {
    const std::string name = file.path().stem().string();
    ConfigDirectory directory;
    directory.write(
        "accounts.yaml",
        fmt::format("accounts: [{{ account_id: 1, username: a, api_key: k, profile: {} }}]", name));
    std::filesystem::create_directories(directory.path() / "profiles");
    std::filesystem::copy(file.path(), directory.path() / "profiles");
    directory.write("holidays.yaml", "[]");
    directory.write("risk_config.yaml", "max_contracts: { limit: 3 }\n");
    auto loaded = directory.load();
    ASSERT_EQ(text_of(loaded.problems), "") << name;
    std::string rules;
    for (const auto& block : loaded.config.profiles.at(0).rules) rules += block.key + ": { enabled: true }\n";
    directory.write("risk_config.yaml", rules);
    EXPECT_EQ(text_of(directory.load().problems), "") << name << ": complete by itself";
    ++count;
  }
  EXPECT_EQ(count, 8U);
}

TEST(ConfigNews, ReadsReleasesByTime) {
  const ConfigDirectory directory;
  directory.write("news.yaml", R"(valid_until: "2026-12-31"
events:
  - { at: "2026-09-01T12:30:00Z", name: later, roots: ["*"] }
  - { at: "2026-08-12T08:30:00-04:00", name: CPI, impact: medium, roots: [ES], before_seconds: 60 }
)");
  const auto loaded = directory.load();
  expect_problems(loaded, {});
  const auto& events = loaded.config.news.events;
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].name, "CPI");
  EXPECT_EQ(model::format_instant(events[0].at), "2026-08-12T12:30:00Z");
  EXPECT_EQ(events[0].before, std::chrono::seconds{60});
  EXPECT_TRUE(events[1].roots.empty());
  EXPECT_EQ(model::format_instant(*loaded.config.news.valid_until), "2026-12-31T00:00:00Z");
}

TEST(ConfigNews, NamesEveryProblem) {
  const ConfigDirectory directory;
  directory.write("news.yaml", "events: [{ at: tomorrow, impakt: high }]\n");
  const auto text = text_of(directory.load().problems);
  EXPECT_NE(text.find("valid_until: is missing"), std::string::npos) << text;
  EXPECT_NE(text.find("must be a UTC instant"), std::string::npos) << text;
  EXPECT_NE(text.find("did you mean 'impact'?"), std::string::npos) << text;
}

TEST(ConfigNews, ARuleWithoutACalendarIsWarnedOf) {
  EXPECT_NE(problems_of_rules("max_contracts: { limit: 1 }\nnews_blackout: { enabled: true }\n")
                .find("knows of no release"),
            std::string::npos);
}

} // namespace
} // namespace bulkhead::cli
