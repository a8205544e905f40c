// What an account costs in memory: the anonymous resident memory and the heap of one real daemon with 1, 10,
// 100 and 1,000 accounts at rest, each with an open position and a quote, minus what its connections cost. A
// connection's cost is measured beside it: a process that holds nothing but so many of the daemon's own warm
// TLS connections.

#include "bench/fleet.hpp"
#include "bench/results.hpp"
#include "protocol/net/io_thread.hpp"
#include "protocol/net/rest_transport.hpp"

#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <iostream>
#include <thread>

namespace {

using namespace bulkhead;
using namespace bulkhead::bench;
using namespace std::chrono_literals;

constexpr double target_kib = 64;
constexpr std::size_t few_connections = 16, many_connections = 272, per_lane = 16;
constexpr const char* debugger = "/usr/bin/gdb";
constexpr const char* risk_yaml =
    "rules:\n  max_contracts: { limit: 5 }\n"
    "  daily_realized_loss: { limit: 1000, include_unrealized: true }\n"
    "  daily_unrealized_loss: { scope: total, loss_limit: 300, action: CLOSE_ALL_POSITIONS }\n"
    "  trade_frequency_limit: { limits: { per_minute: 30 } }\n";

struct Size {
  std::size_t users;
  std::size_t accounts; // of each
};
struct Taken {
  std::size_t accounts = 0, users = 0, connections = 0;
  double rss_kib = 0;
  double heap_kib = 0; // 0: no debugger here
};

double rss_anon_kib(pid_t process) {
  std::ifstream status(fmt::format("/proc/{}/status", process));
  constexpr std::string_view name = "RssAnon:";
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name)) return std::strtod(line.c_str() + name.size(), nullptr);
  }
  return 0;
}

/// What glibc says is in use, in the daemon's own words, which a debugger makes it say.
double heap_kib(Fleet& fleet) {
  if (!std::filesystem::exists(debugger)) return 0;
  const auto output = fleet.directory() / "debugger.log";
  auto gdb = ChildProcess::start({{debugger, "-p", std::to_string(fleet.daemon().pid()), "-batch", "-nx",
                                   "-ex", "call (void)malloc_stats()"},
                                  output});
  if (!gdb) return 0;
  if (!fleet.serve_until("the debugger", 60s, false, [&] { return gdb->ended(); })) return 0;
  const auto words = fleet.daemon_words();
  constexpr std::string_view name = "in use bytes     =";
  const auto at = words.rfind(name); // of the total, which comes last
  return at == std::string::npos ? 0 : std::strtod(words.c_str() + at + name.size(), nullptr) / 1024;
}

/// The child: holds COUNT warm connections until it is ended.
int hold_connections(std::uint16_t port, std::size_t count, const char* ca_file) {
  auto tls = protocol::net::make_tls_context(ca_file);
  if (!tls) return malfunction("memory_bench", tls.error());
  protocol::net::IoThread io("bench-io", [](std::string_view) {});
  protocol::net::BeastRestTransport rest(io.context(), {true, "127.0.0.1", port, "/"}, *tls,
                                         {.max_connections = 2 * count, .max_per_lane = per_lane});
  for (std::size_t i = 0; i < count / per_lane; ++i)
    rest.set_lane_width({static_cast<std::int64_t>(i) + 1}, per_lane);
  for (;;) std::this_thread::sleep_for(1s);
}

/// KiB of a process that holds so many connections.
model::Result<double> held(Fleet& fleet, std::size_t count) {
  fleet.serve_for(500ms); // who was here before is gone now
  const auto before = fleet.stub().connections();
  const auto self = std::filesystem::read_symlink("/proc/self/exe").string();
  auto child = ChildProcess::start({{self, "hold-connections", std::to_string(fleet.stub().ports().tls),
                                     std::to_string(count), (fleet.directory() / "ca.pem").string()},
                                    fleet.directory() / "holder.log"});
  if (!child) return child.error();
  auto waited = fleet.serve_until("the connections", 30s, false,
                                  [&] { return fleet.stub().connections() >= before + count; });
  if (!waited) return waited.error();
  fleet.serve_for(500ms);
  return rss_anon_kib(child->pid());
}

model::Result<Taken> take(const RunOptions& options, const Size& size, double* connection_kib) {
  auto fleet = Fleet::make(options, {.users = size.users, .accounts = size.accounts, .risk_yaml = risk_yaml});
  if (!fleet) return fleet.error();
  for (const auto* account : (*fleet)->accounts()) {
    if (!(*fleet)->stub().tell_position(*account, 1)) return model::Error{model::Errc::io, "a hub is gone"};
    (*fleet)->stub().turn(0ms);
  }
  (*fleet)->serve_for(2s);
  for (const auto* account : (*fleet)->accounts()) {
    if (account->owner == account)
      (void)(*fleet)->stub().push_market(*account, StubGateway::quote_frame(24873.25));
  }
  (*fleet)->serve_for(options.quick ? 3s : 6s); // a commit of the store included
  Taken out{(*fleet)->accounts().size(), size.users, (*fleet)->stub().connections(),
            rss_anon_kib((*fleet)->daemon().pid()), 0};
  out.heap_kib = heap_kib(**fleet);
  if (connection_kib == nullptr) return out;
  const auto few = held(**fleet, few_connections);
  const auto many = few ? held(**fleet, many_connections) : few;
  if (!many) return many.error();
  *connection_kib = (*many - *few) / static_cast<double>(many_connections - few_connections);
  return out;
}

model::Result<void> measure(const RunOptions& options, Results& results) {
  std::vector<Size> sizes{{1, 1}, {1, 10}, {4, 25}};
  sizes.push_back(options.quick ? Size{10, 30} : Size{25, 40});
  double connection_kib = 0;
  std::vector<Taken> all;
  for (const auto& size : sizes) {
    const auto taken = take(options, size, all.size() == 2 ? &connection_kib : nullptr);
    if (!taken) return taken.error();
    all.push_back(*taken);
  }
  std::cout << fmt::format(
      "a warm TLS connection: {:.1f} KiB\n\n{:>8} {:>6} {:>12} {:>12} {:>16} {:>14} {:>16}\n", connection_kib,
      "accounts", "users", "connections", "RssAnon MiB", "connections MiB", "KiB/account", "malloc MiB");
  const auto& first = all.front();
  double last = 0;
  for (const auto& taken : all) {
    const auto more = static_cast<double>(taken.accounts - first.accounts);
    const auto connections = connection_kib * static_cast<double>(taken.connections - first.connections);
    last = more > 0 ? (taken.rss_kib - first.rss_kib - connections) / more : 0;
    std::cout << fmt::format("{:>8} {:>6} {:>12} {:>12.1f} {:>16.1f} {:>14.1f} {:>16.1f}\n", taken.accounts,
                             taken.users, taken.connections, taken.rss_kib / 1024,
                             connection_kib * static_cast<double>(taken.connections) / 1024, last,
                             taken.heap_kib / 1024);
    const auto accounts = fmt::format(R"("accounts":{},)", taken.accounts);
    results.figure("daemon", "rss_anon_kib", taken.rss_kib, 0, accounts);
    results.figure("daemon", "heap_kib", taken.heap_kib, 0, accounts);
    results.figure("daemon", "connections", static_cast<double>(taken.connections), 0, accounts);
    if (more > 0) results.figure("daemon", "kib_per_account", last, 0, accounts);
  }
  results.target(fmt::format("memory <= {:.0f} KiB per account at {}", target_kib, all.back().accounts),
                 last <= target_kib, fmt::format("{:.1f} KiB", last));
  return {};
}

constexpr const char* about =
    "memory of one daemon: RssAnon; per account what it is more than with one account, without the "
    "connections;\n"
    "an account at rest has one position, one quote, four rules; accounts of a user share its two hubs and "
    "up to 64\n"
    "request connections; malloc: what glibc counts as in use, never touched pages included (0: no gdb here)";

} // namespace

int main(int argc, char** argv) {
  if (argc == 5 && std::string_view(argv[1]) == "hold-connections")
    return hold_connections(static_cast<std::uint16_t>(std::stoi(argv[2])), std::stoul(argv[3]), argv[4]);
  const auto options = read_run_options(argc, argv, "memory_bench", about);
  if (!options) return 2;
  Results results(*options, "memory", about);
  if (auto pinned = stay_on_core(options->stub_core); !pinned)
    return malfunction("memory_bench", pinned.error());
  if (auto done = measure(*options, results); !done) return malfunction("memory_bench", done.error());
  return 0;
}
