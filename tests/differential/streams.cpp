#include "tests/differential/streams.hpp"

#include <fmt/format.h>

namespace bulkhead::differential {

using namespace model;

namespace {

ContractLearned learned(const char* id, std::int64_t tick_nanos, std::int64_t value_micros) {
  ContractLearned event;
  event.contract.id = ContractId{id};
  event.contract.tick = {Price{tick_nanos}, Money{value_micros}};
  return event;
}

} // namespace

Life::Life(std::uint64_t seed, AccountId account) : random_(seed), account_(account) {
  // Anywhere in 2026, so that both changes of the clock are met.
  now_ = Instant{std::chrono::sys_days{std::chrono::year{2026} / 1 / 2}} + std::chrono::hours{pick(0, 8600)} +
         std::chrono::seconds{pick(0, 3599)};
  lucky_ = chance(30);
  balance_ = Money::dollars(chance(60) ? 50'000 : pick(46'000, 54'000));
}

int Life::pick(int low, int high) {
  return low + static_cast<int>(random_() % static_cast<std::uint64_t>(high - low + 1));
}
std::string Life::contract() { return contracts[static_cast<std::size_t>(pick(0, 4))]; }

DailyReset Life::day() const {
  Instant start = reference::next_reset(now_ - std::chrono::hours{26});
  for (Instant next = start; next <= now_; next = reference::next_reset(start)) start = next;
  const Instant end = reference::next_reset(start);
  return {TradingDay{std::chrono::floor<std::chrono::days>(end)}, start, end};
}

reference::Events Life::begin() {
  reference::Events events;
  events.push_back(at(learned(contracts[0], 250'000'000, 500'000)));
  events.push_back(at(learned(contracts[1], 250'000'000, 500'000)));
  events.push_back(at(learned(contracts[2], 250'000'000, 12'500'000)));
  events.push_back(at(learned(contracts[3], 250'000'000, 1'250'000)));
  if (chance(80)) events.push_back(at(learned(contracts[4], 100'000'000, 5'000'000)));
  events.push_back(at(ConnectionRestored{}));
  events.push_back(at(day()));
  now_ += Duration{1};
  events.push_back(at(read()));
  if (chance(50)) events.push_back(at(history()));
  return events;
}

/// Lets time pass, but not beyond the moment at which the engine wants to be woken: it is woken then, or a
/// little late. Whether it was.
bool Life::pass_time(const Decision& last) {
  const Instant before = now_;
  if (last.wake_at && chance(last.wake_at == wake_ ? 10 : 25))
    now_ = std::max(now_ + Duration{1}, *last.wake_at);
  else if (chance(4))
    now_ += std::chrono::minutes{pick(1, 600)};
  else if (chance(3))
    now_ = reference::next_reset(now_) + std::chrono::seconds{pick(0, 5)}, day_over_ = true;
  else
    now_ += std::chrono::milliseconds{pick(1, chance(50) ? 900 : chance(80) ? 8'000 : 40'000)};
  wake_ = last.wake_at;
  if (!last.wake_at || now_ < *last.wake_at) return false;
  if (chance(70)) now_ = std::max(before + Duration{1}, *last.wake_at);
  return true;
}

Event Life::next(const Decision& last) {
  for (const auto& intent : last.intents) {
    const bool cancels = intent.kind == EnforcementIntent::Kind::cancel_order;
    asked_[cancels ? to_string(intent.order) : intent.contract.value] = intent.id;
  }
  for (const auto& request : last.automation) requests_.push_back(request);
  if (pass_time(last)) return at(TimeReached{});
  if (unread_) {
    unread_ = false;
    if (chance(70)) return at(read());
  }
  if (day_over_) {
    day_over_ = false;
    if (chance(90)) return at(day());
  }
  if (told_last_ && chance(6)) return at(*told_last_);
  if (!requests_.empty() && chance(40)) return at(carry_out());
  const int kind = pick(1, 100);
  if (kind <= 23)
    told_last_ = position();
  else if (kind <= 40)
    told_last_ = order();
  else if (kind <= 58)
    told_last_ = fill();
  else if (kind <= 79)
    told_last_ = quote();
  else if (kind <= 84)
    told_last_ = account();
  else if (kind <= 85)
    return at(chance(70) ? Payload{ConfigReloaded{}} : history());
  else if (kind <= 87)
    return at(TimeReached{});
  else if (kind <= 89)
    return at(day());
  else if (kind <= 91)
    return at(person());
  else if (kind <= 92)
    return at(change());
  else if (kind <= 96)
    return at(report());
  else if (kind <= 98)
    return at(read());
  else {
    unread_ = true;
    return at(Restarted{});
  }
  return at(*told_last_);
}

} // namespace bulkhead::differential
