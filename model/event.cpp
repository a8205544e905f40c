#include "model/event.hpp"
#include "model/decision.hpp"

#include <array>
#include <fmt/compile.h>

namespace bulkhead::model {

std::string_view kind_name(const Event& event) noexcept {
  static constexpr std::array<std::string_view, std::variant_size_v<Payload>> names = {
      "account",
      "position",
      "order",
      "fill",
      "quote",
      "contract_learned",
      "reconciled",
      "daily_reset",
      "connection_lost",
      "connection_restored",
      "config_reloaded",
      "time_reached",
      "lockout_ordered",
      "lockout_lifted",
      "flatten_ordered",
      "intent_reported",
      "restarted",
      "account_missing",
      "automation_reported",
      "balance_adjusted",
      "enforcement_switched",
      "history_read",
  };
  return names[event.payload.index()];
}

std::string_view to_string(EnforcementIntent::Kind kind) noexcept {
  switch (kind) {
  case EnforcementIntent::Kind::close_position: return "close";
  case EnforcementIntent::Kind::reduce_position: return "reduce";
  case EnforcementIntent::Kind::cancel_order: return "cancel";
  }
  return "unknown";
}

std::string_view to_string(IntentOutcome outcome) noexcept {
  switch (outcome) {
  case IntentOutcome::achieved: return "achieved";
  case IntentOutcome::failed: return "failed";
  case IntentOutcome::deferred: return "deferred";
  }
  return "unknown";
}

std::string_view to_string(Alert::Severity severity) noexcept {
  switch (severity) {
  case Alert::Severity::info: return "info";
  case Alert::Severity::warning: return "warning";
  case Alert::Severity::critical: return "critical";
  }
  return "unknown";
}

std::string_view to_string(AutomationRequest::Kind kind) noexcept {
  switch (kind) {
  case AutomationRequest::Kind::place_stop: return "place_stop";
  case AutomationRequest::Kind::modify_stop: return "modify_stop";
  }
  return "unknown";
}

IntentId make_automation_id(const AutomationRequest& request) {
  return IntentId{fmt::format("{}|{}|e{}|{}|{}|{}", request.account.value, request.contract.value,
                              request.epoch, to_string(request.source), request.ordinal,
                              to_string(request.kind))};
}

IntentId make_intent_id(const EnforcementIntent& intent) {
  if (intent.kind == EnforcementIntent::Kind::cancel_order) {
    return IntentId{fmt::format(FMT_COMPILE("{}|order {}|{}|{}|cancel"), intent.account.value,
                                intent.order.value, to_string(intent.source), intent.ordinal)};
  }
  return IntentId{fmt::format(FMT_COMPILE("{}|{}|e{}|{}|{}|{}"), intent.account.value, intent.contract.value,
                              intent.epoch, to_string(intent.source), intent.ordinal,
                              to_string(intent.kind))};
}

std::string to_string(const BalanceAdjusted& change) {
  switch (change.kind) {
  case BalanceAdjusted::Kind::payout: return "a payout of " + to_string(change.amount);
  case BalanceAdjusted::Kind::correction: return "a correction by " + to_string(change.amount);
  case BalanceAdjusted::Kind::restart: return "a start from the present balance: all history ends";
  }
  return {};
}

} // namespace bulkhead::model
