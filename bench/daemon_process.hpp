#pragma once
// The daemon as every benchmark starts it: its configuration at the stub gateway, its data and its log in a
// directory of its own. The driver's only thread.

#include "bench/child_process.hpp"
#include "bench/stub/stub_gateway.hpp"

#include <memory>
#include <vector>

namespace bulkhead::bench {

struct DaemonSetup {
  std::filesystem::path program;
  std::filesystem::path directory; // config/, data/ and daemon.log go there
  std::filesystem::path ca;        // of the stub
  std::uint16_t port = 0;          // of the stub, TLS
  std::string risk_yaml;           // rules; the reset and the control port are added
  std::vector<std::string> options = {};
  int core = -1;
};

/// Writes the configuration and starts the process. Errors: io.
[[nodiscard]] model::Result<std::unique_ptr<ChildProcess>>
start_daemon(const DaemonSetup& setup, const std::vector<const StubAccount*>& watched);
/// Everything the daemon has said.
[[nodiscard]] std::string words_of_daemon(const std::filesystem::path& directory);

} // namespace bulkhead::bench
