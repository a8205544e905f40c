// Rule blocks of two configurations, compared leaf by leaf.

#include "rules/config_merge.hpp"

#include "rules/config_direction.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::rules {

using model::Config;
using model::ConfigNode;
using model::RuleBlock;
using Effect = ConfigChange::Effect;

namespace {

constexpr std::string_view none = "(none)";

std::string text_of(const ConfigNode* node) {
  if (node == nullptr) return std::string(none);
  switch (node->kind) {
  case ConfigNode::Kind::null: return "null";
  case ConfigNode::Kind::scalar: return node->scalar;
  case ConfigNode::Kind::list: {
    std::string out;
    for (const auto& item : node->items) out += (out.empty() ? "" : ", ") + text_of(&item);
    return "[" + out + "]";
  }
  case ConfigNode::Kind::map: {
    std::string out;
    for (const auto& [key, value] : node->entries)
      out += (out.empty() ? "" : ", ") + key + ": " + text_of(&value);
    return "{" + out + "}";
  }
  }
  return {};
}

/// Walks both trees at once; `on_leaf(path, key, parent, before, after)` for whatever differs.
class Comparison {
public:
  explicit Comparison(std::vector<ConfigChange>& out) : out_(out) {}

  /// `after` with the looser leaves of `before`.
  ConfigNode merge(const std::string& path, std::string_view key, std::string_view parent,
                   const ConfigNode& before, const ConfigNode& after) {
    if (before.kind != ConfigNode::Kind::map || after.kind != ConfigNode::Kind::map) {
      if (text_of(&before) == text_of(&after)) return after;
      const auto effect = tightens(parent, key, before, after) ? Effect::tighter : Effect::looser;
      out_.push_back({path, text_of(&before), text_of(&after), effect});
      return effect == Effect::tighter ? after : before;
    }
    ConfigNode merged = after;
    merged.entries.clear();
    for (const auto& [name, value] : after.entries) {
      if (const auto* was = before.find(name)) {
        merged.entries.emplace_back(name, merge(path + "." + name, name, key, *was, value));
      } else {
        out_.push_back({path + "." + name, std::string(none), text_of(&value), Effect::looser});
      }
    }
    for (const auto& [name, value] : before.entries) {
      if (after.find(name) != nullptr) continue;
      out_.push_back({path + "." + name, text_of(&value), std::string(none), Effect::looser});
      merged.entries.emplace_back(name, value);
    }
    return merged;
  }

private:
  std::vector<ConfigChange>& out_;
};

std::string path_of(const RuleBlock& block) {
  return block.instance == 0 ? "rules." + block.key : fmt::format("rules.{}[{}]", block.key, block.instance);
}

const RuleBlock* find(const Config& config, const RuleBlock& like) {
  const auto it = std::find_if(config.rules.begin(), config.rules.end(), [&](const RuleBlock& block) {
    return block.key == like.key && block.instance == like.instance;
  });
  return it == config.rules.end() ? nullptr : &*it;
}

} // namespace

std::vector<RuleBlock> merge_rules(const Config& before, const Config& after,
                                   std::vector<ConfigChange>& out) {
  std::vector<RuleBlock> merged;
  for (const auto& block : after.rules) {
    merged.push_back(block);
    if (const auto* was = find(before, block)) {
      merged.back().settings =
          Comparison(out).merge(path_of(block), block.key, "rules", was->settings, block.settings);
    } else {
      out.push_back({path_of(block), std::string(none), text_of(&block.settings), Effect::tighter});
    }
  }
  for (const auto& block : before.rules) {
    if (find(after, block) != nullptr) continue;
    out.push_back({path_of(block), text_of(&block.settings), std::string(none), Effect::looser});
    merged.push_back(block);
  }
  return merged;
}

} // namespace bulkhead::rules
