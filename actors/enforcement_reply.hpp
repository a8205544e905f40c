#pragma once
// What came back for one request of enforcement, in the words of the Enforcer. Pure.

#include "actors/enforcer.hpp"

namespace bulkhead::actors {

/// `now`: the stamp for a reply that never came.
[[nodiscard]] Enforcer::Reply
understand(const Enforcer::Send& send,
           const std::variant<protocol::HttpReply, protocol::HttpFailure>& outcome, MonotonicNanos now);

} // namespace bulkhead::actors
