#include "cli/config_sections.hpp"
#include "cli/config_reader.hpp"
#include "cli/config_rules.hpp"

#include <algorithm>

namespace bulkhead::cli {

using model::Config;
using model::ConfigNode;
using model::Problems;
using rules::Params;
using Kind = ConfigNode::Kind;

namespace {

constexpr std::size_t longest_path = 1024;
constexpr std::int64_t highest_weight = 1000; // tenths of a mini

void read_global(const ConfigNode& node, model::GlobalConfig& global, Problems& problems) {
  Params params(node, problems);
  global.strict_mode = params.boolean("strict_mode", global.strict_mode);
  global.admin_unlock = params.one_of<model::AdminUnlock>(
      "admin_unlock",
      {{"allowed", model::AdminUnlock::allowed}, {"not_for_hard", model::AdminUnlock::not_for_hard}},
      global.admin_unlock);
  global.deny_loosening_while_open =
      params.boolean("deny_loosening_while_open", global.deny_loosening_while_open);
  global.flatten_on_shutdown = params.boolean("flatten_on_shutdown", global.flatten_on_shutdown);
  params.finish();
}

void read_logging(const ConfigNode& node, model::LoggingConfig& logging, Problems& problems) {
  Params params(node, problems);
  using Level = std::string;
  logging.level = params.one_of<Level>("level",
                                       {{"TRACE", "TRACE"},
                                        {"DEBUG", "DEBUG"},
                                        {"INFO", "INFO"},
                                        {"WARNING", "WARNING"},
                                        {"ERROR", "ERROR"},
                                        {"CRITICAL", "CRITICAL"}},
                                       logging.level);
  logging.file = read_text(params, "file", logging.file, longest_path);
  logging.enforcement_file = read_text(params, "enforcement_file", logging.enforcement_file, longest_path);
  logging.wire_file = read_text(params, "wire_file", logging.wire_file, longest_path);
  logging.json = params.one_of<bool>("format", {{"text", false}, {"json", true}}, false);
  logging.max_size_mb = static_cast<int>(params.integer("max_size_mb", logging.max_size_mb, 1, 10'000));
  logging.backup_count = static_cast<int>(params.integer("backup_count", logging.backup_count, 1, 1000));
  params.finish();
}

void read_persistence(const ConfigNode& node, model::PersistenceConfig& persistence, Problems& problems) {
  Params params(node, problems);
  persistence.database_path = read_text(params, "database_path", persistence.database_path, longest_path);
  persistence.snapshot_interval_seconds = static_cast<int>(
      params.integer("snapshot_interval_seconds", persistence.snapshot_interval_seconds, 1, 3600));
  persistence.journal_retention_days = static_cast<int>(
      params.integer("journal_retention_days", persistence.journal_retention_days, 0, 36'500));
  params.finish();
}

void read_control(const ConfigNode& node, model::ControlConfig& control, Problems& problems) {
  Params params(node, problems);
  control.host = read_text(params, "host", control.host, 253);
  control.port = static_cast<std::uint16_t>(params.integer("port", control.port, 0, 65535));
  params.finish();
}

bool is_symbol(std::string_view text) {
  const auto valid = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  };
  return !text.empty() && text.size() <= 16 && std::all_of(text.begin(), text.end(), valid);
}

void read_aliases(const ConfigNode& node, model::RootTable& roots, Problems& problems) {
  if (node.kind != Kind::map)
    return add_error(problems, node, "must be a mapping of gateway symbols to roots");
  for (const auto& [alias, root] : node.entries) {
    if (root.kind == Kind::scalar && is_symbol(alias) && is_symbol(root.scalar))
      roots.add_alias(alias, roots.canonical(root.scalar).value);
    else
      add_error(problems, root, "an alias and its root are letters and digits, at most 16");
  }
}

void read_weights(Params& params, const ConfigNode& node, model::RootTable& roots, Problems& problems) {
  if (node.kind != Kind::map)
    return add_error(problems, node, "must be a mapping of roots to tenths of a mini");
  for (const auto& [root, tenths] : node.entries) {
    const auto weight = params.integer_of(tenths, 1, highest_weight);
    if (!is_symbol(root)) add_error(problems, tenths, "a root is letters and digits, at most 16");
    if (!weight || !is_symbol(root)) continue;
    if (root == "default")
      roots.set_micro_weight(static_cast<int>(*weight));
    else
      roots.set_weight(root, static_cast<int>(*weight));
  }
}

void read_contracts(const ConfigNode& node, model::RootTable& roots, Problems& problems) {
  Params params(node, problems);
  // Aliases first: a weight may be given under one.
  if (const ConfigNode* aliases = take_section(params, "aliases")) read_aliases(*aliases, roots, problems);
  if (const ConfigNode* weights = take_section(params, "micro_weight"))
    read_weights(params, *weights, roots, problems);
  params.finish();
}

/// A guard is a rule with a section of its own.
void read_guards(const ConfigNode& node, Config& config, Problems& problems) {
  Params params(node, problems);
  for (const auto* name : {"drawdown", "market"}) {
    if (const ConfigNode* guard = take_section(params, name)) read_rule(name, *guard, config.rules, problems);
  }
  params.finish();
}

void read_rules(const ConfigNode& node, Config& config, Problems& problems) {
  if (node.kind != Kind::map) return add_error(problems, node, "must be a mapping of rules");
  for (const auto& [key, block] : node.entries) {
    if (find_known_rule(key) != nullptr)
      read_rule(key, block, config.rules, problems);
    else
      add_unknown(problems, block, suggest_rule_key(key));
  }
}

} // namespace

void read_risk_config(const ConfigNode& root, Config& config, Problems& problems) {
  if (root.kind == Kind::null) return;
  if (root.kind != Kind::map) return add_error(problems, root, "must be a mapping of sections");
  const std::vector<std::string> sections{
      "global",  "daily_reset", "rules",   "guards", "contracts",
      "logging", "persistence", "control", "alerts"}; // read by the loader, which knows the secrets
  for (const auto& [key, node] : root.entries) {
    const bool section = std::find(sections.begin(), sections.end(), key) != sections.end();
    if (find_known_rule(key) != nullptr) {
      read_rule(key, node, config.rules, problems);
    } else if (!section) {
      const std::string near = rules::nearest(key, sections);
      add_unknown(problems, node, near.empty() ? suggest_rule_key(key) : near);
    } else if (node.kind != Kind::null) {
      if (key == "global") read_global(node, config.global, problems);
      if (key == "rules") read_rules(node, config, problems);
      if (key == "guards") read_guards(node, config, problems);
      if (key == "contracts") read_contracts(node, config.roots, problems);
      if (key == "logging") read_logging(node, config.logging, problems);
      if (key == "persistence") read_persistence(node, config.persistence, problems);
      if (key == "control") read_control(node, config.control, problems);
    }
  }
  read_daily_reset(root, config, problems);
}

} // namespace bulkhead::cli
