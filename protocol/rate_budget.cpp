#include "protocol/rate_budget.hpp"

#include "model/error.hpp"

#include <algorithm>

namespace bulkhead::protocol {
namespace {
using std::chrono::seconds;
constexpr std::array<seconds, 6> pauses{seconds{1}, seconds{2},  seconds{4},
                                        seconds{8}, seconds{16}, seconds{30}};
constexpr seconds longest_pause{60};
} // namespace

std::string_view to_string(RequestClass c) noexcept {
  switch (c) {
  case RequestClass::close_or_reduce: return "close_or_reduce";
  case RequestClass::cancel: return "cancel";
  case RequestClass::verification_read: return "verification_read";
  case RequestClass::automation: return "automation";
  case RequestClass::history: return "history";
  }
  return "unknown";
}

RateBudget::RateBudget(RateLimit limit) : limit_(limit), sent_(limit.requests) {
  model::require(limit.requests > limit.reserve, "the reserve leaves no request for reads");
  model::require(limit.window.count() > 0, "the rate window is empty");
}

std::size_t RateBudget::share(RequestClass c) const noexcept {
  return c <= RequestClass::cancel ? limit_.requests : limit_.requests - limit_.reserve;
}

void RateBudget::forget_expired(model::Instant now) noexcept {
  while (used_ > 0 && sent_[oldest_] + limit_.window <= now) {
    oldest_ = (oldest_ + 1) % sent_.size();
    --used_;
  }
}

RateBudget::Answer RateBudget::try_take(RequestClass c, model::Instant now) {
  if (const auto at = earliest(c, 0, now); at > now) return {false, at};
  sent_[(oldest_ + used_) % sent_.size()] = now;
  ++used_;
  return {true, now};
}

model::Instant RateBudget::earliest(RequestClass c, std::size_t ahead, model::Instant now) {
  forget_expired(now);
  model::Instant at = now;
  if (c != RequestClass::close_or_reduce) at = std::max(at, paused_until_);
  if (const auto allowed = share(c); used_ + ahead >= allowed) {
    // Room appears when so many of the oldest requests have left the window that fewer than `allowed` remain;
    // who is further behind than the window is long asks again when the last known one has left.
    const auto must_leave = used_ + ahead - allowed;
    if (used_ == 0) return at + limit_.window;
    at = std::max(at, sent_[(oldest_ + std::min(must_leave, used_ - 1)) % sent_.size()] + limit_.window);
  }
  return at;
}

std::size_t RateBudget::available(RequestClass c, model::Instant now) {
  forget_expired(now);
  if (c != RequestClass::close_or_reduce && paused_until_ > now) return 0;
  const auto allowed = share(c);
  return used_ < allowed ? allowed - used_ : 0;
}

void RateBudget::on_rate_limited(model::Instant now, std::optional<seconds> retry_after) {
  if (retry_after) {
    const auto pause = std::clamp(*retry_after, seconds{1}, longest_pause);
    paused_until_ = std::max(paused_until_, now + pause);
    return;
  }
  if (now < paused_until_) return;
  // A whole window without a refusal: the gateway has forgiven, and the series starts again.
  if (now - paused_until_ >= limit_.window) refusals_ = 0;
  paused_until_ = now + pauses[std::min(refusals_, pauses.size() - 1)];
  ++refusals_;
}

std::optional<model::Instant> RateBudget::paused_until(model::Instant now) const {
  if (paused_until_ <= now) return std::nullopt;
  return paused_until_;
}

} // namespace bulkhead::protocol
