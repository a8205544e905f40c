#include "actors/close_result.hpp"

#include <nlohmann/json.hpp>

namespace bulkhead::actors {

std::string_view to_string(CloseResult::Status status) noexcept {
  switch (status) {
  case CloseResult::Status::pending: return "pending";
  case CloseResult::Status::closed: return "closed";
  case CloseResult::Status::already_flat: return "already_flat";
  case CloseResult::Status::failed: return "failed";
  case CloseResult::Status::deferred: return "deferred";
  }
  return "unknown";
}

BulkCloseResult sum_up(std::vector<CloseResult> results, std::string reason) {
  BulkCloseResult sum;
  sum.close_reason = std::move(reason);
  for (const auto& result : results) {
    if (result.action == model::EnforcementIntent::Kind::cancel_order) continue;
    ++sum.total_positions;
    if (result.success()) {
      ++sum.successful_closes;
    } else if (result.status == CloseResult::Status::deferred) {
      ++sum.deferred;
    } else {
      ++sum.failed_closes;
    }
    if (result.pnl) sum.total_pnl = sum.total_pnl.value_or(model::Money{}) + *result.pnl;
  }
  sum.results = std::move(results);
  return sum;
}

std::string to_json(const CloseResult& r) {
  nlohmann::ordered_json out;
  out["success"] = r.success();
  out["status"] = to_string(r.status);
  out["close_id"] = r.close_id;
  out["action"] = to_string(r.action);
  if (r.action == model::EnforcementIntent::Kind::cancel_order) {
    out["order_id"] = r.order.value;
  } else {
    out["position_epoch"] = r.position_epoch;
    out["requested_size"] = r.requested_size;
    out["closed_size"] = r.closed_size;
    if (r.closed_price) out["closed_price"] = to_string(*r.closed_price);
    if (r.pnl) out["pnl"] = to_string(*r.pnl);
  }
  out["contract_id"] = r.contract.value;
  out["rule_id"] = r.rule_id;
  out["close_reason"] = r.close_reason;
  out["attempts"] = r.attempts;
  out["requested_at"] = model::format_instant(r.requested_at, 6);
  out["close_timestamp"] = model::format_instant(r.close_timestamp, 6);
  if (r.error_code != 0) out["error_code"] = r.error_code;
  if (!r.error_message.empty()) out["error_message"] = r.error_message;
  return out.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace);
}

} // namespace bulkhead::actors
