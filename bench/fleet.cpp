#include "bench/fleet.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::bench {
namespace {

using model::Errc;
using model::Error;
using namespace std::chrono_literals;

constexpr std::int64_t first_account = 1000;
constexpr MonotonicNanos rest_after_start = 700'000'000; // no byte from anybody for so long

} // namespace

Fleet::Fleet(RunOptions options, FleetPlan plan, Directory directory)
    : options_(std::move(options)), plan_(std::move(plan)), directory_(std::move(directory)) {}

Fleet::~Fleet() {
  daemon_.reset();
  stub_.reset(); // the Beast client ends with its connection
}

model::Result<std::unique_ptr<Fleet>> Fleet::make(const RunOptions& options, const FleetPlan& plan) {
  auto directory = Directory::make(options.keep);
  if (!directory) return directory.error();
  std::unique_ptr<Fleet> fleet(new Fleet(options, plan, std::move(*directory)));
  if (auto started = fleet->start(); !started) return started.error();
  return fleet;
}

model::Result<void> Fleet::start() {
  const auto identity = simulator::make_server_identity();
  if (!identity) return identity.error();
  if (auto done = simulator::write_text(directory() / "ca.pem", identity->ca_certificate); !done) return done;
  auto stub = StubGateway::open(*identity);
  if (!stub) return stub.error();
  stub_ = std::move(*stub);
  for (std::size_t i = 0; i < plan_.users * plan_.accounts; ++i) {
    accounts_.push_back(&stub_->add_account(first_account + static_cast<std::int64_t>(i),
                                            fmt::format("bench{}", i / plan_.accounts)));
  }
  auto daemon = start_daemon({.program = options_.daemon,
                              .directory = directory(),
                              .ca = directory() / "ca.pem",
                              .port = stub_->ports().tls,
                              .risk_yaml = plan_.risk_yaml,
                              .core = options_.peer_core},
                             accounts_);
  if (!daemon) return daemon.error();
  daemon_ = std::move(*daemon);
  if (auto beast = plan_.beast ? start_beast() : model::Result<void>{}; !beast) return beast;
  const auto ready = [](const auto* account) { return account->owner->ready && account->fill_reads > 0; };
  const auto waited = serve_until("the daemon did not subscribe and read every account", 300s, false,
                                  [&] { return std::all_of(accounts_.begin(), accounts_.end(), ready); });
  if (!waited) return waited;
  return serve_until("the daemon did not come to rest", 60s, false,
                     [&] { return protocol::monotonic_now() - stub_->heard_at() > rest_after_start; });
}

model::Result<void> Fleet::start_beast() {
  beast_ = &stub_->add_account(1, "beast");
  const auto self = std::filesystem::read_symlink("/proc/self/exe").string();
  auto started =
      ChildProcess::start({{self, "peer-beast", std::to_string(stub_->ports().tls),
                            std::to_string(beast_->id), beast_->token, (directory() / "ca.pem").string()},
                           directory() / "peers.log",
                           options_.peer_core});
  if (!started) return started.error();
  beast_process_ = std::make_unique<ChildProcess>(std::move(*started));
  return serve_until("the Beast client did not connect", 30s, false, [&] { return beast_->ready; });
}

void Fleet::serve_for(std::chrono::milliseconds span) {
  const auto until = std::chrono::steady_clock::now() + span;
  while (std::chrono::steady_clock::now() < until) {
    stub_->turn(1ms);
    stub_->keep_alive();
  }
}

model::Error Fleet::late(std::string_view what) const {
  constexpr std::size_t longest = 2000;
  const auto text = daemon_words();
  return {Errc::timeout, fmt::format("{}; the daemon's last words:\n{}", what,
                                     text.size() > longest ? text.substr(text.size() - longest) : text)};
}

} // namespace bulkhead::bench
