#pragma once
// How an account is doing, in one word, the worst first. Pure function.

#include "actors/control_messages.hpp"

namespace bulkhead::cli {

enum class Health { good, doubtful, bad };

struct Badge {
  const char* text; // at most 15 characters
  Health health;
};

[[nodiscard]] Badge badge_of(const actors::AccountView& account);
/// The share of the limit that its rule nearest to a breach has used; 0 when no rule has a figure.
[[nodiscard]] std::int32_t worst_percent(const actors::AccountView& account);

} // namespace bulkhead::cli
