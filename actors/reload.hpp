#pragma once
// What a new configuration comes down to for a daemon that runs. Tighter settings hold at once. While
// positions are open looser ones wait for the next daily reset (global.deny_loosening_while_open, as it stood
// before), measured against the tightest configuration in force since the last reset, so that several reloads
// in a row loosen nothing either. New accounts are started; removed ones, the daily reset and whatever else
// only a start can change stay as they are until then. Owned by the composition root and used by its thread.

#include "actors/supervisor.hpp"
#include "rules/config_change.hpp"

namespace bulkhead::actors {

struct Reload {
  std::shared_ptr<const model::Config> config; // from now on
  UseRules rules;
  std::vector<rules::ConfigChange> changes;
  std::map<model::CredentialId, CredentialPorts> ports; // of credentials that are new
};

class Reloader {
public:
  explicit Reloader(model::Config running) : running_(running), strictest_(std::move(running)) {}
  /// Requires: `loaded` has no problems.
  [[nodiscard]] Reload take(const model::Config& loaded, model::Instant now);
  [[nodiscard]] const model::Config& running() const noexcept { return running_; }

private:
  model::Config running_;
  model::Config strictest_;       // of the rules: since the last reset
  model::Instant strictest_from_; // when it last changed
};

} // namespace bulkhead::actors
