#include "simulator/faults.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace bulkhead::simulator {
namespace {

constexpr std::size_t most_waiting = 1024;

constexpr std::array<std::pair<FaultKind, std::string_view>, 14> kinds{{
    {FaultKind::delay, "delay"},
    {FaultKind::delay_request, "delay_request"},
    {FaultKind::drop_after, "drop_after"},
    {FaultKind::drop_before, "drop_before"},
    {FaultKind::status, "status"},
    {FaultKind::code, "code"},
    {FaultKind::position_lag, "position_lag"},
    {FaultKind::hub_drop, "hub_drop"},
    {FaultKind::hub_stall, "hub_stall"},
    {FaultKind::hub_duplicate, "hub_duplicate"},
    {FaultKind::hub_withhold, "hub_withhold"},
    {FaultKind::hub_release, "hub_release"},
    {FaultKind::expire_tokens, "expire_tokens"},
    {FaultKind::clear, "clear"},
}};

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool same_letter(char a, char b) noexcept { return lower(a) == lower(b); }

bool contains(std::string_view text, std::string_view part) {
  return std::search(text.begin(), text.end(), part.begin(), part.end(), same_letter) != text.end();
}

} // namespace

bool same_word(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), same_letter);
}

std::string_view to_string(FaultKind kind) noexcept {
  const auto found = std::find_if(kinds.begin(), kinds.end(), [&](const auto& k) { return k.first == kind; });
  return found == kinds.end() ? "unknown" : found->second;
}

std::optional<FaultKind> parse_fault_kind(std::string_view text) noexcept {
  const auto found =
      std::find_if(kinds.begin(), kinds.end(), [&](const auto& k) { return k.second == text; });
  return found == kinds.end() ? std::nullopt : std::optional(found->first);
}

model::Result<void> FaultPlan::add(Fault fault) {
  if (waiting_.size() >= most_waiting) return model::Error{model::Errc::full, "too many faults wait already"};
  if (fault.count < 1) return model::Error{model::Errc::out_of_range, "count must be at least 1"};
  waiting_.push_back(std::move(fault));
  return {};
}

std::vector<Fault> FaultPlan::take(std::string_view path, std::optional<model::AccountId> account) {
  std::vector<Fault> out;
  for (auto& fault : waiting_) {
    const bool lag = fault.kind == FaultKind::position_lag;
    if (lag || !contains(path, fault.endpoint) || (fault.account && fault.account != account)) continue;
    out.push_back(fault);
    --fault.count;
  }
  std::erase_if(waiting_, [](const Fault& fault) { return fault.count == 0; });
  return out;
}

std::chrono::milliseconds FaultPlan::position_lag(model::AccountId account) const {
  std::chrono::milliseconds longest{0};
  for (const auto& fault : waiting_) {
    if (fault.kind != FaultKind::position_lag || (fault.account && fault.account != account)) continue;
    longest = std::max(longest, fault.duration);
  }
  return longest;
}

} // namespace bulkhead::simulator
