// Files nobody writes by accident: none may crash the reader, grow without bound or take long.

#include "cli/yaml_tree.hpp"
#include "tests/cli/config_test_files.hpp"

#include <random>
#include <sstream>

namespace bulkhead::cli {
namespace {

std::string file_text(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

std::string repeat(std::string_view text, std::size_t bytes) {
  std::string out;
  while (out.size() + text.size() <= bytes) out += text;
  return out;
}

std::optional<model::ConfigNode> parse(const std::string& text, model::Problems& problems) {
  return parse_yaml(text, "f.yaml", problems);
}

/// Reads all sections of a directory in which `name` holds `text`.
void load_with(const ConfigDirectory& directory, const std::string& name, const std::string& text) {
  directory.write(name, text);
  const auto loaded = directory.load();
  for (const auto& problem : loaded.problems) EXPECT_LT(to_string(problem).size(), 2000U);
}

} // namespace

TEST(ConfigHostile, AliasBombsAreCountedAsWhatTheyExpandTo) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const auto here = std::to_string(i);
    const auto last = std::to_string(i - 1);
    bomb += "a" + here + ": &a" + here + " [";
    for (int j = 0; j < 9; ++j) bomb += "*a" + last + ", ";
    bomb += "]\n";
  }
  model::Problems problems;
  EXPECT_FALSE(parse(bomb, problems));
  EXPECT_EQ(text_of(problems), "f.yaml:5: more than 20000 values, aliases expanded\n");
}

TEST(ConfigHostile, AliasesOfOneLongTextAreBounded) {
  const std::string bomb = "a: &a \"" + std::string(500'000, 'x') + "\"\nb: [" + repeat("*a, ", 4000) + "]\n";
  model::Problems problems;
  EXPECT_FALSE(parse(bomb, problems));
  EXPECT_EQ(text_of(problems), "f.yaml:2: more than 4194304 bytes, aliases expanded\n");
}

TEST(ConfigHostile, AliasesCannotNestDeeperThanTheLimit) {
  std::string bomb = "a0: &a0 [x]\n";
  for (int i = 1; i < 100; ++i)
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) + "]\n";
  model::Problems problems;
  EXPECT_FALSE(parse(bomb, problems));
  EXPECT_EQ(text_of(problems), "f.yaml:32: nested deeper than 32 levels\n");
}

TEST(ConfigHostile, AMebibyteOfAnySyntaxElementEnds) {
  for (const std::string_view piece :
       {"[",   "{",    "- ",    "? ", "a: ",    "[a,",      "{a: ",          "\"",  "'",   "- a\n", "a: b\n",
        "|\n", "%a\n", "---\n", "[]", "{}",     ": ",       "&a ",           "*a ", "!a ", "\\",    "!<",
        ">",   "}",    ",",     "\t", "a: |\n", "<<: *a\n", "a\xc3\xa9: 1\n"}) {
    model::Problems problems;
    (void)parse(repeat(piece, YamlLimits::bytes), problems);
    EXPECT_LE(problems.size(), YamlLimits::nodes + 1) << piece;
  }
}

TEST(ConfigHostile, EveryFileCutAtEveryByteIsReadOrRefused) {
  const std::filesystem::path seeds = BULKHEAD_SOURCE_DIR "/tests/cli/data/seeds";
  for (const std::string name : {"accounts.yaml", "risk_config.yaml", "holidays.yaml"}) {
    const ConfigDirectory directory;
    const std::string text = file_text(seeds / name);
    ASSERT_FALSE(text.empty());
    for (std::size_t length = 0; length <= text.size(); ++length)
      load_with(directory, name, text.substr(0, length));
  }
}

TEST(ConfigHostile, RandomlyDamagedFilesAreReadOrRefused) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const std::string pieces = "{}[]:,-&*!|>'\"#%@`?~ \n\t\\0a";
  for (const std::string name : {"accounts.yaml", "risk_config.yaml", "holidays.yaml"}) {
    const ConfigDirectory directory;
    const std::string text = file_text(std::filesystem::path(BULKHEAD_SOURCE_DIR "/config") / name);
    ASSERT_FALSE(text.empty());
    for (int round = 0; round < 150; ++round) {
      std::string damaged = text;
      for (int hit = 0; hit < 3; ++hit) {
        const auto at = random() % damaged.size();
        if (random() % 3 == 0)
          damaged.erase(at, random() % 20);
        else
          damaged.insert(at, 1, pieces[random() % pieces.size()]);
      }
      load_with(directory, name, damaged);
    }
  }
}

TEST(ConfigHostile, SettingsOfAWrongKindNeverCrash) {
  const ConfigDirectory directory;
  for (const std::string_view value :
       {"[]", "{}", "[[]]", "{a: b}", "~", "''", "[~]", "[{}]", "-1", "99999999999999999999"}) {
    for (const std::string_view key : {"global", "daily_reset", "rules", "guards", "contracts", "logging",
                                       "persistence", "control", "max_contracts", "session_block_outside"})
      load_with(directory, "risk_config.yaml", std::string(key) + ": " + std::string(value) + "\n");
    directory.write("risk_config.yaml", valid_rules);
    for (const std::string_view key : {"accounts", "api", "topstepx", "monitored_account"})
      load_with(directory, "accounts.yaml", std::string(key) + ": " + std::string(value) + "\n");
    directory.write("accounts.yaml", valid_accounts);
    for (const std::string_view key : {"timezone", "holidays", "early_close"})
      load_with(directory, "holidays.yaml", std::string(key) + ": " + std::string(value) + "\n");
    for (const std::string name : {"accounts.yaml", "risk_config.yaml", "holidays.yaml"})
      load_with(directory, name, std::string(value));
    directory.remove("holidays.yaml");
  }
}

} // namespace bulkhead::cli
