#pragma once
// How many requests one credential may still send: a sliding window with a share set aside for protective
// actions, so that reads never starve a flatten, and the pause after an HTTP 429. Pure: fed with `now`, which
// must not run backwards. One per credential and limit, owned by the connection, called from its thread.
// Memory is one instant per request of the window, allocated once; a full window refuses and names the
// instant at which to ask again.

#include "model/time.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace bulkhead::protocol {

/// In order of urgency.
enum class RequestClass : std::uint8_t {
  close_or_reduce,   // P0: takes risk away; not even a 429 pauses it
  cancel,            // P1
  verification_read, // P2: proves that a protective action worked
  automation,        // P3: logins, periodic snapshots
  history,           // P4: bars, old orders
};
[[nodiscard]] std::string_view to_string(RequestClass c) noexcept;

struct RateLimit {
  std::size_t requests = 200;
  model::Duration window = std::chrono::seconds{60};
  std::size_t reserve = 40; // only P0 and P1 may use the last `reserve` requests of the window

  /// The gateway's separate allowance for History/retrieveBars.
  [[nodiscard]] static RateLimit retrieve_bars() { return {50, std::chrono::seconds{30}, 0}; }
};

class RateBudget {
public:
  struct Answer {
    bool granted = false;
    model::Instant
        earliest{}; // now when granted, else when the same request would be granted if nobody else asks
  };

  /// Requires: requests > reserve, window > 0.
  explicit RateBudget(RateLimit limit = {});

  /// Counts the request when granted. The request must then be sent at once.
  [[nodiscard]] Answer try_take(RequestClass c, model::Instant now);
  /// How many requests of this class would be granted now, one after the other.
  [[nodiscard]] std::size_t available(RequestClass c, model::Instant now);
  /// When a request of this class with `ahead` others before it would be granted, if all of them leave.
  [[nodiscard]] model::Instant earliest(RequestClass c, std::size_t ahead, model::Instant now);
  /// A 429 arrived: pauses everything below P0 for Retry-After (at most 60 s), else for 1, 2, 4, 8, 16,
  /// 30, 30.. s. Further 429s of requests already under way when the pause began do not lengthen the series.
  void on_rate_limited(model::Instant now, std::optional<std::chrono::seconds> retry_after);
  /// The end of the pause, if one is on.
  [[nodiscard]] std::optional<model::Instant> paused_until(model::Instant now) const;

private:
  [[nodiscard]] std::size_t share(RequestClass c) const noexcept;
  void forget_expired(model::Instant now) noexcept;

  RateLimit limit_;
  std::vector<model::Instant> sent_; // a ring: `used_` instants beginning at `oldest_`
  std::size_t oldest_ = 0;
  std::size_t used_ = 0;
  std::size_t refusals_ = 0; // consecutive pauses without a Retry-After
  model::Instant paused_until_{};
};

} // namespace bulkhead::protocol
