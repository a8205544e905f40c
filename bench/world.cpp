#include "bench/world.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <iterator>

namespace bulkhead::bench {
namespace {

using model::Errc;
using model::Error;
using namespace std::chrono_literals;

constexpr std::int64_t first_watched = 1000;
constexpr auto start_takes_at_most = 90s;
constexpr MonotonicNanos rest_after_start = 700'000'000; // no byte from anybody for so long

} // namespace

World::World(const Options& options, std::filesystem::path directory)
    : options_(options), directory_(std::move(directory)) {}

World::~World() {
  daemon_.reset();
  stub_.reset(); // the peers end with their connections
  peers_.clear();
  std::error_code ignored; // a directory that stays is no failure of the measurement
  if (!options_.keep) std::filesystem::remove_all(directory_, ignored);
}

model::Result<std::unique_ptr<World>> World::make(const Options& options, std::size_t credentials) {
  std::string pattern = (std::filesystem::temp_directory_path() / "bulkhead-bench-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) return Error{Errc::io, "cannot make a temporary directory"};
  std::unique_ptr<World> world(new World(options, pattern));
  if (auto started = world->start(credentials); !started) {
    return world->with_daemon_words(started.error());
  }
  return world;
}

model::Result<void> World::start(std::size_t credentials) {
  const auto identity = simulator::make_server_identity();
  if (!identity) return identity.error();
  if (auto done = simulator::write_text(directory_ / "ca.pem", identity->ca_certificate); !done) return done;
  auto stub = StubGateway::open(*identity);
  if (!stub) return stub.error();
  stub_ = std::move(*stub);
  for (std::size_t i = 0; i < credentials; ++i) {
    watched_.push_back(
        &stub_->add_account(first_watched + static_cast<std::int64_t>(i), fmt::format("bench{}", i)));
  }
  if (auto started = options_.peers ? start_peers() : model::Result<void>{}; !started) return started;
  if (auto written = write_config(); !written) return written;
  return start_daemon();
}

template <class Condition>
model::Result<void> World::wait_for(const char* what, Condition condition) {
  const auto give_up = std::chrono::steady_clock::now() + start_takes_at_most;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > give_up)
      return Error{Errc::timeout, fmt::format("{} within {} s", what, start_takes_at_most.count())};
    stub_->turn(1ms);
    stub_->keep_alive();
  }
  return {};
}

model::Result<void> World::start_peer(Variant variant, std::vector<std::string> program) {
  const auto number = static_cast<std::int64_t>(accounts_.size()) + 1;
  auto& account = stub_->add_account(number, std::string(to_string(variant)));
  const auto port = variant == Variant::floor ? stub_->ports().plain : stub_->ports().tls;
  const auto ca_file = (directory_ / "ca.pem").string();
  program.insert(program.end(), {std::to_string(port), std::to_string(account.id), account.token, ca_file});
  auto started = ChildProcess::start({std::move(program), directory_ / "peers.log", options_.peer_core});
  if (!started) return started.error();
  peers_.push_back(std::move(*started));
  accounts_.emplace(variant, &account);
  return {};
}

model::Result<void> World::start_peers() {
  const auto self = std::filesystem::read_symlink("/proc/self/exe").string();
  if (auto floor = start_peer(Variant::floor, {self, "peer-floor"}); !floor) return floor;
  accounts_.emplace(Variant::null_floor, accounts_.at(Variant::floor));
  if (auto beast = start_peer(Variant::beast, {self, "peer-beast"}); !beast) return beast;
  if (!options_.scripts.empty()) {
    const auto python = options_.scripts / "python_client.py";
    if (auto done = start_peer(Variant::python, {"/usr/bin/python3", python}); !done) return done;
  }
  if (!options_.scripts.empty() && !options_.node_packages.empty()) {
    // The client library has no other way to be told of a CA or to be found outside the sources.
    const auto ca = "NODE_EXTRA_CA_CERTS=" + (directory_ / "ca.pem").string();
    const auto packages = "SIGNALR_PACKAGES=" + options_.node_packages.string();
    if (auto done = start_peer(Variant::node,
                               {"/usr/bin/env", ca, packages, "node", options_.scripts / "node_client.mjs"});
        !done)
      return done;
  }
  return wait_for("a peer did not connect", [&] {
    return std::all_of(accounts_.begin(), accounts_.end(),
                       [](const auto& entry) { return entry.second->ready; });
  });
}

model::Result<void> World::write_config() const {
  std::string accounts = "accounts:\n";
  for (const auto* account : watched_) {
    accounts +=
        fmt::format("  - {{ account_id: {}, username: {}, api_key: bench }}\n", account->id, account->user);
  }
  accounts += fmt::format("api:\n  base_url: \"https://127.0.0.1:{0}\"\n"
                          "  user_hub: \"https://127.0.0.1:{0}/hubs/user\"\n"
                          "  market_hub: \"https://127.0.0.1:{0}/hubs/market\"\n  ca_file: \"{1}\"\n",
                          stub_->ports().tls, (directory_ / "ca.pem").string());
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

model::Result<void> World::start_daemon() {
  auto daemon = ChildProcess::start(
      {{options_.daemon.string(), "run", "--config", (directory_ / "config").string(), "--data",
        (directory_ / "data").string(), "--keep-warm", std::to_string(options_.keep_warm)},
       directory_ / "daemon.log",
       options_.peer_core});
  if (!daemon) return daemon.error();
  daemon_ = std::make_unique<ChildProcess>(std::move(*daemon));
  const auto ready = [](const auto* account) { return account->ready && account->fill_reads > 0; };
  if (auto waited =
          wait_for("the daemon did not subscribe and read every account",
                   [&] { return daemon_->ended() || std::all_of(watched_.begin(), watched_.end(), ready); });
      !waited) {
    return waited;
  }
  if (auto waited = wait_for("the daemon did not come to rest",
                             [&] {
                               return daemon_->ended() ||
                                      protocol::monotonic_now() - stub_->heard_at() > rest_after_start;
                             });
      !waited) {
    return waited;
  }
  if (daemon_->ended()) return Error{Errc::io, "the daemon ended instead of starting"};
  return {};
}

std::string World::daemon_words() const {
  std::ifstream in(directory_ / "daemon.log");
  return {std::istreambuf_iterator<char>(in), {}};
}

model::Result<std::uint16_t> World::control_port() const {
  constexpr std::string_view name = "control_port=";
  const auto text = daemon_words();
  const auto at = text.find(name);
  std::uint16_t port = 0;
  if (at != std::string::npos)
    std::from_chars(text.data() + at + name.size(), text.data() + text.size(), port);
  if (port == 0) return Error{Errc::malformed, "the daemon did not say where its control port is"};
  return port;
}

model::Error World::with_daemon_words(const model::Error& error) const {
  const auto text = daemon_words();
  if (text.empty()) return error;
  constexpr std::size_t longest = 2000;
  const auto last = text.size() > longest ? text.substr(text.size() - longest) : text;
  return {error.code(), fmt::format("{}\nThe daemon's last words:\n{}", error.message(), last)};
}

} // namespace bulkhead::bench
