#include "cli/config_desk.hpp"

#include "cli/config_loader.hpp"

#include <csignal>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace bulkhead::cli {
namespace {

using actors::ControlReply;
using actors::ControlRequest;
using model::ConfigNode;
using nlohmann::json;
namespace codes = actors::codes;

constexpr auto reload_takes_at_most = std::chrono::seconds{15};
constexpr const char* hidden = "********";

json to_json(const ConfigNode& node) {
  switch (node.kind) {
  case ConfigNode::Kind::null: return nullptr;
  case ConfigNode::Kind::scalar: return node.scalar;
  case ConfigNode::Kind::list: {
    json out = json::array();
    for (const auto& item : node.items) out.push_back(to_json(item));
    return out;
  }
  case ConfigNode::Kind::map: {
    json out = json::object();
    for (const auto& [key, value] : node.entries) out[key] = to_json(value);
    return out;
  }
  }
  return nullptr;
}

json shown(const model::Config& config) {
  json accounts = json::array(), rules = json::array();
  for (const auto& account : config.accounts) {
    accounts.push_back({{"account_id", account.id.value},
                        {"username", account.username},
                        {"api_key", hidden},
                        {"nickname", account.nickname},
                        {"enabled", account.enabled},
                        {"base_url", account.api.base_url}});
  }
  for (const auto& block : config.rules)
    rules.push_back(
        {{"rule", block.key}, {"instance", block.instance}, {"settings", to_json(block.settings)}});
  return {{"accounts", std::move(accounts)},
          {"rules", std::move(rules)},
          {"control", {{"host", config.control.host}, {"port", config.control.port}}},
          {"logging", {{"level", config.logging.level}, {"file", config.logging.file}}},
          {"webhooks", config.alerts.webhooks.size()}};
}

json problem_list(const model::Problems& problems, model::Problem::Severity severity) {
  json out = json::array();
  for (const auto& problem : problems)
    if (problem.severity == severity) out.push_back(to_string(problem));
  return out;
}

ControlReply outcome(const ControlRequest& request, const char* what, const model::Problems& problems) {
  const bool bad = has_errors(problems);
  const json data = {{what, !bad},
                     {"errors", problem_list(problems, model::Problem::Severity::error)},
                     {"warnings", problem_list(problems, model::Problem::Severity::warning)}};
  return {request.request_id, bad ? codes::config_invalid : "", bad ? "the configuration has errors" : "",
          data.dump(-1, ' ', false, json::error_handler_t::replace)};
}

} // namespace

void ControlConfigDesk::in_force(const model::Config& config) {
  const auto now = std::chrono::floor<model::Duration>(std::chrono::system_clock::now());
  const json data = {{"config", shown(config)},
                     {"config_path", config_dir_.string()},
                     {"last_loaded", model::format_instant(now)}};
  const std::lock_guard lock(mutex_);
  shown_ = data.dump(-1, ' ', false, json::error_handler_t::replace);
}

void ControlConfigDesk::reloaded(const model::Problems& problems) {
  const std::lock_guard lock(mutex_);
  ++reloads_;
  problems_ = problems;
  changed_.notify_all();
}

ControlReply ControlConfigDesk::answer(const ControlRequest& request) {
  const auto command = static_cast<actors::Command>(request.command);
  if (command == actors::Command::config_reload) return reload(request);
  if (command == actors::Command::config_validate) return validate(request);
  const std::lock_guard lock(mutex_);
  return {request.request_id, "", "", shown_};
}

ControlReply ControlConfigDesk::reload(const ControlRequest& request) {
  std::unique_lock lock(mutex_);
  const auto before = reloads_;
  ::kill(::getpid(), SIGHUP);
  if (!changed_.wait_for(lock, reload_takes_at_most, [&] { return reloads_ > before; }))
    return refusal(request, codes::internal, "the reload has not ended in time");
  return outcome(request, "reloaded", problems_);
}

ControlReply ControlConfigDesk::validate(const ControlRequest& request) const {
  return outcome(request, "valid", load_config(config_dir_, process_environment()).problems);
}

} // namespace bulkhead::cli
