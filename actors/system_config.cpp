#include "actors/system_config.hpp"

#include "actors/interfaces.hpp"

#include <caf/io/basp_broker.hpp>
#include <caf/io/middleman.hpp>
#include <caf/openssl/manager.hpp>
#include <caf/policy/work_sharing.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>
#include <caf/scheduler/coordinator.hpp>
#include <caf/send.hpp>
#include <fmt/format.h>

namespace bulkhead::actors {
namespace {
constexpr std::size_t worker_threads = 2;
constexpr std::size_t messages_per_turn = 100; // a flooded account must not starve the others
} // namespace

SystemConfig::SystemConfig(std::optional<ShardContexts> shards, const std::optional<TlsFiles>& keys) {
  if (shards) AsioScheduler::load_into(*this, *shards);
  add_message_types<caf::id_block::bulkhead_messages>();
  load<caf::io::middleman>();
  if (keys) {
    load<caf::openssl::manager>(); // after the middleman
    openssl_certificate = keys->certificate.string();
    openssl_key = keys->key.string();
    openssl_cafile = keys->authority.string();
  }
  set("scheduler.policy", caf::atom("sharing"));
  set("scheduler.max-threads", worker_threads);
  set("scheduler.max-throughput", messages_per_turn);
  set("middleman.app-identifiers", std::vector<std::string>{control_protocol});
  set("middleman.heartbeat-interval", caf::timespan{std::chrono::milliseconds{500}});
  set("middleman.connection-timeout", caf::timespan{std::chrono::seconds{10}});
}

void hide_servants(caf::actor_system& system) {
  system.registry().erase(caf::atom("SpawnServ"));
  system.registry().erase(caf::atom("ConfigServ"));
}

void forget_lost_nodes(caf::actor_system& system) {
  auto& remoting = system.middleman();
  const auto handle = remoting.named_broker<caf::io::basp_broker>(caf::atom("BASP"));
  remoting.run_later([handle] {
    auto& broker = static_cast<caf::io::basp_broker&>(*caf::actor_cast<caf::abstract_actor*>(handle));
    // The broker that has ended has none left; of a living one the routing table is there.
    std::erase_if(broker.spawn_servers, [&](const auto& entry) {
      if (broker.instance.tbl().lookup(entry.first)) return false;
      caf::anon_send_exit(entry.second, caf::exit_reason::kill);
      return true;
    });
  });
}

model::Result<void> verify_settings(caf::actor_system& system, SchedulerKind wanted) {
  const bool on_shards = AsioScheduler::of(system) != nullptr;
  if (on_shards != (wanted == SchedulerKind::asio)) {
    return model::Error{model::Errc::unsupported, "the actor scheduler is not the one asked for"};
  }
  if (on_shards) return {};
  using Sharing = caf::scheduler::coordinator<caf::policy::work_sharing>;
  if (dynamic_cast<Sharing*>(&system.scheduler()) == nullptr) {
    return model::Error{model::Errc::unsupported, "the actor scheduler is neither asio nor sharing"};
  }
  if (system.scheduler().num_workers() != worker_threads) {
    return model::Error{model::Errc::unsupported,
                        fmt::format("the actor scheduler runs {} threads instead of {}",
                                    system.scheduler().num_workers(), worker_threads)};
  }
  return {};
}

} // namespace bulkhead::actors
