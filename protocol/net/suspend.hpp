#pragma once
// Whether the machine slept: after that, what stood between it and the gateway may have forgotten its
// connections. Any thread.

#include <chrono>

namespace bulkhead::protocol::net {

/// How long the machine was suspended since it was booted.
[[nodiscard]] std::chrono::nanoseconds time_asleep() noexcept;

} // namespace bulkhead::protocol::net
