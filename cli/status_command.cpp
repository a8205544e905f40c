#include "cli/status_command.hpp"

#include "cli/remote_control.hpp"

#include <iostream>
#include <nlohmann/json.hpp>

namespace bulkhead::cli {
namespace {

using nlohmann::json;

/// Display only: JSON knows no decimals. Cents are exact below 9e13 dollars.
double dollars(std::int64_t micros) { return static_cast<double>(micros) / 1e6; }

json optional_text(const std::string& text) { return text.empty() ? json(nullptr) : json(text); }

json to_json(const actors::LockoutView& row) {
  return {{"source", row.source},
          {"scope", row.scope},
          {"kind", row.kind},
          {"mode", row.mode},
          {"reason", row.reason},
          {"created_at", row.created_at},
          {"violations", row.violations},
          {"expires_at", optional_text(row.expires_at)}};
}

json to_json(const actors::RuleView& rule) {
  return {{"rule_id", rule.rule},
          {"name", rule.name},
          {"enabled", true},
          {"dry_run", rule.dry_run},
          {"value", optional_text(rule.value)},
          {"limit", optional_text(rule.limit)},
          {"pct", rule.percent < 0 ? json(nullptr) : json(rule.percent)},
          {"room", optional_text(rule.room)}};
}

json to_json(const actors::AccountView& a) {
  json out = {
      {"account_id", a.account_id},
      {"nickname", a.nickname},
      {"ready", a.ready},
      {"connected", a.connected},
      {"responding", a.responding},
      {"disabled", a.disabled},
      {"enforceable", a.enforceable},
      {"refusal", optional_text(a.refusal)},
      {"enforcing", a.enforcing},
      {"deferred", a.deferred},
      {"alarm", optional_text(a.alarm)},
      {"flatten_requests", a.flatten_requests},
      {"requests_left", a.requests_left},
      {"reconcile",
       {{"at", a.read_at.empty() ? json(nullptr) : json(a.read_at)},
        {"ok", !a.read_at.empty() && a.read_differences.empty()},
        {"differences", a.read_differences}}},
      {"stages", json::array()},
      {"can_trade", a.can_trade < 0 ? json(nullptr) : json(a.can_trade == 1)},
      {"balance", a.has_balance ? json(dollars(a.balance_micros)) : json(nullptr)},
      {"equity", a.has_balance ? json(dollars(a.balance_micros + a.unrealized_micros)) : json(nullptr)},
      {"position_count", a.position_count},
      {"contracts", a.contracts},
      {"order_count", a.order_count},
      {"locked_out", a.locked_out},
      {"realized_net", dollars(a.realized_net_micros)},
      {"unrealized", dollars(a.unrealized_micros)},
      {"unvalued_positions", a.unvalued_positions},
      {"next_reset", optional_text(a.next_reset)},
      {"last_event_age", a.last_event_age_ms < 0 ? json(nullptr) : json(a.last_event_age_ms / 1e3)},
      {"refused_inputs", a.refused_inputs},
      {"warnings", a.warnings},
      {"lockouts", json::array()},
      {"rules", json::array()}};
  for (const auto& s : a.stages) {
    out["stages"].push_back({{"stage", s.stage},
                             {"count", s.count},
                             {"p50_us", s.p50_us},
                             {"p99_us", s.p99_us},
                             {"max_us", s.max_us}});
  }
  for (const auto& row : a.lockouts) out["lockouts"].push_back(to_json(row));
  for (const auto& rule : a.rules) out["rules"].push_back(to_json(rule));
  return out;
}

std::string dump(const json& value) { return value.dump(2, ' ', false, json::error_handler_t::replace); }

} // namespace

std::string status_json(const actors::StatusReply& reply) {
  if (!reply.error.empty()) return failure_json(reply.error, reply.message, reply.request_id);
  json accounts = json::array();
  for (const auto& account : reply.accounts) accounts.push_back(to_json(account));
  return dump({{"status", "success"},
               {"data",
                {{"daemon_running", true},
                 {"connected", reply.connected},
                 {"uptime_seconds", reply.uptime_seconds},
                 {"version", reply.version},
                 {"memory", {{"resident_kib", reply.resident_kib}, {"heap_in_use_kib", reply.heap_kib}}},
                 {"accounts", std::move(accounts)}}},
               {"error", nullptr},
               {"request_id", reply.request_id}});
}

int status_command(const NodeOptions& options, std::ostream& out) {
  const std::string request_id = make_request_id();
  model::Result<actors::StatusReply> reply = model::Error{};
  if (auto remote = Remote::connect(options)) {
    reply = (*remote)->status({request_id, options.account});
  } else {
    reply = remote.error();
  }
  if (!reply) {
    const auto& error = reply.error();
    if (options.json) out << failure_json(code_of(error), error.message(), request_id) << '\n';
    if (!options.json) std::cerr << error.message() << '\n';
    return exit_code_of(error);
  }
  if (options.json) {
    out << status_json(*reply) << '\n';
  } else if (reply->error.empty()) {
    out << status_table(*reply, wants_color(options));
  } else {
    std::cerr << reply->error << ": " << reply->message << '\n';
  }
  return exit_code_of(reply->error);
}

} // namespace bulkhead::cli
