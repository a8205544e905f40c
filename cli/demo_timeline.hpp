#pragma once
// What the daemon told so far, kept for the demo: waiting for it, and printing one breach as a readable
// story. Fed from an actor's thread, read by the main thread.

#include "actors/messages.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <iosfwd>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace bulkhead::cli {

class DemoTimeline {
public:
  void add(const actors::Activity& activity);

  using Match = std::function<bool(const actors::Activity&)>;
  /// The first activity from `from` on that matches, waiting for it if need be; its index is where to go on.
  [[nodiscard]] std::optional<std::size_t> wait_for(std::size_t from, std::chrono::milliseconds timeout,
                                                    const Match& match);
  [[nodiscard]] std::size_t size() const;
  /// Everything one account did between two points.
  [[nodiscard]] std::vector<actors::Activity> of(model::AccountId account, std::size_t from,
                                                 std::size_t to) const;

private:
  mutable std::mutex mutex_;
  std::condition_variable grown_;
  std::vector<actors::Activity> activities_;
};

/// Matches a certificate of the account.
[[nodiscard]] DemoTimeline::Match certificate_of(model::AccountId account);
[[nodiscard]] DemoTimeline::Match lockout_of(model::AccountId account);
[[nodiscard]] DemoTimeline::Match alert_of(model::AccountId account, std::string code);

/// Breach, requests with their microseconds, proof and lockouts, one line each.
void print_story(std::ostream& out, const std::vector<actors::Activity>& activities, const std::string& zone);

} // namespace bulkhead::cli
