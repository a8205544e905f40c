#include "rules/profile_defaults.hpp"

#include <algorithm>
#include <map>

namespace bulkhead::rules {
namespace {

using model::ConfigNode;

const ConfigNode* prescribed(const model::FirmProfile* profile, const std::string& key) {
  if (profile == nullptr) return nullptr;
  const auto it = std::find_if(profile->rules.begin(), profile->rules.end(),
                               [&](const auto& block) { return block.key == key; });
  return it == profile->rules.end() ? nullptr : &it->settings;
}

ConfigNode merged(const ConfigNode& block, const ConfigNode& defaults) {
  ConfigNode out = block;
  for (const auto& [key, value] : defaults.entries) {
    // Two spellings of one limit.
    const bool said = block.find(key) != nullptr || (key == "limit" && block.find("loss_limit") != nullptr);
    if (!said) out.entries.emplace_back(key, value);
  }
  return out;
}

} // namespace

std::vector<BlockForAccounts> with_profiles(const model::RuleBlock& block,
                                            const std::set<model::AccountId>& listed,
                                            const model::Config& config) {
  std::map<const ConfigNode*, std::set<model::AccountId>> groups;
  for (const auto& account : config.accounts) {
    if (!account.enabled || (!listed.empty() && !listed.contains(account.id))) continue;
    groups[prescribed(config.profile_of(account), block.key)].insert(account.id);
  }
  const bool plain = groups.empty() || (groups.size() == 1 && groups.begin()->first == nullptr);
  if (plain || block.settings.kind != ConfigNode::Kind::map) return {{block.settings, listed, false}};
  std::vector<BlockForAccounts> out;
  for (auto& [defaults, accounts] : groups)
    out.push_back({defaults == nullptr ? block.settings : merged(block.settings, *defaults),
                   std::move(accounts), defaults != nullptr});
  std::sort(out.begin(), out.end(),
            [](const auto& a, const auto& b) { return *a.accounts.begin() < *b.accounts.begin(); });
  return out;
}

} // namespace bulkhead::rules
