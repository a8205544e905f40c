#pragma once
// The pieces of a running daemon in the order in which they must be built and, reversed, destroyed. Inside of
// Runtime.

#include "actors/front_keeper.hpp"
#include "actors/reload.hpp"
#include "actors/runtime.hpp"
#include "actors/runtime_relay.hpp"
#include "actors/system_config.hpp"
#include "actors/wire_log.hpp"
#include "persistence/data_dir.hpp"
#include "persistence/store.hpp"
#include "protocol/net/io_thread.hpp"
#include "protocol/net/rest_transport.hpp"
#include "protocol/net/websocket_transport.hpp"

#include <caf/io/middleman.hpp>
#include <optional>

namespace bulkhead::actors {

struct Runtime::Parts {
  /// One site's REST connections and what stands in front of them.
  struct Site {
    protocol::net::TlsContext tls;
    std::unique_ptr<protocol::RestTransport> rest;
  };

  explicit Parts(RuntimeOptions given);
  ~Parts();

  [[nodiscard]] model::Result<void> open_storage();
  [[nodiscard]] model::Result<void> make_ports(const model::Config& config);
  [[nodiscard]] SupervisorDeps supervisor_deps(const UseRules& rules);
  /// One sender for each webhook, subscribed with the supervisor.
  [[nodiscard]] model::Result<void> add_webhooks();
  /// Those that decide and read files for the front.
  void spawn_helpers();
  /// When the options ask for it.
  void spawn_rehearsal();
  [[nodiscard]] model::Result<void> publish();
  void close_sockets();

  RuntimeOptions options;
  WireLog wire_log;
  Reloader reloader{options.data_dir};
  std::shared_ptr<TrustedClock> clock = std::make_shared<TrustedClock>();
  std::shared_ptr<persistence::DataDir> data_dir;
  std::shared_ptr<persistence::Store> store;
  std::vector<persistence::CachedContract> contracts;
  std::shared_ptr<persistence::Disk> disk = std::make_shared<persistence::PosixDisk>();
  protocol::net::IoThread breach_io; // user hub and request lanes
  protocol::net::IoThread market_io; // quotes: a burst of them never delays a fill
  std::map<model::CredentialId, Site> sites;
  std::map<model::CredentialId, CredentialPorts> ports;
  SystemConfig system_config{shards(), server_files(options.data_dir)};
  caf::actor_system system{system_config};
  supervisor_actor supervisor;
  ControlFrontDeps behind_front;
  front_keeper_actor front;
  std::vector<caf::actor> helpers; // of the front, and the rehearsal
  std::vector<subscriber_actor> subscribers;
  std::uint16_t control_port = 0; // what the command line connects to
  std::unique_ptr<ControlRelay> relay;
  bool stopped = false;

private:
  [[nodiscard]] std::optional<ShardContexts> shards();
  void set_clock();
  [[nodiscard]] model::Result<void> make_site(const model::AccountConfig& account);
};

} // namespace bulkhead::actors
