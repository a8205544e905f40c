#pragma once
// The guard of one group of accounts without its actor: step() takes what an account told of itself, or the
// time, and answers with orders to accounts and with news for people. A pure function of what it was given so
// far, so the same summaries in the same order decide the same. Owned by the group_guard actor, or by a test;
// not thread-safe.
//
// An account that is not heard for five seconds is told of and counts with what it last said. Lockouts are
// ordered until the account shows them, once per breach and account: what an admin lifts afterwards stays
// lifted. A flatten is ordered again every five seconds while its reason stands. All that is kept is bounded
// by what the accounts hold.

#include "model/config.hpp"
#include "rules/group_rule.hpp"
#include "rules/risk_engine.hpp"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace bulkhead::rules {

/// Who belongs to a group, and what holds for it.
struct GroupPlan {
  std::string name;
  std::vector<model::AccountId> members;
  std::shared_ptr<const RuleSet> rules; // those of groups are asked
};
/// Every group of the accounts that are watched, by name.
[[nodiscard]] std::vector<GroupPlan> plan_groups(const model::Config& config,
                                                 const std::shared_ptr<const RuleSet>& rules);

struct GroupDecision {
  std::vector<std::pair<model::AccountId, model::Payload>> orders; // LockoutOrdered, FlattenOrdered
  std::vector<std::pair<model::AccountId, model::Alert>> alerts;   // no account: the group
  model::Instant wake_at;                                          // time alone may change something then
};

class GroupCore {
public:
  GroupCore(GroupPlan plan, model::Instant began);

  /// An account spoke. Summaries that are not newer than the last, or of strangers, only let time pass.
  GroupDecision step(const AccountSummary& summary, model::Instant at);
  /// Time passed.
  GroupDecision step(model::Instant at);
  /// Another configuration. The next step judges by it.
  void use(GroupPlan plan, model::Instant at);

  [[nodiscard]] const std::map<model::AccountId, GroupMember>& members() const noexcept { return members_; }
  /// Where the rules stood at the last step.
  [[nodiscard]] const std::map<model::Source, Gauge>& gauges() const noexcept { return gauges_; }

private:
  /// A breach that stands: what was ordered because of it.
  struct Latch {
    std::set<std::pair<model::AccountId, std::optional<model::Root>>> locked;
    std::map<std::string, model::Instant> flattened; // when last
  };
  /// A lockout that its account has not shown yet.
  struct Unconfirmed {
    model::Lockout row;
    model::Instant ordered_at;
  };
  using LatchKey = std::pair<model::Source, std::string>;
  using LockKey = std::pair<model::AccountId, LockedBy>;

  bool take(const AccountSummary& summary, model::Instant at);
  GroupDecision judge(model::Instant at, std::optional<model::AccountId> trigger);
  void watch_silence(model::Instant at, GroupDecision& out);
  void confirm(model::Instant at, GroupDecision& out);
  [[nodiscard]] GroupContext context_of(const BoundRule& rule, model::Instant at,
                                        std::optional<model::AccountId> trigger);
  void hear(const BoundRule& rule, GroupVerdict verdict, model::Instant at, std::set<std::string>& holding,
            GroupDecision& out);
  void warn_of_room(const BoundRule& rule, const Gauge& gauge, model::Instant at,
                    std::set<std::string>& holding, GroupDecision& out);
  void act_on(const BoundRule& rule, GroupFinding finding, model::Instant at, GroupDecision& out);
  void order_locks(const BoundRule& rule, const GroupFinding& finding, model::Instant at, Latch& latch,
                   GroupDecision& out);
  void tell_once(std::string key, model::AccountId account, model::Alert alert,
                 std::set<std::string>& holding, GroupDecision& out);

  GroupPlan plan_;
  model::Instant next_look_; // at silent members and unconfirmed lockouts
  std::map<model::AccountId, GroupMember> members_;
  std::map<LatchKey, Latch> latches_;
  std::map<model::Source, std::map<std::string, model::Instant>> since_;
  std::map<LockKey, Unconfirmed> unconfirmed_;
  std::set<std::string> told_; // keys of what is so and was told
  std::set<model::AccountId> silent_;
  std::map<model::Source, Gauge> gauges_;
};

} // namespace bulkhead::rules
