// What a peer with a good certificate reaches, and what it does not.

#include "actors/control_keys.hpp"
#include "actors/interfaces.hpp"
#include "actors/system_config.hpp"
#include "tests/persistence/temp_dir.hpp"

#include <caf/io/middleman.hpp>
#include <caf/openssl/manager.hpp>
#include <caf/openssl/publish.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <gtest/gtest.h>

namespace bulkhead::actors {
namespace {

using namespace std::chrono_literals;

struct GreeterState {
  static inline const char* name = "greeter";
};

/// Stands for the front: the tests are about what lies beside it.
control_actor::behavior_type greeter(control_actor::stateful_pointer<GreeterState>, int) {
  return {[](const StatusRequest&) { return StatusReply{}; },
          [](const ControlRequest& m) {
            return ControlReply{m.request_id, "", "", ""};
          }};
}

/// A daemon's actor system and a client's, connected over TLS.
class TwoNodes {
public:
  TwoNodes()
      : keys_made_(ensure_control_keys(dir_.path(), now()).has_value()),
        greeter_(daemon_.spawn(greeter, 0)) {}
  ~TwoNodes() { caf::anon_send_exit(greeter_, caf::exit_reason::user_shutdown); }
  TwoNodes(const TwoNodes&) = delete;
  TwoNodes& operator=(const TwoNodes&) = delete;

  caf::actor_system& daemon() { return daemon_; }

  /// Whether CAF's servant for spawning answered a client, be it with a refusal.
  bool spawns_for_clients() {
    const auto port = caf::openssl::publish(greeter_, 0, "127.0.0.1");
    if (!port) throw std::runtime_error(to_string(port.error()));
    caf::node_id node;
    caf::scoped_actor self{client_};
    self->request(client_.openssl_manager().actor_handle(), 10s, caf::connect_atom::value,
                  std::string("127.0.0.1"), *port)
        .receive([&](const caf::node_id& there, caf::strong_actor_ptr&,
                     const std::set<std::string>&) { node = there; },
                 [](caf::error& error) { throw std::runtime_error(to_string(error)); });
    const auto spawned =
        client_.middleman().remote_spawn<caf::actor>(node, "no such type", caf::make_message(), 2s);
    // Nobody there: CAF answers for the receiver it does not find, or nobody answers at all.
    return spawned || (spawned.error() != caf::sec::request_timeout &&
                       spawned.error() != caf::sec::request_receiver_down);
  }

private:
  static model::Instant now() {
    return std::chrono::floor<model::Duration>(std::chrono::system_clock::now());
  }

  persistence::TempDir dir_;
  bool keys_made_;
  SystemConfig daemon_config_{std::nullopt, server_files(dir_.path())};
  caf::actor_system daemon_{daemon_config_};
  SystemConfig client_config_{std::nullopt, client_files(dir_.path())};
  caf::actor_system client_{client_config_};
  control_actor greeter_;
};

TEST(ControlPort, CafItselfWouldSpawnForClients) { EXPECT_TRUE(TwoNodes().spawns_for_clients()); }

TEST(ControlPort, ClientsReachNoServantOfCaf) {
  TwoNodes nodes;
  hide_servants(nodes.daemon());
  EXPECT_FALSE(nodes.daemon().registry().get(caf::atom("ConfigServ")));
  EXPECT_FALSE(nodes.spawns_for_clients());
}

} // namespace
} // namespace bulkhead::actors
