#include "simulator/contracts.hpp"

#include <fmt/format.h>
#include <string_view>

namespace bulkhead::simulator {
namespace {

struct Row {
  std::string_view ticker;
  std::string_view symbol;
  char month;
  bool active;
  std::string_view tick_size;
  std::string_view tick_value;
  std::string_view first_price;
  std::string_view fees;
  std::string_view description;
};

constexpr Row rows[] = {
    {"MNQ", "MNQ", 'U', true, "0.25", "0.5", "21000.25", "0.37", "Micro E-mini Nasdaq-100"},
    {"NQ", "ENQ", 'U', true, "0.25", "5", "21000.25", "1.4", "E-mini NASDAQ-100"},
    {"MES", "MES", 'U', true, "0.25", "1.25", "6000.5", "0.37", "Micro E-mini S&P 500"},
    {"ES", "EP", 'U', true, "0.25", "12.5", "6000.5", "1.4", "E-mini S&P 500"},
    {"RTY", "RTY", 'U', true, "0.1", "5", "2200.5", "1.4", "E-mini Russell 2000"},
    {"M2K", "M2K", 'U', true, "0.1", "0.5", "2200.5", "0.37", "Micro E-mini Russell 2000"},
    {"YM", "YM", 'U', true, "1", "5", "44500", "1.4", "E-mini Dow"},
    {"CL", "CLE", 'U', true, "0.01", "10", "72.35", "1.52", "Crude Oil"},
    {"GC", "GCE", 'Z', true, "0.1", "10", "2650.4", "1.62", "Gold"},
    {"MGC", "MGC", 'Z', true, "0.1", "1", "2650.4", "0.62", "Micro Gold"},
    {"6J", "JY6", 'U', true, "0.0000005", "6.25", "0.0066505", "1.62", "Japanese Yen"},
    {"MNQ", "MNQ", 'M', false, "0.25", "0.5", "20800", "0.37", "Micro E-mini Nasdaq-100"},
};

std::string_view month_name(char code) {
  if (code == 'M') return "June";
  return code == 'Z' ? "December" : "September";
}

ListedContract listed(const Row& row) {
  ListedContract out;
  out.contract.id = model::ContractId{fmt::format("CON.F.US.{}.{}26", row.symbol, row.month)};
  out.contract.symbol = model::SymbolId{fmt::format("F.US.{}", row.symbol)};
  out.contract.name = fmt::format("{}{}6", row.ticker, row.month);
  out.contract.description = fmt::format("{}: {} 2026", row.description, month_name(row.month));
  out.contract.tick = {model::Price::parse(row.tick_size).value(),
                       model::Money::parse(row.tick_value).value()};
  out.contract.active = row.active;
  out.display_name = fmt::format("{}{}26", row.ticker, row.month);
  out.first_price = model::Price::parse(row.first_price).value();
  out.fees = model::Money::parse(row.fees).value();
  return out;
}

} // namespace

std::vector<ListedContract> listed_contracts() {
  std::vector<ListedContract> out;
  for (const auto& row : rows) out.push_back(listed(row));
  return out;
}

} // namespace bulkhead::simulator
