// The control port of a running daemon.

#include "actors/gatekeeper.hpp"
#include "actors/placement.hpp"
#include "actors/rehearsal.hpp"
#include "actors/runtime_parts.hpp"
#include "actors/runtime_relay.hpp"

#include <caf/openssl/publish.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <fmt/format.h>

namespace bulkhead::actors {

void Runtime::Parts::spawn_helpers() {
  const auto let_in =
      system.spawn<caf::detached>(gatekeeper, GatekeeperDeps{clock, options.data_dir, options.logs});
  const auto files = system.spawn<caf::detached>(
      clerk, ClerkDeps{options.data_dir / options.config.logging.file, options.config_desk});
  helpers = {caf::actor_cast<caf::actor>(let_in), caf::actor_cast<caf::actor>(files)};
  behind_front = {caf::actor_cast<house_actor>(supervisor), let_in, files};
}

void Runtime::Parts::spawn_rehearsal() {
  if (options.keep_warm.count() == 0) return;
  const auto tls = protocol::net::TlsLoop::make();
  if (!tls) options.logs.daemon(model::Alert::Severity::warning, "rehearsal " + tls.error().message());
  helpers.push_back(caf::actor_cast<caf::actor>(spawn_on(
      system, Shard::breach, Lane::urgent, rehearsal,
      RehearsalDeps{clock, rehearsed_rules(options.config), options.keep_warm, tls ? *tls : nullptr})));
}

model::Result<void> Runtime::Parts::publish() {
  constexpr const char* behind_the_relay = "127.0.0.1";
  const auto& control = options.config.control;
  hide_servants(system);
  const auto failed = [&](const std::string& why) {
    return model::Error{model::Errc::io, fmt::format("cannot listen for the command line on {}:{} ({})",
                                                     control.host, control.port, why)};
  };
  const auto first = system.spawn(control_front, behind_front);
  const auto port = caf::openssl::publish(first, 0, behind_the_relay, true); // a successor needs it
  if (!port) {
    caf::anon_send_exit(first, caf::exit_reason::user_shutdown);
    return failed(to_string(port.error()));
  }
  front = system.spawn<caf::detached>(
      front_keeper, FrontKeeperDeps{first, behind_front, behind_the_relay, *port, options.logs});
  auto made = ControlRelay::listen(market_io.context(), control.host, control.port, *port);
  if (!made) return failed(made.error().message());
  relay = std::move(*made);
  control_port = relay->port();
  return {};
}

} // namespace bulkhead::actors
