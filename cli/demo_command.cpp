#include "cli/demo_command.hpp"

#include "cli/config_loader.hpp"
#include "cli/demo_acts.hpp"
#include "cli/demo_firm.hpp"
#include "cli/demo_play.hpp"
#include "cli/demo_world.hpp"
#include "cli/exit_codes.hpp"
#include "cli/signals.hpp"
#include "cli/status_command.hpp"

#include <fmt/format.h>
#include <iostream>
#include <optional>

namespace bulkhead::cli {
namespace {

using namespace std::chrono_literals;

constexpr std::uint16_t default_control_port = 4750;

void hold(const std::filesystem::path& data_dir) {
  std::cout << "\nholding: build/release/bulkhead status --data " << data_dir.string()
            << " works from another terminal; Ctrl-C ends it\n"
            << std::flush;
  while (wait_for_signal(1s) != Signal::terminate) {
  }
}

int fail(const model::Error& error) {
  std::cerr << error.message() << '\n';
  return exit_failed;
}

bool perform_acts(DemoPlay& play) {
  const auto acts = demo_acts();
  std::vector<model::AccountId> accounts;
  for (const auto& act : acts) accounts.push_back(act.account);
  if (!play.wait_until_ready(accounts)) return false;
  set_opening_quotes(play);
  bool good = true;
  for (const auto& act : acts) good = act.perform(play) && good;
  return good;
}

} // namespace

int demo_command(const DemoCommand& command) {
  block_signals();
  if (!time_zones_present()) {
    std::cerr << "no time zone database on this machine: install the package tzdata\n";
    return exit_failed;
  }
  const std::uint16_t port = command.hold ? default_control_port : 0;
  std::optional<FirmDay> day;
  if (!command.profile.empty()) {
    auto found = FirmDay::find(command.profile);
    if (!found) return fail(found.error());
    day = *found;
  }
  auto world = DemoWorld::make(day ? day->script(port) : twelve_rules(port));
  if (!world) return fail(world.error());
  DemoPlay play(**world);
  const bool good = day ? day->perform(play) : perform_acts(play);
  NodeOptions node;
  node.node = fmt::format("127.0.0.1:{}", (*world)->daemon().control_port());
  node.data_dir = (*world)->directory() / "data";
  const bool answered = status_command(node, std::cout) == exit_ok;
  std::cout << (!good ? "\nFAILED: see above\n"
                : day ? "\nthe account survived the day\n"
                      : "\nevery account ended as its rules demand\n");
  if (command.hold) hold(node.data_dir);
  (*world)->daemon().stop(); // before the timeline it reports to is gone
  return good && answered ? exit_ok : exit_failed;
}

} // namespace bulkhead::cli
