#pragma once
// What a new configuration comes down to for a daemon that runs. Tighter settings hold at once. While
// positions are open looser ones wait for the next daily reset (global.deny_loosening_while_open, as it stood
// before), measured against the tightest configuration in force since the last reset, so that several reloads
// in a row loosen nothing either, nor a restart (rules_in_force). New accounts are started; removed ones, the
// daily reset and whatever else only a start can change stay as they are until then. Owned by the composition
// root and used by its thread; blocks for one small file.

#include "actors/supervisor.hpp"
#include "rules/config_change.hpp"

namespace bulkhead::actors {

struct Reload {
  std::shared_ptr<const model::Config> config; // from now on
  UseRules rules;
  std::vector<rules::ConfigChange> changes;
  std::map<model::CredentialId, CredentialPorts> ports; // of credentials that are new
  std::optional<model::Error> not_kept;                 // the next start will not know these rules
};

class Reloader {
public:
  explicit Reloader(std::filesystem::path data_dir) : data_dir_(std::move(data_dir)) {}
  /// The first configuration of this run, against what an earlier one kept. Call once, and first. Requires:
  /// the directory is this process's, and `loaded` has no problems.
  [[nodiscard]] Reload start(const model::Config& loaded, model::Instant now);
  /// Requires: `loaded` has no problems.
  [[nodiscard]] Reload take(const model::Config& loaded, model::Instant now);
  [[nodiscard]] const model::Config& running() const noexcept { return running_; }

private:
  std::filesystem::path data_dir_;
  model::Config running_;
  model::Config strictest_;       // of the rules: since the last reset
  model::Instant strictest_from_; // when it last changed
};

} // namespace bulkhead::actors
