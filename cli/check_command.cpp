#include "cli/check_command.hpp"
#include "cli/check_coverage.hpp"
#include "cli/check_limits.hpp"
#include "cli/config_groups.hpp"
#include "cli/config_loader.hpp"
#include "cli/config_rules.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>

namespace bulkhead::cli {
namespace {

using Json = nlohmann::ordered_json;
using model::Problem;

constexpr int exit_valid = 0;
constexpr int exit_invalid = 5;

struct Report {
  bool valid = false;
  std::string summary;
  LoadedConfig loaded;
};

std::string counted(std::ptrdiff_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

Report make_report(LoadedConfig loaded) {
  Report report;
  report.valid = !model::has_errors(loaded.problems);
  if (report.valid) {
    for (auto& problem : check_limits(loaded.config)) loaded.problems.push_back(std::move(problem));
  }
  const auto warnings =
      std::count_if(loaded.problems.begin(), loaded.problems.end(),
                    [](const auto& problem) { return problem.severity == Problem::Severity::warning; });
  const auto errors = static_cast<std::ptrdiff_t>(loaded.problems.size()) - warnings;
  const auto rules = std::count_if(loaded.config.rules.begin(), loaded.config.rules.end(), is_enforced);
  if (report.valid)
    report.summary =
        fmt::format("configuration is valid: {}, {} enforced",
                    counted(static_cast<std::ptrdiff_t>(loaded.config.accounts.size()), "account"),
                    counted(rules, "rule"));
  else
    report.summary = counted(errors, "error");
  if (warnings > 0) report.summary += ", " + counted(warnings, "warning");
  report.loaded = std::move(loaded);
  return report;
}

std::map<Coverage, std::vector<std::string>> by_coverage(const model::AccountConfig& account,
                                                         const model::Config& config) {
  std::map<Coverage, std::vector<std::string>> groups;
  for (auto& rule : coverage_of(account, config)) groups[rule.coverage].push_back(std::move(rule.rule));
  return groups;
}

void print_groups(const model::Config& config, std::ostream& out) {
  for (const auto& group : groups_of(config)) {
    out << fmt::format("\ngroup {}: accounts {}\n", group.name, fmt::join(group.accounts, ", "));
    std::map<Coverage, std::vector<std::string>> rules;
    for (const auto& rule : group.rules) rules[rule.coverage].push_back(rule.rule);
    for (const auto& [coverage, names] : rules)
      out << fmt::format("  {:<20} {}\n", to_string(coverage), fmt::join(names, ", "));
  }
}

void print_text(const Report& report, std::ostream& out) {
  for (const auto& problem : report.loaded.problems) out << to_string(problem) << '\n';
  out << report.summary << '\n';
  if (!report.valid) return;
  for (const auto& account : report.loaded.config.accounts) {
    out << "\naccount " << to_string(account.id);
    if (!account.nickname.empty()) out << " (" << account.nickname << ')';
    out << (account.enabled ? "\n" : ": switched off, not watched\n");
    if (!account.enabled) continue;
    for (const auto& [coverage, rules] : by_coverage(account, report.loaded.config))
      out << fmt::format("  {:<20} {}\n", to_string(coverage), fmt::join(rules, ", "));
  }
  print_groups(report.loaded.config, out);
}

Json to_json(const Problem& problem) {
  return {{"file", problem.file},   {"line", problem.line},       {"path", problem.path},
          {"value", problem.value}, {"message", problem.message}, {"suggestion", problem.suggestion}};
}

Json to_json(const model::AccountConfig& account, const model::Config& config) {
  Json rules = Json::array();
  for (const auto& rule : coverage_of(account, config))
    rules.push_back({{"rule", rule.rule}, {"coverage", to_string(rule.coverage)}});
  return {{"account_id", account.id.value},
          {"nickname", account.nickname},
          {"enabled", account.enabled},
          {"rules", std::move(rules)}};
}

Json to_json(const GroupCoverage& group) {
  Json rules = Json::array();
  for (const auto& rule : group.rules)
    rules.push_back({{"rule", rule.rule}, {"coverage", to_string(rule.coverage)}});
  return {{"group", group.name}, {"accounts", group.accounts}, {"rules", std::move(rules)}};
}

void print_json(const Report& report, std::ostream& out) {
  Json data{{"valid", report.valid}, {"errors", Json::array()}, {"warnings", Json::array()}};
  for (const auto& problem : report.loaded.problems)
    data[problem.severity == Problem::Severity::error ? "errors" : "warnings"].push_back(to_json(problem));
  data["accounts"] = Json::array();
  if (report.valid)
    for (const auto& account : report.loaded.config.accounts)
      data["accounts"].push_back(to_json(account, report.loaded.config));
  data["groups"] = Json::array();
  if (report.valid)
    for (const auto& group : groups_of(report.loaded.config)) data["groups"].push_back(to_json(group));
  Json error;
  if (!report.valid) error = "CONFIG_INVALID: " + report.summary;
  const Json reply{{"status", report.valid ? "success" : "error"},
                   {"data", std::move(data)},
                   {"error", std::move(error)},
                   {"request_id", nullptr}};
  out << reply.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

} // namespace

int check_command(const std::filesystem::path& config_dir, bool json, std::ostream& out) {
  return check_command(config_dir, json, out, process_environment());
}

int check_command(const std::filesystem::path& config_dir, bool json, std::ostream& out,
                  const Environment& environment) {
  if (!time_zones_present()) {
    out << "no time zone database on this machine (package tzdata): nothing can be checked\n";
    return exit_invalid;
  }
  const Report report = make_report(load_config(config_dir, environment));
  if (json)
    print_json(report, out);
  else
    print_text(report, out);
  return report.valid ? exit_valid : exit_invalid;
}

} // namespace bulkhead::cli
