#include "actors/reload.hpp"

#include "actors/rules_in_force.hpp"

#include <algorithm>

namespace bulkhead::actors {

using rules::ConfigChange;

namespace {

std::shared_ptr<const rules::RuleSet> bound(const model::Config& config, model::Problems& problems) {
  return rules::make_rule_set(config, problems);
}

/// `loaded` with the rules of an earlier run.
model::Config as_kept(const model::Config& kept, model::Config loaded) {
  loaded.rules = kept.rules;
  loaded.profiles = kept.profiles;
  loaded.global.strict_mode = kept.global.strict_mode;
  loaded.global.deny_loosening_while_open = kept.global.deny_loosening_while_open;
  for (auto& account : loaded.accounts) {
    const auto it = std::find_if(kept.accounts.begin(), kept.accounts.end(),
                                 [&](const auto& was) { return was.id == account.id; });
    if (it != kept.accounts.end()) account.profile = it->profile;
  }
  return loaded;
}

bool loosens(const std::vector<ConfigChange>& changes) {
  return std::any_of(changes.begin(), changes.end(),
                     [](const auto& change) { return change.effect == ConfigChange::Effect::looser; });
}

} // namespace

Reload Reloader::start(const model::Config& loaded, model::Instant now) {
  running_ = loaded;
  const auto earlier = load_rules_in_force(data_dir_);
  // After a reset whatever the files say holds.
  if (earlier && *earlier && loaded.reset.last_at_or_before(now) <= (*earlier)->from) {
    running_ = as_kept((*earlier)->config, loaded);
    strictest_from_ = (*earlier)->from;
  }
  strictest_ = running_;
  auto out = take(loaded, now);
  if (!earlier) out.not_kept = earlier.error();
  return out;
}

Reload Reloader::take(const model::Config& loaded, model::Instant now) {
  Reload out;
  out.changes = rules::changes(running_, loaded);
  const auto next = rules::without_restart(running_, loaded);
  if (next.reset.last_at_or_before(now) > strictest_from_) strictest_ = running_;
  model::Problems told_by_the_loader;
  out.rules.rules = bound(next, told_by_the_loader);
  out.rules.at = now;
  const bool deny = strictest_.global.deny_loosening_while_open || running_.global.deny_loosening_while_open;
  if (deny && loosens(rules::changes(strictest_, next))) {
    auto strict = rules::without_loosening(strictest_, next);
    model::Problems problems;
    auto held = bound(strict, problems);
    // Old and new may not go together; then nothing changes while positions are open.
    if (model::has_errors(problems)) {
      strict = strictest_;
      problems.clear();
      held = bound(strict, problems);
    }
    // What an earlier version kept may say nothing to this one.
    if (model::has_errors(problems)) {
      strict = next;
      held = nullptr;
    }
    out.rules.while_open = std::move(held);
    strictest_ = std::move(strict);
  } else {
    strictest_ = next;
  }
  strictest_from_ = now;
  running_ = next;
  out.config = std::make_shared<const model::Config>(next);
  if (auto kept = save_rules_in_force(data_dir_, {strictest_, now}); !kept) out.not_kept = kept.error();
  constexpr std::size_t most_told = 200;
  for (const auto& change : out.changes) {
    if (out.rules.changes.size() < most_told) out.rules.changes.push_back(to_string(change));
  }
  return out;
}

} // namespace bulkhead::actors
