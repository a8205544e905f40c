#pragma once
// Where a rule stands. Plain value.

#include "model/breach.hpp"

namespace bulkhead::rules {

/// Shown as value against limit.
struct Gauge {
  model::Measure value;
  model::Measure limit;
};

} // namespace bulkhead::rules
