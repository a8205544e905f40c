#pragma once
// The decision core: one per account. step() folds an event into the account's state, lets the lockout gate
// and every rule speak, merges what they ask for and returns a Decision. A pure function of the events so
// far: no clock, thread, socket or disk, so the same events decide the same live, after a crash, in a replay
// and in simulation. Owned by its account actor; not thread-safe. Order inside a step: state first, gate
// second, rules third.

#include "model/band.hpp"
#include "rules/plan.hpp"
#include "rules/room.hpp"
#include "rules/rule.hpp"

#include <exception>
#include <memory>
#include <utility>

namespace bulkhead::rules {

/// Everything the engines of all accounts share, read-only.
struct RuleSet {
  std::vector<BoundRule> rules;
  model::ResetSchedule reset;
  model::RootTable roots;
  bool strict_mode = false; // any breach closes all and locks until an admin clears it
  model::HolidayCalendar holidays = {};
  model::NewsCalendar news = {};
  model::RoomLevels room = {};
};

/// Rules, reset and roots of a configuration. Problems of the rule blocks are added to `problems`.
[[nodiscard]] std::shared_ptr<const RuleSet> make_rule_set(const model::Config& config,
                                                           model::Problems& problems);

class RiskEngine {
public:
  RiskEngine(model::AccountState state, std::shared_ptr<const RuleSet> rules);

  /// Requires: event.at does not lie before the previous event's by more than clock corrections allow.
  model::Decision step(const model::Event& event);
  /// Exchanges the rules; the next step should be a ConfigReloaded event.
  void use_rules(std::shared_ptr<const RuleSet> rules);

  [[nodiscard]] const model::AccountState& state() const noexcept { return state_; }
  [[nodiscard]] const RuleSet& rules() const noexcept { return *rules_; }

  struct RuleStatus {
    const BoundRule* rule = nullptr;
    std::optional<Gauge> gauge;
    Room room; // empty without a gauge
  };
  /// Value against limit of every rule that applies to this account.
  [[nodiscard]] std::vector<RuleStatus> rule_status(model::Instant now) const;

  /// The prices between which quotes change nothing that decides, until another event comes or a wake-up is
  /// due. What was kept back must be told before that event, and before a quote that leaves its band.
  /// The engine itself relies on what it said last: a quote inside is taken without asking anybody.
  [[nodiscard]] const model::Bands& bands();

private:
  void tell_of_past(const model::HistoryRead& read, model::Decision& decision) const;
  void tell_of_highs(const model::EquityHighs& highs, model::Decision& decision) const;
  void heed_person(const model::Event& event, model::Decision& decision);
  void lock(const model::Lockout& wanted, model::Decision& decision);
  void take_orders(const model::Event& event, model::Decision& decision, Plan& plan);
  void flatten_by_hand(const model::FlattenOrdered& wish, Plan& plan) const;
  void end_lockouts(const model::Event& event, model::Decision& decision);
  void forget_fulfilled();
  void doubt_what_is_proven_gone(const model::IntentReported& report);
  /// The rule takes a request that was not sent for one that it never made.
  void forget_request(const model::AutomationRequest& request);
  void resume_interrupted(Plan& plan) const;
  void gate(Plan& plan) const;
  void forget_removed_rules(const model::Event& event);
  [[nodiscard]] RuleContext context_of(const model::Event& event, model::Source source) const;
  /// Otherwise it only tells.
  [[nodiscard]] bool acts(const BoundRule& rule) const { return !rule.dry_run && !state_.disabled; }
  [[nodiscard]] bool is_due(const BoundRule& rule, model::Instant now) const;
  void run_rules(const model::Event& event, bool changed, model::Decision& decision, Plan& plan);
  std::optional<Verdict> ask(const BoundRule& rule, const RuleContext& context, model::Decision& decision);
  void hear(const BoundRule& rule, const RuleContext& context, Verdict verdict, model::Decision& decision,
            Plan& plan);
  void fail(const BoundRule& rule, const std::exception& failure, model::Decision& decision);
  void remember(const BoundRule& rule, const Verdict& verdict);
  /// Tells once a day of each level by which a loss limit is near.
  void warn_of_room(const model::Event& event, model::Decision& decision);
  void tell(const BoundRule& rule, std::vector<Notice> notices, model::Decision& decision);
  void restore(const BoundRule& rule, model::ClearCause cause, model::Decision& decision);
  void automate(const BoundRule& rule, std::vector<model::AutomationRequest> requests,
                model::Decision& decision);
  void act_on(const BoundRule& rule, const RuleContext& context, Finding finding, model::Decision& decision,
              Plan& plan);
  void make_strict(const RuleContext& context, Finding& finding) const;
  void issue(const Plan& plan, model::Decision& decision);
  void issue_close(const model::ContractId& contract, const Wish& wish, model::Decision& decision);
  void issue_cancel(model::OrderId order, const Wish& wish, model::Decision& decision);
  void count_violation(const model::EnforcementIntent& intent);
  void wake(model::Decision& decision) const;
  /// Whether every rule that listens to quotes has judged what the event left behind, and wanted nothing.
  void note_heard(const model::Event& event, model::Applied applied, const model::Decision& decision);
  [[nodiscard]] model::Bands bands_now() const;
  /// All that `bands` stated holds, and asking the gate and the rules would change nothing.
  [[nodiscard]] bool is_calm(const model::Event& event, model::Applied applied) const;
  /// False: the rule wants every quote.
  [[nodiscard]] bool state_bands(const BoundRule& rule, model::Instant at, BandPlan& plan) const;

  model::AccountState state_;
  std::shared_ptr<const RuleSet> rules_;
  // These decide nothing, and begin anew with every engine.
  bool all_heard_ = false;
  model::Bands stated_; // of no use once anything but a quote inside has come
};

} // namespace bulkhead::rules
