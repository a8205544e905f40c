#pragma once
// Signals as values: blocked in every thread, read by the main thread alone.

#include <chrono>

namespace bulkhead::cli {

enum class Signal { none, terminate, reload };

/// Blocks SIGTERM, SIGINT and SIGHUP, and ignores SIGPIPE. Call before any thread is started.
void block_signals();
/// The next of them, or none after `timeout`. Requires: block_signals() was called.
[[nodiscard]] Signal wait_for_signal(std::chrono::milliseconds timeout);
/// A descriptor that becomes readable when SIGTERM or SIGINT came; -1 when there is none to be had.
[[nodiscard]] int termination_descriptor();

} // namespace bulkhead::cli
