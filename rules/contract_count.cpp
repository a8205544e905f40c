#include "rules/contract_count.hpp"

#include <algorithm>
#include <cstdlib>

namespace bulkhead::rules {
namespace {

/// Signed units per netting group; a position of unknown direction is a group of its own.
std::map<std::string, std::int64_t> net_groups(const std::vector<CountedPosition>& positions,
                                               CountType type) {
  std::map<std::string, std::int64_t> groups;
  for (const auto& p : positions) {
    const bool alone = type == CountType::gross || !p.offsets;
    const std::string key = alone ? "=" + p.contract.value : type == CountType::net ? p.group : std::string{};
    groups[key] += p.quantity * p.weight;
  }
  return groups;
}

bool raises_count(const CountedPosition& p, const std::vector<CountedPosition>& positions, CountType type) {
  if (p.quantity == 0) return false;
  std::vector<CountedPosition> smaller = positions;
  for (auto& other : smaller) {
    if (other.contract == p.contract) other.quantity += other.quantity > 0 ? -1 : 1;
  }
  return count_units(smaller, type) < count_units(positions, type);
}

/// How many contracts of `p` can give way in one step without passing the limit or tearing a hedge open.
std::int64_t step_size(const CountedPosition& p, std::vector<CountedPosition> positions, CountType type,
                       std::int64_t excess) {
  const auto self = std::find_if(positions.begin(), positions.end(),
                                 [&](const CountedPosition& other) { return other.contract == p.contract; });
  const std::int64_t before = count_units(positions, type);
  std::int64_t step = std::clamp<std::int64_t>(excess / p.weight, 1, std::abs(p.quantity));
  for (; step > 1; step /= 2) {
    self->quantity = p.quantity + (p.quantity > 0 ? -step : step);
    if (count_units(positions, type) == before - step * p.weight) break;
  }
  return step;
}

} // namespace

std::vector<CountedPosition> counted_positions(const RuleContext& context, bool minis) {
  std::vector<CountedPosition> positions;
  for (const auto& [contract, position] : context.state.positions) {
    const auto root = context.roots.root_of(contract);
    positions.push_back({contract, minis ? context.roots.family_of(root).value : root.value,
                         position.quantity, minis ? context.roots.weight_tenths(root) : 1,
                         position.direction_known, position.increased_at});
  }
  return positions;
}

std::int64_t count_units(const std::vector<CountedPosition>& positions, CountType type) {
  std::int64_t units = 0;
  for (const auto& [key, signed_units] : net_groups(positions, type)) units += std::abs(signed_units);
  return units;
}

std::vector<AtMost> reduce_to(std::int64_t limit_units, std::vector<CountedPosition> positions,
                              CountType type, ReducePolicy policy) {
  std::map<model::ContractId, std::int64_t> targets;
  const auto gives_way_first = [&](const CountedPosition& a, const CountedPosition& b) {
    const auto size_a = std::abs(a.quantity) * a.weight;
    const auto size_b = std::abs(b.quantity) * b.weight;
    if (!policy.newest_first && size_a != size_b) return size_a > size_b;
    if (a.increased_at != b.increased_at) return a.increased_at > b.increased_at;
    return a.contract < b.contract;
  };
  std::sort(positions.begin(), positions.end(), gives_way_first);
  for (auto& position : positions) {
    for (auto units = count_units(positions, type);
         units > limit_units && raises_count(position, positions, type);
         units = count_units(positions, type)) {
      const auto step = policy.whole_position ? std::abs(position.quantity)
                                              : step_size(position, positions, type, units - limit_units);
      position.quantity += position.quantity > 0 ? -step : step;
      targets[position.contract] = std::abs(position.quantity);
    }
  }
  std::vector<AtMost> out;
  for (const auto& [contract, quantity] : targets)
    out.push_back({contract, static_cast<std::int32_t>(quantity)});
  return out;
}

} // namespace bulkhead::rules
