// What an admin may order of one account. Every order becomes an event of the account, so it is journaled,
// decided and enforced like anything else, and a replay shows it.

#include "actors/account.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace bulkhead::actors {
namespace {

using model::Decision;
using model::EnforcementIntent;
using model::Source;
using nlohmann::json;
using Happen = std::function<Decision(const model::Event&)>;

std::string text_of(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

json time_or_null(const std::optional<model::Instant>& at) {
  return at ? json(model::format_instant(*at)) : json(nullptr);
}

void add_intents(json& out, const Decision& decision) {
  for (const auto& intent : decision.intents) {
    if (intent.kind == EnforcementIntent::Kind::cancel_order)
      out["cancels"].push_back({{"order_id", intent.order.value}, {"contract_id", intent.contract.value}});
    else
      out["closes"].push_back(
          {{"contract_id", intent.contract.value}, {"held", intent.held}, {"target", intent.target}});
  }
}

/// What was decided, and what was already on its way.
json decided(const rules::RiskEngine& engine, const std::vector<Decision>& decisions) {
  const auto& state = engine.state();
  json out = {{"account_id", state.id.value},
              {"closes", json::array()},
              {"cancels", json::array()},
              {"under_way", state.pending_closes.size() + state.pending_cancels.size()},
              {"locked_out", state.lockouts.locked()}};
  for (const auto& decision : decisions) add_intents(out, decision);
  return out;
}

model::Lockout manual_row(const ControlRequest& request, model::Instant now) {
  model::Lockout row;
  if (!request.symbol.empty()) row.symbol = model::Root{request.symbol};
  row.source = Source::manual();
  row.kind = model::LockoutKind::manual;
  row.mode = request.no_flatten ? model::LockoutMode::no_new_exposure : model::LockoutMode::flatten;
  row.reason = request.reason.empty() ? "blocked by hand" : request.reason;
  row.created_at = now;
  row.clear_on = model::ClearOn{}.with(model::ClearCause::admin);
  if (request.duration_seconds > 0) {
    row.expires_at = now + std::chrono::seconds{request.duration_seconds};
    row.clear_on = row.clear_on.with(model::ClearCause::expiry);
  }
  return row;
}

Obeyed block(const Obey& order, const rules::RiskEngine& engine, model::Instant now, const Happen& happen) {
  if (engine.state().disabled)
    return refused(engine, codes::bad_request, "the account is disabled: a block would hold nothing");
  const auto row = manual_row(order.request, now);
  const auto decision = happen({now, 0, model::LockoutOrdered{row}});
  json data = decided(engine, {decision});
  data["blocked"] = true;
  data["symbol"] = row.symbol ? json(row.symbol->value) : json(nullptr);
  // An earlier block that ends later stays.
  for (const auto& standing : engine.state().lockouts.rows()) {
    if (standing.source == row.source && standing.symbol == row.symbol)
      data["expiry"] = time_or_null(standing.expires_at);
  }
  return {engine.state().id, "", "", text_of(data)};
}

Obeyed unblock(const Obey& order, const rules::RiskEngine& engine, model::Instant now, const Happen& happen) {
  const auto& wanted = order.request.source;
  const auto source = wanted.empty() ? Source::manual() : Source::parse(wanted == "all" ? "manual" : wanted);
  if (!source)
    return refused(engine, codes::bad_request, fmt::format("'{}' is no source of lockouts", wanted));
  std::vector<Source> sources;
  for (const auto& row : engine.state().lockouts.rows()) {
    if (wanted != "all" && row.source != *source) continue;
    if (row.kind == model::LockoutKind::hard && !order.may_lift_hard) {
      return refused(engine, codes::unauthorized,
                     fmt::format("the lockout of {} ends by time only (admin_unlock: not_for_hard)",
                                 to_string(row.source)));
    }
    if (std::find(sources.begin(), sources.end(), row.source) == sources.end()) sources.push_back(row.source);
  }
  json data = {
      {"account_id", engine.state().id.value}, {"removed", json::array()}, {"remaining", json::array()}};
  for (const auto& each : sources) {
    const auto decision = happen({now, 0, model::LockoutLifted{each}});
    for (const auto& ended : decision.lockouts_cleared)
      data["removed"].push_back(to_string(ended.lockout.source));
  }
  for (const auto& row : engine.state().lockouts.rows()) data["remaining"].push_back(to_string(row.source));
  data["unblocked"] = data["remaining"].empty();
  return {engine.state().id, "", "", text_of(data)};
}

Obeyed flatten(const Obey& order, const rules::RiskEngine& engine, model::Instant now, const Happen& happen) {
  const auto& request = order.request;
  const auto& state = engine.state();
  model::FlattenOrdered wish;
  wish.reason = request.reason.empty() ? "by hand" : request.reason;
  if (!request.contract.empty()) wish.contract = model::ContractId{request.contract};
  if (request.order_id != 0) wish.order = model::OrderId{request.order_id};
  wish.only_orders = static_cast<Command>(request.command) == Command::cancel;
  if (wish.contract && !state.positions.contains(*wish.contract) &&
      std::none_of(state.orders.begin(), state.orders.end(),
                   [&](const auto& entry) { return entry.second.order.contract == *wish.contract; }))
    return refused(engine, codes::bad_request, "nothing of that contract is held or ordered");
  if (wish.order && !state.orders.contains(*wish.order))
    return refused(engine, codes::bad_request, fmt::format("no live order has number {}", request.order_id));
  json data = {{"total_positions", wish.only_orders ? 0 : state.positions.size()}};
  const auto decision = happen({now, 0, wish});
  data.update(decided(engine, {decision}));
  data["close_reason"] = wish.reason;
  return {state.id, "", "", text_of(data)};
}

bool is_named(const rules::BoundRule& rule, const std::string& name) {
  const auto source = to_string(rule.source);
  return source == name || source.substr(0, source.find('#')) == name || rule.spec->name == name;
}

/// What those rules would say now, had they not spoken before.
Decision probe(const rules::RiskEngine& engine, rules::RuleSet only, model::Instant now) {
  auto state = engine.state();
  std::erase_if(state.breaches, [&](const auto& entry) {
    return std::any_of(only.rules.begin(), only.rules.end(),
                       [&](const auto& rule) { return rule.source == entry.first.first; });
  });
  rules::RiskEngine copy(std::move(state), std::make_shared<const rules::RuleSet>(std::move(only)));
  return copy.step({now, 0, model::ConfigReloaded{}});
}

Obeyed enforce(const Obey& order, const rules::RiskEngine& engine, model::Instant now, const Happen& happen) {
  const auto& request = order.request;
  auto only = engine.rules();
  std::erase_if(only.rules, [&](const auto& rule) {
    return !rule.applies_to(engine.state().id) || !is_named(rule, request.rule);
  });
  if (only.rules.empty())
    return refused(engine, codes::rule_disabled, fmt::format("{} does not watch this account", request.rule));
  const auto found = probe(engine, std::move(only), now);
  std::vector<Decision> acted;
  if (!found.breaches.empty() && !request.dry_run) {
    for (const auto& row : found.lockouts_set) acted.push_back(happen({now, 0, model::LockoutOrdered{row}}));
    acted.push_back(happen({now, 0, model::ConfigReloaded{}}));
  }
  json data = decided(engine, acted);
  data["breach_detected"] = !found.breaches.empty();
  data["enforced"] = !acted.empty();
  data["dry_run"] = request.dry_run;
  data["breach"] = nullptr;
  if (!found.breaches.empty()) {
    const auto& breach = found.breaches.front();
    data["breach"] = {{"rule_id", to_string(breach.source)},
                      {"value", to_string(breach.actual)},
                      {"limit", to_string(breach.limit)},
                      {"reason", breach.reason}};
  }
  return {engine.state().id, "", "", text_of(data)};
}

} // namespace

Obeyed refused(const rules::RiskEngine& engine, const char* code, std::string why) {
  return {engine.state().id, code, std::move(why), ""};
}

Obeyed obey(const Obey& order, const rules::RiskEngine& engine, model::Instant now, const Happen& happen) {
  const auto command = static_cast<Command>(order.request.command);
  if (is_for_books(command)) return obey_for_books(order, engine, now, happen);
  if (command == Command::block) return block(order, engine, now, happen);
  if (command == Command::unblock) return unblock(order, engine, now, happen);
  // Until the account has been read nobody knows what there is to close.
  if (!engine.state().complete())
    return refused(engine, codes::not_ready, "the account has not been read yet");
  if (command == Command::flatten || command == Command::cancel) return flatten(order, engine, now, happen);
  if (command == Command::enforce) return enforce(order, engine, now, happen);
  return refused(engine, codes::unknown_command, "accounts do not know this command");
}

} // namespace bulkhead::actors
