#include "actors/reload.hpp"

#include <algorithm>

namespace bulkhead::actors {

using rules::ConfigChange;

namespace {

std::shared_ptr<const rules::RuleSet> bound(const model::Config& config, model::Problems& problems) {
  return rules::make_rule_set(config, problems);
}

bool loosens(const std::vector<ConfigChange>& changes) {
  return std::any_of(changes.begin(), changes.end(),
                     [](const auto& change) { return change.effect == ConfigChange::Effect::looser; });
}

} // namespace

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
      held = bound(strict, told_by_the_loader);
    }
    out.rules.while_open = std::move(held);
    strictest_ = std::move(strict);
  } else {
    strictest_ = next;
  }
  strictest_from_ = now;
  running_ = next;
  out.config = std::make_shared<const model::Config>(next);
  constexpr std::size_t most_told = 200;
  for (const auto& change : out.changes) {
    if (out.rules.changes.size() < most_told) out.rules.changes.push_back(to_string(change));
  }
  return out;
}

} // namespace bulkhead::actors
