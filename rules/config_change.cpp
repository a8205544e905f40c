#include "rules/config_change.hpp"

#include "rules/config_merge.hpp"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>

namespace bulkhead::rules {

using model::Config;
using model::FirmProfile;
using Effect = ConfigChange::Effect;

namespace {

constexpr const char* none = "(none)";

std::string text_of(const model::ResetSchedule& reset) {
  return fmt::format("{} {}", to_string(reset.time()), reset.zone());
}

const model::AccountConfig* find(const Config& config, model::AccountId id) {
  const auto it = std::find_if(config.accounts.begin(), config.accounts.end(),
                               [&](const model::AccountConfig& account) { return account.id == id; });
  return it == config.accounts.end() ? nullptr : &*it;
}

bool same(const model::AccountConfig& a, const model::AccountConfig& b) {
  return a.username == b.username && a.api_key.reveal() == b.api_key.reveal() && a.enabled == b.enabled &&
         a.nickname == b.nickname && a.api == b.api && a.group == b.group;
}

void compare_accounts(const Config& before, const Config& after, std::vector<ConfigChange>& out) {
  for (const auto& account : after.accounts) {
    const auto path = fmt::format("accounts.{}", account.id.value);
    const auto* was = find(before, account.id);
    if (was == nullptr || (!was->enabled && account.enabled))
      out.push_back({path, none, account.enabled ? "enabled" : "disabled", Effect::tighter});
    else if (!same(*was, account))
      out.push_back({path, "as started", "changed", Effect::restart});
  }
  for (const auto& account : before.accounts) {
    if (find(after, account.id) == nullptr)
      out.push_back({fmt::format("accounts.{}", account.id.value), "enforced", none, Effect::restart});
  }
}

const FirmProfile* find(const Config& config, const std::string& profile) {
  const auto it = std::find_if(config.profiles.begin(), config.profiles.end(),
                               [&](const FirmProfile& one) { return one.name == profile; });
  return it == config.profiles.end() ? nullptr : &*it;
}

/// What `after` prescribes, each looser figure as it was before.
std::vector<FirmProfile> merge_profiles(const Config& before, const Config& after,
                                        std::vector<ConfigChange>& out) {
  auto merged = after.profiles;
  for (auto& profile : merged) {
    const auto* was = find(before, profile.name);
    if (was == nullptr) continue;
    Config old_figures;
    Config new_figures;
    old_figures.rules = was->rules;
    new_figures.rules = profile.rules;
    std::vector<ConfigChange> changes;
    profile.rules = merge_rules(old_figures, new_figures, changes);
    for (auto& change : changes) {
      change.path = fmt::format("profiles.{}.{}", profile.name, change.path.substr(strlen("rules.")));
      out.push_back(std::move(change));
    }
  }
  return merged;
}

void compare_profile_names(const Config& before, const Config& after, std::vector<ConfigChange>& out) {
  for (const auto& account : after.accounts) {
    const auto* was = find(before, account.id);
    if (was == nullptr || was->profile == account.profile) continue;
    out.push_back({fmt::format("accounts.{}.profile", account.id.value), was->profile.value_or(none),
                   account.profile.value_or(none), Effect::looser});
  }
}

void compare_flag(const char* path, bool before, bool after, bool tight, std::vector<ConfigChange>& out) {
  if (before == after) return;
  out.push_back({path, before ? "true" : "false", after ? "true" : "false",
                 after == tight ? Effect::tighter : Effect::looser});
}

} // namespace

std::string to_string(const ConfigChange& change) {
  const char* effect = change.effect == Effect::tighter  ? "tighter"
                       : change.effect == Effect::looser ? "looser"
                                                         : "with the next start";
  return fmt::format("{}: {} -> {} ({})", change.path, change.before, change.after, effect);
}

std::vector<ConfigChange> changes(const Config& before, const Config& after) {
  std::vector<ConfigChange> out;
  (void)merge_rules(before, after, out);
  (void)merge_profiles(before, after, out);
  compare_profile_names(before, after, out);
  compare_flag("global.strict_mode", before.global.strict_mode, after.global.strict_mode, true, out);
  compare_flag("global.deny_loosening_while_open", before.global.deny_loosening_while_open,
               after.global.deny_loosening_while_open, true, out);
  compare_accounts(before, after, out);
  if (text_of(before.reset) != text_of(after.reset))
    out.push_back({"daily_reset", text_of(before.reset), text_of(after.reset), Effect::restart});
  return out;
}

Config without_loosening(const Config& before, Config after) {
  std::vector<ConfigChange> told_elsewhere;
  after.rules = merge_rules(before, after, told_elsewhere);
  after.profiles = merge_profiles(before, after, told_elsewhere);
  for (auto& account : after.accounts) {
    if (const auto* was = find(before, account.id)) account.profile = was->profile;
  }
  for (const auto& profile : before.profiles) {
    if (find(after, profile.name) == nullptr) after.profiles.push_back(profile);
  }
  after.global.strict_mode = after.global.strict_mode || before.global.strict_mode;
  return after;
}

Config without_restart(const Config& before, Config after) {
  after.reset = before.reset;
  for (const auto& was : before.accounts) {
    const auto it = std::find_if(after.accounts.begin(), after.accounts.end(),
                                 [&](const model::AccountConfig& account) { return account.id == was.id; });
    if (it == after.accounts.end())
      after.accounts.push_back(was);
    else if (was.enabled) {
      const auto profile = std::move(it->profile);
      *it = was;
      it->profile = profile;
    }
  }
  return after;
}

} // namespace bulkhead::rules
