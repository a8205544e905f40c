#pragma once
// One stub gateway and one real daemon before it that watches so many accounts of so many users, with rules
// of the benchmark's choice; the single-thread Beast client beside it when asked for; and the temporary
// directory that goes with the object. The driver's only thread owns it and is the gateway.

#include "bench/daemon_process.hpp"
#include "bench/directory.hpp"
#include "bench/results.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace bulkhead::bench {

struct FleetPlan {
  std::size_t users = 1;
  std::size_t accounts = 1; // of each user
  std::string risk_yaml;    // rules; the reset and the control port are added
  bool beast = false;       // this program must then understand "peer-beast PORT ACCOUNT TOKEN CA_FILE"
};

class Fleet {
public:
  /// Returns when the daemon has subscribed and read every account, and nobody has said anything for a while.
  /// More than about 50 accounts of one user wait for the user's request budget. Errors: io, timeout.
  [[nodiscard]] static model::Result<std::unique_ptr<Fleet>> make(const RunOptions& options,
                                                                  const FleetPlan& plan);
  ~Fleet();
  Fleet(const Fleet&) = delete;
  Fleet& operator=(const Fleet&) = delete;

  [[nodiscard]] StubGateway& stub() noexcept { return *stub_; }
  /// User by user.
  [[nodiscard]] const std::vector<const StubAccount*>& accounts() const noexcept { return accounts_; }
  /// Requires: the plan asked for it.
  [[nodiscard]] const StubAccount& beast() const noexcept { return *beast_; }
  [[nodiscard]] const ChildProcess& daemon() const noexcept { return *daemon_; }
  [[nodiscard]] const std::filesystem::path& directory() const noexcept { return directory_.path(); }
  [[nodiscard]] std::string daemon_words() const { return words_of_daemon(directory()); }

  /// Serves until the condition holds; spins when `spins`, for what is timed. Errors: timeout, with what the
  /// daemon said last.
  template <class Condition>
  [[nodiscard]] model::Result<void> serve_until(std::string_view what, std::chrono::milliseconds at_most,
                                                bool spins, Condition condition) {
    const auto give_up = std::chrono::steady_clock::now() + at_most;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > give_up || daemon_->ended()) return late(what);
      stub_->turn(std::chrono::milliseconds{spins ? 0 : 1});
      stub_->keep_alive();
    }
    return {};
  }
  void serve_for(std::chrono::milliseconds span);

private:
  Fleet(RunOptions options, FleetPlan plan, Directory directory);
  [[nodiscard]] model::Result<void> start();
  [[nodiscard]] model::Result<void> start_beast();
  [[nodiscard]] model::Error late(std::string_view what) const;

  RunOptions options_;
  FleetPlan plan_;
  Directory directory_; // gone after the processes
  std::unique_ptr<StubGateway> stub_;
  std::vector<const StubAccount*> accounts_;
  const StubAccount* beast_ = nullptr;
  std::unique_ptr<ChildProcess> beast_process_;
  std::unique_ptr<ChildProcess> daemon_;
};

} // namespace bulkhead::bench
