#pragma once
// What a rule about a group of accounts is: settings bound to a pure call (what the accounts last told of
// themselves) -> GroupVerdict. Like the rules of one account it proposes and never acts, and has no memory
// but the times it hands back; GroupCore asks it, tells people and orders the accounts. Pure, any thread.

#include "model/decision.hpp"
#include "model/event.hpp"
#include "model/trading_calendar.hpp"
#include "rules/gauge.hpp"
#include "rules/group_summary.hpp"

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace bulkhead::rules {

/// One account as its group knows it.
struct GroupMember {
  model::AccountId account;
  AccountSummary last; // positions keep the last open profit known
  model::Instant joined_at;
  model::Instant heard_at;      // of the last summary
  bool heard = false;           // since the group began
  model::Money result_realized; // of the last summary that could say
  model::Money result_open;
  std::deque<model::Instant> fights; // gate closes of the last minute, at most 16
  /// Enough to take part in a sum: every position was valued once.
  [[nodiscard]] bool valued() const;
};

struct GroupContext {
  const std::string& group;
  std::vector<const GroupMember*> members; // those the rule is about, by account
  model::Instant at;
  std::optional<model::AccountId> trigger; // whose summary came; none: time
  bool settled = false;                    // every member could say how it stands, or has had its time to
  const model::RootTable& roots;
  const model::ResetSchedule& reset;
  model::Source self;
  const std::map<std::string, model::Instant>& since;      // what the rule handed back the last time
  const std::function<bool(const std::string&)> announced; // a finding of that subject stands already

  /// Since when `what` has been so: from the last time, else now.
  [[nodiscard]] model::Instant since_when(const std::string& what) const {
    const auto it = since.find(what);
    return it == since.end() ? at : it->second;
  }
};

/// The condition is true for one subject, and this is what should be made true. Given again while it holds.
struct GroupFinding {
  std::string subject;
  std::string code; // of the alert
  std::string reason;
  std::vector<std::pair<model::AccountId, model::Lockout>> lock; // source and creation time are filled in
  std::vector<std::pair<model::AccountId, model::FlattenOrdered>> flatten; // so is the source
};

/// Told once while it holds.
struct GroupNotice {
  std::string key;
  model::AccountId account; // none: the group
  model::Alert alert;
};

struct GroupVerdict {
  std::vector<GroupFinding> findings;
  std::vector<GroupNotice> notices;
  std::optional<model::Instant> wake_at;
  std::map<std::string, model::Instant> since;
  std::optional<Gauge> gauge = {}; // of the sum that is nearest to what people watch; none: no single figure

  void wake(model::Instant at) {
    if (!wake_at || at < *wake_at) wake_at = at;
  }
};

using EvaluateGroup = std::function<GroupVerdict(const GroupContext&)>;

/// A hard lockout of the whole account until its daily reset, or for good.
[[nodiscard]] model::Lockout group_lockout(const GroupContext& context, std::string reason, bool permanent);

} // namespace bulkhead::rules
