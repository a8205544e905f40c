#pragma once
// What the reading commands show, from what an account knows: JSON rows, the same that --json prints. Pure
// functions; money and prices are JSON numbers for display, never calculated with.

#include "actors/control_interfaces.hpp"

#include <nlohmann/json.hpp>

namespace bulkhead::actors {

[[nodiscard]] nlohmann::json position_rows(const AccountSnapshot& account);
[[nodiscard]] nlohmann::json order_rows(const AccountSnapshot& account);
/// Those that stand.
[[nodiscard]] nlohmann::json lockout_rows(const AccountSnapshot& account);
/// Everything that time alone will bring about, soonest first.
[[nodiscard]] nlohmann::json timer_rows(const AccountSnapshot& account);
/// Lockouts set and ended, days, operators' actions, newest first; nothing before `since`, at most `limit`
/// rows.
[[nodiscard]] nlohmann::json history_rows(const HistoryRows& rows, model::Instant since, std::size_t limit);
/// The lockouts among them that ended.
[[nodiscard]] nlohmann::json past_lockout_rows(const HistoryRows& rows, std::size_t limit);

/// Text that came from elsewhere may be anything; what is no UTF-8 is replaced.
[[nodiscard]] std::string json_text(const nlohmann::json& value);

} // namespace bulkhead::actors
