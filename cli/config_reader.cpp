#include "cli/config_reader.hpp"
#include "model/trading_calendar.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::cli {

using model::ConfigNode;
using model::Problem;
using model::Problems;
using rules::Params;
using Kind = ConfigNode::Kind;

namespace {

constexpr std::size_t longest_shown = 80;
constexpr std::string_view hidden = "***";

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string shown(const ConfigNode& node) {
  switch (node.kind) {
  case Kind::null: return "null";
  case Kind::scalar: return node.scalar;
  case Kind::list: return "a list";
  case Kind::map: return "a mapping";
  }
  return {};
}

void add(Problems& problems, Problem::Severity severity, const ConfigNode& node, std::string message) {
  problems.push_back({severity, node.file, node.line, node.path, shown(node), std::move(message), ""});
}

bool is_scalar(const ConfigNode* node) { return node != nullptr && node->kind == Kind::scalar; }

bool is_harmless(const Problem& problem) {
  constexpr std::string_view keys[] = {"account_id", "username",   "enabled",      "nickname",
                                       "profile",    "group",      "account_name", "base_url",
                                       "user_hub",   "market_hub", "ca_file"};
  if (problem.value == "null" || problem.value == "a list" || problem.value == "a mapping") return true;
  const std::string_view path = problem.path;
  const auto dot = path.rfind('.');
  const auto key = dot == std::string_view::npos ? path : path.substr(dot + 1);
  // A URL may carry a password or a token.
  const bool token = problem.value.find_first_of("@?") != std::string::npos && key != "username";
  return !token && std::find(std::begin(keys), std::end(keys), key) != std::end(keys);
}

} // namespace

std::string read_text(Params& params, std::string_view key, std::string fallback, std::size_t longest,
                      std::size_t shortest) {
  std::string text = params.text(key, fallback);
  if (!is_scalar(params.take(key))) return fallback;
  const std::size_t length = characters(text);
  if (length < shortest) params.complain(key, "must not be empty");
  if (length > longest) params.complain(key, fmt::format("is longer than {} characters", longest));
  return text;
}

std::optional<model::TimeOfDay> read_time(Params& params, std::string_view key) {
  const std::string text = params.text(key, "");
  if (!is_scalar(params.take(key))) return std::nullopt;
  const auto time = model::TimeOfDay::parse(text);
  if (time) return *time;
  params.complain(key, "must be a time of day, HH:MM from 00:00 to 23:59");
  return std::nullopt;
}

std::optional<std::string> read_zone(Params& params, std::string_view key) {
  std::string text = params.text(key, "");
  if (!is_scalar(params.take(key))) return std::nullopt;
  if (model::is_known_zone(text)) return text;
  params.complain(key, "must be an IANA time zone such as America/Chicago");
  return std::nullopt;
}

const ConfigNode* take_section(Params& params, std::string_view key) {
  const ConfigNode* node = params.take(key);
  return node == nullptr || node->kind == Kind::null ? nullptr : node;
}

void add_error(Problems& problems, const ConfigNode& node, std::string message) {
  add(problems, Problem::Severity::error, node, std::move(message));
}

void add_warning(Problems& problems, const ConfigNode& node, std::string message) {
  add(problems, Problem::Severity::warning, node, std::move(message));
}

void add_unknown(Problems& problems, const ConfigNode& node, std::string suggestion) {
  problems.push_back({Problem::Severity::error, node.file, node.line, node.path, shown(node), "unknown key",
                      std::move(suggestion)});
}

void add_missing(Problems& problems, const ConfigNode& parent, std::string_view key, std::string message) {
  std::string path = parent.path.empty() ? std::string(key) : fmt::format("{}.{}", parent.path, key);
  problems.push_back(
      {Problem::Severity::error, parent.file, parent.line, std::move(path), "", std::move(message), ""});
}

void add_file_problem(Problems& problems, Problem::Severity severity, std::string file, std::string message) {
  problems.push_back({severity, std::move(file), 0, "", "", std::move(message), ""});
}

void shorten_values(Problems& problems) {
  for (auto& problem : problems) {
    std::string& value = problem.value;
    std::replace_if(
        value.begin(), value.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    if (value.size() <= longest_shown) continue;
    std::size_t end = longest_shown;
    while (end > 0 && (static_cast<unsigned char>(value[end]) & 0xC0) == 0x80)
      --end; // not inside a character
    value.resize(end);
    value += "...";
  }
}

void hide_secrets(Problems& problems, std::size_t first) {
  for (std::size_t i = first; i < problems.size(); ++i)
    if (!problems[i].value.empty() && !is_harmless(problems[i])) problems[i].value = hidden;
}

} // namespace bulkhead::cli
