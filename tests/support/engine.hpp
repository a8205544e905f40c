#pragma once
// A RiskEngine for tests, configured by a piece of YAML-like settings and fed by builders.

#include "rules/registry.hpp"
#include "rules/risk_engine.hpp"
#include "tests/support/builders.hpp"

#include <map>
#include <string>
#include <vector>

namespace bulkhead::testing {

/// Settings of one rule block, written as nested initialisers: {"limit", "5"}.
[[nodiscard]] inline ConfigNode scalar(std::string path, std::string text) {
  ConfigNode node;
  node.kind = ConfigNode::Kind::scalar;
  node.scalar = std::move(text);
  node.file = "risk_config.yaml";
  node.line = 1;
  node.path = std::move(path);
  return node;
}
using Settings = std::vector<std::pair<std::string, std::string>>;
[[nodiscard]] inline ConfigNode map_node(const std::string& path, const Settings& settings) {
  ConfigNode node;
  node.kind = ConfigNode::Kind::map;
  node.file = "risk_config.yaml";
  node.line = 1;
  node.path = path;
  for (const auto& [key, value] : settings) node.entries.emplace_back(key, scalar(path + "." + key, value));
  return node;
}
[[nodiscard]] inline RuleBlock block(const std::string& key, const Settings& settings) {
  return {key, 0, map_node("rules." + key, settings)};
}
[[nodiscard]] inline ConfigNode list_node(const std::string& path, const std::vector<std::string>& items) {
  ConfigNode node = map_node(path, {});
  node.kind = ConfigNode::Kind::list;
  for (const auto& item : items) node.items.push_back(scalar(path, item));
  return node;
}
/// The block with a nested mapping or list added.
[[nodiscard]] inline RuleBlock with(RuleBlock block, const std::string& key, ConfigNode node) {
  block.settings.entries.emplace_back(key, std::move(node));
  return block;
}

class TestEngine {
public:
  explicit TestEngine(std::vector<RuleBlock> blocks, bool strict = false, HolidayCalendar holidays = {}) {
    Config config;
    config.holidays = std::move(holidays);
    config.rules = std::move(blocks);
    config.global.strict_mode = strict;
    AccountConfig account;
    account.id = trader();
    config.accounts.push_back(account);
    rules_ = rules::make_rule_set(config, problems);
    AccountState state;
    state.id = trader();
    engine_ = std::make_unique<rules::RiskEngine>(std::move(state), rules_);
    learn(mnq(), "0.25", "0.50"), learn(es(), "0.25", "12.50"), learn(mes(), "0.25", "1.25");
    learn(rty(), "0.10", "5"), learn(nq(), "0.25", "5");
    step(at(now, learned_day()));
  }

  Decision step(const Event& event) { return last = engine_->step(event); }
  /// Builds at the engine's present time and moves it on by a millisecond.
  template <class B>
  Decision on(const B& builder) {
    now += std::chrono::milliseconds{1};
    return step(builder.at(now));
  }
  template <class P>
  Decision happen(P payload) {
    now += std::chrono::milliseconds{1};
    return step(at(now, std::move(payload)));
  }
  /// Lets time pass, with a TimeReached at every moment the engine asked for and at the end.
  Decision wait(Duration length) {
    const Instant end = now + length;
    while (last.wake_at && *last.wake_at < end) {
      now = std::max(now, *last.wake_at);
      Decision decision = step(at(now, TimeReached{}));
      if (!decision.empty()) return decision;
    }
    now = end;
    return step(at(now, TimeReached{}));
  }
  [[nodiscard]] const AccountState& state() const { return engine_->state(); }
  [[nodiscard]] rules::RiskEngine& engine() { return *engine_; }
  [[nodiscard]] const rules::RuleSet& rules() const { return *rules_; }

  Instant now = instant("2026-07-15T18:00:00Z");
  Problems problems;
  Decision last;

private:
  [[nodiscard]] DailyReset learned_day() const {
    const ResetSchedule& reset = rules_->reset;
    return {reset.trading_day(now), reset.last_at_or_before(now), reset.next_after(now)};
  }
  void learn(const ContractId& id, std::string_view size, std::string_view value) {
    Contract contract;
    contract.id = id;
    contract.tick = tick(size, value);
    step(at(now, ContractLearned{contract}));
  }
  std::shared_ptr<const rules::RuleSet> rules_;
  std::unique_ptr<rules::RiskEngine> engine_;
};

/// "close ES, reduce MNQ to 2, cancel 7": what a decision asks for, for comparison in one line.
[[nodiscard]] inline std::string asked(const Decision& decision) {
  const auto roots = RootTable::standard();
  std::string out;
  for (const auto& intent : decision.intents) {
    if (!out.empty()) out += ", ";
    const auto root = roots.root_of(intent.contract).value;
    switch (intent.kind) {
    case EnforcementIntent::Kind::close_position: out += "close " + root; break;
    case EnforcementIntent::Kind::reduce_position:
      out += "reduce " + root + " to " + std::to_string(intent.target);
      break;
    case EnforcementIntent::Kind::cancel_order: out += "cancel " + std::to_string(intent.order.value); break;
    }
  }
  return out;
}

} // namespace bulkhead::testing
