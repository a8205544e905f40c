#include "cli/watchdog.hpp"

#include "cli/service_notify.hpp"

#include <charconv>
#include <cstdlib>
#include <string_view>
#include <unistd.h>

namespace bulkhead::cli {
namespace {

/// 0 when the variable is not set or no number.
std::int64_t number_in(const char* variable) {
  const char* text = std::getenv(variable);
  std::int64_t number = 0;
  if (text == nullptr) return 0;
  const std::string_view digits = text;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return failed == std::errc{} && end == digits.data() + digits.size() ? number : 0;
}

} // namespace

Watchdog::Watchdog(std::function<bool()> alive) : alive_(std::move(alive)) {
  const auto whom = number_in("WATCHDOG_PID");
  if (whom == 0 || whom == ::getpid()) every_ = std::chrono::microseconds{number_in("WATCHDOG_USEC") / 4};
}

void Watchdog::tick() {
  const auto now = std::chrono::steady_clock::now();
  if (every_.count() <= 0 || now < next_) return;
  next_ = now + every_;
  if (alive_()) notify_service_manager("WATCHDOG=1");
}

} // namespace bulkhead::cli
