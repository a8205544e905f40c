#pragma once
// Everything that can be set about a simulated gateway before it starts. A plain value, copied in.

#include "model/money.hpp"
#include "simulator/wire.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace bulkhead::simulator {

struct SimulatedUser {
  std::string user_name;
  std::string api_key;
  std::vector<std::int64_t> accounts;
};
/// trader1/demo-key with 101, 102 and 103; trader2/demo-key-2 with 201.
[[nodiscard]] std::vector<SimulatedUser> default_users();

/// ASP.NET's own figures.
struct HubTimings {
  std::chrono::milliseconds keep_alive{15'000};     // server silence until it pings
  std::chrono::milliseconds client_timeout{30'000}; // client silence, counted from its first ping record
  std::chrono::milliseconds handshake{15'000};
};

struct RequestBudget {
  std::size_t requests = 200;
  std::chrono::seconds window{60};
};

struct SimulatorOptions {
  std::uint16_t port = 0; // 0: the system picks one
  std::uint16_t control_port = 0;
  bool tls = false;
  std::filesystem::path ca_out; // where the CA certificate goes; empty with tls: nowhere
  std::uint64_t seed = 1;
  std::vector<SimulatedUser> users = default_users();
  model::Money balance = model::Money::dollars(50'000); // every account's first balance
  std::optional<model::Money> fees;                     // per contract and side instead of the table's
  std::optional<model::Money> commissions;
  bool close_cancels_orders = false; // true: closeContract takes the contract's resting orders with it
  WireShape shape;
  std::chrono::seconds token_life{24 * 3600};
  RequestBudget budget;
  RequestBudget bars_budget{50, std::chrono::seconds{30}};
  bool retry_after = false;                 // a Retry-After header on 429
  bool unknown_subscription_errors = false; // subscribing to a stranger's account or contract fails
  bool newest_session_kicks = false;        // a second hub connection of a user closes the first
  HubTimings hub;
  unsigned quotes_per_second = 0; // random walk on every contract; 0: quotes move by script only
};

} // namespace bulkhead::simulator
