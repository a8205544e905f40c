#include "actors/control_views.hpp"

#include <algorithm>

namespace bulkhead::actors {
namespace {

using nlohmann::json;

json dollars(std::optional<model::Money> money) {
  return money ? json(static_cast<double>(money->micros) / 1e6) : json(nullptr);
}
json number(std::optional<model::Price> price) {
  return price ? json(static_cast<double>(price->nanos) / 1e9) : json(nullptr);
}
json time(std::optional<model::Instant> at) {
  return at && *at != model::Instant{} ? json(model::format_instant(*at)) : json(nullptr);
}

json row_of(model::AccountId account, const model::Lockout& row) {
  return {{"account_id", account.value},
          {"source", to_string(row.source)},
          {"scope", row.symbol ? "symbol:" + row.symbol->value : "account"},
          {"kind", to_string(row.kind)},
          {"mode", to_string(row.mode)},
          {"reason", row.reason},
          {"created_at", time(row.created_at)},
          {"expires_at", time(row.expires_at)},
          {"violations", row.violations}};
}

void add_timer(json& rows, const AccountSnapshot& account, const std::string& name, model::Instant at) {
  const auto left = std::chrono::ceil<std::chrono::seconds>(at - account.now).count();
  rows.push_back({{"account_id", account.state->id.value},
                  {"name", name},
                  {"fire_at", time(at)},
                  {"remaining_seconds", std::max<std::int64_t>(0, left)}});
}

bool later(const json& a, const json& b) { return a["at"] > b["at"]; } // ISO 8601 sorts as text

json sorted(json rows, std::size_t limit) {
  std::stable_sort(rows.begin(), rows.end(), later);
  if (rows.size() > limit) rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(limit), rows.end());
  return rows;
}

json event_row(model::AccountId account, model::Instant at, const char* kind, const std::string& source,
               std::string text) {
  return {{"account_id", account.value},
          {"at", time(at)},
          {"kind", kind},
          {"source", source},
          {"text", std::move(text)}};
}

std::string day_text(const persistence::DaySummary& day) {
  return to_string(day.day) + ": net " + to_string(day.net) + ", gross " + to_string(day.gross) + ", costs " +
         to_string(day.costs) + ", " + std::to_string(day.fills) + " fills, " + std::to_string(day.lockouts) +
         " lockouts";
}

} // namespace

json position_rows(const AccountSnapshot& account) {
  json rows = json::array();
  for (const auto& [contract, position] : account.state->positions) {
    const auto quote = account.state->quotes.find(contract);
    rows.push_back(
        {{"account_id", account.state->id.value},
         {"contract_id", contract.value},
         {"side", position.quantity < 0 ? "short" : "long"},
         {"size", position.size()},
         {"average_price", number(position.average_price)},
         {"mark", quote == account.state->quotes.end() ? json(nullptr) : number(quote->second.mark())},
         {"unrealized", dollars(unrealized(*account.state, position))},
         {"opened_at", time(position.opened_at)},
         {"closing", account.state->pending_closes.contains(contract)}});
  }
  return rows;
}

json order_rows(const AccountSnapshot& account) {
  json rows = json::array();
  for (const auto& [id, live] : account.state->orders) {
    const auto& order = live.order;
    rows.push_back({{"account_id", account.state->id.value},
                    {"order_id", id.value},
                    {"contract_id", order.contract.value},
                    {"status", to_string(order.status)},
                    {"type", to_string(order.type)},
                    {"side", to_string(order.side)},
                    {"size", order.size},
                    {"filled", order.filled},
                    {"limit_price", number(order.limit_price)},
                    {"stop_price", number(order.stop_price)},
                    {"custom_tag", order.custom_tag},
                    {"updated_at", time(order.updated)},
                    {"cancelling", account.state->pending_cancels.contains(id)}});
  }
  return rows;
}

json lockout_rows(const AccountSnapshot& account) {
  json rows = json::array();
  for (const auto& row : account.state->lockouts.rows()) rows.push_back(row_of(account.state->id, row));
  return rows;
}

json timer_rows(const AccountSnapshot& account) {
  json rows = json::array();
  const auto& state = *account.state;
  add_timer(rows, account, "daily reset", account.next_reset);
  for (const auto& row : state.lockouts.rows())
    if (row.expires_at) add_timer(rows, account, "unlock " + to_string(row.source), *row.expires_at);
  for (const auto& [source, at] : state.wakes)
    add_timer(rows, account, "look again " + to_string(source), at);
  for (const auto& [contract, pending] : state.pending_closes)
    if (pending.retry_at) add_timer(rows, account, "close again " + contract.value, *pending.retry_at);
  for (const auto& [order, pending] : state.pending_cancels)
    if (pending.retry_at)
      add_timer(rows, account, "cancel again order " + std::to_string(order.value), *pending.retry_at);
  std::stable_sort(rows.begin(), rows.end(),
                   [](const json& a, const json& b) { return a["fire_at"] < b["fire_at"]; });
  return rows;
}

json history_rows(const HistoryRows& rows, model::Instant since, std::size_t limit) {
  json out = json::array();
  for (const auto& record : rows.lockouts) {
    if (record.at < since) continue;
    const auto source = to_string(record.lockout.source);
    if (!record.cleared)
      out.push_back(event_row(record.account, record.at, "lockout-set", source, record.lockout.reason));
    if (record.cleared)
      out.push_back(event_row(record.account, record.at, "lockout-cleared", source,
                              "by " + std::string(to_string(*record.cleared))));
  }
  for (const auto& note : rows.notes) {
    const char* kind = note.enforced.empty() ? "note" : "enforcement";
    if (note.at >= since) out.push_back(event_row(note.account, note.at, kind, note.enforced, note.text));
  }
  for (const auto& day : rows.days) {
    auto row = event_row(day.account, {}, "day", "", day_text(day));
    row["at"] =
        to_string(day.day) + "T23:59:59Z"; // a day has no instant; it stands behind what happened on it
    if (row["at"].get<std::string>() >= model::format_instant(since)) out.push_back(std::move(row));
  }
  return sorted(std::move(out), limit);
}

json past_lockout_rows(const HistoryRows& rows, std::size_t limit) {
  json out = json::array();
  for (const auto& record : rows.lockouts) {
    if (!record.cleared) continue;
    auto row = row_of(record.account, record.lockout);
    row["at"] = row["cleared_at"] = time(record.at);
    row["cleared_by"] = to_string(*record.cleared);
    out.push_back(std::move(row));
  }
  out = sorted(std::move(out), limit);
  for (auto& row : out) row.erase("at");
  return out;
}

std::string json_text(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

} // namespace bulkhead::actors
