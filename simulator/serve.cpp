#include "simulator/serve.hpp"

#include "simulator/json_text.hpp"
#include "simulator/simulated_gateway.hpp"

#include <cerrno>
#include <poll.h>

namespace bulkhead::simulator {

model::Result<void> serve(const SimulatorOptions& options, std::ostream& out, int stop_fd) {
  SimulatedGateway gateway(options);
  const auto ports = gateway.start();
  if (!ports) return ports.error();
  const auto ca_file = ports->ca_file ? std::optional(json_string(ports->ca_file->string())) : std::nullopt;
  out << JsonObject{}
             .number("port", ports->port)
             .number("control_port", ports->control_port)
             .maybe("ca_file", ca_file)
             .str()
      << std::endl;
  pollfd waiting{stop_fd, POLLIN, 0};
  while (poll(&waiting, 1, -1) < 0) {
    if (errno != EINTR) return model::Error{model::Errc::io, "cannot wait for the stop signal"};
  }
  return {};
}

} // namespace bulkhead::simulator
