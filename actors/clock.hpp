#pragma once
// Time as the actors see it. The one place that reads clocks; everything below gets time as a field of an
// event. A seam: tests and the simulation bring their own. Thread-safe.

#include "model/time.hpp"
#include "protocol/transport.hpp"

#include <atomic>
#include <functional>
#include <optional>
#include <string>

namespace bulkhead::actors {

class Clock {
public:
  virtual ~Clock() = default;
  /// The time decisions are stamped with. Never runs backwards within a process.
  [[nodiscard]] virtual model::Instant now() const = 0;
  /// For spans inside the process.
  [[nodiscard]] virtual protocol::MonotonicNanos monotonic() const = 0;
  /// The gateway answered; `its_time` is the Date of its reply, none when it sent none.
  virtual void heard_from_gateway(std::optional<model::Instant> its_time) { (void)its_time; }
  /// False while the time may still be set back; whoever stores what it stamps waits for it, or says
  /// settle().
  [[nodiscard]] virtual bool settled() const { return true; }
  virtual void settle() {}
};

/// The gateway's time, carried on by the boot clock, which counts while the machine sleeps and which nobody
/// can set. Whoever moves the wall clock ends no lockout: until the gateway answers for the first time, a
/// daemon that has stored events stands at the latest of them; then the wall clock is believed when it agrees
/// with the gateway, and the gateway when it does not. Once settled it is never moved back; a daemon without
/// stored events settles at the gateway's first answer.
class TrustedClock final : public Clock {
public:
  struct Sources {
    std::function<model::Instant()> wall;
    std::function<std::chrono::nanoseconds()> boot;
  };
  /// Told about a correction; on the thread that brought the news.
  using OnCorrected = std::function<void(std::string text)>;

  [[nodiscard]] static Sources system_sources();

  explicit TrustedClock(Sources sources = system_sources());

  /// The latest instant that earlier runs have stored. Before anything else is asked of the clock.
  void stand_at(model::Instant latest_stored);
  void on_corrected(OnCorrected told) { corrected_ = std::move(told); }

  [[nodiscard]] model::Instant now() const override;
  [[nodiscard]] protocol::MonotonicNanos monotonic() const override;
  void heard_from_gateway(std::optional<model::Instant> its_time) override;
  [[nodiscard]] bool settled() const override { return settled_; }
  void settle() override { settled_ = true; }

private:
  void advance_to(model::Instant at);

  Sources sources_;
  OnCorrected corrected_ = [](const std::string&) {};
  std::atomic<model::Instant::rep> ahead_of_boot_; // microseconds; only grows once settled
  std::atomic<bool> heard_{false};
  std::atomic<bool> settled_{false};
};

} // namespace bulkhead::actors
