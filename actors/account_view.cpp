// What status shows of an account, from its engine.

#include "actors/account.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <set>
#include <utility>

namespace bulkhead::actors {
namespace {

/// How much of the limit is used, for limits and values of the same sign; -1 where that means nothing.
std::int32_t percent_of(const rules::Gauge& gauge) {
  if (gauge.limit.value == 0) return -1;
  const bool against = (gauge.value.value < 0) != (gauge.limit.value < 0);
  if (against || gauge.value.value == 0) return 0;
  // Figures this large mean a broken feed; a gauge far beyond its limit is shown as 999.
  constexpr std::int64_t largest_product_safe = std::int64_t{1} << 56;
  if (std::abs(gauge.value.value) > largest_product_safe) return 999;
  return static_cast<std::int32_t>(
      std::min<std::int64_t>(999, std::abs(gauge.value.value * 100 / gauge.limit.value)));
}

void fill(RuleView& view, const rules::Gauge& gauge, const rules::Room& room) {
  view.value = to_string(gauge.value);
  view.limit = to_string(gauge.limit);
  view.percent = percent_of(gauge);
  view.room = to_string(room);
}

RuleView view_of(const rules::RiskEngine::RuleStatus& status) {
  RuleView view;
  view.rule = to_string(status.rule->source);
  view.name = std::string(status.rule->spec->name);
  view.dry_run = status.rule->dry_run;
  if (status.gauge) fill(view, *status.gauge, status.room);
  return view;
}

/// What the configuration alone forbids: no row of the lockouts, and yet as if locked.
void add_blocks(AccountView& view, const rules::RiskEngine& engine, const rules::BoundRule& rule) {
  for (const auto& block : rule.binding.blocks)
    view.lockouts.push_back({to_string(rule.source), "symbol:" + engine.rules().roots.canonical(block).value,
                             "configured", "flatten", "listed in " + std::string(rule.spec->key), "", "", 0});
}

/// "RULE-009|session-end|the account|2026-07-15T20:00:00Z|15": a warning given today of an end still ahead.
std::optional<std::string> session_end(const std::string& told, model::Instant now) {
  constexpr std::string_view mark = "|session-end|";
  const auto begin = told.find(mark);
  if (begin == std::string::npos) return std::nullopt;
  const auto bar = told.find('|', begin + mark.size());
  if (bar == std::string::npos) return std::nullopt;
  const auto end = told.substr(bar + 1, told.find('|', bar + 1) - bar - 1);
  const auto at = model::parse_instant(end);
  if (!at || *at <= now) return std::nullopt;
  const auto who = told.substr(begin + mark.size(), bar - begin - mark.size());
  return "the session of " + who + " ends at " + end;
}

std::vector<std::string> warnings_of(const model::AccountState& state, const AccountView& view,
                                     model::Instant now) {
  constexpr std::int32_t worth_a_look = 70; // percent of a limit
  std::vector<std::string> out;
  for (const auto& rule : view.rules) {
    if (rule.percent >= worth_a_look)
      out.push_back(rule.rule + " is at " + std::to_string(rule.percent) + "% of its limit");
  }
  std::set<std::string> ends; // told of at several times before
  for (const auto& told : state.told_today)
    if (auto end = session_end(told, now)) ends.insert(std::move(*end));
  out.insert(out.end(), ends.begin(), ends.end());
  const auto& odd = state.irregular;
  const std::pair<const char*, std::uint64_t> counters[] = {
      {"refused quotes", odd.refused_quotes},   {"refused positions", odd.refused_positions},
      {"refused fills", odd.refused_fills},     {"positions without a direction", odd.undefined_direction},
      {"odd orders", odd.odd_orders},           {"quotes off the tick grid", odd.off_grid_quotes},
      {"odd entry prices", odd.odd_averages},   {"contracts of no known shape", odd.unknown_contracts},
      {"failures of a rule", odd.rule_failures}};
  for (const auto& [what, count] : counters)
    if (count > 0) out.push_back(std::string(what) + ": " + std::to_string(count));
  return out;
}

} // namespace

LockoutView view_of(const model::Lockout& row) {
  return {to_string(row.source),
          row.symbol ? "symbol:" + row.symbol->value : "account",
          std::string(to_string(row.kind)),
          std::string(to_string(row.mode)),
          row.reason,
          model::format_instant(row.created_at),
          row.expires_at ? model::format_instant(*row.expires_at) : "",
          row.violations};
}

AccountView view_of(const rules::RiskEngine& engine, const std::string& nickname, model::Instant now) {
  const auto& state = engine.state();
  const auto open = unrealized_total(state);
  AccountView view;
  view.account_id = state.id.value;
  view.nickname = nickname;
  view.ready = state.reconciled && state.connected;
  view.connected = state.connected;
  if (state.account.can_trade) view.can_trade = *state.account.can_trade ? 1 : 0;
  view.disabled = state.disabled;
  view.has_balance = state.account.balance.has_value();
  view.balance_micros = state.account.balance.value_or(model::Money{}).micros;
  view.position_count = static_cast<std::int32_t>(state.positions.size());
  for (const auto& [contract, position] : state.positions) view.contracts += position.size();
  view.order_count = static_cast<std::int32_t>(state.orders.size());
  view.locked_out = state.lockouts.locked();
  view.realized_net_micros = state.ledger.net().micros;
  view.unrealized_micros = open.sum.micros;
  view.unvalued_positions = static_cast<std::int32_t>(open.unvalued);
  for (const auto& row : state.lockouts.rows()) view.lockouts.push_back(view_of(row));
  for (const auto& status : engine.rule_status(now)) {
    view.rules.push_back(view_of(status));
    add_blocks(view, engine, *status.rule);
  }
  view.warnings = warnings_of(state, view, now);
  view.next_reset = model::format_instant(engine.rules().reset.next_after(now));
  if (state.last_event != model::Instant{}) {
    view.last_event_age_ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(now - state.last_event).count();
  }
  const auto& odd = state.irregular;
  view.refused_inputs = odd.refused_quotes + odd.refused_positions + odd.refused_fills +
                        odd.undefined_direction + odd.odd_orders + odd.off_grid_quotes + odd.odd_averages +
                        odd.unknown_contracts;
  view.enforceable = state.account.simulated.value_or(true);
  if (!view.enforceable) view.refusal = "a live account: the gateway neither closes nor cancels for it";
  view.flatten_requests = static_cast<std::uint32_t>(state.positions.size() + state.orders.size());
  return view;
}

void add_group(AccountView& view, const std::map<model::Source, rules::Gauge>& gauges) {
  for (const auto& [source, gauge] : gauges) {
    for (auto& rule : view.rules) {
      // The ticks of one account would say nothing of the sum.
      if (rule.rule == to_string(source)) fill(rule, gauge, rules::room_of(gauge, {}));
    }
  }
}

AccountSnapshot snapshot_of(const AccountActorState& state, const std::string& nickname, model::Instant now) {
  return {nickname, std::make_shared<const model::AccountState>(state.engine->state()), now,
          state.engine->rules().reset.next_after(now), state.armed};
}

std::vector<model::Alert> news_of(AccountActorState& state) {
  const auto& book = state.engine->state();
  std::vector<model::Alert> news;
  if (!state.told_ready && book.reconciled && book.connected) {
    state.told_ready = true;
    news.push_back(
        {model::Alert::Severity::info, "ready",
         fmt::format("{} positions, {} orders, day {}, net {}", book.positions.size(), book.orders.size(),
                     to_string(book.ledger.day()), to_string(book.ledger.net()))});
  }
  // The gateway neither closes nor cancels for live brokerage accounts; said once, as soon as it is known.
  const bool live = book.account.simulated == false;
  if (live && !state.warned_of_live_account) {
    news.push_back({model::Alert::Severity::critical, "not-enforceable",
                    "NOT PROTECTED: a live account, for which the gateway neither closes nor cancels"});
  }
  state.warned_of_live_account = live;
  return news;
}

void add_enforcement(AccountView& view, const EnforcementStatus& status) {
  view.enforcing = status.open;
  view.deferred = status.deferred;
  view.alarm = status.alarm;
  view.stages = status.stages;
  if (status.refusal.empty()) return;
  view.enforceable = false;
  view.refusal = status.refusal;
}

} // namespace bulkhead::actors
