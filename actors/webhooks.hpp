#pragma once
// What people far away are told, and when: alerts as texts with account numbers cut to their last four
// digits, and the queue before one webhook. Pure: no socket, no clock. Owned by one webhook sender. Bounds:
// 64 alerts wait, the oldest gives way and is counted in the next; ten tries each, at pauses up to a minute.

#include "actors/messages.hpp"
#include "model/config.hpp"

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace bulkhead::actors {

struct AlertText {
  model::Instant at;
  model::Alert::Severity severity = model::Alert::Severity::info;
  std::string code;    // "breach", "enforcement-verified", ...
  std::string account; // "...2233"; empty when it is about none
  std::string text;    // rule, value against limit, what is done, its result, how it unlocks
};

/// What an activity has to say, each number of its account cut short.
[[nodiscard]] std::vector<AlertText> alert_texts(const Activity& activity);
/// The body of the POST in the words of the receiver.
[[nodiscard]] std::string body_of(const AlertText& alert, const model::WebhookConfig& hook);
/// Every occurrence of the number, but for its last four digits.
[[nodiscard]] std::string redacted(std::string text, model::AccountId account);

class WebhookQueue {
public:
  void push(AlertText alert);
  /// The alert to send now; answer with done() or failed() before the next comes out.
  [[nodiscard]] std::optional<AlertText> take(model::Instant now);
  void done();
  /// `worth_repeating`: no answer, 408, 429 or 5xx; else the alert is given up.
  void failed(model::Instant now, bool worth_repeating, std::optional<std::chrono::seconds> retry_after = {});
  [[nodiscard]] std::optional<model::Instant> next_timer() const;
  [[nodiscard]] std::size_t waiting() const noexcept { return queue_.size(); }
  [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_; }

private:
  std::deque<AlertText> queue_; // the first is the one under way
  bool under_way_ = false;
  int tries_ = 0;
  model::Instant due_;
  std::uint64_t dropped_ = 0;
  std::uint64_t untold_drops_ = 0;
};

} // namespace bulkhead::actors
