#include "tests/cli/config_test_files.hpp"

namespace bulkhead::cli {
namespace {

/// Problems of a risk_config.yaml with a valid rule in line 1 and these lines after it.
std::string beside_a_limit(const std::string& lines) {
  return problems_of_rules("max_contracts: { limit: 5 }\n" + lines);
}

} // namespace

TEST(ConfigSections, ReadsEverySetting) {
  const ConfigDirectory directory;
  directory.write(
      "risk_config.yaml",
      R"(global: { strict_mode: true, admin_unlock: not_for_hard, deny_loosening_while_open: false, flatten_on_shutdown: true }
daily_reset: { time: "02:30", timezone: "Europe/Berlin" }
rules:
  max_contracts: { limit: 5 }
contracts: { aliases: { xx: es, yy: EP }, micro_weight: { default: 2, MYM: 3, YY: 20 } }
logging: { level: DEBUG, file: a.log, enforcement_file: b.log, max_size_mb: 7, backup_count: 3 }
persistence: { database_path: db, snapshot_interval_seconds: 9 }
control: { host: "::1", port: 0 }
)");
  const auto loaded = directory.load();
  expect_problems(loaded, {});
  const auto& config = loaded.config;
  EXPECT_TRUE(config.global.strict_mode);
  EXPECT_EQ(config.global.admin_unlock, model::AdminUnlock::not_for_hard);
  EXPECT_FALSE(config.global.deny_loosening_while_open);
  EXPECT_TRUE(config.global.flatten_on_shutdown);
  EXPECT_EQ(config.reset.time(), model::TimeOfDay{150});
  EXPECT_EQ(config.reset.zone(), "Europe/Berlin");
  EXPECT_EQ(config.roots.canonical("XX").value, "ES");
  EXPECT_EQ(config.roots.canonical("yy").value, "ES"); // through the built-in alias EP
  EXPECT_EQ(config.roots.weight_tenths(model::Root{"MES"}), 2);
  EXPECT_EQ(config.roots.weight_tenths(model::Root{"MYM"}), 3);
  EXPECT_EQ(config.roots.weight_tenths(model::Root{"ES"}), 20);
  EXPECT_EQ(config.logging.level, "DEBUG");
  EXPECT_EQ(config.logging.file, "a.log");
  EXPECT_EQ(config.logging.enforcement_file, "b.log");
  EXPECT_EQ(config.logging.max_size_mb, 7);
  EXPECT_EQ(config.logging.backup_count, 3);
  EXPECT_EQ(config.persistence.database_path, "db");
  EXPECT_EQ(config.persistence.snapshot_interval_seconds, 9);
  EXPECT_EQ(config.control.host, "::1");
  EXPECT_EQ(config.control.port, 0);
}

TEST(ConfigSections, HaveDefaults) {
  const ConfigDirectory directory;
  const auto loaded = directory.load();
  expect_problems(loaded, {});
  EXPECT_EQ(loaded.config.reset.time(), model::TimeOfDay{17 * 60});
  EXPECT_EQ(loaded.config.reset.zone(), "America/Chicago");
  EXPECT_EQ(loaded.config.control.port, 4750);
  EXPECT_EQ(beside_a_limit(
                "global:\nlogging:\ncontracts:\nguards:\ndaily_reset:\npersistence: ~\ncontrol:\nrules:\n"),
            "");
}

TEST(ConfigSections, UnknownKeysAreErrorsWithTheNearestAcceptedOne) {
  EXPECT_EQ(beside_a_limit("globl: {}\n"),
            "risk_config.yaml:2: globl = a mapping: unknown key (did you mean 'global'?)\n");
  EXPECT_EQ(beside_a_limit("logging: { levl: INFO }\n"),
            "risk_config.yaml:2: logging.levl = INFO: unknown key (did you mean 'level'?)\n");
  EXPECT_EQ(beside_a_limit("contracts: { alias: {} }\n"),
            "risk_config.yaml:2: contracts.alias = a mapping: unknown key (did you mean 'aliases'?)\n");
  EXPECT_EQ(beside_a_limit("guards: { drawdwn: {} }\n"),
            "risk_config.yaml:2: guards.drawdwn = a mapping: unknown key (did you mean 'drawdown'?)\n");
  EXPECT_EQ(beside_a_limit("something_else: 1\n"), "risk_config.yaml:2: something_else = 1: unknown key\n");
}

TEST(ConfigSections, EveryValueIsChecked) {
  EXPECT_EQ(beside_a_limit("global: { strict_mode: 1 }\n"),
            "risk_config.yaml:2: global.strict_mode = 1: must be true or false\n");
  EXPECT_EQ(beside_a_limit("global: { admin_unlock: never }\n"),
            "risk_config.yaml:2: global.admin_unlock = never: must be one of: allowed, not_for_hard\n");
  EXPECT_EQ(beside_a_limit("logging: { level: info }\n")
                .rfind("risk_config.yaml:2: logging.level = info: must be one of: TRACE,", 0),
            0U);
  EXPECT_EQ(beside_a_limit("logging: { file: \"\" }\n"),
            "risk_config.yaml:2: logging.file: must not be empty\n");
  EXPECT_EQ(beside_a_limit("logging: { max_size_mb: 0 }\n"),
            "risk_config.yaml:2: logging.max_size_mb = 0: must be within 1..10000\n");
  EXPECT_EQ(beside_a_limit("persistence: { snapshot_interval_seconds: soon }\n"),
            "risk_config.yaml:2: persistence.snapshot_interval_seconds = soon: must be a whole number\n");
  EXPECT_EQ(beside_a_limit("control: { port: 65536 }\n"),
            "risk_config.yaml:2: control.port = 65536: must be within 0..65535\n");
  EXPECT_EQ(beside_a_limit("control: { host: [a] }\n"),
            "risk_config.yaml:2: control.host = a list: must be a single value\n");
  EXPECT_EQ(beside_a_limit("control: 4750\n"),
            "risk_config.yaml:2: control = 4750: must be a mapping of settings\n");
  EXPECT_EQ(beside_a_limit("contracts: { aliases: { \"E-P\": ES } }\n"),
            "risk_config.yaml:2: contracts.aliases.E-P = ES: an alias and its root are letters and digits, "
            "at most 16\n");
  EXPECT_EQ(beside_a_limit("contracts: { micro_weight: { MES: 0 } }\n"),
            "risk_config.yaml:2: contracts.micro_weight.MES = 0: must be within 1..1000\n");
}

TEST(ConfigSections, GuardsAreReadLikeRules) {
  EXPECT_EQ(beside_a_limit("guards:\n  market: { enabled: true, price_gap_alert_pct: 5.0 }\n"), "");
  EXPECT_EQ(beside_a_limit("guards:\n  market: { enabled: false }\n"), "");
  EXPECT_EQ(beside_a_limit("guards:\n  market: { price_gap: 5.0 }\n"),
            "risk_config.yaml:3: guards.market.price_gap = 5.0: unknown key\n");
}

TEST(ConfigReset, TimeAndZoneAreChecked) {
  EXPECT_EQ(
      beside_a_limit("daily_reset: { time: \"24:00\" }\n"),
      "risk_config.yaml:2: daily_reset.time = 24:00: must be a time of day, HH:MM from 00:00 to 23:59\n");
  EXPECT_EQ(
      beside_a_limit("daily_reset: { time: \"7:00\" }\n"),
      "risk_config.yaml:2: daily_reset.time = 7:00: must be a time of day, HH:MM from 00:00 to 23:59\n");
  EXPECT_EQ(beside_a_limit("daily_reset: { timezone: America/Chikago }\n"),
            "risk_config.yaml:2: daily_reset.timezone = America/Chikago: must be an IANA time zone such as "
            "America/Chicago\n");
  EXPECT_EQ(beside_a_limit("daily_reset: { timezone: \"../../etc/passwd\" }\n"),
            "risk_config.yaml:2: daily_reset.timezone = ../../etc/passwd: must be an IANA time zone such as "
            "America/Chicago\n");
  EXPECT_EQ(beside_a_limit("daily_reset: \"17:00\"\n"),
            "risk_config.yaml:2: daily_reset = 17:00: must be a mapping of time and timezone\n");
}

TEST(ConfigReset, ARulesOwnPairDefinesItWhereThereIsNoGlobalOne) {
  const ConfigDirectory directory;
  directory.write("risk_config.yaml",
                  "daily_realized_loss: { limit: 500, reset_time: \"16:00\", timezone: America/New_York }\n");
  const auto loaded = directory.load();
  expect_problems(loaded, {});
  EXPECT_EQ(loaded.config.reset.time(), model::TimeOfDay{16 * 60});
  EXPECT_EQ(loaded.config.reset.zone(), "America/New_York");
}

TEST(ConfigReset, TwoPairsMustBeEqual) {
  const std::string global = "daily_reset: { time: \"17:00\", timezone: America/Chicago }\n";
  const auto rule = [](const std::string& pair) {
    return "daily_realized_loss: { limit: 500, " + pair + " }\n";
  };
  EXPECT_EQ(problems_of_rules(global + rule("reset_time: \"17:00\", timezone: America/Chicago")), "");
  EXPECT_EQ(problems_of_rules(global + rule("reset_time: \"17:00\"")), "");
  EXPECT_EQ(problems_of_rules(global + rule("reset_time: \"16:00\"")),
            "risk_config.yaml:2: daily_realized_loss.reset_time = 16:00: the daily reset is 17:00 "
            "America/Chicago in line "
            "1, here 16:00 America/Chicago; a file has one\n");
  EXPECT_EQ(problems_of_rules(rule("timezone: America/New_York") + global),
            "risk_config.yaml:1: daily_realized_loss.timezone = America/New_York: the daily reset is 17:00 "
            "America/Chicago "
            "in line 2, here 17:00 America/New_York; a file has one\n");
}

TEST(ConfigReset, ARulesPairIsCheckedToo) {
  EXPECT_EQ(problems_of_rules("daily_realized_loss: { limit: 500, reset_time: noon }\n"),
            "risk_config.yaml:1: daily_realized_loss.reset_time = noon: must be a time of day, HH:MM from "
            "00:00 to 23:59\n");
}

} // namespace bulkhead::cli
