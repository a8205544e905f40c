#pragma once
// One account and its RiskEngine in a world that an example describes: it tells the engine what happens,
// wakes it when and only when it asked for it, keeps what the gateway would answer to a read, and can end and
// start the engine again from its stored bytes. Owned by one test.

#include "rules/risk_engine.hpp"
#include "tests/examples_runner/example.hpp"
#include "tests/examples_runner/words.hpp"

#include <memory>
#include <set>

namespace bulkhead::examples {

/// The rules of a risk_config.yaml, loaded as the daemon does it. Problems and warnings throw.
[[nodiscard]] std::shared_ptr<const rules::RuleSet>
load_rules(const std::string& config, const std::string& holidays, const std::string& news = {});
/// The same rules, each of them only deciding.
[[nodiscard]] std::shared_ptr<const rules::RuleSet> dry(const std::shared_ptr<const rules::RuleSet>& rules);

/// A step with its text understood.
struct Deed {
  model::Instant at;
  std::string event;
  std::vector<model::Payload> payloads; // empty: a word of the world itself, such as "time" or "restart"
  std::vector<model::Payload> has;
  std::shared_ptr<const rules::RuleSet> reload;
  [[nodiscard]] bool is_wire() const; // what a gateway may tell twice
};

/// What came of one deed.
struct Result {
  std::vector<std::string> outcomes; // sorted
  std::vector<model::Alert> alerts;
  std::vector<std::string> surprises; // decided where nothing may be: at a wake-up no step speaks of
};

class World {
public:
  World(const Example& example, std::shared_ptr<const rules::RuleSet> rules);

  [[nodiscard]] Result live_through(const Deed& deed);
  /// The gateway says it again.
  [[nodiscard]] Result hear_again(const Deed& deed);
  /// Ends the engine, and starts it anew on its stored state, a complete read and fresh quotes. What it
  /// decides meanwhile may only be what was under way.
  [[nodiscard]] Result restart();
  [[nodiscard]] const model::AccountState& state() const { return engine_->state(); }

private:
  void begin(const Example& example);
  void wait_until(model::Instant at, Result& result);
  void tell(model::Instant at, model::Payload payload, Result& result);
  void remember(const model::Payload& payload);
  void forget_book();
  [[nodiscard]] model::Reconciled read(model::Instant requested) const;
  [[nodiscard]] model::DailyReset day_of(model::Instant at) const;
  bool own_word(const Deed& deed, Result& result);
  void carry_out(const Deed& deed, Result& result);

  std::shared_ptr<const rules::RuleSet> rules_;
  std::unique_ptr<rules::RiskEngine> engine_;
  model::Instant now_;
  std::optional<model::Instant> armed_;
  std::set<std::string> issued_;    // ids of everything that was asked for
  std::set<std::string> announced_; // "breach RULE-003"
  std::optional<model::AutomationRequest> requested_;
  // What the gateway knows.
  std::map<model::ContractId, model::PositionUpdate> positions_;
  std::map<model::OrderId, model::Order> orders_;
  std::map<model::FillId, model::Fill> fills_;
  std::map<model::ContractId, model::QuoteUpdate> quotes_;
  model::Account account_;
};

} // namespace bulkhead::examples
