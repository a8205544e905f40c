// The control port of a running daemon.

#include "actors/gatekeeper.hpp"
#include "actors/runtime_parts.hpp"
#include "actors/runtime_relay.hpp"

#include <caf/openssl/publish.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <fmt/format.h>

namespace bulkhead::actors {

void Runtime::Parts::spawn_front() {
  const auto let_in =
      system.spawn<caf::detached>(gatekeeper, GatekeeperDeps{clock, options.data_dir, options.logs});
  const auto files = system.spawn<caf::detached>(
      clerk, ClerkDeps{options.data_dir / options.config.logging.file, options.config_desk});
  helpers = {caf::actor_cast<caf::actor>(let_in), caf::actor_cast<caf::actor>(files)};
  front =
      system.spawn(control_front, ControlFrontDeps{caf::actor_cast<house_actor>(supervisor), let_in, files});
}

model::Result<void> Runtime::Parts::publish() {
  const auto& control = options.config.control;
  hide_servants(system);
  const bool local = is_loopback(control.host);
  const auto failed = [&](const std::string& why) {
    return model::Error{model::Errc::io, fmt::format("cannot listen for the command line on {}:{} ({})",
                                                     control.host, control.port, why)};
  };
  auto port = caf::openssl::publish(front, local ? control.port : std::uint16_t{0},
                                    local ? control.host.c_str() : "127.0.0.1", true);
  if (!port) return failed(to_string(port.error()));
  control_port = published_port = *port;
  if (local) return {};
  auto made = ControlRelay::listen(market_io.context(), control.host, control.port, published_port);
  if (!made) return failed(made.error().message());
  relay = std::move(*made);
  control_port = relay->port();
  return {};
}

} // namespace bulkhead::actors
