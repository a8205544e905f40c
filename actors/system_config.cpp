#include "actors/system_config.hpp"

#include "actors/interfaces.hpp"

#include <caf/io/middleman.hpp>
#include <caf/policy/work_sharing.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>
#include <caf/scheduler/coordinator.hpp>
#include <fmt/format.h>

namespace bulkhead::actors {
namespace {
constexpr std::size_t worker_threads = 2;
constexpr std::size_t messages_per_turn = 100; // a flooded account must not starve the others
} // namespace

SystemConfig::SystemConfig() {
  add_message_types<caf::id_block::bulkhead_messages>();
  load<caf::io::middleman>();
  set("scheduler.policy", caf::atom("sharing"));
  set("scheduler.max-threads", worker_threads);
  set("scheduler.max-throughput", messages_per_turn);
  set("middleman.app-identifiers", std::vector<std::string>{control_protocol});
  set("middleman.heartbeat-interval", caf::timespan{std::chrono::milliseconds{500}});
  set("middleman.connection-timeout", caf::timespan{std::chrono::seconds{10}});
}

model::Result<void> verify_settings(caf::actor_system& system) {
  using Sharing = caf::scheduler::coordinator<caf::policy::work_sharing>;
  if (dynamic_cast<Sharing*>(&system.scheduler()) == nullptr) {
    return model::Error{model::Errc::unsupported, "the actor scheduler is not the one asked for (sharing)"};
  }
  if (system.scheduler().num_workers() != worker_threads) {
    return model::Error{model::Errc::unsupported,
                        fmt::format("the actor scheduler runs {} threads instead of {}",
                                    system.scheduler().num_workers(), worker_threads)};
  }
  return {};
}

} // namespace bulkhead::actors
