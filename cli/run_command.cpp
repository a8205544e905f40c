#include "cli/run_command.hpp"

#include "actors/control.hpp"
#include "actors/logs.hpp"
#include "actors/runtime.hpp"
#include "cli/config_desk.hpp"
#include "cli/config_loader.hpp"
#include "cli/exit_codes.hpp"
#include "cli/last_words.hpp"
#include "cli/service_notify.hpp"
#include "cli/signals.hpp"
#include "cli/watchdog.hpp"

#include <algorithm>
#include <atomic>
#include <fmt/format.h>
#include <iostream>
#include <set>
#include <sys/resource.h>

namespace bulkhead::cli {
namespace {

using model::Alert;
using namespace std::chrono_literals;

constexpr auto tick = 500ms;
constexpr auto ready_is_announced_within =
    30s; // an unreachable gateway must not fail the start of the service

void print(const model::Problems& problems) {
  for (const auto& problem : problems) std::cerr << to_string(problem) << '\n';
}

/// Counts accounts that told "ready", for the service manager.
class Readiness {
public:
  explicit Readiness(std::size_t accounts) : accounts_(accounts) {}

  void on(const actors::Activity& activity) {
    const auto* alert = std::get_if<Alert>(&activity.what);
    if (alert != nullptr && alert->code == "ready") ++ready_;
  }
  /// Announces once, when all are ready or `elapsed` is long enough.
  void announce(std::chrono::milliseconds elapsed) {
    if (announced_ || (ready_ < accounts_ && elapsed < ready_is_announced_within)) return;
    announced_ = true;
    notify_service_manager(fmt::format("READY=1\nSTATUS={} of {} accounts ready", ready_.load(), accounts_));
  }

private:
  std::size_t accounts_;
  std::atomic<std::size_t> ready_{0};
  bool announced_ = false;
};

void reload(actors::Runtime& runtime, const std::filesystem::path& config_dir, const actors::Logs& logs,
            ControlConfigDesk& desk) {
  auto loaded = load_config(config_dir, process_environment());
  print(loaded.problems);
  if (has_errors(loaded.problems)) {
    logs.daemon(Alert::Severity::critical, "config-refused the running configuration stays");
    return desk.reloaded(loaded.problems);
  }
  if (const auto used = runtime.use_config(loaded.config); !used) {
    logs.daemon(Alert::Severity::critical, "config-refused " + used.error().message());
    loaded.problems.push_back(
        {model::Problem::Severity::error, "accounts.yaml", 0, "", "", used.error().message(), ""});
    return desk.reloaded(loaded.problems);
  }
  logs.daemon(Alert::Severity::info, "config-reloaded");
  desk.in_force(loaded.config);
  desk.reloaded(loaded.problems);
}

bool an_account_answers(actors::Runtime& runtime) {
  const auto status = runtime.status();
  return status && (status->accounts.empty() || std::any_of(status->accounts.begin(), status->accounts.end(),
                                                            [](const auto& one) { return one.responding; }));
}

/// As many as the system lets it have: connections to the gateway must not fail for want of them.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  (void)::setrlimit(RLIMIT_NOFILE, &limit);
}

void serve(actors::Runtime& runtime, Readiness& readiness, const RunCommand& command,
           const actors::Logs& logs, const std::atomic<bool>& gave_up, ControlConfigDesk& desk) {
  std::chrono::milliseconds elapsed{0};
  Watchdog watchdog([&runtime] { return an_account_answers(runtime); });
  while (!gave_up) {
    readiness.announce(elapsed);
    const Signal signal = wait_for_signal(tick);
    if (signal == Signal::terminate) return;
    if (signal == Signal::reload) reload(runtime, command.config_dir, logs, desk);
    if (signal == Signal::none) elapsed += tick;
    watchdog.tick();
  }
}

} // namespace

std::string_view version_text() {
  static const std::string text = fmt::format("bulkhead {}", actors::version());
  return text;
}

int run_command(const RunCommand& command) {
  leave_last_words();
  block_signals();
  raise_descriptor_limit();
  if (!time_zones_present()) {
    std::cerr << "no time zone database on this machine: install the package tzdata\n";
    return exit_failed;
  }
  auto loaded = load_config(command.config_dir, process_environment());
  print(loaded.problems);
  if (has_errors(loaded.problems)) return exit_invalid_config;
  const auto logs = actors::make_logs(loaded.config.logging, command.data_dir, true);
  if (!logs) {
    std::cerr << logs.error().message() << '\n';
    return exit_failed;
  }
  std::size_t accounts = 0;
  for (const auto& account : loaded.config.accounts) accounts += account.enabled ? 1 : 0;
  Readiness readiness(accounts);
  std::atomic<bool> gave_up{false};
  ControlConfigDesk desk(command.config_dir);
  desk.in_force(loaded.config);
  auto runtime = actors::Runtime::start({std::move(loaded.config), command.data_dir, *logs, command.scheduler,
                                         [&gave_up] { gave_up = true; },
                                         [&desk](const auto& request) { return desk.answer(request); },
                                         std::chrono::milliseconds{command.keep_warm_ms}, command.spin});
  if (!runtime) {
    std::cerr << runtime.error().message() << '\n';
    return exit_failed;
  }
  logs->daemon(Alert::Severity::info, fmt::format("started {} accounts={} control_port={}", version_text(),
                                                  accounts, (*runtime)->control_port()));
  (*runtime)->subscribe([&readiness](const actors::Activity& activity) { readiness.on(activity); });
  serve(**runtime, readiness, command, *logs, gave_up, desk);
  notify_service_manager("STOPPING=1");
  (*runtime)->stop();
  logs->daemon(Alert::Severity::info, "stopped");
  return gave_up ? exit_failed : exit_ok;
}

} // namespace bulkhead::cli
