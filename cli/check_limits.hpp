#pragma once
// Limits that are not wrong but protect less than they seem to: looser than the firm's own, set while their
// rule is off, or never reached because another limit comes first. Warnings of `check`. Pure functions, any
// thread.

#include "model/config.hpp"
#include "model/error.hpp"

namespace bulkhead::cli {

/// Requires: `config` was loaded without errors.
[[nodiscard]] model::Problems check_limits(const model::Config& config);

} // namespace bulkhead::cli
