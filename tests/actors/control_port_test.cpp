// What a peer with a good certificate reaches, and what it does not.

#include "actors/control_keys.hpp"
#include "actors/interfaces.hpp"
#include "actors/runtime.hpp"
#include "actors/system_config.hpp"
#include "tests/persistence/temp_dir.hpp"

#include <caf/io/basp_broker.hpp>
#include <caf/io/middleman.hpp>
#include <caf/openssl/manager.hpp>
#include <caf/openssl/publish.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <future>
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
    const auto node = call(client_);
    const auto spawned =
        client_.middleman().remote_spawn<caf::actor>(node, "no such type", caf::make_message(), 2s);
    // Nobody there: CAF answers for the receiver it does not find, or nobody answers at all.
    return spawned || (spawned.error() != caf::sec::request_timeout &&
                       spawned.error() != caf::sec::request_receiver_down);
  }

  /// Another client calls, and is gone again.
  void visit() {
    SystemConfig config{std::nullopt, client_files(dir_.path())};
    caf::actor_system visitor{config};
    (void)call(visitor);
  }
  /// Of how many nodes the daemon's CAF keeps something.
  std::size_t nodes_kept() {
    std::promise<std::size_t> count;
    const auto handle = daemon_.middleman().named_broker<caf::io::basp_broker>(caf::atom("BASP"));
    daemon_.middleman().run_later([&] {
      count.set_value(static_cast<caf::io::basp_broker&>(*caf::actor_cast<caf::abstract_actor*>(handle))
                          .spawn_servers.size());
    });
    return count.get_future().get();
  }

private:
  caf::node_id call(caf::actor_system& client) {
    if (!port_) {
      const auto port = caf::openssl::publish(greeter_, 0, "127.0.0.1");
      if (!port) throw std::runtime_error(to_string(port.error()));
      port_ = *port;
    }
    caf::node_id node;
    caf::scoped_actor self{client};
    self->request(client.openssl_manager().actor_handle(), 10s, caf::connect_atom::value,
                  std::string("127.0.0.1"), *port_)
        .receive([&](const caf::node_id& there, caf::strong_actor_ptr&,
                     const std::set<std::string>&) { node = there; },
                 [](caf::error& error) { throw std::runtime_error(to_string(error)); });
    return node;
  }
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
  std::optional<std::uint16_t> port_;
};

TEST(ControlPort, CafItselfWouldSpawnForClients) { EXPECT_TRUE(TwoNodes().spawns_for_clients()); }

TEST(ControlPort, ClientsReachNoServantOfCaf) {
  TwoNodes nodes;
  hide_servants(nodes.daemon());
  EXPECT_FALSE(nodes.daemon().registry().get(caf::atom("ConfigServ")));
  EXPECT_FALSE(nodes.spawns_for_clients());
}

TEST(ControlPort, NothingIsKeptOfNodesThatAreGone) {
  TwoNodes nodes;
  for (int i = 0; i < 3; ++i) nodes.visit();
  EXPECT_EQ(nodes.nodes_kept(), 3U) << "what CAF does by itself";
  const auto give_up = std::chrono::steady_clock::now() + 10s;
  while (nodes.nodes_kept() > 0 && std::chrono::steady_clock::now() < give_up)
    forget_lost_nodes(nodes.daemon());
  EXPECT_EQ(nodes.nodes_kept(), 0U);
  EXPECT_TRUE(nodes.spawns_for_clients()) << "whoever comes later is served";
}

/// A whole daemon, which reaches no gateway, and a peer with a good certificate.
class OpenDaemon {
public:
  OpenDaemon() {
    RuntimeOptions options;
    options.data_dir = dir_.path();
    options.config.control.port = 0;
    options.logs = Logs{[](model::Alert::Severity, const std::string&) {}, [](const std::string&) {}};
    auto started = Runtime::start(std::move(options));
    if (!started) throw std::runtime_error(started.error().message());
    daemon_ = std::move(*started);
    peer_config_.emplace(std::nullopt, client_files(dir_.path()));
    peer_.emplace(*peer_config_);
  }

  /// The published actor; null when nobody is there.
  caf::strong_actor_ptr reach() {
    caf::strong_actor_ptr found;
    caf::scoped_actor self{*peer_};
    self->request(peer_->openssl_manager().actor_handle(), 5s, caf::connect_atom::value,
                  std::string("127.0.0.1"), daemon_->control_port())
        .receive([&](const caf::node_id&, caf::strong_actor_ptr& there,
                     const std::set<std::string>&) { found = there; },
                 [](caf::error&) {});
    return found;
  }
  bool answers() {
    const auto front = caf::actor_cast<control_actor>(reach());
    if (!front) return false;
    caf::scoped_actor self{*peer_};
    bool good = false;
    self->request(front, 2s, StatusRequest{})
        .receive([&](const StatusReply& reply) { good = reply.error.empty(); }, [](caf::error&) {});
    return good;
  }
  void end_front(caf::exit_reason how) {
    const auto front = caf::actor_cast<caf::actor>(reach());
    ASSERT_TRUE(front);
    caf::scoped_actor self{*peer_};
    self->monitor(front);
    self->send_exit(front, how);
    self->receive([](const caf::down_msg&) {}, caf::after(5s) >> [] { ADD_FAILURE() << "it lives"; });
  }

private:
  persistence::TempDir dir_;
  std::unique_ptr<Runtime> daemon_;
  std::optional<SystemConfig> peer_config_;
  std::optional<caf::actor_system> peer_;
};

TEST(ControlPort, IsThereAgainAfterAPeerEndedItsActor) {
  OpenDaemon daemon;
  ASSERT_TRUE(daemon.answers());
  for (const auto how : {caf::exit_reason::kill, caf::exit_reason::user_shutdown}) {
    daemon.end_front(how);
    bool again = false;
    for (const auto until = std::chrono::steady_clock::now() + 10s;
         !again && std::chrono::steady_clock::now() < until;)
      again = daemon.answers();
    EXPECT_TRUE(again);
  }
}

} // namespace
} // namespace bulkhead::actors
