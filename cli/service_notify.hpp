#pragma once
// sd_notify without libsystemd: one datagram to $NOTIFY_SOCKET. Does nothing when the variable is not set.

#include <string_view>

namespace bulkhead::cli {

/// For example "READY=1\nSTATUS=3 of 3 accounts ready", "STOPPING=1", "WATCHDOG=1".
void notify_service_manager(std::string_view state);

} // namespace bulkhead::cli
