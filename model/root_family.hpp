#pragma once
// The smaller contracts of a root: ES has MES. Pure; any thread may call it.

#include "model/ids.hpp"

#include <vector>

namespace bulkhead::model {

/// The micros of a full-size root, by the same table as RootTable::family_of; none for a root without.
[[nodiscard]] std::vector<Root> micros_of(const Root& full);

} // namespace bulkhead::model
