#include "bench/daemon_process.hpp"

#include "simulator/certificates.hpp"

#include <fmt/format.h>
#include <fstream>
#include <iterator>

namespace bulkhead::bench {
namespace {

model::Result<void> write_config(const DaemonSetup& setup, const std::vector<const StubAccount*>& watched) {
  std::string accounts = "accounts:\n";
  for (const auto* account : watched) {
    accounts +=
        fmt::format("  - {{ account_id: {}, username: {}, api_key: bench }}\n", account->id, account->user);
  }
  accounts += fmt::format("api:\n  base_url: \"https://127.0.0.1:{0}\"\n"
                          "  user_hub: \"https://127.0.0.1:{0}/hubs/user\"\n"
                          "  market_hub: \"https://127.0.0.1:{0}/hubs/market\"\n  ca_file: \"{1}\"\n",
                          setup.port, setup.ca.string());
  const auto config = setup.directory / "config";
  std::filesystem::create_directories(config);
  if (auto done = simulator::write_text(config / "accounts.yaml", accounts); !done) return done;
  std::filesystem::permissions(config / "accounts.yaml",
                               std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  return simulator::write_text(config / "risk_config.yaml",
                               "daily_reset: { time: \"17:00\", timezone: \"America/Chicago\" }\n" +
                                   setup.risk_yaml + "control: { host: \"127.0.0.1\", port: 0 }\n");
}

} // namespace

model::Result<std::unique_ptr<ChildProcess>> start_daemon(const DaemonSetup& setup,
                                                          const std::vector<const StubAccount*>& watched) {
  if (auto written = write_config(setup, watched); !written) return written.error();
  std::vector<std::string> command{setup.program.string(),
                                   "run",
                                   "--config",
                                   (setup.directory / "config").string(),
                                   "--data",
                                   (setup.directory / "data").string()};
  command.insert(command.end(), setup.options.begin(), setup.options.end());
  auto started = ChildProcess::start({std::move(command), setup.directory / "daemon.log", setup.core});
  if (!started) return started.error();
  return std::make_unique<ChildProcess>(std::move(*started));
}

std::string words_of_daemon(const std::filesystem::path& directory) {
  std::ifstream in(directory / "daemon.log");
  return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace bulkhead::bench
