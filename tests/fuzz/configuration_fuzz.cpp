// A configuration file of any content, read as each of the five kinds. Whatever is in it, reading ends, keeps
// its limits, and its problems can be shown: no control byte, a line of this file. What leaves no error
// behind can be bound to rules.

#include "cli/config_accounts.hpp"
#include "cli/config_profiles.hpp"
#include "cli/config_sections.hpp"
#include "cli/yaml_tree.hpp"
#include "rules/registry.hpp"
#include "tests/fuzz/bytes.hpp"

#include <algorithm>
#include <string>

using namespace bulkhead;
using fuzz::expect;

namespace {

std::size_t nodes_of(const model::ConfigNode& node, std::size_t depth) {
  expect(depth <= cli::YamlLimits::depth + 1, "the tree is no deeper than the limit");
  std::size_t nodes = 1;
  for (const auto& item : node.items) nodes += nodes_of(item, depth + 1);
  for (const auto& [key, value] : node.entries) {
    expect(key.size() <= cli::YamlLimits::key_bytes, "a key is no longer than the limit");
    expect(node.find(key) != nullptr, "every key is found");
    nodes += nodes_of(value, depth + 1);
  }
  return nodes;
}

void read_as(int kind, const model::ConfigNode& tree, model::Problems& problems) {
  const cli::SecretSource nothing{"/nonexistent", [](const std::string&) { return std::nullopt; }};
  switch (kind) {
  case 0: (void)cli::read_accounts(tree, nothing, problems); break;
  case 1: (void)cli::read_holidays(tree, problems); break;
  case 2: (void)cli::read_news(tree, problems); break;
  default: {
    model::Config config;
    cli::read_risk_config(tree, config, problems);
    if (model::has_errors(problems)) break;
    model::Problems of_rules;
    (void)rules::bind_rules(config, of_rules);
    problems.insert(problems.end(), of_rules.begin(), of_rules.end());
  }
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes bytes(data, size);
  const int kind = bytes.byte() % 8;
  const auto text = bytes.rest();
  if (text.find("file:/") != std::string_view::npos) return 0; // no input decides which files are opened
  model::Problems problems;
  const auto tree = cli::parse_yaml(text, "file.yaml", problems);
  expect(tree || model::has_errors(problems), "a file that cannot be used says why");
  if (tree) {
    expect(nodes_of(*tree, 0) <= cli::YamlLimits::nodes, "the tree is no larger than the limit");
    read_as(kind, *tree, problems);
  }
  const auto lines = std::count(text.begin(), text.end(), '\n') + 1;
  for (const auto& problem : problems) {
    expect(problem.line >= 0 && problem.line <= lines, "a problem names a line of the file");
    const auto shown = model::to_string(problem);
    const bool clean = std::none_of(shown.begin(), shown.end(), [](char c) {
      return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' && c != '\r') || c == 0x7F;
    });
    expect(clean, "a problem has no control byte");
  }
  return 0;
}
