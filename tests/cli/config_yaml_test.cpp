#include "cli/yaml_tree.hpp"
#include "tests/cli/config_test_files.hpp"

#include <fmt/format.h>

namespace bulkhead::cli {
namespace {

using Kind = model::ConfigNode::Kind;

std::string problem_of(std::string_view text) {
  model::Problems problems;
  (void)parse_yaml(text, "f.yaml", problems);
  return text_of(problems);
}

model::ConfigNode tree_of(std::string_view text) {
  model::Problems problems;
  auto tree = parse_yaml(text, "f.yaml", problems);
  EXPECT_EQ(text_of(problems), "");
  return tree.value_or(model::ConfigNode{});
}

std::string repeat(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

} // namespace

TEST(YamlTree, KeepsFileLineAndPath) {
  const auto tree = tree_of("rules:\n  max_contracts:\n    limit: 5\n  other:\n    - a\n    - { b: 1 }\n");
  const auto* rules = tree.find("rules");
  ASSERT_NE(rules, nullptr);
  EXPECT_EQ(rules->line, 1);
  const auto* limit = rules->find("max_contracts")->find("limit");
  EXPECT_EQ(limit->scalar, "5");
  EXPECT_EQ(limit->line, 3);
  EXPECT_EQ(limit->path, "rules.max_contracts.limit");
  EXPECT_EQ(limit->file, "f.yaml");
  const auto& items = rules->find("other")->items;
  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(items[1].find("b")->path, "rules.other[1].b");
  EXPECT_EQ(items[1].line, 6);
}

TEST(YamlTree, ABlockStandsInTheLineOfItsKey) {
  EXPECT_EQ(tree_of("a:\n\n  # comment\n  b: 1\n").find("a")->line, 1);
}

TEST(YamlTree, TellsNullFromTextAndKeepsOrder) {
  const auto tree = tree_of("z: ~\na: null\nm:\nq: \"null\"\n");
  EXPECT_EQ(tree.find("z")->kind, Kind::null);
  EXPECT_EQ(tree.find("a")->kind, Kind::null);
  EXPECT_EQ(tree.find("m")->kind, Kind::null);
  EXPECT_EQ(tree.find("q")->kind, Kind::scalar);
  EXPECT_EQ(tree.entries.front().first, "z");
}

TEST(YamlTree, AnEmptyTextIsNull) {
  EXPECT_EQ(tree_of("").kind, Kind::null);
  EXPECT_EQ(tree_of("# nothing\n").kind, Kind::null);
  EXPECT_EQ(tree_of("\xef\xbb\xbf"
                    "a: 1\r\nb: 2\r\n")
                .entries.size(),
            2U);
}

TEST(YamlTree, AnAliasHasThePathOfItsPlace) {
  const auto tree = tree_of("base: &x { limit: 5 }\ncopy: *x\n");
  EXPECT_EQ(tree.find("copy")->find("limit")->path, "copy.limit");
  EXPECT_EQ(tree.find("base")->find("limit")->path, "base.limit");
}

TEST(YamlTree, NamesTheLineOfASyntaxError) {
  EXPECT_EQ(problem_of("a: 1\nb: [1, 2\nc: 3\n"),
            "f.yaml:3: not valid YAML: end of sequence flow not found (column 2)\n");
  EXPECT_EQ(problem_of("a: 1\n  b: 2\n"), "f.yaml:2: not valid YAML: illegal map value (column 4)\n");
  EXPECT_EQ(problem_of("a: *nobody\n"),
            "f.yaml:1: not valid YAML: the referenced anchor is not defined (column 4)\n");
}

TEST(YamlTree, NoticesAQuoteThatIsNeverClosed) {
  EXPECT_EQ(problem_of("a: 1\nkey: \"abc\n"), "f.yaml:2: the quoted text that begins here is never closed\n");
  EXPECT_EQ(problem_of("a: 'abc"), "f.yaml:1: the quoted text that begins here is never closed\n");
}

TEST(YamlTree, ReportsAKeyThatStandsTwiceAndKeepsTheFirst) {
  model::Problems problems;
  const auto tree = parse_yaml("a: 1\nb: 2\na: { c: 3 }\n", "f.yaml", problems);
  EXPECT_EQ(text_of(problems), "f.yaml:3: a: this key stands twice in the same mapping\n");
  ASSERT_TRUE(tree);
  EXPECT_EQ(tree->find("a")->scalar, "1");
  EXPECT_EQ(tree->entries.size(), 2U);
}

TEST(YamlTree, RefusesWhatCannotBeAKeyOrAValue) {
  EXPECT_EQ(problem_of("? [1, 2]\n: 3\n"), "f.yaml:1: a key must be plain text\n");
  EXPECT_EQ(problem_of("~: 3\n"), "f.yaml:1: a key must be plain text\n");
  EXPECT_EQ(problem_of("a: &x b\n*x : 3\n"), "f.yaml:2: a key must be plain text\n");
  EXPECT_EQ(problem_of("a: !!int 5\n"), "f.yaml:1: tags (!name) are not supported\n");
  EXPECT_EQ(problem_of("a: 1\n---\nb: 2\n"),
            "f.yaml:2: a second document begins here; only one per file is read\n");
  EXPECT_EQ(problem_of("a: &x [*x]\n"), "f.yaml:1: an alias stands inside the value it names\n");
  EXPECT_EQ(problem_of("a: \"\\0\"\n"), "f.yaml:1: a value contains a control character\n");
  EXPECT_EQ(problem_of("a: \"\\e[31m\"\n"), "f.yaml:1: a value contains a control character\n");
  EXPECT_EQ(problem_of("\"a\\nb\": 1\n"), "f.yaml:1: a key spans lines\n");
  EXPECT_EQ(problem_of(repeat("k", 129) + ": 1\n"), "f.yaml:1: a key is longer than 128 bytes\n");
}

TEST(YamlTree, RefusesBytesThatAreNoText) {
  EXPECT_EQ(problem_of(std::string_view("a: 1\nb: \0\n", 10)),
            "f.yaml:2: byte 0x00 is not text; the file must be UTF-8\n");
  EXPECT_EQ(problem_of("a: 1\n\x04 b: 2\n"), "f.yaml:2: byte 0x04 is not text; the file must be UTF-8\n");
  EXPECT_EQ(problem_of("a: \xff\xfe\n"), "f.yaml:1: byte 0xff is not text; the file must be UTF-8\n");
  EXPECT_EQ(problem_of("a: \xc0\xaf\n"), "f.yaml:1: byte 0xc0 is not text; the file must be UTF-8\n");
  EXPECT_EQ(problem_of("a: \xed\xa0\x80\n"), "f.yaml:1: byte 0xed is not text; the file must be UTF-8\n");
  EXPECT_EQ(problem_of("a: \xf4\x90\x80\x80\n"), "f.yaml:1: byte 0xf4 is not text; the file must be UTF-8\n");
  EXPECT_EQ(problem_of("a: \xe2\x82"), "f.yaml:1: byte 0xe2 is not text; the file must be UTF-8\n");
  EXPECT_EQ(tree_of("a: \xe2\x82\xac\xf0\x9f\x98\x80").find("a")->scalar, "\xe2\x82\xac\xf0\x9f\x98\x80");
}

TEST(YamlTree, EveryLimitHasItsLastAcceptedValue) {
  EXPECT_EQ(problem_of(repeat("[", 32) + repeat("]", 32)), "");
  EXPECT_EQ(problem_of(repeat("[", 33) + repeat("]", 33)), "f.yaml:1: nested deeper than 32 levels\n");
  EXPECT_EQ(problem_of("[" + repeat("1,", 19'999) + "]"), "");
  EXPECT_EQ(problem_of("[" + repeat("1,", 20'000) + "]"),
            "f.yaml:1: more than 20000 values, aliases expanded\n");
  EXPECT_EQ(problem_of(std::string(YamlLimits::bytes, '#')), "");
  EXPECT_EQ(problem_of(std::string(YamlLimits::bytes + 1, '#')),
            "f.yaml: the file is larger than 1048576 bytes\n");
}

TEST(YamlTree, AMissingFileAndADirectoryAreProblems) {
  const ConfigDirectory directory;
  model::Problems problems;
  EXPECT_FALSE(read_yaml(directory.path() / "none.yaml", problems));
  std::filesystem::create_directory(directory.path() / "dir.yaml");
  EXPECT_FALSE(read_yaml(directory.path() / "dir.yaml", problems));
  EXPECT_EQ(text_of(problems),
            fmt::format("none.yaml: the file is missing in {0}\ndir.yaml: the file cannot be read in {0}\n",
                        directory.path().string()));
}

} // namespace bulkhead::cli
