#include "bench/world.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace bulkhead::bench {
namespace {

using model::Errc;
using model::Error;
using namespace std::chrono_literals;

constexpr MonotonicNanos breathes_every = 5'000'000'000;
constexpr MonotonicNanos breathes_for = 50'000'000;
constexpr auto start_takes_at_most = 90s;
constexpr MonotonicNanos rest_after_start = 700'000'000; // no byte from anybody for so long

} // namespace

World::World(const Options& options, Directory directory)
    : options_(options), directory_(std::move(directory)) {}

World::~World() {
  daemons_.clear();
  stub_.reset(); // the peers end with their connections
}

model::Result<std::unique_ptr<World>> World::make(const Options& options, std::size_t credentials) {
  auto directory = Directory::make(options.keep);
  if (!directory) return directory.error();
  std::unique_ptr<World> world(new World(options, std::move(*directory)));
  if (auto started = world->start(credentials); !started) {
    return world->with_daemon_words(started.error());
  }
  return world;
}

model::Result<void> World::start(std::size_t credentials) {
  const auto identity = simulator::make_server_identity();
  if (!identity) return identity.error();
  if (auto done = simulator::write_text(directory() / "ca.pem", identity->ca_certificate); !done) return done;
  auto stub = StubGateway::open(*identity);
  if (!stub) return stub.error();
  stub_ = std::move(*stub);
  if (auto started = options_.peers ? start_peers() : model::Result<void>{}; !started) return started;
  for (const auto variant : options_.others) {
    if (auto started = start_daemon(variant, credentials_of_others); !started) return started;
    hold(variant);
  }
  return start_daemon(Variant::daemon, credentials);
}

template <class Condition>
model::Result<void> World::wait_for(const char* what, Condition condition) {
  const auto give_up = std::chrono::steady_clock::now() + start_takes_at_most;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > give_up)
      return Error{Errc::timeout, fmt::format("{} within {} s", what, start_takes_at_most.count())};
    stub_->turn(1ms);
    keep_alive();
  }
  return {};
}

model::Result<void> World::start_peer(Variant variant, std::vector<std::string> program) {
  const auto number = static_cast<std::int64_t>(accounts_.size()) + 1;
  auto& account = stub_->add_account(number, std::string(to_string(variant)));
  const auto port = variant == Variant::floor ? stub_->ports().plain : stub_->ports().tls;
  const auto ca_file = (directory() / "ca.pem").string();
  program.insert(program.end(), {std::to_string(port), std::to_string(account.id), account.token, ca_file});
  auto started = ChildProcess::start({std::move(program), directory() / "peers.log", options_.peer_core});
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
    const auto ca = "NODE_EXTRA_CA_CERTS=" + (directory() / "ca.pem").string();
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

model::Result<void> World::start_daemon(Variant variant, std::size_t credentials) {
  std::vector<const StubAccount*> watched;
  for (std::size_t i = 0; i < credentials; ++i, ++last_watched_)
    watched.push_back(&stub_->add_account(last_watched_, fmt::format("bench{}", last_watched_)));
  auto& daemon =
      daemons_
          .try_emplace(variant, variant, directory() / std::string(to_string(variant)), std::move(watched))
          .first->second;
  if (auto started = daemon.start(options_, stub_->ports().tls); !started) return started;
  if (auto waited = wait_for("the daemon did not subscribe and read every account",
                             [&] { return daemon.process().ended() || daemon.ready(); });
      !waited) {
    return waited;
  }
  if (auto waited = wait_for("the daemon did not come to rest",
                             [&] {
                               return daemon.process().ended() ||
                                      protocol::monotonic_now() - stub_->heard_at() > rest_after_start;
                             });
      !waited) {
    return waited;
  }
  if (daemon.process().ended()) return Error{Errc::io, "the daemon ended instead of starting"};
  return {};
}

void World::hold(Variant variant) {
  measured(variant).process().hold();
  held_.insert(variant);
}

void World::let_go(Variant variant) {
  measured(variant).process().let_go();
  held_.erase(variant);
}

void World::keep_alive() {
  stub_->keep_alive();
  const auto now = protocol::monotonic_now();
  if (held_.empty() || now - breathed_at_ < breathes_every) return;
  breathed_at_ = now;
  for (const auto variant : held_) measured(variant).process().let_go();
  while (protocol::monotonic_now() < now + breathes_for) stub_->turn(1ms);
  for (const auto variant : held_) measured(variant).process().hold();
}

model::Result<std::uint16_t> World::control_port() const {
  constexpr std::string_view name = "control_port=";
  const auto text = measured(Variant::daemon).words();
  const auto at = text.find(name);
  std::uint16_t port = 0;
  if (at != std::string::npos)
    std::from_chars(text.data() + at + name.size(), text.data() + text.size(), port);
  if (port == 0) return Error{Errc::malformed, "the daemon did not say where its control port is"};
  return port;
}

model::Error World::with_daemon_words(const model::Error& error) const {
  const auto last_started =
      daemons_.find(Variant::daemon) != daemons_.end() ? daemons_.find(Variant::daemon) : daemons_.begin();
  const auto text = last_started == daemons_.end() ? std::string{} : last_started->second.words();
  if (text.empty()) return error;
  constexpr std::size_t longest = 2000;
  const auto last = text.size() > longest ? text.substr(text.size() - longest) : text;
  return {error.code(), fmt::format("{}\nThe daemon's last words:\n{}", error.message(), last)};
}

} // namespace bulkhead::bench
