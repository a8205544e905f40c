#include "actors/account_trust.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::actors {

using model::Alert;

namespace {

std::map<model::ContractId, std::int32_t> positions_of(const model::Reconciled& read) {
  std::map<model::ContractId, std::int32_t> out;
  for (const auto& row : read.positions) {
    if (row.size != 0)
      out.emplace(row.contract, row.type == model::PositionType::short_ ? -row.size : row.size);
  }
  return out;
}

model::LockoutOrdered lock_because(std::string reason, model::Instant now) {
  model::Lockout row;
  row.source = lost_records_source;
  row.kind = model::LockoutKind::manual;
  row.mode = model::LockoutMode::no_new_exposure;
  row.reason = std::move(reason);
  row.created_at = now;
  row.clear_on = model::ClearOn{}.with(model::ClearCause::admin);
  return {row};
}

} // namespace

LastKnown last_known(Trust trust, const model::AccountState& recovered) {
  LastKnown known{trust, {}};
  for (const auto& [contract, position] : recovered.positions)
    known.positions.emplace(contract, position.quantity);
  return known;
}

std::optional<TrustFinding> judge(const LastKnown& known, const model::AccountState& before,
                                  const model::Reconciled& read, model::Instant now) {
  switch (known.trust) {
  case Trust::whole: return std::nullopt;
  case Trust::lost:
    return TrustFinding{
        {Alert::Severity::critical, "records-lost",
         "neither store nor journal could be read: locked against new exposure until an admin "
         "clears guard-91"},
        lock_because("neither store nor journal could be read", now)};
  case Trust::power_lost: break;
  }
  const auto& fills = before.ledger.fills();
  const auto unknown = std::count_if(read.fills.begin(), read.fills.end(),
                                     [&](const model::Fill& fill) { return !fills.contains(fill.id); });
  const bool moved = positions_of(read) != known.positions;
  if (unknown == 0 && !moved) {
    return TrustFinding{
        {Alert::Severity::warning, "power-loss",
         "the machine went down without notice; the gateway shows nothing the journal does not"},
        std::nullopt};
  }
  const std::string found =
      fmt::format("{} fills the journal does not have, positions {}", unknown, moved ? "differ" : "agree");
  return TrustFinding{{Alert::Severity::critical, "power-loss-unexplained",
                       found + ": locked against new exposure until an admin clears guard-91"},
                      lock_because("the machine went down without notice: " + found, now)};
}

} // namespace bulkhead::actors
