#include "bench/fleet.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <iterator>

namespace bulkhead::bench {
namespace {

using model::Errc;
using model::Error;
using namespace std::chrono_literals;

constexpr std::int64_t first_account = 1000;
constexpr MonotonicNanos rest_after_start = 700'000'000; // no byte from anybody for so long

} // namespace

Fleet::Fleet(const FleetPlan& plan, std::filesystem::path directory)
    : plan_(plan), directory_(std::move(directory)) {}

Fleet::~Fleet() {
  daemon_.reset();
  stub_.reset(); // the Beast client ends with its connection
  beast_process_.reset();
  std::error_code ignored; // a directory that stays is no failure of the measurement
  if (!plan_.keep) std::filesystem::remove_all(directory_, ignored);
}

model::Result<std::unique_ptr<Fleet>> Fleet::make(const FleetPlan& plan) {
  std::string pattern = (std::filesystem::temp_directory_path() / "bulkhead-bench-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) return Error{Errc::io, "cannot make a temporary directory"};
  std::unique_ptr<Fleet> fleet(new Fleet(plan, pattern));
  if (auto started = fleet->start(); !started) return started.error();
  return fleet;
}

model::Result<void> Fleet::start() {
  const auto identity = simulator::make_server_identity();
  if (!identity) return identity.error();
  if (auto done = simulator::write_text(directory_ / "ca.pem", identity->ca_certificate); !done) return done;
  auto stub = StubGateway::open(*identity);
  if (!stub) return stub.error();
  stub_ = std::move(*stub);
  for (std::size_t i = 0; i < plan_.users * plan_.accounts; ++i) {
    accounts_.push_back(&stub_->add_account(first_account + static_cast<std::int64_t>(i),
                                            fmt::format("bench{}", i / plan_.accounts)));
  }
  if (auto written = write_config(); !written) return written;
  auto daemon =
      ChildProcess::start({{plan_.daemon.string(), "run", "--config", (directory_ / "config").string(),
                            "--data", (directory_ / "data").string()},
                           directory_ / "daemon.log",
                           plan_.core});
  if (!daemon) return daemon.error();
  daemon_ = std::make_unique<ChildProcess>(std::move(*daemon));
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
                            std::to_string(beast_->id), beast_->token, (directory_ / "ca.pem").string()},
                           directory_ / "peers.log",
                           plan_.core});
  if (!started) return started.error();
  beast_process_ = std::make_unique<ChildProcess>(std::move(*started));
  return serve_until("the Beast client did not connect", 30s, false, [&] { return beast_->ready; });
}

model::Result<void> Fleet::write_config() const {
  std::string accounts = "accounts:\n";
  for (const auto* account : accounts_) {
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
                               "daily_reset: { time: \"17:00\", timezone: \"America/Chicago\" }\n" +
                                   plan_.risk_yaml + "control: { host: \"127.0.0.1\", port: 0 }\n");
}

void Fleet::serve_for(std::chrono::milliseconds span) {
  const auto until = std::chrono::steady_clock::now() + span;
  while (std::chrono::steady_clock::now() < until) {
    stub_->turn(1ms);
    stub_->keep_alive();
  }
}

std::string Fleet::daemon_words() const {
  std::ifstream in(directory_ / "daemon.log");
  return {std::istreambuf_iterator<char>(in), {}};
}

model::Error Fleet::late(std::string_view what) const {
  constexpr std::size_t longest = 2000;
  const auto text = daemon_words();
  return {Errc::timeout, fmt::format("{}; the daemon's last words:\n{}", what,
                                     text.size() > longest ? text.substr(text.size() - longest) : text)};
}

} // namespace bulkhead::bench
