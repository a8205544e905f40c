#include "cli/yaml_builder.hpp"
#include "cli/yaml_tree.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::cli {

using model::ConfigNode;
using Kind = model::ConfigNode::Kind;

namespace {

// Recursion ends: no tree is deeper than YamlLimits::depth, aliases included.
void set_paths(ConfigNode& node, std::string path) {
  for (std::size_t i = 0; i < node.items.size(); ++i)
    set_paths(node.items[i], fmt::format("{}[{}]", path, i));
  for (auto& [key, value] : node.entries)
    set_paths(value, path.empty() ? key : fmt::format("{}.{}", path, key));
  node.path = std::move(path);
}

std::size_t depth_of(const ConfigNode& node) {
  std::size_t deepest = 0;
  for (const auto& item : node.items) deepest = std::max(deepest, depth_of(item));
  for (const auto& [key, value] : node.entries) deepest = std::max(deepest, depth_of(value));
  return node.kind == Kind::list || node.kind == Kind::map ? deepest + 1 : 0;
}

} // namespace

void TreeBuilder::begin_document(int line) {
  if (++documents_ > 1) throw StopReading(line, "a second document begins here; only one per file is read");
}

ConfigNode TreeBuilder::make(Kind kind, int line) const {
  ConfigNode node;
  node.kind = kind;
  node.file = file_;
  node.line = line;
  return node;
}

bool TreeBuilder::expects_key() const {
  return !open_.empty() && open_.back().node.kind == Kind::map && !open_.back().key;
}

void TreeBuilder::refuse_as_key(int line) const {
  if (expects_key()) throw StopReading(line, "a key must be plain text");
}

void TreeBuilder::count(int line, std::size_t nodes, std::size_t bytes) {
  nodes_ += nodes;
  bytes_ += bytes;
  if (nodes_ > YamlLimits::nodes)
    throw StopReading(line, fmt::format("more than {} values, aliases expanded", YamlLimits::nodes));
  if (bytes_ > YamlLimits::expanded_bytes)
    throw StopReading(line, fmt::format("more than {} bytes, aliases expanded", YamlLimits::expanded_bytes));
}

void TreeBuilder::count_all(int line, const ConfigNode& node) {
  count(line, 1, node.scalar.size());
  for (const auto& item : node.items) count_all(line, item);
  for (const auto& [key, value] : node.entries) {
    count(line, 0, key.size());
    count_all(line, value);
  }
}

void TreeBuilder::read_key(int line, const std::string& text) {
  if (text.size() > YamlLimits::key_bytes)
    throw StopReading(line, fmt::format("a key is longer than {} bytes", YamlLimits::key_bytes));
  if (text.find_first_of("\t\r\n") != std::string::npos) throw StopReading(line, "a key spans lines");
  count(line, 0, text.size());
  Open& map = open_.back();
  map.repeated = !map.keys.insert(text).second;
  map.key = text;
  map.key_line = line;
  if (!map.repeated) return;
  model::Problem problem;
  problem.file = file_;
  problem.line = line;
  problem.path = text;
  problem.message = "this key stands twice in the same mapping";
  problems_.push_back(std::move(problem));
}

void TreeBuilder::scalar(int line, Anchor anchor, const std::string& text) {
  if (expects_key()) {
    if (anchor != 0) throw StopReading(line, "a key must be plain text");
    return read_key(line, text);
  }
  count(line, 1, text.size());
  ConfigNode node = make(Kind::scalar, line);
  node.scalar = text;
  add(std::move(node), anchor);
}

void TreeBuilder::null(int line, Anchor anchor) {
  refuse_as_key(line);
  count(line, 1, 0);
  add(make(Kind::null, line), anchor);
}

void TreeBuilder::alias(int line, Anchor anchor) {
  refuse_as_key(line);
  const auto it = anchors_.find(anchor);
  if (it == anchors_.end()) throw StopReading(line, "an alias stands inside the value it names");
  if (open_.size() + depth_of(it->second) > YamlLimits::depth)
    throw StopReading(line, fmt::format("nested deeper than {} levels", YamlLimits::depth));
  count_all(line, it->second);
  add(it->second, 0);
}

void TreeBuilder::begin(Kind kind, int line, Anchor anchor) {
  refuse_as_key(line);
  if (open_.size() == YamlLimits::depth)
    throw StopReading(line, fmt::format("nested deeper than {} levels", YamlLimits::depth));
  count(line, 1, 0);
  Open opened;
  opened.node = make(kind, line);
  opened.anchor = anchor;
  open_.push_back(std::move(opened));
}

void TreeBuilder::end() {
  model::require(!open_.empty(), "an end follows a beginning");
  Open closed = std::move(open_.back());
  open_.pop_back();
  add(std::move(closed.node), closed.anchor);
}

void TreeBuilder::add(ConfigNode node, Anchor anchor) {
  if (anchor != 0) anchors_.insert_or_assign(anchor, node);
  if (open_.empty()) {
    root_ = std::move(node);
    return;
  }
  Open& parent = open_.back();
  if (parent.node.kind == Kind::list) {
    parent.node.items.push_back(std::move(node));
    return;
  }
  // The key's line, not the line on which a nested mapping happens to begin: people look for the key.
  node.line = parent.key_line;
  if (!parent.repeated) parent.node.entries.emplace_back(std::move(*parent.key), std::move(node));
  parent.key.reset();
}

ConfigNode TreeBuilder::take() {
  ConfigNode root = root_ ? std::move(*root_) : make(Kind::null, 1);
  root_.reset();
  set_paths(root, "");
  return root;
}

} // namespace bulkhead::cli
