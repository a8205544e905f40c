// What must be there after an end and a start of the process.

#include "persistence/codec.hpp"
#include "tests/simulation/watch.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace bulkhead::simulation {

using namespace model;

std::string name_of(const Lockout& row) {
  return fmt::format("{} {} until {}", to_string(row.source), row.symbol ? row.symbol->value : "account",
                     row.expires_at ? format_instant(*row.expires_at, 3) : "nobody knows");
}

void Watch::check_lockouts(AccountId account, const LockoutSet& rows, const char* when) {
  for (const auto& [key, row] : known_[account].rows) {
    const auto& want = row.lockout;
    const auto found = std::find_if(rows.rows().begin(), rows.rows().end(), [&](const Lockout& one) {
      return one.source == want.source && one.symbol == want.symbol;
    });
    if (found == rows.rows().end()) {
      fail("S5", account, fmt::format("{} is gone {}", name_of(want), when));
    } else if (found->expires_at && (!want.expires_at || *found->expires_at < *want.expires_at)) {
      fail("S5", account, fmt::format("{} ends earlier {}: {}", name_of(want), when, name_of(*found)));
    }
  }
}

std::string Watch::not_shown(AccountId account, const std::vector<actors::LockoutView>& rows) const {
  for (const auto& [key, row] : known_.at(account).rows) {
    const auto& want = row.lockout;
    if (want.expires_at && *want.expires_at <= timeline_.now()) continue;
    const auto source = to_string(want.source);
    const auto scope = want.symbol ? "symbol:" + want.symbol->value : "account";
    const bool shown = std::any_of(rows.begin(), rows.end(), [&](const auto& one) {
      return one.source == source && one.scope == scope;
    });
    if (!shown) return name_of(want);
  }
  return {};
}

void Watch::on_death(AccountId account, const rules::RiskEngine& engine, bool whole) {
  known_[account].at_death = whole ? persistence::encoded(engine.state()) : std::string{};
}

void Watch::on_power_loss() {
  for (auto& [account, known] : known_) known.at_death.clear();
}

void Watch::on_damage() {
  for (auto& [account, known] : known_) known.damaged = true;
}

void Watch::on_recovered(AccountId account, const actors::RecoveredAccount& recovered,
                         const rules::RiskEngine& engine) {
  auto& known = known_[account];
  if (recovered.trust == actors::Trust::lost) seen("recovered without records");
  known.doubted = recovered.trust == actors::Trust::power_lost;
  known.must_lock = false;
  known.gone.clear();
  if (known.doubted) seen("recovered after a loss of power");
  const bool harmed = std::exchange(known.damaged, false) || recovered.trust == actors::Trust::lost;
  if (!known.at_death.empty() && !harmed) {
    seen("state after a crash compared");
    if (persistence::encoded(engine.state()) != known.at_death)
      fail("S6", account, "store and journal give another state than the one that crashed");
  }
  known.at_death.clear();
  if (harmed) return seen("recovered from a damaged journal");
  check_lockouts(account, engine.state().lockouts, "after a restart");
}

} // namespace bulkhead::simulation
