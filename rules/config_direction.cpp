#include "rules/config_direction.hpp"

#include "model/money.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>

namespace bulkhead::rules {

using model::ConfigNode;

namespace {

// Of these a smaller number lets less through...
constexpr std::array smaller_is_tighter = {"limit",
                                           "loss_limit",
                                           "default_limit",
                                           "per_minute",
                                           "per_hour",
                                           "per_session",
                                           "max_trades",
                                           "grace_period_seconds",
                                           "regrace_seconds",
                                           "grace_seconds",
                                           "max_loss",
                                           "max_stop_distance_ticks",
                                           "loss_threshold",
                                           "profit_target",
                                           "target",
                                           "max_drawdown_pct",
                                           "consistency.max_share",
                                           "percent_of_room",
                                           "losses",
                                           "max_round_trips",
                                           "max_orders",
                                           "max_order_size",
                                           "max_working_orders",
                                           "max_working_orders_per_contract",
                                           "max_violations",
                                           "max_spread_ticks",
                                           "max_pending_exposure",
                                           "price_collar_ticks",
                                           "daily_loss_total",
                                           "max_contracts_total",
                                           "max_accounts_in_position",
                                           "tolerance_ms"};
// ... of these a larger one ...
constexpr std::array larger_is_tighter = {
    "cooldown_seconds",   "cooldown_duration", "time_window_minutes", "min_equity",
    "safety_buffer",      "lock_at",           "min_hold_seconds",    "min_trades_percent",
    "min_profit_percent", "before_seconds",    "after_seconds",       "minutes_before_early_close",
    "fallback_ticks"};
// ... and of these "true", or "false".
constexpr std::array true_is_tighter = {
    "enabled",         "close_all",        "lockout_on_breach", "include_unrealized", "cancel_orders",
    "close_positions", "lockout_on_count", "within_account",    "lockout_symbol"};
constexpr std::array false_is_tighter = {"dry_run"};
// Words, the looser one first.
struct Words {
  const char* key;
  const char* loose;
  const char* tight;
};
constexpr std::array words = {Words{"action", "warn", "lockout_at_cap"},
                              Words{"action", "notify", "lockout_permanent"},
                              Words{"action", "reduce_to_limit", "close_all"},
                              Words{"action", "cooldown", "lockout"},
                              Words{"action", "warn", "reduce"},
                              Words{"action", "warn", "close"},
                              Words{"action", "reduce", "close"},
                              Words{"action", "block_new", "flatten_before"},
                              Words{"act_on", "triggering", "all"},
                              Words{"reset_on", "day", "win"},
                              Words{"count", "net", "gross"},
                              Words{"min_impact", "high", "medium"},
                              Words{"min_impact", "high", "low"},
                              Words{"min_impact", "medium", "low"},
                              Words{"lockout_until", "daily_reset", "permanent"},
                              Words{"on_missing", "allow", "block"}};

/// As a key of any rule, or of this one: "consistency.max_share".
template <std::size_t n>
bool names(const std::array<const char*, n>& keys, std::string_view parent, std::string_view key) {
  const auto full = fmt::format("{}.{}", parent, key);
  return std::any_of(keys.begin(), keys.end(), [&](const char* one) { return one == key || one == full; });
}

/// A mapping of instruments to limits.
bool maps_limits(std::string_view key) {
  return key == "limits" || key == "instrument_limits" || names(smaller_is_tighter, "", key);
}

/// How far a limit reaches: -500 and 500 mean the same.
std::optional<model::Money> magnitude(const ConfigNode& node) {
  const auto value = model::Money::parse(node.scalar);
  if (node.kind != ConfigNode::Kind::scalar || !value) return std::nullopt;
  return value->abs();
}

bool tightens_word(std::string_view key, const std::string& before, const std::string& after) {
  return std::any_of(words.begin(), words.end(), [&](const Words& pair) {
    return key == pair.key && before == pair.loose && after == pair.tight;
  });
}

} // namespace

bool tightens(std::string_view parent, std::string_view key, const ConfigNode& before,
              const ConfigNode& after) {
  const auto was = magnitude(before);
  const auto is = magnitude(after);
  if (was && is && (maps_limits(parent) || names(smaller_is_tighter, parent, key))) return *is < *was;
  if (was && is && names(larger_is_tighter, parent, key)) return *was < *is;
  if (names(true_is_tighter, parent, key) && after.scalar == "true") return true;
  if (names(false_is_tighter, parent, key) && after.scalar == "false") return true;
  return tightens_word(key, before.scalar, after.scalar);
}

} // namespace bulkhead::rules
