#pragma once
// What a started SimulatedGateway consists of; owned by it. Members are destroyed from below: first what
// listens, then the io_context with every session, and last what the sessions refer to.

#include "simulator/control.hpp"
#include "simulator/random_walk.hpp"
#include "simulator/rest_api.hpp"
#include "simulator/server.hpp"
#include "simulator/simulated_gateway.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <thread>

namespace bulkhead::simulator {

struct SimulatedGateway::Running {
  explicit Running(const SimulatorOptions& options);
  ~Running();
  [[nodiscard]] model::Result<Ports> listen();
  void run();

  Core core;
  RestApi rest{core};
  Control control{core};
  RandomWalk walk;
  boost::asio::io_context io{1};

private:
  [[nodiscard]] Exchange exchange(const HttpCall& call);
  [[nodiscard]] Exchange negotiate(HubKind kind, const HttpCall& call);
  [[nodiscard]] boost::system::result<std::shared_ptr<HubConnection>, HttpAnswer>
  upgrade(const HttpCall& call);
  [[nodiscard]] std::optional<std::string> user_of(const HttpCall& call);
  [[nodiscard]] model::Result<Server::TlsContext> tls_context();
  void walk_on();
  void release_after(std::chrono::milliseconds span);

  boost::asio::steady_timer walk_timer_{io};
  boost::asio::steady_timer release_timer_{io};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io.get_executor()};
  std::unique_ptr<Server> gateway_server_;
  std::unique_ptr<Server> control_server_;
  std::thread thread_;
};

} // namespace bulkhead::simulator
