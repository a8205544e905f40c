#pragma once
// Everything the demo runs on: a simulated gateway over TLS, a configuration written for it, and the real
// daemon started on both. Gone with the object, temporary files included.

#include "actors/runtime.hpp"
#include "simulator/simulated_gateway.hpp"

#include <filesystem>
#include <memory>

namespace bulkhead::cli {

class DemoWorld {
public:
  /// `control_port` 0: the system picks one. Errors: whatever keeps gateway or daemon from starting.
  [[nodiscard]] static model::Result<std::unique_ptr<DemoWorld>> make(std::uint16_t control_port);
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
  [[nodiscard]] model::Result<void> start(std::uint16_t control_port);

  std::filesystem::path directory_;
  simulator::SimulatedGateway gateway_;
  std::unique_ptr<actors::Runtime> daemon_;
  std::string gateway_url_;
  std::string zone_;
};

} // namespace bulkhead::cli
