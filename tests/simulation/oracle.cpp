#include "tests/simulation/oracle.hpp"

#include "tests/differential/words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace bulkhead::simulation {

using namespace model;

bool Oracle::understands(const Event& event) {
  constexpr auto live = events<PositionUpdate, Order, Fill>();
  constexpr auto strange =
      events<ConfigReloaded, AccountMissing, BalanceAdjusted, ConnectionLost, Restarted>();
  const bool beginning = story_.events.empty();
  if ((mask_of(event) & live) != 0) book_heard_ = event.at;
  if ((mask_of(event) & strange) != 0 && !(beginning && std::holds_alternative<Restarted>(event.payload)))
    return false;
  const auto* read = std::get_if<Reconciled>(&event.payload);
  return read == nullptr || read->requested_at > book_heard_;
}

void Oracle::hear(const Event& event, const LockoutSet& lockouts) {
  heard_ = false;
  if (!listens()) return;
  if (!understands(event)) return leave();
  --left_;
  heard_ = true;
  before_ = lockouts;
  story_.add(event);
}

std::optional<std::string> Oracle::compare(const Decision& decision) {
  if (!heard_) return std::nullopt;
  for (const auto& ended : decision.lockouts_cleared) std::erase(before_.rows(), ended.lockout);
  const auto words = differential::words_of(decision, before_);
  story_.said.push_back(reference::decide(rules_, story_));
  ++compared_;
  const auto& wanted = story_.said.back().outcomes;
  if (words == wanted) return std::nullopt;
  leave();
  return fmt::format("at a {} event the engine says [{}], the reference [{}]",
                     kind_name(story_.events.back()), fmt::join(words, ", "), fmt::join(wanted, ", "));
}

} // namespace bulkhead::simulation
