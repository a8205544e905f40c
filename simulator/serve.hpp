#pragma once
// The simulated gateway as a program of its own. Blocks the calling thread.

#include "simulator/options.hpp"

#include <ostream>

namespace bulkhead::simulator {

/// Starts a gateway, writes one line {"port":N,"control_port":M,"ca_file":null|"path"} to `out`, and runs
/// until `stop_fd` becomes readable or its other end is closed. Errors: io.
[[nodiscard]] model::Result<void> serve(const SimulatorOptions& options, std::ostream& out, int stop_fd);

} // namespace bulkhead::simulator
