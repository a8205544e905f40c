#pragma once
// One daemon as the benchmark starts it: configuration, data and log in a directory of its own, and the
// accounts it watches at the stub. Owned by World; the driver's only thread.

#include "bench/daemon_process.hpp"
#include "bench/options.hpp"

#include <vector>

namespace bulkhead::bench {

class MeasuredDaemon {
public:
  /// `variant`: one for which is_daemon().
  MeasuredDaemon(Variant variant, std::filesystem::path directory, std::vector<const StubAccount*> watched)
      : variant_(variant), directory_(std::move(directory)), watched_(std::move(watched)) {}

  /// Writes the configuration and starts the process. Errors: io.
  [[nodiscard]] model::Result<void> start(const Options& options, std::uint16_t port);
  /// It has subscribed and read every account.
  [[nodiscard]] bool ready() const;
  /// What it takes CPU for while nobody measures it would hit the others: it stands still then.
  [[nodiscard]] bool is_held_between() const noexcept { return variant_ != Variant::daemon; }
  /// It works without anything to do, so that its CPU clock never stands still.
  [[nodiscard]] bool never_rests() const noexcept {
    return variant_ == Variant::warm || variant_ == Variant::spin;
  }
  /// One for each credential, in the order of use.
  [[nodiscard]] const std::vector<const StubAccount*>& watched() const noexcept { return watched_; }
  [[nodiscard]] ChildProcess& process() const noexcept { return *process_; }
  /// Its whole log.
  [[nodiscard]] std::string words() const { return words_of_daemon(directory_); }

private:
  Variant variant_;
  std::filesystem::path directory_;
  std::vector<const StubAccount*> watched_;
  std::unique_ptr<ChildProcess> process_;
};

} // namespace bulkhead::bench
