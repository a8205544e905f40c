#pragma once
// How much a contract has moved lately: the range of each of the last minutes. Tells how soon a distance may
// be covered. Plain data, part of AccountState; at most 16 minutes, the oldest leaves.

#include "model/money.hpp"
#include "model/time.hpp"

#include <optional>
#include <vector>

namespace bulkhead::model {

class RecentMoves {
public:
  struct Minute {
    Instant start;
    Price low;
    Price high;
    friend bool operator==(const Minute&, const Minute&) = default;
  };

  void add(Price mark, Instant at);
  /// The mean range of the minutes seen, the present one included; none before there are two.
  [[nodiscard]] std::optional<Price> range_of_a_minute() const;
  [[nodiscard]] const std::vector<Minute>& minutes() const noexcept { return minutes_; }
  [[nodiscard]] std::vector<Minute>& minutes() noexcept { return minutes_; } // for the codec
  friend bool operator==(const RecentMoves&, const RecentMoves&) = default;

private:
  std::vector<Minute> minutes_;
};

} // namespace bulkhead::model
