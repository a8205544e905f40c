#include "cli/listing.hpp"

#include "actors/text.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <vector>

namespace bulkhead::cli {
namespace {

using actors::Command;
using nlohmann::json;

struct Column {
  const char* title;
  const char* key;
};
using Columns = std::vector<Column>;

struct Table {
  Command command;
  const char* list;
  Columns columns;
};

std::vector<Table> all_tables() {
  const Column account{"ACCOUNT", "account_id"}, contract{"CONTRACT", "contract_id"}, side{"SIDE", "side"},
      size{"SIZE", "size"}, source{"SOURCE", "source"}, scope{"SCOPE", "scope"}, reason{"REASON", "reason"};
  return {
      {Command::positions,
       "positions",
       {account,
        contract,
        side,
        size,
        {"AVERAGE", "average_price"},
        {"MARK", "mark"},
        {"OPEN P&L", "unrealized"},
        {"CLOSING", "closing"}}},
      {Command::orders,
       "orders",
       {account,
        {"ORDER", "order_id"},
        contract,
        side,
        size,
        {"TYPE", "type"},
        {"LIMIT", "limit_price"},
        {"STOP", "stop_price"},
        {"STATUS", "status"}}},
      {Command::lockouts,
       "active",
       {account, source, scope, {"MODE", "mode"}, {"UNTIL", "expires_at"}, reason}},
      {Command::lockouts,
       "past",
       {account, source, scope, {"CLEARED", "cleared_at"}, {"BY", "cleared_by"}, reason}},
      {Command::timers,
       "timers",
       {account, {"AT", "fire_at"}, {"IN SECONDS", "remaining_seconds"}, {"WHAT", "name"}}},
      {Command::history, "history", {{"AT", "at"}, account, {"WHAT", "kind"}, source, {"TEXT", "text"}}},
      {Command::account_list,
       "accounts",
       {account,
        {"NICKNAME", "nickname"},
        {"USER", "username"},
        {"ENABLED", "enabled"},
        {"RUNNING", "running"},
        {"GATEWAY", "gateway"}}},
  };
}

std::vector<Table> tables_of(Command command) {
  auto tables = all_tables();
  std::erase_if(tables, [&](const Table& table) { return table.command != command; });
  return tables;
}

std::string text_of(const json& value) {
  if (value.is_null()) return "-";
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  if (value.is_string()) return actors::escaped(value.get<std::string>());
  if (value.is_number_float()) return fmt::format("{}", value.get<double>());
  return actors::escaped(value.dump(-1, ' ', false, json::error_handler_t::replace));
}

std::string table_text(const json& rows, const Columns& columns, bool color) {
  std::vector<std::vector<std::string>> cells;
  std::vector<std::size_t> widths;
  for (const auto& column : columns) widths.push_back(std::string_view(column.title).size());
  for (const auto& row : rows) {
    auto& line = cells.emplace_back();
    for (std::size_t i = 0; i < columns.size(); ++i) {
      line.push_back(row.is_object() && row.contains(columns[i].key) ? text_of(row[columns[i].key]) : "-");
      widths[i] = std::max(widths[i], line.back().size());
    }
  }
  std::string out = color ? "\033[2m" : "";
  for (std::size_t i = 0; i < columns.size(); ++i)
    out += fmt::format("{:<{}}  ", columns[i].title, widths[i]);
  out += color ? "\033[0m\n" : "\n";
  for (const auto& line : cells) {
    for (std::size_t i = 0; i < columns.size(); ++i) out += fmt::format("{:<{}}  ", line[i], widths[i]);
    while (out.back() == ' ') out.pop_back();
    out += '\n';
  }
  return out;
}

/// Answers without a table: each field on its line, a list of accounts one after the other.
std::string fields_text(const json& value, const std::string& indent) {
  std::string out;
  for (const auto& [key, field] : value.items()) {
    if (field.is_object() || (field.is_array() && !field.empty() && field[0].is_object())) {
      out += indent + key + ":\n";
      if (field.is_object()) out += fields_text(field, indent + "  ");
      if (field.is_array())
        for (const auto& item : field)
          out += fields_text(item, indent + "  ") + (item.size() > 3 ? "\n" : "");
    } else {
      out += fmt::format("{}{}: {}\n", indent, key, text_of(field));
    }
  }
  return out;
}

} // namespace

std::string listing(Command command, const std::string& data, bool color) {
  const auto value = json::parse(data, nullptr, false);
  if (!value.is_object()) return "";
  std::string out;
  if (command == Command::logs) {
    for (const auto& line : value.value("logs", json::array())) out += text_of(line) + '\n';
    return out;
  }
  const auto tables = tables_of(command);
  for (const auto& table : tables) {
    if (tables.size() > 1) out += fmt::format("{}{}:\n", out.empty() ? "" : "\n", table.list);
    const auto rows = value.value(table.list, json::array());
    out += rows.empty() ? "none\n" : table_text(rows, table.columns, color);
  }
  for (const auto& account : value.value("not_answering", json::array()))
    out += fmt::format("account {} does not answer\n", text_of(account));
  return tables.empty() ? fields_text(value, "") : out;
}

} // namespace bulkhead::cli
