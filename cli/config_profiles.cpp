#include "cli/config_profiles.hpp"
#include "cli/config_reader.hpp"
#include "cli/config_rules.hpp"
#include "cli/yaml_tree.hpp"
#include "rules/registry.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::cli {
namespace {

using model::ConfigNode;
using model::FirmProfile;
using model::Problem;
using model::Problems;
using rules::Params;
using Kind = ConfigNode::Kind;

constexpr std::size_t longest_text = 512;

/// A profile's name is a file's name: nothing that leads elsewhere.
bool is_name(std::string_view text) {
  const auto valid = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), valid);
}

/// The names of the files there are, for the message about one that is not.
std::string available(const std::filesystem::path& directory) {
  std::vector<std::string> names;
  std::error_code failure;
  for (const auto& entry : std::filesystem::directory_iterator(directory, failure)) {
    if (entry.path().extension() == ".yaml" && names.size() < 50)
      names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "there are none" : "there are " + text;
}

void read_block(const std::string& key, const ConfigNode& node, FirmProfile& profile, Problems& problems) {
  if (find_known_rule(key) == nullptr) return add_unknown(problems, node, suggest_rule_key(key));
  if (node.kind != Kind::map) return add_error(problems, node, "must be a mapping of settings");
  if (const auto* spec = rules::find_rule(key); spec != nullptr && spec->of_group)
    return add_error(problems, node, "is about a group of accounts, which may have several profiles");
  for (const auto* own : {"enabled", "accounts", "dry_run"}) {
    if (const auto* found = node.find(own))
      add_error(problems, *found, "belongs into risk_config.yaml: a profile switches nothing on");
  }
  model::RuleBlock block;
  block.key = key;
  block.settings = node;
  profile.rules.push_back(std::move(block));
}

FirmProfile read_profile(const std::string& name, const ConfigNode& root, Problems& problems) {
  FirmProfile profile;
  profile.name = name;
  Params params(root, problems);
  if (root.kind != Kind::map) return profile;
  profile.title = read_text(params, "title", name, longest_text);
  profile.as_of = read_text(params, "as_of", "", longest_text);
  profile.source = read_text(params, "source", "", longest_text);
  if (profile.as_of.empty()) add_missing(problems, root, "as_of", "is missing: when were the figures true?");
  if (profile.source.empty()) add_missing(problems, root, "source", "is missing: where do they come from?");
  if (const ConfigNode* rules = take_section(params, "rules")) {
    if (rules->kind != Kind::map) add_error(problems, *rules, "must be a mapping of rules");
    for (const auto& [key, node] : rules->entries) read_block(key, node, profile, problems);
  }
  params.finish();
  return profile;
}

/// An instant from a text, or a date's first moment.
std::optional<model::Instant> read_instant(Params& params, std::string_view key, Problems& problems) {
  const ConfigNode* node = params.take(key);
  if (node == nullptr || node->kind == Kind::null) {
    add_missing(problems, params.block(), key, "is missing");
    return std::nullopt;
  }
  if (const auto day = model::TradingDay::parse(node->scalar)) return std::chrono::sys_days{day->date};
  if (const auto at = model::parse_instant(node->scalar)) return *at;
  add_error(problems, *node, "must be a UTC instant such as 2026-08-12T12:30:00Z, or a date");
  return std::nullopt;
}

std::optional<model::Duration> read_length(Params& params, std::string_view key) {
  const ConfigNode* node = params.take(key);
  return node == nullptr || node->kind == Kind::null ? std::nullopt : params.duration_of(*node);
}

void read_event(const ConfigNode& node, model::NewsCalendar& news, Problems& problems) {
  using model::Impact;
  Params params(node, problems);
  if (node.kind != Kind::map) return;
  model::NewsEvent event;
  const auto at = read_instant(params, "at", problems);
  event.name = read_text(params, "name", "release", 128);
  event.impact = params.one_of<Impact>(
      "impact", {{"low", Impact::low}, {"medium", Impact::medium}, {"high", Impact::high}}, Impact::high);
  event.roots = params.texts("roots", {});
  std::erase(event.roots, "*");
  event.before = read_length(params, "before_seconds");
  event.after = read_length(params, "after_seconds");
  params.finish();
  if (at) event.at = *at, news.events.push_back(std::move(event));
}

} // namespace

std::vector<FirmProfile> read_profiles(const std::filesystem::path& directory,
                                       const std::vector<model::AccountConfig>& accounts,
                                       Problems& problems) {
  std::vector<FirmProfile> profiles;
  std::vector<std::string> done;
  for (const auto& account : accounts) {
    if (!account.profile || std::find(done.begin(), done.end(), *account.profile) != done.end()) continue;
    const std::string& name = *account.profile;
    done.push_back(name);
    const auto path = directory / "profiles" / (name + ".yaml");
    std::error_code failure;
    if (!is_name(name) || !std::filesystem::exists(path, failure)) {
      problems.push_back({Problem::Severity::error, "accounts.yaml", 0, "profile", name,
                          fmt::format("no such profile: {}", available(directory / "profiles")), ""});
    } else if (const auto tree = read_yaml(path, problems)) {
      profiles.push_back(read_profile(name, *tree, problems));
    }
  }
  return profiles;
}

model::NewsCalendar read_news(const ConfigNode& root, Problems& problems) {
  model::NewsCalendar news;
  Params params(root, problems);
  if (root.kind != Kind::map) return news;
  news.valid_until = read_instant(params, "valid_until", problems);
  if (const ConfigNode* list = take_section(params, "events")) {
    if (list->kind != Kind::list) add_error(problems, *list, "must be a list of releases");
    for (const auto& item : list->items) read_event(item, news, problems);
  }
  params.finish();
  std::sort(news.events.begin(), news.events.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  return news;
}

} // namespace bulkhead::cli
