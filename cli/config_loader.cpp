#include "cli/config_loader.hpp"
#include "cli/config_alerts.hpp"
#include "cli/config_profiles.hpp"
#include "cli/config_reader.hpp"
#include "cli/config_rules.hpp"
#include "cli/config_sections.hpp"
#include "cli/yaml_tree.hpp"

#include <algorithm>
#include <cstdlib>
#include <tuple>

namespace bulkhead::cli {
namespace {

using model::Problem;
using model::Problems;

void check_permissions(const std::filesystem::path& path, Problems& problems) {
  using std::filesystem::perms;
  std::error_code failure;
  const auto status = std::filesystem::status(path, failure);
  if (failure || (status.permissions() & (perms::group_all | perms::others_all)) == perms::none) return;
  add_file_problem(problems, Problem::Severity::warning, path.filename().string(),
                   "is accessible to other users; make it yours alone: chmod 600");
}

void load_accounts(const std::filesystem::path& directory, const Environment& environment,
                   LoadedConfig& out) {
  const auto path = directory / "accounts.yaml";
  const auto tree = read_yaml(path, out.problems);
  check_permissions(path, out.problems);
  if (tree) out.config.accounts = read_accounts(*tree, {directory, environment}, out.problems);
  const auto& accounts = out.config.accounts;
  const bool watched =
      std::any_of(accounts.begin(), accounts.end(), [](const auto& one) { return one.enabled; });
  if (!accounts.empty() && !watched)
    add_file_problem(out.problems, Problem::Severity::warning, "accounts.yaml", "no account is enabled");
  out.config.profiles = read_profiles(directory, accounts, out.problems);
}

void load_rules(const std::filesystem::path& directory, const Environment& environment, LoadedConfig& out) {
  const auto tree = read_yaml(directory / "risk_config.yaml", out.problems);
  if (!tree) return;
  read_risk_config(*tree, out.config, out.problems);
  if (const auto* alerts = tree->find("alerts");
      alerts != nullptr && alerts->kind == model::ConfigNode::Kind::map)
    out.config.alerts = read_alerts(*alerts, {directory, environment}, out.problems);
  check_rules(out.config, out.problems);
}

void load_holidays(const std::filesystem::path& directory, LoadedConfig& out) {
  const auto path = directory / "holidays.yaml";
  std::error_code failure;
  if (!std::filesystem::exists(path, failure) && !needs_holidays(out.config)) return;
  const auto tree = read_yaml(path, out.problems);
  if (tree) out.config.holidays = read_holidays(*tree, out.problems);
}

void load_news(const std::filesystem::path& directory, LoadedConfig& out) {
  const auto path = directory / "news.yaml";
  std::error_code failure;
  if (std::filesystem::exists(path, failure)) {
    if (const auto tree = read_yaml(path, out.problems)) out.config.news = read_news(*tree, out.problems);
    return;
  }
  const auto& rules = out.config.rules;
  const bool needed = std::any_of(rules.begin(), rules.end(), [](const auto& block) {
    return block.key == "news_blackout" && is_enabled(block);
  });
  if (needed)
    add_file_problem(out.problems, Problem::Severity::warning, "news.yaml",
                     "is missing: RULE-023 news_blackout knows of no release");
}

} // namespace

LoadedConfig load_config(const std::filesystem::path& directory, const Environment& environment) {
  model::require(time_zones_present(), "the time zone database was checked before loading");
  LoadedConfig out;
  load_accounts(directory, environment, out);
  load_rules(directory, environment, out);
  load_holidays(directory, out);
  load_news(directory, out);
  shorten_values(out.problems);
  std::stable_sort(out.problems.begin(), out.problems.end(), [](const Problem& a, const Problem& b) {
    return std::tie(a.file, a.line) < std::tie(b.file, b.line);
  });
  return out;
}

Environment process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  };
}

bool time_zones_present() { return model::is_known_zone("America/Chicago"); }

} // namespace bulkhead::cli
