#pragma once
// What a reload changes, key by key, and whether that loosens or tightens. Only what surely tightens counts
// as such: a limit that comes nearer, a pause that grows, a rule that is added. Everything else counts as
// looser, so that a key nobody thought of cannot let more through in the middle of a day. Pure functions, any
// thread.

#include "model/config.hpp"

#include <string>
#include <vector>

namespace bulkhead::rules {

struct ConfigChange {
  enum class Effect {
    tighter,
    looser,
    restart, // takes effect with the next start
  };
  std::string path;   // "rules.max_contracts.limit"
  std::string before; // as text; "(none)" for what was not there
  std::string after;
  Effect effect = Effect::looser;
  friend bool operator==(const ConfigChange&, const ConfigChange&) = default;
};
/// "rules.max_contracts.limit: 5 -> 9 (looser)"
[[nodiscard]] std::string to_string(const ConfigChange& change);

/// Rules, the account list and the global settings; secrets are not shown.
[[nodiscard]] std::vector<ConfigChange> changes(const model::Config& before, const model::Config& after);

/// `after` with every looser setting of a rule as it was before. What binds to problems here must not be
/// used.
[[nodiscard]] model::Config without_loosening(const model::Config& before, model::Config after);

/// `after` with what only a start can change as it was before: the daily reset, and accounts that are there
/// (a removed one stays).
[[nodiscard]] model::Config without_restart(const model::Config& before, model::Config after);

} // namespace bulkhead::rules
