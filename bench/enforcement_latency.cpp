// From the gateway's breach event to the last byte of the close request, for the daemon and for what it is
// compared with. The driver is the gateway; started with a peer's name, this program is that peer.

#include "bench/peers/peers.hpp"
#include "bench/report.hpp"
#include "bench/sampler.hpp"

#include <charconv>
#include <csignal>
#include <iostream>
#include <string_view>

namespace {

using namespace bulkhead::bench;
namespace model = bulkhead::model;

constexpr int exit_malfunction = 1, exit_usage = 2;

/// PEER PORT ACCOUNT TOKEN CA_FILE, as World starts it.
int run_peer(std::string_view name, char** words) {
  PeerArguments arguments;
  arguments.port = static_cast<std::uint16_t>(std::stoi(words[0]));
  arguments.account = std::stoll(words[1]);
  arguments.token = words[2];
  arguments.ca_file = words[3];
  return name == "peer-floor" ? run_floor_peer(arguments) : run_beast_peer(arguments);
}

/// They are looked at between rounds, so that children and temporary files are always cleared away.
void hold_back_signals() {
  sigset_t held;
  sigemptyset(&held);
  sigaddset(&held, SIGINT);
  sigaddset(&held, SIGTERM);
  sigprocmask(SIG_BLOCK, &held, nullptr);
}

std::string now_text() {
  return model::format_instant(
      std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()));
}

model::Result<void> measure(const Options& options) {
  const auto credentials = Sampler::credentials_needed(options);
  if (auto pinned = stay_on_core(options.stub_core); !pinned) return pinned;
  auto world = World::make(options, credentials);
  if (!world) return world.error();
  Samples samples;
  RunFacts facts{now_text(), read_load(), {}, 0};
  const auto began = std::chrono::steady_clock::now();
  Sampler sampler(**world, options);
  if (auto done = sampler.run(samples); !done) return (*world)->with_daemon_words(done.error());
  facts.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  facts.after = read_load();
  std::cout << report_text(samples, facts, options);
  if (options.keep) std::cout << "configuration and logs: " << (*world)->directory().string() << '\n';
  std::cout << "JSON lines: " << options.out.string() << '\n';
  if (auto written = append_json(samples, facts, options); !written) return written;
  if (!is_valid(samples)) return model::Error{model::Errc::rejected, "the run is void"};
  return {};
}

} // namespace

int main(int argc, char** argv) {
  const std::string_view first = argc > 1 ? argv[1] : "";
  if (argc == 6 && (first == "peer-floor" || first == "peer-beast")) return run_peer(first, argv + 2);
  const auto options = parse_options(argc, argv);
  if (!options) return exit_usage;
  if (options->help) return 0;
  hold_back_signals();
  if (const auto measured = measure(*options); !measured) {
    std::cerr << "enforcement_latency: " << measured.error().message() << '\n';
    return exit_malfunction;
  }
  return 0;
}
