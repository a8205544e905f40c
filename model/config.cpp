#include "model/config.hpp"

#include <algorithm>

namespace bulkhead::model {

ConfigNode::ConfigNode() = default;
ConfigNode::ConfigNode(const ConfigNode&) = default;
ConfigNode::ConfigNode(ConfigNode&&) noexcept = default;
ConfigNode& ConfigNode::operator=(const ConfigNode&) = default;
ConfigNode& ConfigNode::operator=(ConfigNode&&) noexcept = default;
ConfigNode::~ConfigNode() = default;

const ConfigNode* ConfigNode::find(std::string_view key) const {
  const auto it =
      std::find_if(entries.begin(), entries.end(), [&](const auto& entry) { return entry.first == key; });
  return it == entries.end() ? nullptr : &it->second;
}

const FirmProfile* Config::profile_of(const AccountConfig& account) const {
  const auto it = std::find_if(profiles.begin(), profiles.end(), [&](const FirmProfile& profile) {
    return account.profile && profile.name == *account.profile;
  });
  return it == profiles.end() ? nullptr : &*it;
}

} // namespace bulkhead::model
