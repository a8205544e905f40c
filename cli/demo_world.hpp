#pragma once
// Everything the demo runs on: a simulated gateway over TLS, a configuration written for it, and the real
// daemon started on both. Gone with the object, temporary files included.

#include "actors/runtime.hpp"
#include "simulator/simulated_gateway.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace bulkhead::cli {

/// What is played on: the accounts there are, and which of them are watched, and how.
struct DemoScript {
  std::vector<std::int64_t> accounts; // at the gateway
  model::Money balance = model::Money::dollars(50'000);
  std::string watched;                          // rows of accounts.yaml
  std::string rules;                            // risk_config.yaml
  std::optional<std::filesystem::path> profile; // that the rows name
};
/// Twelve accounts, one rule each. `control_port` 0: the system picks one.
[[nodiscard]] DemoScript twelve_rules(std::uint16_t control_port);
/// One row of accounts.yaml at the simulated gateway.
[[nodiscard]] std::string demo_account(std::int64_t account, const std::string& more = "");

class DemoWorld {
public:
  /// Errors: whatever keeps gateway or daemon from starting.
  [[nodiscard]] static model::Result<std::unique_ptr<DemoWorld>> make(const DemoScript& script);
  ~DemoWorld();
  DemoWorld(const DemoWorld&) = delete;
  DemoWorld& operator=(const DemoWorld&) = delete;

  [[nodiscard]] simulator::SimulatedGateway& gateway() noexcept { return gateway_; }
  [[nodiscard]] actors::Runtime& daemon() noexcept { return *daemon_; }
  [[nodiscard]] const std::filesystem::path& directory() const noexcept { return directory_; }
  [[nodiscard]] const std::string& gateway_url() const noexcept { return gateway_url_; }
  [[nodiscard]] const std::string& zone() const noexcept { return zone_; }

private:
  DemoWorld(std::filesystem::path directory, simulator::SimulatorOptions options);
  [[nodiscard]] model::Result<void> start(const DemoScript& script);
  [[nodiscard]] model::Result<void> write_config(const DemoScript& script) const;

  std::filesystem::path directory_;
  simulator::SimulatedGateway gateway_;
  std::unique_ptr<actors::Runtime> daemon_;
  std::string gateway_url_;
  std::string zone_;
};

} // namespace bulkhead::cli
