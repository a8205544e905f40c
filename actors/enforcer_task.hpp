#pragma once
// One thing enforcement must make true: a contract at its target, or an order gone. Plain state of the
// Enforcer.

#include "actors/close_result.hpp"
#include "model/time.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

namespace bulkhead::actors {

/// Closes sort before cancels, so they leave first.
struct TaskKey {
  bool cancel = false;
  model::ContractId contract; // empty for cancels
  model::OrderId order;
  friend auto operator<=>(const TaskKey&, const TaskKey&) = default;
};

struct EnforcerTask {
  enum class Phase : std::uint8_t {
    due,       // to be sent at due_at
    in_flight, // sent, no answer yet
    unproven,  // answered; a read from read_from on must show the effect
    deferred,  // the market is closed; probed at due_at
  };
  model::EnforcementIntent intent;
  std::int32_t held = 0;                                        // |quantity| by the book or the last read
  std::int32_t live = std::numeric_limits<std::int32_t>::max(); // by live events since
  model::Instant live_at;
  Phase phase = Phase::due;
  model::Instant due_at;
  model::Instant read_from;
  model::Instant answered_at;
  std::uint64_t tag = 0;
  std::uint64_t ticket = 0; // its place in the line for the request budget, kept while it is held back

  // Since the last good answer, each in a row.
  int failures = 0;
  int limited = 0;
  int unauthorized = 0;
  int refused = 0;
  int rejected = 0; // of the endpoint in use
  int bad_sizes = 0;
  int sweeps = 0; // reads that still showed it open

  bool uncertain = false; // the last request may still take effect
  bool by_size = false;   // closeContract keeps failing: partialCloseContract of the size just read
  bool whole = false;     // partialCloseContract keeps refusing the size: closeContract
  bool ever_deferred = false;
  std::optional<model::Instant> seen_at_target; // by a live event
  CloseResult result;
  std::string last_result;

  /// What is held at most; less than it may never be closed beyond the target.
  [[nodiscard]] std::int32_t left() const noexcept { return std::min(held, live); }
  [[nodiscard]] TaskKey key() const;
  /// How it ended, for the record.
  [[nodiscard]] CloseResult ended(CloseResult::Status status, model::Instant now) const;
  /// Carried out by partialCloseContract, which a repetition would carry out twice.
  [[nodiscard]] bool bounded() const noexcept {
    const bool cancel = intent.kind == model::EnforcementIntent::Kind::cancel_order;
    return !cancel && !whole && (intent.target > 0 || by_size);
  }
};

} // namespace bulkhead::actors
