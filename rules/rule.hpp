#pragma once
// What a rule is: a value with a name, the events it looks at, and a function that binds its settings. A
// bound rule is a pure call (state after the event, event) -> Verdict. It proposes, it never acts: the
// RiskEngine merges all verdicts and enforcement carries them out. Rules keep no memory; windows, peaks and
// first-seen times live in AccountState, and what else a rule must know again it returns in Verdict::memory.

#include "model/account_state.hpp"
#include "model/automation.hpp"
#include "model/breach.hpp"
#include "model/config.hpp"
#include "model/decision.hpp"
#include "model/event.hpp"
#include "rules/band_plan.hpp"
#include "rules/group_rule.hpp"
#include "rules/params.hpp"

#include <functional>
#include <map>
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
  const model::HolidayCalendar& holidays;
  const model::NewsCalendar& news;
  model::Source self; // the instance that is asked

  /// What this instance asked to be told again about `subject`; null when there is nothing.
  [[nodiscard]] const model::RuleMemory* memory(const std::string& subject) const {
    const auto it = state.memory.find({self, subject});
    return it == state.memory.end() ? nullptr : &it->second;
  }
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
  std::string subject = {}; // when it is not the contract alone: a root, "order 7", "minute", "blind CON..."
  std::vector<model::Root> lock_also = {}; // roots that get the same lockout beside the one it names
  /// What made the condition true, for conditions that stay true: a later one is a breach of its own.
  std::optional<model::Instant> occasion = std::nullopt;
};

/// An order that has to go without anything having been breached.
struct Gone {
  model::OrderId order;
  std::string reason;
};

/// Told at most once per trading day and key.
struct Notice {
  std::string key;
  model::Alert alert;
};

struct Verdict {
  std::vector<Finding> findings;
  std::vector<Notice> notices;
  std::optional<model::Instant> wake_at = std::nullopt;     // "look at me again then, whatever happens"
  std::map<std::string, model::RuleMemory> memory = {};     // all that shall be remembered, by subject
  std::optional<model::ClearCause> restored = std::nullopt; // ends this rule's lockouts that name the cause
  std::vector<Gone> gone = {};
  std::vector<std::string> reads = {};                   // "read the account, because ..."
  std::vector<model::AutomationRequest> automation = {}; // ids and source are filled in by the engine
  std::set<std::string> undecided = {}; // subjects that cannot be judged now: their breaches have not ended

  void wake(model::Instant at) {
    if (!wake_at || at < *wake_at) wake_at = at;
  }
};

using Evaluate = std::function<Verdict(const RuleContext&)>;
/// States the lines that prices must not cross without the rule being asked. Nothing is said of time: what it
/// changes belongs into Verdict::wake_at. Called only while each position can be valued, all trades are told
/// of in full, and no breach of the rule stands.
using StateBands = std::function<void(const RuleContext&, BandPlan&)>;
template <class Settings>
[[nodiscard]] StateBands stating(const Settings& settings,
                                 void (*state)(const Settings&, const RuleContext&, BandPlan&)) {
  return [settings, state](const RuleContext& context, BandPlan& plan) { state(settings, context, plan); };
}
using ReadGauge = std::function<std::optional<Gauge>(const RuleContext&)>;

/// What bind() makes of a settings block.
struct Binding {
  Evaluate evaluate;
  ReadGauge gauge;
  model::EventMask extra_events = 0;    // wanted because of a setting, beside RuleSpec::events
  std::vector<std::string> blocks = {}; // instruments that the settings alone forbid, shown beside lockouts
  EvaluateGroup of_group =
      nullptr;           // of rules about groups: these are asked about the group, not about each account
  bool by_highs = false; // measures by the highest equity within a day: what nobody watched must be read
  StateBands bands = nullptr; // none: a rule that listens to quotes wants every one
};

/// One rule of the program. Every rule is also evaluated on the events in asked_always.
struct RuleSpec {
  std::uint16_t number = 0; // 1 for RULE-001
  std::string_view key;     // "max_contracts", the YAML key and the file name
  std::string_view name;    // "MaxContracts"
  std::string_view summary; // one line for `check` and the documentation
  model::EventMask events = 0;
  /// Reads its settings; problems go to the reader. Called once per block when the configuration is loaded.
  Binding (*bind)(Params& params) = nullptr;
  bool on_by_default = true;
  model::Source::Kind kind = model::Source::Kind::rule; // or guard
  bool of_group =
      false; // about a group of accounts: its figures come from its block alone, not from a profile
  bool by_days = false; // measures by finished days: worthless for an account whose past is unknown
};

/// Events on which every rule is evaluated, whatever it listens to.
inline constexpr model::EventMask asked_always =
    model::events<model::Reconciled, model::ConfigReloaded, model::DailyReset, model::TimeReached,
                  model::EnforcementSwitched, model::HistoryRead>();

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
