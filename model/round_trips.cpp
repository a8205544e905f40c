#include "model/round_trips.hpp"
#include "model/trade_counter.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>

namespace bulkhead::model {
namespace {

struct Building {
  RoundTrip trip;
  std::int64_t held = 0; // signed
  // Microseconds since the first fill, times contracts; a fill is at most 1e6 contracts, fills span days.
  std::int64_t entry_time = 0, entries = 0;
  std::int64_t exit_time = 0, exits = 0;

  void take(const Fill& fill, std::int64_t quantity) {
    const std::int64_t size = std::abs(quantity);
    const auto seconds = (fill.executed_at - trip.opened_at).count() / 1000; // milliseconds are enough
    const bool adds = held == 0 || (held > 0) == (quantity > 0);
    (adds ? entry_time : exit_time) += seconds * size;
    (adds ? entries : exits) += size;
    held += quantity;
    trip.closed_at = fill.executed_at;
  }
  [[nodiscard]] RoundTrip finished() const {
    RoundTrip out = trip;
    out.closed = true;
    out.held = std::chrono::milliseconds{exit_time / exits - entry_time / entries};
    return out;
  }
};

RoundTrip begun(const Fill& fill) {
  RoundTrip trip;
  trip.contract = fill.contract;
  trip.first = fill.id;
  trip.opened_at = trip.closed_at = fill.executed_at;
  return trip;
}

} // namespace

std::vector<RoundTrip> round_trips(const AccountState& state) {
  std::vector<RoundTrip> trips;
  std::map<ContractId, Building> open;
  for (const Fill* fill : fills_in_order(state)) {
    const Money earned = fill->gross() - fill->costs();
    const auto known = open.find(fill->contract);
    if (known == open.end() && fill->pnl) {
      RoundTrip trip = begun(*fill);
      trip.closed = true;
      trip.net = earned;
      trips.push_back(std::move(trip));
      continue;
    }
    Building& building = open[fill->contract];
    if (known == open.end()) building.trip = begun(*fill);
    building.trip.net += earned;
    const std::int64_t quantity = fill->side == Side::buy ? fill->size : -fill->size;
    const bool reduces = building.held != 0 && (building.held > 0) != (quantity > 0);
    const bool ends = reduces && std::abs(quantity) >= std::abs(building.held);
    const std::int64_t rest = ends ? building.held + quantity : 0;
    building.take(*fill, quantity - rest);
    if (!ends) continue;
    trips.push_back(building.finished());
    open.erase(fill->contract);
    if (rest == 0) continue;
    Building& next = open[fill->contract];
    next.trip = begun(*fill);
    next.take(*fill, rest);
  }
  for (auto& [contract, building] : open) trips.push_back(std::move(building.trip));
  return trips;
}

} // namespace bulkhead::model
