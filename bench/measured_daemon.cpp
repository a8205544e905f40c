#include "bench/measured_daemon.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <iterator>

namespace bulkhead::bench {
namespace {

std::vector<std::string> way_of(Variant variant, const Options& options) {
  switch (variant) {
  case Variant::warm: return {"--keep-warm", std::to_string(options.keep_warm)};
  case Variant::spin: return {"--spin"};
  case Variant::sharing: return {"--scheduler", "sharing"};
  case Variant::floor:
  case Variant::beast:
  case Variant::null_floor:
  case Variant::daemon:
  case Variant::python:
  case Variant::node: break;
  }
  return {};
}

} // namespace

model::Result<void> MeasuredDaemon::start(const Options& options, std::uint16_t port) {
  std::filesystem::create_directories(directory_);
  if (auto written = write_config(port, directory_.parent_path() / "ca.pem"); !written) return written;
  std::vector<std::string> command{
      options.daemon.string(),          "run",    "--config",
      (directory_ / "config").string(), "--data", (directory_ / "data").string()};
  for (auto& word : way_of(variant_, options)) command.push_back(std::move(word));
  auto started = ChildProcess::start({std::move(command), log(), options.peer_core});
  if (!started) return started.error();
  process_ = std::make_unique<ChildProcess>(std::move(*started));
  return {};
}

bool MeasuredDaemon::ready() const {
  return std::all_of(watched_.begin(), watched_.end(),
                     [](const auto* account) { return account->ready && account->fill_reads > 0; });
}

std::string MeasuredDaemon::words() const {
  std::ifstream in(log());
  return {std::istreambuf_iterator<char>(in), {}};
}

model::Result<void> MeasuredDaemon::write_config(std::uint16_t port, const std::filesystem::path& ca) const {
  std::string accounts = "accounts:\n";
  for (const auto* account : watched_) {
    accounts +=
        fmt::format("  - {{ account_id: {}, username: {}, api_key: bench }}\n", account->id, account->user);
  }
  accounts += fmt::format("api:\n  base_url: \"https://127.0.0.1:{0}\"\n"
                          "  user_hub: \"https://127.0.0.1:{0}/hubs/user\"\n"
                          "  market_hub: \"https://127.0.0.1:{0}/hubs/market\"\n  ca_file: \"{1}\"\n",
                          port, ca.string());
  const auto config = directory_ / "config";
  std::filesystem::create_directories(config);
  if (auto done = simulator::write_text(config / "accounts.yaml", accounts); !done) return done;
  std::filesystem::permissions(config / "accounts.yaml",
                               std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  return simulator::write_text(config / "risk_config.yaml",
                               "daily_reset: { time: \"17:00\", timezone: \"America/Chicago\" }\n"
                               "rules:\n  max_contracts: { limit: 1, count_type: net, close_all: true }\n"
                               "control: { host: \"127.0.0.1\", port: 0 }\n");
}

} // namespace bulkhead::bench
