#include "cli/config_rules.hpp"
#include "cli/config_groups.hpp"
#include "cli/config_reader.hpp"
#include "rules/registry.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::cli {

using model::ConfigNode;
using model::Problem;
using model::Problems;
using model::RuleBlock;
using Kind = ConfigNode::Kind;

namespace {

constexpr std::size_t most_instances = 100;

constexpr KnownRule table[] = {
    {1, "max_contracts", "MaxContracts", true},
    {2, "max_contracts_per_instrument", "MaxContractsPerInstrument", true},
    {3, "daily_realized_loss", "DailyRealizedLoss", true},
    {4, "daily_unrealized_loss", "DailyUnrealizedLoss", true},
    {5, "max_unrealized_profit", "MaxUnrealizedProfit", true},
    {6, "trade_frequency_limit", "TradeFrequencyLimit", true},
    {7, "cooldown_after_loss", "CooldownAfterLoss", true},
    {8, "no_stop_loss_grace", "NoStopLossGrace", true},
    {9, "session_block_outside", "SessionBlockOutside", true},
    {10, "auth_loss_guard", "AuthLossGuard", true},
    {11, "symbol_blocks", "SymbolBlocks", true},
    {12, "trade_management", "TradeManagement", false},
    {13, "daily_realized_profit", "DailyRealizedProfit", false},
    {14, "max_loss_limit", "MaxLossLimit", false},
    {15, "profit_target", "ProfitTarget", false},
    {16, "consistency", "Consistency", false},
    {17, "scaling_plan", "ScalingPlan", false},
    {18, "flat_by", "FlatBy", false},
    {19, "min_hold", "MinHold", false},
    {20, "max_trade_risk", "MaxTradeRisk", false},
    {21, "consecutive_losses", "ConsecutiveLosses", false},
    {22, "max_daily_trades", "MaxDailyTrades", false},
    {23, "news_blackout", "NewsBlackout", false},
    {24, "correlated_exposure", "CorrelatedExposure", false},
    {25, "group_limits", "GroupLimits", false},
    {26, "order_limits", "OrderLimits", false},
    {27, "cross_account_hedge", "CrossAccountHedge", false},
};

/// "MaxContracts", "max-contracts" and "MAX_CONTRACTS" all become "maxcontracts".
std::string letters_of(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c >= 'A' && c <= 'Z') out += static_cast<char>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += c;
  }
  return out;
}

RuleBlock make_block(std::string_view key, std::uint16_t instance, const ConfigNode& node) {
  RuleBlock block;
  block.key = key;
  block.instance = instance;
  block.settings = node;
  return block;
}

} // namespace

std::span<const KnownRule> known_rules() { return table; }

const KnownRule* find_known_rule(std::string_view key) {
  const auto* it =
      std::find_if(std::begin(table), std::end(table), [&](const auto& rule) { return rule.key == key; });
  return it == std::end(table) ? nullptr : it;
}

std::string suggest_rule_key(std::string_view written) {
  const std::string letters = letters_of(written);
  if (letters == "sessionblockoutsidehours") return "session_block_outside";
  std::vector<std::string> keys;
  for (const auto& rule : table) {
    if (letters == letters_of(rule.key) || letters == fmt::format("rule{:03}", rule.number))
      return std::string(rule.key);
    keys.emplace_back(rule.key);
  }
  return rules::nearest(written, keys);
}

std::string rule_label(const RuleBlock& block) {
  const KnownRule* known = find_known_rule(block.key);
  const rules::RuleSpec* spec = rules::find_rule(block.key);
  const auto number = static_cast<std::uint16_t>(known != nullptr  ? known->number
                                                 : spec != nullptr ? spec->number
                                                                   : 0);
  const auto kind = spec == nullptr ? model::Source::Kind::rule : spec->kind;
  return to_string(model::Source{kind, number, block.instance});
}

bool is_enabled(const RuleBlock& block) {
  const KnownRule* rule = find_known_rule(block.key);
  const ConfigNode* enabled = block.settings.find("enabled");
  if (enabled == nullptr || enabled->kind == Kind::null) return rule != nullptr && rule->on_by_default;
  return enabled->scalar == "true";
}

bool is_enforced(const RuleBlock& block) {
  return is_enabled(block) && rules::find_rule(block.key) != nullptr;
}

bool is_of_group(const RuleBlock& block) {
  const rules::RuleSpec* spec = rules::find_rule(block.key);
  return spec != nullptr && spec->of_group;
}

void read_rule(std::string_view key, const ConfigNode& node, std::vector<RuleBlock>& rules,
               Problems& problems) {
  const auto before =
      std::find_if(rules.begin(), rules.end(), [&](const auto& block) { return block.key == key; });
  if (before != rules.end())
    return add_error(problems, node, fmt::format("is also set in line {}: keep one", before->settings.line));
  if (node.kind == Kind::map) return rules.push_back(make_block(key, 0, node));
  if (node.kind != Kind::list || node.items.empty())
    return add_error(problems, node, "must be a mapping of settings, or a list of such mappings");
  if (node.items.size() > most_instances)
    return add_error(problems, node, fmt::format("has more than {} entries", most_instances));
  std::uint16_t instance = 0;
  for (const auto& item : node.items) {
    ++instance;
    if (item.kind != Kind::map) add_error(problems, item, "must be a mapping of settings");
    if (item.kind == Kind::map) rules.push_back(make_block(key, instance, item));
  }
}

void check_rules(const model::Config& config, Problems& problems) {
  (void)rules::bind_rules(config, problems);
  check_groups(config, problems);
  for (const auto& block : config.rules) {
    if (rules::find_rule(block.key) != nullptr) continue;
    (void)rules::Params(block.settings, problems).boolean("enabled", false);
    if (!is_enabled(block)) continue;
    const ConfigNode& node = block.settings;
    problems.push_back({Problem::Severity::warning, node.file, node.line, node.path, "",
                        fmt::format("{} {} is not enforced by this version", rule_label(block), block.key),
                        ""});
  }
  if (std::none_of(config.rules.begin(), config.rules.end(), is_enforced))
    problems.push_back({Problem::Severity::error, "risk_config.yaml", 0, "rules", "",
                        "at least one rule of this version must be enabled", ""});
}

} // namespace bulkhead::cli
