#pragma once
// What comes out of one step of the RiskEngine. Nothing in it has happened yet except the state change: the
// account actor journals it and hands the intents to enforcement.

#include "model/automation.hpp"
#include "model/breach.hpp"
#include "model/intent.hpp"
#include "model/lockout.hpp"

#include <optional>
#include <string>
#include <vector>

namespace bulkhead::model {

struct Alert {
  enum class Severity : std::uint8_t { info, warning, critical };
  Severity severity = Severity::warning;
  std::string code; // stable, e.g. "loss-warning"
  std::string text;
  friend bool operator==(const Alert&, const Alert&) = default;
};
[[nodiscard]] std::string_view to_string(Alert::Severity severity) noexcept;

struct Decision {
  Instant at;
  std::vector<Breach> breaches;
  std::vector<EnforcementIntent> intents;
  std::vector<Lockout> lockouts_set;
  std::vector<ClearedLockout> lockouts_cleared;
  std::vector<Alert> alerts;
  std::optional<Instant> wake_at; // earliest moment at which time alone may change the decision
  std::vector<AutomationRequest> automation;
  std::vector<ReadRequest> reads;

  [[nodiscard]] bool empty() const noexcept {
    return breaches.empty() && intents.empty() && lockouts_set.empty() && lockouts_cleared.empty() &&
           alerts.empty() && automation.empty() && reads.empty();
  }
  friend bool operator==(const Decision&, const Decision&) = default;
};

} // namespace bulkhead::model
