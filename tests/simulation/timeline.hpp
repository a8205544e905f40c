#pragma once
// The virtual clock and everything that will happen on it. What is due at the same instant happens in the
// order in which it was asked for. One thread. Owned by one simulated day.

#include "model/time.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>

namespace bulkhead::simulation {

class Timeline {
public:
  explicit Timeline(model::Instant begin) : now_(begin), begin_(begin) {}

  [[nodiscard]] model::Instant now() const { return now_; }
  [[nodiscard]] model::Instant begin() const { return begin_; }
  /// Nanoseconds since the simulated day began, as a steady clock has them.
  [[nodiscard]] std::int64_t nanos() const {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(now_ - begin_).count() + 1;
  }
  void at(model::Instant when, std::function<void()> what) {
    queue_.emplace(std::pair{std::max(when, now_), ++serial_}, std::move(what));
  }
  void after(model::Duration pause, std::function<void()> what) { at(now_ + pause, std::move(what)); }
  /// Does the next thing that is due until `end`; false when there is none.
  bool step(model::Instant end) {
    if (queue_.empty() || queue_.begin()->first.first > end) {
      now_ = std::max(now_, end);
      return false;
    }
    now_ = queue_.begin()->first.first;
    const auto what = std::move(queue_.begin()->second);
    queue_.erase(queue_.begin());
    ++steps_;
    what();
    return true;
  }
  /// Requires: nothing is due before.
  void advance(model::Instant to) { now_ = std::max(now_, to); }
  /// When the next thing is due.
  [[nodiscard]] std::optional<model::Instant> next() const {
    if (queue_.empty()) return std::nullopt;
    return queue_.begin()->first.first;
  }
  [[nodiscard]] std::uint64_t steps() const { return steps_; }
  [[nodiscard]] std::size_t waiting() const { return queue_.size(); }

private:
  model::Instant now_;
  model::Instant begin_;
  std::uint64_t serial_ = 0;
  std::uint64_t steps_ = 0;
  std::map<std::pair<model::Instant, std::uint64_t>, std::function<void()>> queue_;
};

} // namespace bulkhead::simulation
