#pragma once
// The one thing a client may read in a JSON Web Token that somebody else issued and will judge: when it ends.
// Nothing is verified, so nothing may be trusted beyond planning ahead. A pure function, callable from any
// thread.

#include "model/time.hpp"

#include <optional>
#include <string_view>

namespace bulkhead::protocol {

/// The `exp` claim; nothing when the text is no JWT or has no such claim.
[[nodiscard]] std::optional<model::Instant> jwt_expiry(std::string_view jwt);

} // namespace bulkhead::protocol
