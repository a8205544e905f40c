#pragma once
// The command line's side of the control port: one CAF node with the client's certificate that connects, asks
// and goes. Every request has an end. One thread.

#include "actors/control_interfaces.hpp"
#include "actors/system_config.hpp"
#include "cli/node_options.hpp"
#include "model/error.hpp"

#include <memory>
#include <string>

namespace bulkhead::cli {

/// A client's heartbeats are slow: CAF 0.17 drops a connection that has heard nothing by the first of them,
/// which on a busy machine comes before the end of the TLS handshake. The daemon waits ten seconds for one.
class ClientConfig : public actors::SystemConfig {
public:
  explicit ClientConfig(const actors::TlsFiles& keys);
};

class Remote {
public:
  /// Errors: malformed (not HOST:PORT), not_found or rejected (no certificate, or none that is good),
  /// unreachable (nobody answers), unauthorized (the daemon does not take the certificate), unsupported
  /// (another protocol version).
  [[nodiscard]] static model::Result<std::unique_ptr<Remote>> connect(const NodeOptions& options);

  /// Errors: timeout.
  [[nodiscard]] model::Result<actors::StatusReply> status(const actors::StatusRequest& request);
  [[nodiscard]] model::Result<actors::ControlReply> ask(const actors::ControlRequest& request);

  [[nodiscard]] caf::actor_system& system() noexcept { return system_; }
  [[nodiscard]] const actors::control_actor& daemon() const noexcept { return daemon_; }

private:
  explicit Remote(const actors::TlsFiles& keys) : config_(keys), system_(config_) {}

  ClientConfig config_;
  caf::actor_system system_;
  actors::control_actor daemon_;
};

[[nodiscard]] int exit_code_of(const model::Error& error);
/// The code such a failure has in JSON.
[[nodiscard]] const char* code_of(const model::Error& error);

/// A random UUID, version 4.
[[nodiscard]] std::string make_request_id();

} // namespace bulkhead::cli
