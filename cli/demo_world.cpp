#include "cli/demo_world.hpp"

#include "actors/logs.hpp"
#include "cli/config_loader.hpp"

#include <cstdlib>
#include <fmt/format.h>
#include <fstream>

namespace bulkhead::cli {
namespace {

constexpr std::int64_t first_account = 101, last_account = 112;

constexpr const char* api_yaml = R"(api:
  base_url: "{0}"
  user_hub: "{0}/hubs/user"
  market_hub: "{0}/hubs/market"
  ca_file: "{1}"
)";

/// {0}: control port; {1}, {2}: a session that is not now, UTC.
constexpr const char* risk_yaml = R"(# Written by `bulkhead demo`: one rule for each account to breach.
daily_reset: {{ time: "17:00", timezone: "America/Chicago" }}
rules:
  max_contracts:
    {{ accounts: [101], limit: 5, count_type: net, close_all: true, lockout_on_breach: true }}
  max_contracts_per_instrument:
    {{ accounts: [102], limits: {{ MNQ: 2, ES: 2 }}, enforcement: close_all, lockout_on_breach: true }}
  daily_realized_loss:
    {{ accounts: [103], limit: -500, pnl_basis: net, warn_at: [70, 90] }}
  daily_unrealized_loss:
    {{ accounts: [104], scope: per_position, loss_limit: 300 }}
  max_unrealized_profit:
    {{ accounts: [105], mode: profit_target, scope: per_position, profit_target: 100 }}
  trade_frequency_limit:
    accounts: [106]
    limits: {{ per_minute: 2 }}
    cooldown_on_breach: {{ per_minute_breach: 3 }}
  cooldown_after_loss:
    accounts: [107]
    loss_thresholds: [{{ loss_amount: -100, cooldown_duration: 2 }}]
  no_stop_loss_grace:
    {{ accounts: [108], grace_period_seconds: 1, regrace_seconds: 1 }}
  session_block_outside:
    accounts: [109]
    global_session: {{ start: "{1}", end: "{2}", timezone: "UTC", days: [Mon, Tue, Wed, Thu, Fri, Sat, Sun] }}
    respect_holidays: false
  auth_loss_guard:
    accounts: [110]
  symbol_blocks:
    {{ accounts: [111], blocked_symbols: [ES], close_existing: true }}
  trade_management:
    enabled: true
    accounts: [112]
    auto_breakeven: {{ enabled: true, profit_trigger_ticks: 8 }}
    trailing_stop: {{ enabled: false }}
control: {{ host: "127.0.0.1", port: {0} }}
)";

std::string risk_yaml_now(std::uint16_t control_port) {
  const auto now = std::chrono::system_clock::now();
  const auto clock_time = [&](std::chrono::hours from_now) {
    return model::format_instant(std::chrono::floor<model::Duration>(now + from_now)).substr(11, 5);
  };
  return fmt::format(fmt::runtime(risk_yaml), control_port, clock_time(std::chrono::hours{2}),
                     clock_time(std::chrono::hours{3}));
}

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

std::string demo_account(std::int64_t account, const std::string& more) {
  return fmt::format("  - {{ account_id: {}, username: trader1, api_key: demo-key{} }}\n", account, more);
}

DemoScript twelve_rules(std::uint16_t control_port) {
  DemoScript script;
  for (auto account = first_account; account <= last_account; ++account) {
    script.accounts.push_back(account);
    script.watched += demo_account(account);
  }
  script.rules = risk_yaml_now(control_port);
  return script;
}

DemoWorld::DemoWorld(std::filesystem::path directory, simulator::SimulatorOptions options)
    : directory_(std::move(directory)), gateway_(std::move(options)) {}

DemoWorld::~DemoWorld() {
  if (daemon_) daemon_->stop();
  daemon_.reset();
  gateway_.stop();
  std::error_code ignored; // a temporary directory that stays is no failure of the demo
  std::filesystem::remove_all(directory_, ignored);
}

model::Result<std::unique_ptr<DemoWorld>> DemoWorld::make(const DemoScript& script) {
  auto directory = make_directory();
  if (!directory) return directory.error();
  simulator::SimulatorOptions options;
  options.tls = true;
  options.ca_out = *directory / "ca.pem";
  options.balance = script.balance;
  options.users = {{"trader1", "demo-key", script.accounts}};
  std::unique_ptr<DemoWorld> world(new DemoWorld(*directory, std::move(options)));
  if (auto started = world->start(script); !started) return started.error();
  return world;
}

model::Result<void> DemoWorld::write_config(const DemoScript& script) const {
  const auto config_dir = directory_ / "config";
  std::filesystem::create_directories(config_dir / "profiles");
  const auto api = fmt::format(fmt::runtime(api_yaml), gateway_url_, (directory_ / "ca.pem").string());
  auto written = write(config_dir / "accounts.yaml",
                       "# Written by `bulkhead demo`: accounts at the simulated gateway.\naccounts:\n" +
                           script.watched + api);
  if (written) written = write(config_dir / "risk_config.yaml", script.rules);
  if (!written || !script.profile) return written;
  std::error_code failure;
  std::filesystem::copy_file(*script.profile, config_dir / "profiles" / script.profile->filename(), failure);
  if (failure) return model::Error{model::Errc::io, fmt::format("cannot copy {}", script.profile->string())};
  return {};
}

model::Result<void> DemoWorld::start(const DemoScript& script) {
  const auto ports = gateway_.start();
  if (!ports) return ports.error();
  gateway_url_ = fmt::format("https://127.0.0.1:{}", ports->port);
  if (auto written = write_config(script); !written) return written.error();
  auto loaded = load_config(directory_ / "config", process_environment());
  if (has_errors(loaded.problems)) return first_error(loaded.problems);
  zone_ = loaded.config.reset.zone();
  auto logs = actors::make_logs(loaded.config.logging, directory_ / "data", false);
  if (!logs) return logs.error();
  auto runtime = actors::Runtime::start(
      {std::move(loaded.config), directory_ / "data", *logs, actors::SchedulerKind::asio, nullptr, nullptr});
  if (!runtime) return runtime.error();
  daemon_ = std::move(*runtime);
  return {};
}

} // namespace bulkhead::cli
