#include "model/contract.hpp"
#include "model/account.hpp"
#include "model/root_family.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>
#include <vector>

namespace bulkhead::model {
namespace {

// Gateway symbol -> exchange ticker, where they differ (gateway-api 6.2, rules.md 3.6).
constexpr std::pair<std::string_view, std::string_view> standard_aliases[] = {
    {"EP", "ES"},    {"ENQ", "NQ"}, {"EU6", "6E"}, {"BP6", "6B"}, {"JY6", "6J"},   {"CA6", "6C"},
    {"DA6", "6A"},   {"NE6", "6N"}, {"SF6", "6S"}, {"MX6", "6M"}, {"EEU", "E7"},   {"GMET", "MET"},
    {"GMCD", "MCD"}, {"GLE", "LE"}, {"CLE", "CL"}, {"GCE", "GC"}, {"MCLE", "MCL"}, {"NQM", "QM"},
    {"NQG", "QG"},   {"NGE", "NG"}, {"HOE", "HO"}, {"RBE", "RB"}, {"SIE", "SI"},   {"CPE", "HG"},
    {"PLE", "PL"},   {"TUA", "ZT"}, {"FVA", "ZF"}, {"TYA", "ZN"}, {"TNA", "TN"},   {"USA", "ZB"},
    {"ULA", "UB"},   {"ZCE", "ZC"}, {"ZWA", "ZW"}, {"ZSE", "ZS"}, {"ZME", "ZM"},   {"ZLE", "ZL"},
};

// Micro -> its full-size relative (rules.md 1.1 "family").
constexpr std::pair<std::string_view, std::string_view> micros[] = {
    {"MES", "ES"}, {"MNQ", "NQ"}, {"M2K", "RTY"}, {"MYM", "YM"},  {"MCL", "CL"},
    {"MGC", "GC"}, {"SIL", "SI"}, {"MHG", "HG"},  {"MNG", "NG"},  {"M6E", "6E"},
    {"M6B", "6B"}, {"M6A", "6A"}, {"MCD", "6C"},  {"MBT", "BTC"}, {"MET", "ETH"},
};

constexpr int mini_weight_tenths = 10;

std::string upper(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return out;
}

/// The root in "CON.F.US.MNQ.U26"; empty when the id is of another shape.
std::string_view root_within(std::string_view id) {
  std::array<std::string_view, 4> parts;
  for (auto& part : parts) {
    const auto dot = id.find('.');
    if (dot == std::string_view::npos) return {};
    part = id.substr(0, dot);
    id.remove_prefix(dot + 1);
  }
  const bool is_expiry = id.size() == 3 && id.find('.') == std::string_view::npos;
  return parts[0] == "CON" && is_expiry ? parts[3] : std::string_view{};
}

std::string_view full_size_of(std::string_view root) {
  const auto* it =
      std::find_if(std::begin(micros), std::end(micros), [&](const auto& m) { return m.first == root; });
  return it == std::end(micros) ? std::string_view{} : it->second;
}

} // namespace

RootTable RootTable::standard() {
  RootTable table;
  for (const auto& [alias, root] : standard_aliases) table.add_alias(alias, root);
  return table;
}

void RootTable::add_alias(std::string_view alias, std::string_view root) {
  aliases_.insert_or_assign(upper(alias), canonical(root).value);
}

void RootTable::set_weight(std::string_view root, int tenths) {
  weights_.insert_or_assign(canonical(root).value, tenths);
}

Root RootTable::canonical(std::string_view text) const {
  std::string key = upper(text);
  const auto it = aliases_.find(key);
  return Root{it == aliases_.end() ? std::move(key) : it->second};
}

Root RootTable::root_of(const ContractId& contract) const {
  const auto root = root_within(contract.value);
  return canonical(root.empty() ? contract.value : root);
}

Root RootTable::root_of_symbol(std::string_view symbol_id) const {
  return canonical(symbol_id.substr(symbol_id.rfind('.') + 1));
}

Root RootTable::family_of(const Root& root) const {
  const auto full = full_size_of(root.value);
  return full.empty() ? root : Root{std::string(full)};
}

std::vector<Root> micros_of(const Root& full) {
  std::vector<Root> out;
  for (const auto& [micro, of] : micros)
    if (of == full.value) out.emplace_back(std::string(micro));
  return out;
}

int RootTable::weight_tenths(const Root& root) const {
  if (const auto it = weights_.find(root.value); it != weights_.end()) return it->second;
  return full_size_of(root.value).empty() ? mini_weight_tenths : micro_weight_;
}

bool has_contract_shape(const ContractId& contract) { return !root_within(contract.value).empty(); }

void merge(Account& stored, const Account& update) {
  stored.id = update.id;
  if (update.name) stored.name = update.name;
  if (update.balance) stored.balance = update.balance;
  if (update.can_trade) stored.can_trade = update.can_trade;
  if (update.is_visible) stored.is_visible = update.is_visible;
  if (update.simulated) stored.simulated = update.simulated;
}

} // namespace bulkhead::model
