#pragma once
// Everything one run needs: the stub gateway, the floor and the Beast client as processes, the daemon as a
// process on a configuration written for it, and the temporary directory that goes with the object. The
// daemon gets one credential for every 45 samples, because its own request budget (200 in a minute for each
// credential) would otherwise throttle the measurement. Owned by the driver's only thread.

#include "bench/child_process.hpp"
#include "bench/options.hpp"
#include "bench/statistics.hpp"
#include "bench/stub/stub_gateway.hpp"

#include <map>
#include <vector>

namespace bulkhead::bench {

/// A close and the two reads that prove it: 45 times 3 requests, plus logging in, fit into the 160 a minute
/// that are not set aside for closes alone.
inline constexpr std::size_t samples_per_credential = 45;

class World {
public:
  /// `credentials`: how many the daemon watches. Returns when all variants are connected, the daemon
  /// has subscribed and read every account, and nobody has said anything for a while. Errors: io, timeout.
  [[nodiscard]] static model::Result<std::unique_ptr<World>> make(const Options& options,
                                                                  std::size_t credentials);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  [[nodiscard]] StubGateway& stub() noexcept { return *stub_; }
  /// What the daemon is compared with and could be started; the floor is also the null floor.
  [[nodiscard]] const StubAccount& peer(Variant variant) const { return *accounts_.at(variant); }
  [[nodiscard]] bool has(Variant variant) const {
    return variant == Variant::daemon || accounts_.contains(variant);
  }
  /// One for each credential, in the order of use.
  [[nodiscard]] const std::vector<const StubAccount*>& watched() const noexcept { return watched_; }
  [[nodiscard]] const ChildProcess& daemon() const noexcept { return *daemon_; }
  /// Where its control port listens. Errors: malformed, when its log does not say.
  [[nodiscard]] model::Result<std::uint16_t> control_port() const;
  /// The error, followed by what the daemon wrote last.
  [[nodiscard]] model::Error with_daemon_words(const model::Error& error) const;
  [[nodiscard]] const std::filesystem::path& directory() const noexcept { return directory_; }

private:
  World(const Options& options, std::filesystem::path directory);
  [[nodiscard]] model::Result<void> start(std::size_t credentials);
  [[nodiscard]] model::Result<void> start_peers();
  [[nodiscard]] model::Result<void> start_peer(Variant variant, std::vector<std::string> program);
  [[nodiscard]] model::Result<void> write_config() const;
  [[nodiscard]] model::Result<void> start_daemon();
  template <class Condition>
  [[nodiscard]] model::Result<void> wait_for(const char* what, Condition condition);

  [[nodiscard]] std::string daemon_words() const;

  Options options_;
  std::filesystem::path directory_;
  std::unique_ptr<StubGateway> stub_;
  std::map<Variant, StubAccount*> accounts_; // of the peers
  std::vector<const StubAccount*> watched_;
  std::vector<ChildProcess> peers_;
  std::unique_ptr<ChildProcess> daemon_;
};

} // namespace bulkhead::bench
