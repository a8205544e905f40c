#include "cli/simulate_command.hpp"

#include "cli/exit_codes.hpp"
#include "cli/signals.hpp"
#include "simulator/serve.hpp"

#include <filesystem>
#include <iostream>

namespace bulkhead::cli {

int simulate_command(const SimulateCommand& command) {
  block_signals();
  auto options = command.options;
  if (options.tls && options.ca_out.empty())
    options.ca_out = std::filesystem::temp_directory_path() / "bulkhead-sim-ca.pem";
  const auto served = simulator::serve(options, std::cout, termination_descriptor());
  if (served) return exit_ok;
  std::cerr << served.error().message() << '\n';
  return exit_failed;
}

} // namespace bulkhead::cli
