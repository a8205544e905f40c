#include "tests/examples_runner/example.hpp"
#include "cli/yaml_tree.hpp"
#include "tests/examples_runner/outcome.hpp"
#include "tests/examples_runner/words.hpp"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

namespace bulkhead::examples {
namespace {

using model::ConfigNode;

[[noreturn]] void refuse(const ConfigNode& node, const std::string& why) {
  throw std::invalid_argument(node.file + ":" + std::to_string(node.line) + ": " + why);
}

std::vector<std::string> texts(const ConfigNode& node) {
  if (node.kind == ConfigNode::Kind::scalar) return {node.scalar};
  std::vector<std::string> out;
  for (const auto& item : node.items) out.push_back(item.scalar);
  return out;
}

Step read_step(const ConfigNode& node, model::Instant start, model::Instant before) {
  Step step;
  const ConfigNode* at = node.find("at");
  step.at = at == nullptr ? before + std::chrono::seconds{1} : time_of(at->scalar, start);
  if (step.at - before < std::chrono::milliseconds{1}) refuse(node, "must be later than the step before");
  for (const auto& [key, value] : node.entries) {
    if (key == "at") continue;
    if (key == "event")
      step.event = value.scalar;
    else if (key == "has")
      step.has = texts(value);
    else if (key == "reload")
      step.reload = value.scalar;
    else if (key == "alert")
      step.alerts = texts(value);
    else if (is_outcome(key)) {
      for (const auto& text : texts(value)) step.expected.push_back(expected_outcome(key, text, start));
    } else
      refuse(value, "unknown key " + key);
  }
  if (step.event.empty()) refuse(node, "a step needs an event");
  std::sort(step.expected.begin(), step.expected.end());
  return step;
}

} // namespace

Example load_example(const std::filesystem::path& path) {
  model::Problems problems;
  const auto tree = cli::read_yaml(path, problems);
  if (!tree || !problems.empty())
    throw std::invalid_argument(problems.empty() ? "empty" : to_string(problems[0]));
  Example out;
  out.name = path.stem().string();
  const ConfigNode* steps = nullptr;
  for (const auto& [key, node] : tree->entries) {
    if (key == "row") continue; // what the row says, for people
    if (key == "config")
      out.config = node.scalar;
    else if (key == "holidays")
      out.holidays = node.scalar;
    else if (key == "news")
      out.news = node.scalar;
    else if (key == "start")
      out.start = model::parse_instant(node.scalar).value();
    else if (key == "begin" && node.scalar == "unread")
      out.unread = true;
    else if (key == "order_matters")
      out.order_matters = true;
    else if (key == "restart_matters")
      out.restart_matters = true;
    else if (key == "contracts")
      out.contracts = texts(node);
    else if (key == "steps")
      steps = &node;
    else
      refuse(node, "unknown key " + key);
  }
  if (out.config.empty() || out.start == model::Instant{} || steps == nullptr || steps->items.empty())
    refuse(*tree, "config, start and steps are needed");
  auto before = out.start - std::chrono::seconds{1};
  for (const auto& node : steps->items) {
    out.steps.push_back(read_step(node, out.start, before));
    before = out.steps.back().at;
  }
  return out;
}

std::vector<std::filesystem::path> example_files() {
  // The second folder is for writing examples ahead of the rules they show.
  const char* other = std::getenv("BULKHEAD_EXAMPLES");
  const std::filesystem::path folder = other != nullptr ? other : BULKHEAD_SOURCE_DIR "/tests/examples";
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

} // namespace bulkhead::examples
