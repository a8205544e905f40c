#include "protocol/net/suspend.hpp"

#include "protocol/transport.hpp"

#include <ctime>

namespace bulkhead::protocol::net {

std::chrono::nanoseconds time_asleep() noexcept {
  timespec boot{};
  clock_gettime(CLOCK_BOOTTIME, &boot);
  return std::chrono::seconds{boot.tv_sec} + std::chrono::nanoseconds{boot.tv_nsec} -
         std::chrono::nanoseconds{monotonic_now()};
}

} // namespace bulkhead::protocol::net
