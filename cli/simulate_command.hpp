#pragma once
// `bulkhead simulate`: the simulated gateway alone, to try a configuration or a script on.

#include "simulator/options.hpp"

namespace bulkhead::cli {

struct SimulateCommand {
  simulator::SimulatorOptions options;
  bool print_ports = true;
};

/// Prints one JSON line with its ports and runs until SIGTERM or SIGINT.
[[nodiscard]] int simulate_command(const SimulateCommand& command);

} // namespace bulkhead::cli
