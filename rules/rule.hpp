#pragma once
// What a rule is: a value with a name, the events it looks at, and a function that binds its settings. A
// bound rule is a pure call (state after the event, event) -> Verdict. It proposes, it never acts: the
// RiskEngine merges all verdicts and enforcement carries them out. Rules keep no memory; windows, peaks and
// first-seen times live in AccountState.

#include "model/account_state.hpp"
#include "model/breach.hpp"
#include "model/config.hpp"
#include "model/decision.hpp"
#include "model/event.hpp"
#include "rules/params.hpp"

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace bulkhead::rules {

/// What every rule may look at besides its own settings. References stay valid during one evaluation.
struct RuleContext {
  const model::AccountState& state; // after the event
  const model::Event& event;
  const model::ResetSchedule& reset;
  const model::RootTable& roots;
};

/// "At most `quantity` contracts of `contract` may remain": an absolute target, 0 means flat.
struct AtMost {
  model::ContractId contract;
  std::int32_t quantity = 0;
};

/// The condition of a rule is true for one subject, and this is what should be made true.
struct Finding {
  std::optional<model::ContractId> contract; // subject; none: the account as a whole
  model::Measure actual;
  model::Measure limit;
  std::string reason;
  std::vector<AtMost> at_most;
  std::vector<model::OrderId> cancel;
  std::optional<model::Lockout> lockout; // its source and creation time are filled in by the engine
};

/// Told at most once per trading day and key.
struct Notice {
  std::string key;
  model::Alert alert;
};

struct Verdict {
  std::vector<Finding> findings;
  std::vector<Notice> notices;
  std::optional<model::Instant> wake_at; // "look at me again then, whatever happens"
};

/// Where a rule stands: shown as value against limit.
struct Gauge {
  model::Measure value;
  model::Measure limit;
};

using Evaluate = std::function<Verdict(const RuleContext&)>;
using ReadGauge = std::function<std::optional<Gauge>(const RuleContext&)>;

/// What bind() makes of a settings block.
struct Binding {
  Evaluate evaluate;
  ReadGauge gauge;
  model::EventMask extra_events = 0; // wanted because of a setting, beside RuleSpec::events
};

/// One rule of the program. Every rule is also evaluated on Reconciled, ConfigReloaded and DailyReset.
struct RuleSpec {
  std::uint16_t number = 0; // 1 for RULE-001
  std::string_view key;     // "max_contracts", the YAML key and the file name
  std::string_view name;    // "MaxContracts"
  std::string_view summary; // one line for `check` and the documentation
  model::EventMask events = 0;
  /// Reads its settings; problems go to the reader. Called once per block when the configuration is loaded.
  Binding (*bind)(Params& params) = nullptr;
};

/// A rule block with its settings read.
struct BoundRule {
  const RuleSpec* spec = nullptr;
  model::Source source;
  std::set<model::AccountId> accounts; // empty: all
  bool dry_run = false;                // decide and tell, act on nothing
  Binding binding;

  [[nodiscard]] bool applies_to(model::AccountId account) const {
    return accounts.empty() || accounts.contains(account);
  }
  [[nodiscard]] model::EventMask events() const { return spec->events | binding.extra_events; }
};

} // namespace bulkhead::rules
