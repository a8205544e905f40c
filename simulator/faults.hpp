#pragma once
// What shall go wrong, and how often. Scripts put faults in; the REST pipeline and the hubs take them out as
// requests and events come. Pure, owned by the core, io thread only. At most 1024 faults wait; more are
// refused.

#include "model/error.hpp"
#include "model/ids.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bulkhead::simulator {

enum class FaultKind {
  delay,         // the reply comes `duration` later; the effect does not wait
  delay_request, // the effect and the reply come `duration` later
  drop_after,    // the effect happens, then the connection closes without a reply
  drop_before,   // the connection closes, nothing happens
  status,        // HTTP `status` with `body`, nothing happens
  code,          // HTTP 200 with business code `code`, nothing happens
  position_lag,  // position searches show the book of `duration` ago, until cleared
  hub_drop,      // all hub connections end, with a Close record or without
  hub_stall,     // all hub connections fall silent and stay open
  hub_duplicate, // the next `count` user events arrive twice
  hub_withhold,  // user events wait for `duration`, or for hub_release
  hub_release,   // what was withheld goes out
  expire_tokens, // every token issued so far is refused
  clear,         // forget all waiting faults and lags
};
/// The kind's name as it stands above.
[[nodiscard]] std::string_view to_string(FaultKind kind) noexcept;
[[nodiscard]] std::optional<FaultKind> parse_fault_kind(std::string_view text) noexcept;

struct Fault {
  FaultKind kind = FaultKind::delay;
  std::string endpoint; // part of the path, case-insensitive; empty: every endpoint
  std::optional<model::AccountId> account;
  int count = 1; // uses left
  std::chrono::milliseconds duration{0};
  int status = 500;
  std::string body; // sent as HTML when it begins with '<'
  int code = 0;
  std::optional<std::string> text; // errorMessage, or the error of a Close record
  std::optional<std::chrono::seconds> retry_after;
  std::string hub;        // "user", "market"; empty: both
  bool with_close = true; // hub_drop: a Close record first
  std::optional<bool> allow_reconnect;
};

class FaultPlan {
public:
  /// For faults of requests and lags only. Errors: full, out_of_range for a count below 1.
  model::Result<void> add(Fault fault);
  /// Takes one use of every request fault that fits, in the order they were added.
  [[nodiscard]] std::vector<Fault> take(std::string_view path, std::optional<model::AccountId> account);
  /// How far position searches of the account lag behind.
  [[nodiscard]] std::chrono::milliseconds position_lag(model::AccountId account) const;
  void clear() noexcept { waiting_.clear(); }

private:
  std::vector<Fault> waiting_;
};

/// ASCII only, which is all that paths and hub methods are.
[[nodiscard]] bool same_word(std::string_view a, std::string_view b) noexcept;

} // namespace bulkhead::simulator
