#include "cli/config_rules.hpp"
#include "rules/registry.hpp"
#include "tests/cli/config_test_files.hpp"

namespace bulkhead::cli {
namespace {

std::string with(const std::string& rule) {
  return problems_of_rules("rules:\n  max_contracts: { limit: 5 }\n" + rule);
}

} // namespace

TEST(ConfigRules, KnowsEveryRuleThisVersionHas) {
  for (const auto* spec : rules::all_rules()) {
    if (spec->kind == model::Source::Kind::guard) continue; // these have a section of their own
    const KnownRule* known = find_known_rule(spec->key);
    ASSERT_NE(known, nullptr) << spec->key;
    EXPECT_EQ(known->number, spec->number);
    EXPECT_EQ(known->name, spec->name);
  }
  ASSERT_EQ(known_rules().size(), 27U);
  for (int i = 0; i < 27; ++i) EXPECT_EQ(known_rules()[static_cast<std::size_t>(i)].number, i + 1);
}

TEST(ConfigRules, AMappingIsInstanceZeroAListCountsFromOne) {
  const ConfigDirectory directory;
  directory.write("risk_config.yaml", R"(rules:
  max_contracts:
    - { limit: 5 }
    - { limit: 3, enabled: false }
  daily_realized_loss: { limit: 500 }
)");
  const auto loaded = directory.load();
  expect_problems(loaded, {});
  const auto& rules = loaded.config.rules;
  ASSERT_EQ(rules.size(), 3U);
  EXPECT_EQ(rules[0].instance, 1);
  EXPECT_EQ(rules[1].instance, 2);
  EXPECT_EQ(rule_label(rules[1]), "RULE-001#2");
  EXPECT_EQ(rules[1].settings.path, "rules.max_contracts[1]");
  EXPECT_EQ(rules[2].key, "daily_realized_loss");
  EXPECT_EQ(rules[2].instance, 0);
  EXPECT_EQ(rule_label(rules[2]), "RULE-003");
}

TEST(ConfigRules, AcceptsBlocksAtTheTopLevelToo) {
  const ConfigDirectory directory;
  directory.write("risk_config.yaml",
                  "max_contracts: { limit: 5 }\nrules:\n  daily_realized_loss: { limit: 500 }\n");
  const auto loaded = directory.load();
  expect_problems(loaded, {});
  EXPECT_EQ(loaded.config.rules.size(), 2U);
}

TEST(ConfigRules, ARuleIsSetInOnePlace) {
  EXPECT_EQ(with("max_contracts: { limit: 3 }\n"),
            "risk_config.yaml:3: max_contracts = a mapping: is also set in line 2: keep one\n");
}

TEST(ConfigRules, MisspeltRulesAreErrorsWithASuggestion) {
  EXPECT_EQ(with("  daily_realised_loss: { limit: 500 }\n"),
            "risk_config.yaml:3: rules.daily_realised_loss = a mapping: unknown key (did you mean "
            "'daily_realized_loss'?)\n");
  EXPECT_EQ(problems_of_rules("max_contracts: { limit: 5 }\nsymbolblocks: {}\n"),
            "risk_config.yaml:2: symbolblocks = a mapping: unknown key (did you mean 'symbol_blocks'?)\n");
  EXPECT_EQ(with("  moon_phase: {}\n"), "risk_config.yaml:3: rules.moon_phase = a mapping: unknown key\n");
  EXPECT_EQ(with("  logging: {}\n"), "risk_config.yaml:3: rules.logging = a mapping: unknown key\n");
}

TEST(ConfigRules, OtherSpellingsAreSuggested) {
  EXPECT_EQ(suggest_rule_key("MaxContracts"), "max_contracts");
  EXPECT_EQ(suggest_rule_key("RULE-004"), "daily_unrealized_loss");
  EXPECT_EQ(suggest_rule_key("rule_027"), "cross_account_hedge");
  EXPECT_EQ(suggest_rule_key("session_block_outside_hours"), "session_block_outside");
  EXPECT_EQ(suggest_rule_key("SessionBlockOutsideHours"), "session_block_outside");
  EXPECT_EQ(suggest_rule_key("trade-managment"), "trade_management");
  EXPECT_EQ(suggest_rule_key("entirely_else"), "");
}

TEST(ConfigRules, SettingsAreCheckedByTheRuleItself) {
  EXPECT_EQ(problems_of_rules("rules:\n  max_contracts:\n    limt: 5\n    limit: 0\n"),
            "risk_config.yaml:3: rules.max_contracts.limt = 5: unknown key (did you mean 'limit'?)\n"
            "risk_config.yaml:4: rules.max_contracts.limit = 0: must be within 1..1000\n");
}

TEST(ConfigRules, ARuleMayNameItsAccountsOnlyFromAccountsYaml) {
  EXPECT_EQ(problems_of_rules("max_contracts: { limit: 5, accounts: [1001] }\n"), "");
  EXPECT_NE(problems_of_rules("max_contracts: { limit: 5, accounts: [1002] }\n"), "");
}

TEST(ConfigRules, MustBeMappings) {
  EXPECT_EQ(problems_of_rules("rules: 5\nmax_contracts: { limit: 5 }\n"),
            "risk_config.yaml:1: rules = 5: must be a mapping of rules\n");
  const std::string message = "must be a mapping of settings, or a list of such mappings\n";
  EXPECT_EQ(with("  symbol_blocks: RTY\n"), "risk_config.yaml:3: rules.symbol_blocks = RTY: " + message);
  EXPECT_EQ(with("  symbol_blocks: []\n"), "risk_config.yaml:3: rules.symbol_blocks = a list: " + message);
  EXPECT_EQ(with("  symbol_blocks:\n"), "risk_config.yaml:3: rules.symbol_blocks = null: " + message);
  EXPECT_EQ(with("  symbol_blocks: [5]\n"),
            "risk_config.yaml:3: rules.symbol_blocks[0] = 5: must be a mapping of settings\n");
}

TEST(ConfigRules, AtLeastOneIsEnforced) {
  const std::string none = "risk_config.yaml: rules: at least one rule of this version must be enabled\n";
  EXPECT_EQ(problems_of_rules(""), none);
  EXPECT_EQ(problems_of_rules("max_contracts: { limit: 5, enabled: false }\n"), none);
  if (rules::find_rule("scaling_plan") != nullptr) GTEST_SKIP() << "this version has it";
  EXPECT_EQ(problems_of_rules("scaling_plan: { enabled: true }\n"),
            none + "risk_config.yaml:1: warning: scaling_plan: RULE-017 scaling_plan is not enforced by this "
                   "version\n");
}

TEST(ConfigRules, AnEnabledRuleThisVersionLacksIsAWarning) {
  for (const auto& rule : known_rules()) {
    if (rules::find_rule(rule.key) != nullptr) continue;
    const std::string key(rule.key);
    EXPECT_EQ(with("  " + key + ": { enabled: false }\n"), "") << key;
    const std::string line = "risk_config.yaml:3: warning: rules." + key + ": RULE-0" +
                             (rule.number < 10 ? "0" : "") + std::to_string(rule.number) + " " + key +
                             " is not enforced by this version\n";
    const std::string enabled = with("  " + key + ": { enabled: true }\n");
    EXPECT_NE(enabled.find(line), std::string::npos) << enabled;
    const std::string by_default = with("  " + key + ": {}\n");
    EXPECT_EQ(by_default.find(line) != std::string::npos, rule.on_by_default) << by_default;
  }
}

TEST(ConfigRules, EnabledOfARuleThisVersionLacksIsStillABoolean) {
  if (rules::find_rule("scaling_plan") != nullptr) GTEST_SKIP() << "this version has it";
  EXPECT_EQ(with("  scaling_plan: { enabled: maybe }\n"),
            "risk_config.yaml:3: rules.scaling_plan.enabled = maybe: must be true or false\n");
}

} // namespace bulkhead::cli
