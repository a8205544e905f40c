#pragma once
// Everything one run needs: the stub gateway, the floor and the Beast client as processes, the daemon, once
// for each way of running it that is asked for, and the temporary directory that goes with the object. A
// credential of a daemon serves 45 samples and rests for a minute then, because its own request budget (200
// in a minute for each credential) would otherwise throttle the measurement. Owned by the driver's only
// thread.

#include "bench/directory.hpp"
#include "bench/measured_daemon.hpp"

#include <map>
#include <vector>

namespace bulkhead::bench {

/// A close and the two reads that prove it: 45 times 3 requests, plus logging in, fit into the 160 a minute
/// that are not set aside for closes alone.
inline constexpr std::size_t samples_per_credential = 45;
/// So many serve 900 samples a minute, which is what each of the other daemons gets at most.
inline constexpr std::size_t credentials_of_others = 24;

class World {
public:
  /// `credentials`: how many the daemon as it is installed watches. Returns when all variants are connected,
  /// the daemon has subscribed and read every account, and nobody has said anything for a while. Errors: io,
  /// timeout.
  [[nodiscard]] static model::Result<std::unique_ptr<World>> make(const Options& options,
                                                                  std::size_t credentials);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  [[nodiscard]] StubGateway& stub() noexcept { return *stub_; }
  /// What the daemon is compared with and could be started; the floor is also the null floor.
  [[nodiscard]] const StubAccount& peer(Variant variant) const { return *accounts_.at(variant); }
  [[nodiscard]] bool has(Variant variant) const {
    return daemons_.contains(variant) || accounts_.contains(variant);
  }
  [[nodiscard]] const MeasuredDaemon& measured(Variant variant) const { return daemons_.at(variant); }
  /// Of the daemon as it is installed.
  [[nodiscard]] const std::vector<const StubAccount*>& watched() const {
    return measured(Variant::daemon).watched();
  }
  [[nodiscard]] const ChildProcess& daemon() const { return measured(Variant::daemon).process(); }
  /// Its process stands still, and goes on.
  void hold(Variant variant);
  void let_go(Variant variant);
  /// Pings hubs, and lets daemons that are held breathe now and then; to be called every few seconds.
  void keep_alive();
  /// Where its control port listens. Errors: malformed, when its log does not say.
  [[nodiscard]] model::Result<std::uint16_t> control_port() const;
  /// The error, followed by what the daemon wrote last.
  [[nodiscard]] model::Error with_daemon_words(const model::Error& error) const;
  /// Where the daemon as it is installed keeps its data.
  [[nodiscard]] std::filesystem::path data() const { return directory_.path() / "daemon" / "data"; }
  [[nodiscard]] const std::filesystem::path& directory() const noexcept { return directory_.path(); }

private:
  World(const Options& options, Directory directory);
  [[nodiscard]] model::Result<void> start(std::size_t credentials);
  [[nodiscard]] model::Result<void> start_peers();
  [[nodiscard]] model::Result<void> start_peer(Variant variant, std::vector<std::string> program);
  [[nodiscard]] model::Result<void> start_daemon(Variant variant, std::size_t credentials);
  template <class Condition>
  [[nodiscard]] model::Result<void> wait_for(const char* what, Condition condition);

  Options options_;
  Directory directory_; // gone after the processes
  std::unique_ptr<StubGateway> stub_;
  std::map<Variant, StubAccount*> accounts_; // of the peers
  std::int64_t last_watched_ = 1000;         // accounts of the daemons are numbered from here on
  std::vector<ChildProcess> peers_;
  std::map<Variant, MeasuredDaemon> daemons_;
  std::set<Variant> held_;
  MonotonicNanos breathed_at_ = 0;
};

} // namespace bulkhead::bench
