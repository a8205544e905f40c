#include "cli/demo_world.hpp"

#include "actors/logs.hpp"
#include "cli/config_loader.hpp"

#include <cstdlib>
#include <fmt/format.h>
#include <fstream>

namespace bulkhead::cli {
namespace {

constexpr const char* accounts_yaml =
    R"(# Written by `bulkhead demo`: three accounts at the simulated gateway.
accounts:
  - {{ account_id: 101, username: trader1, api_key: demo-key, nickname: "50K combine" }}
  - {{ account_id: 102, username: trader1, api_key: demo-key, nickname: "XFA 50K" }}
  - {{ account_id: 103, username: trader1, api_key: demo-key, nickname: "practice" }}
api:
  base_url: "{0}"
  user_hub: "{0}/hubs/user"
  market_hub: "{0}/hubs/market"
  ca_file: "{1}"
)";

constexpr const char* risk_yaml = R"(# Written by `bulkhead demo`: one rule for each account to breach.
daily_reset: {{ time: "17:00", timezone: "America/Chicago" }}
rules:
  max_contracts:
    {{ accounts: [101], limit: 5, count_type: net, close_all: true, lockout_on_breach: true }}
  max_contracts_per_instrument:
    {{ accounts: [102], limits: {{ MNQ: 2, ES: 2 }}, enforcement: close_all, lockout_on_breach: true }}
  daily_realized_loss:
    {{ accounts: [103], limit: -500, pnl_basis: net, warn_at: [70, 90] }}
control: {{ host: "127.0.0.1", port: {0} }}
)";

model::Result<void> write(const std::filesystem::path& file, const std::string& text) {
  std::ofstream out(file);
  out << text;
  out.close();
  if (!out) return model::Error{model::Errc::io, fmt::format("cannot write {}", file.string())};
  std::filesystem::permissions(file,
                               std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  return {};
}

model::Result<std::filesystem::path> make_directory() {
  std::string pattern = (std::filesystem::temp_directory_path() / "bulkhead-demo-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) {
    return model::Error{model::Errc::io, fmt::format("cannot make a directory like {}", pattern)};
  }
  return std::filesystem::path(pattern);
}

model::Error first_error(const model::Problems& problems) {
  for (const auto& problem : problems) {
    if (problem.severity == model::Problem::Severity::error)
      return {model::Errc::malformed, to_string(problem)};
  }
  return {model::Errc::malformed, "the demo's configuration is refused"};
}

} // namespace

DemoWorld::DemoWorld(std::filesystem::path directory, simulator::SimulatorOptions options)
    : directory_(std::move(directory)), gateway_(std::move(options)) {}

DemoWorld::~DemoWorld() {
  if (daemon_) daemon_->stop();
  daemon_.reset();
  gateway_.stop();
  std::error_code ignored; // a temporary directory that stays is no failure of the demo
  std::filesystem::remove_all(directory_, ignored);
}

model::Result<std::unique_ptr<DemoWorld>> DemoWorld::make(std::uint16_t control_port) {
  auto directory = make_directory();
  if (!directory) return directory.error();
  simulator::SimulatorOptions options;
  options.tls = true;
  options.ca_out = *directory / "ca.pem";
  std::unique_ptr<DemoWorld> world(new DemoWorld(*directory, std::move(options)));
  if (auto started = world->start(control_port); !started) return started.error();
  return world;
}

model::Result<void> DemoWorld::start(std::uint16_t control_port) {
  const auto ports = gateway_.start();
  if (!ports) return ports.error();
  gateway_url_ = fmt::format("https://127.0.0.1:{}", ports->port);
  const auto config_dir = directory_ / "config";
  std::filesystem::create_directories(config_dir);
  const auto ca_file = (directory_ / "ca.pem").string();
  if (auto done = write(config_dir / "accounts.yaml",
                        fmt::format(fmt::runtime(accounts_yaml), gateway_url_, ca_file));
      !done) {
    return done.error();
  }
  if (auto done = write(config_dir / "risk_config.yaml", fmt::format(fmt::runtime(risk_yaml), control_port));
      !done) {
    return done.error();
  }
  auto loaded = load_config(config_dir, process_environment());
  if (has_errors(loaded.problems)) return first_error(loaded.problems);
  zone_ = loaded.config.reset.zone();
  auto logs = actors::make_logs(loaded.config.logging, directory_ / "data", false);
  if (!logs) return logs.error();
  model::Problems repeated;
  auto rules = rules::make_rule_set(loaded.config, repeated);
  auto runtime = actors::Runtime::start({std::move(loaded.config), std::move(rules), directory_ / "data",
                                         *logs, actors::SchedulerKind::asio, nullptr});
  if (!runtime) return runtime.error();
  daemon_ = std::move(*runtime);
  return {};
}

} // namespace bulkhead::cli
