#include "actors/rules_in_force.hpp"

#include "actors/secret_file.hpp"

#include <nlohmann/json.hpp>

namespace bulkhead::actors {

using json = nlohmann::ordered_json; // settings keep their order
using model::Config;
using model::ConfigNode;
using model::RuleBlock;

namespace {

constexpr const char* file_name = "rules_in_force.json";
constexpr int file_version = 1;
constexpr std::size_t largest = 4 << 20;
constexpr int deepest = 32; // settings within settings

json text_of(const ConfigNode& node) {
  switch (node.kind) {
  case ConfigNode::Kind::null: return nullptr;
  case ConfigNode::Kind::scalar: return node.scalar;
  case ConfigNode::Kind::list: {
    json out = json::array();
    for (const auto& item : node.items) out.push_back(text_of(item));
    return out;
  }
  case ConfigNode::Kind::map: {
    json out = json::object();
    for (const auto& [key, value] : node.entries) out[key] = text_of(value);
    return out;
  }
  }
  return nullptr;
}

/// Throws json::exception, as its callers do, for what text_of never makes.
ConfigNode node_of(const json& text, const std::string& path, int depth) {
  ConfigNode node;
  node.file = file_name;
  node.path = path;
  if (depth == 0) throw json::other_error::create(500, "too deep", nullptr);
  if (text.is_null()) return node;
  if (text.is_array()) {
    node.kind = ConfigNode::Kind::list;
    for (const auto& item : text) node.items.push_back(node_of(item, path, depth - 1));
  } else if (text.is_object()) {
    node.kind = ConfigNode::Kind::map;
    for (const auto& [key, value] : text.items())
      node.entries.emplace_back(key, node_of(value, path + "." + key, depth - 1));
  } else {
    node.kind = ConfigNode::Kind::scalar;
    node.scalar = text.get<std::string>();
  }
  return node;
}

json text_of(const std::vector<RuleBlock>& rules) {
  json out = json::array();
  for (const auto& block : rules)
    out.push_back({{"rule", block.key}, {"instance", block.instance}, {"settings", text_of(block.settings)}});
  return out;
}

std::vector<RuleBlock> rules_of(const json& text) {
  std::vector<RuleBlock> out;
  for (const auto& block : text) {
    const auto key = block.at("rule").get<std::string>();
    out.push_back({key, block.at("instance").get<std::uint16_t>(),
                   node_of(block.at("settings"), "rules." + key, deepest)});
  }
  return out;
}

RulesInForce from_text(const json& text) {
  RulesInForce out;
  if (text.at("version") != file_version) throw json::other_error::create(500, "another version", nullptr);
  const auto from = model::parse_instant(text.at("from").get<std::string>());
  if (!from) throw json::other_error::create(500, from.error().message(), nullptr);
  out.from = *from;
  out.config.global.strict_mode = text.at("strict_mode").get<bool>();
  out.config.global.deny_loosening_while_open = text.at("deny_loosening_while_open").get<bool>();
  out.config.rules = rules_of(text.at("rules"));
  for (const auto& profile : text.at("profiles")) {
    auto& added = out.config.profiles.emplace_back();
    added.name = profile.at("name").get<std::string>();
    added.rules = rules_of(profile.at("rules"));
  }
  for (const auto& account : text.at("accounts")) {
    auto& added = out.config.accounts.emplace_back();
    added.id = model::AccountId{account.at("id").get<std::int64_t>()};
    if (!account.at("profile").is_null()) added.profile = account.at("profile").get<std::string>();
  }
  return out;
}

} // namespace

model::Result<std::optional<RulesInForce>> load_rules_in_force(const std::filesystem::path& data_dir) {
  const auto file = data_dir / file_name;
  const auto text = read_small_file(file, largest);
  if (!text && text.error().code() == model::Errc::not_found) return std::optional<RulesInForce>{};
  if (!text) return text.error();
  try {
    return std::optional{from_text(json::parse(*text))};
  } catch (const json::exception& error) {
    return model::Error{model::Errc::corrupt, file.string() + ": " + error.what()};
  }
}

model::Result<void> save_rules_in_force(const std::filesystem::path& data_dir, const RulesInForce& rules) {
  const auto& config = rules.config;
  json text = {{"version", file_version},
               {"from", model::format_instant(rules.from)},
               {"strict_mode", config.global.strict_mode},
               {"deny_loosening_while_open", config.global.deny_loosening_while_open},
               {"rules", text_of(config.rules)},
               {"profiles", json::array()},
               {"accounts", json::array()}};
  for (const auto& profile : config.profiles)
    text["profiles"].push_back({{"name", profile.name}, {"rules", text_of(profile.rules)}});
  for (const auto& account : config.accounts)
    text["accounts"].push_back(
        {{"id", account.id.value}, {"profile", account.profile ? json(*account.profile) : json(nullptr)}});
  constexpr auto bad_utf8 = json::error_handler_t::replace;
  return write_secret_file(data_dir / file_name, text.dump(1, ' ', false, bad_utf8));
}

} // namespace bulkhead::actors
