#include "actors/enforcement_note.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::actors {
namespace {

using Kind = model::EnforcementIntent::Kind;

std::string after(const Certificate& c, MonotonicNanos at) {
  constexpr double nanos_per_milli = 1e6;
  if (c.stamps.received == 0 || at == 0) return "";
  return fmt::format(" after {:.1f} ms", static_cast<double>(at - c.stamps.received) / nanos_per_milli);
}

} // namespace

persistence::Note note_of(const Certificate& c, model::Instant at) {
  const auto done = [&](bool cancels) {
    return std::count_if(c.closes.results.begin(), c.closes.results.end(), [&](const CloseResult& result) {
      return (result.action == Kind::cancel_order) == cancels && result.success();
    });
  };
  const auto asked = c.requests.size() + c.untold_requests;
  auto text = fmt::format("{}: closed {}, cancelled {}, failed {}, deferred {}; {} requests", c.reason,
                          done(false), done(true), c.closes.failed_closes, c.closes.deferred, asked);
  if (const auto first = c.requests.empty() ? 0 : c.requests.front().written; !after(c, first).empty())
    text += ", first" + after(c, first);
  text += c.achieved ? "; proven" + after(c, c.verified) : "; NOT proven: " + c.detail;
  if (c.closes.total_pnl) text += "; result " + to_string(*c.closes.total_pnl);
  const auto source = c.done.empty() ? std::string{} : to_string(c.done.front().source);
  return {c.account, at, std::move(text), source};
}

} // namespace bulkhead::actors
