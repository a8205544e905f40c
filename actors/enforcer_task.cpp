#include "actors/enforcer_task.hpp"

#include <cstdlib>

namespace bulkhead::actors {

using Kind = model::EnforcementIntent::Kind;

TaskKey EnforcerTask::key() const {
  const bool cancel = intent.kind == Kind::cancel_order;
  return {cancel, cancel ? model::ContractId{} : intent.contract, intent.order};
}

CloseResult EnforcerTask::ended(CloseResult::Status status, model::Instant now) const {
  CloseResult out = result;
  out.status = status;
  out.close_id = intent.id.value;
  out.action = intent.kind;
  out.account = intent.account;
  out.contract = intent.contract;
  out.order = intent.order;
  out.position_epoch = intent.epoch;
  out.from = std::abs(intent.held);
  out.to = intent.target;
  out.requested_size = intent.kind == Kind::cancel_order ? 0 : out.from - out.to;
  out.close_reason = intent.reason;
  out.rule_id = to_string(intent.source);
  out.close_timestamp = now;
  if (out.success()) {
    out.error_code = 0;
    out.error_message.clear();
  }
  return out;
}

} // namespace bulkhead::actors
