#include "cli/badge.hpp"

#include <algorithm>

namespace bulkhead::cli {

constexpr std::int32_t near_percent = 70;

std::int32_t worst_percent(const actors::AccountView& account) {
  std::int32_t worst = 0;
  for (const auto& rule : account.rules) worst = std::max(worst, rule.percent);
  return worst;
}

Badge badge_of(const actors::AccountView& a) {
  if (!a.responding) return {"SILENT", Health::bad};
  if (a.disabled) return {"DISABLED", Health::bad};
  if (!a.enforceable) return {"NOT ENFORCEABLE", Health::bad};
  if (a.locked_out) return {"LOCKED", Health::bad};
  if (!a.connected) return {"STALE", Health::doubtful};
  if (!a.ready) return {"STARTING", Health::doubtful};
  return worst_percent(a) >= near_percent ? Badge{"WARN", Health::doubtful} : Badge{"OK", Health::good};
}

} // namespace bulkhead::cli
