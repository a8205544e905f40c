#include "cli/check_limits.hpp"
#include "cli/check_coverage.hpp"
#include "cli/config_reader.hpp"
#include "cli/config_rules.hpp"
#include "rules/profile_defaults.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace bulkhead::cli {
namespace {

using model::AccountConfig;
using model::ConfigNode;
using model::Money;
using model::Problems;
using model::RuleBlock;

std::optional<Money> amount(const ConfigNode* node) {
  if (node == nullptr || node->kind != ConfigNode::Kind::scalar) return std::nullopt;
  // "15:08" orders like a number of minutes.
  if (const auto time = model::TimeOfDay::parse(node->scalar)) return Money{time->minutes};
  const auto money = Money::parse(node->scalar);
  return money ? std::optional(money->abs()) : std::nullopt;
}

const ConfigNode* first_of(const ConfigNode& block, std::initializer_list<const char*> keys) {
  for (const auto* key : keys) {
    if (const auto* node = block.find(key)) return node;
  }
  return nullptr;
}

/// Settings that protect less the larger they are.
struct Loosening {
  const char* rule;
  std::initializer_list<const char*> keys;
};
constexpr const char* not_smaller =
    "a larger figure than the profile {} allows ({}): the firm's limit is reached first";
const Loosening loosenings[] = {{"max_contracts", {"limit"}},
                                {"daily_realized_loss", {"limit", "loss_limit"}},
                                {"max_loss_limit", {"max_loss"}},
                                {"consistency", {"max_share"}},
                                {"flat_by", {"time"}}};

void check_looser(const model::FirmProfile& profile, const RuleBlock& block, Problems& problems) {
  for (const auto& [rule, keys] : loosenings) {
    if (block.key != rule) continue;
    for (const auto& prescribed : profile.rules) {
      const ConfigNode* own = first_of(block.settings, keys);
      const ConfigNode* firms = first_of(prescribed.settings, keys);
      if (prescribed.key != rule || own == nullptr || firms == nullptr) continue;
      if (amount(own) > amount(firms))
        add_warning(problems, *own, fmt::format(fmt::runtime(not_smaller), profile.name, firms->scalar));
    }
  }
}

void check_switched_off(const RuleBlock& block, Problems& problems) {
  const KnownRule* rule = find_known_rule(block.key);
  const ConfigNode& node = block.settings;
  if (rule == nullptr || rule->on_by_default || node.find("enabled") != nullptr || node.entries.empty())
    return;
  problems.push_back({model::Problem::Severity::warning, node.file, node.line, node.path, "",
                      rule_label(block) + " is off although it is set: say enabled: true, or enabled: false",
                      ""});
}

/// The rules that hold for one account, with what its profile adds.
class Holding {
public:
  Holding(const AccountConfig& account, const model::Config& config) {
    for (const auto& block : config.rules) {
      const auto coverage = coverage_of(account, block);
      if (coverage != Coverage::enforced) continue;
      for (auto& part : rules::with_profiles(block, {account.id}, config))
        blocks_.push_back({block.key, block.instance, std::move(part.settings)});
    }
  }
  [[nodiscard]] std::vector<const ConfigNode*> all(std::string_view key) const {
    std::vector<const ConfigNode*> out;
    for (const auto& block : blocks_) {
      if (block.key == key) out.push_back(&block.settings);
    }
    return out;
  }

private:
  std::vector<RuleBlock> blocks_;
};

bool says(const ConfigNode& block, const char* key, std::string_view value) {
  const auto* node = block.find(key);
  return node != nullptr && node->scalar == value;
}

void check_behind(const ConfigNode* node, const ConfigNode* wall, std::string_view what, Problems& problems) {
  const auto own = amount(node);
  const auto other = amount(wall);
  if (own && other && *own >= *other)
    add_warning(problems, *node, fmt::format("is never reached: {} comes first, at {}", what, wall->scalar));
}

void check_amounts(const Holding& rules, Problems& problems) {
  for (const auto* daily : rules.all("daily_realized_loss")) {
    const auto* limit = first_of(*daily, {"limit", "loss_limit"});
    const bool open_too = says(*daily, "include_unrealized", "true") || says(*daily, "mode", "trailing");
    for (const auto* open : rules.all("daily_unrealized_loss"))
      if (open_too)
        check_behind(first_of(*open, {"loss_limit", "limit"}), limit, "daily_realized_loss", problems);
    for (const auto* risk : rules.all("max_trade_risk"))
      check_behind(risk->find("limit"), limit, "daily_realized_loss", problems);
    for (const auto* pause : rules.all("cooldown_after_loss")) {
      const auto* tiers = pause->find("loss_thresholds");
      for (const auto& tier : tiers == nullptr ? std::vector<ConfigNode>{} : tiers->items)
        check_behind(tier.find("loss_amount"), limit, "daily_realized_loss", problems);
    }
    for (const auto* floor : rules.all("max_loss_limit"))
      check_behind(limit, floor->find("max_loss"), "max_loss_limit", problems);
  }
  for (const auto* total : rules.all("daily_unrealized_loss")) {
    if (!says(*total, "scope", "total")) continue;
    for (const auto* one : rules.all("daily_unrealized_loss"))
      if (one != total && !says(*one, "scope", "total"))
        check_behind(first_of(*one, {"loss_limit", "limit"}), first_of(*total, {"loss_limit", "limit"}),
                     "daily_unrealized_loss of all positions", problems);
  }
}

void check_counts(const Holding& rules, const model::RootTable& roots, Problems& problems) {
  for (const auto* all : rules.all("max_contracts")) {
    const bool minis = says(*all, "unit", "mini_equivalent");
    const auto most = amount(all->find("limit"));
    for (const auto* each : rules.all("max_contracts_per_instrument")) {
      const auto* limits = first_of(*each, {"limits", "instrument_limits"});
      if (limits == nullptr || !most) continue;
      for (const auto& [root, node] : limits->entries) {
        const auto own = amount(&node);
        const std::int64_t weight = minis ? roots.weight_tenths(roots.canonical(root)) : 10;
        if (own && own->micros / 10 * weight > most->micros)
          add_warning(
              problems, node,
              fmt::format("is never reached: max_contracts comes first, at {}", all->find("limit")->scalar));
      }
    }
  }
}

void check_prescribed(const AccountConfig& account, const model::FirmProfile& profile, const Holding& rules,
                      Problems& problems) {
  for (const auto& block : profile.rules) {
    if (rules.all(block.key).empty())
      problems.push_back({model::Problem::Severity::warning, "accounts.yaml", 0,
                          fmt::format("account {}", to_string(account.id)), "",
                          fmt::format("profile {} prescribes {}, which nothing enforces for this account",
                                      profile.name, block.key),
                          ""});
  }
}

} // namespace

Problems check_limits(const model::Config& config) {
  Problems found;
  for (const auto& block : config.rules) check_switched_off(block, found);
  for (const auto& account : config.accounts) {
    if (!account.enabled) continue;
    const Holding rules(account, config);
    check_amounts(rules, found);
    check_counts(rules, config.roots, found);
    const auto* profile = config.profile_of(account);
    if (profile == nullptr) continue;
    check_prescribed(account, *profile, rules, found);
    for (const auto& block : config.rules) {
      if (coverage_of(account, block) == Coverage::enforced) check_looser(*profile, block, found);
    }
  }
  // Accounts with the same rules have the same troubles.
  Problems once;
  std::set<std::string> told;
  for (auto& problem : found) {
    if (told.insert(to_string(problem)).second) once.push_back(std::move(problem));
  }
  return once;
}

} // namespace bulkhead::cli
