// Which rules there are before anybody writes a word about them.

#include "rules/registry.hpp"
#include "tests/support/engine.hpp"

#include <gtest/gtest.h>

#include <set>

namespace bulkhead::testing {
namespace {

// A block in the file is enough for these; every other rule must be switched on by name.
const std::set<std::string_view> on_by_default = {
    "daily_realized_loss",   "max_contracts",         "max_contracts_per_instrument",
    "daily_unrealized_loss", "max_unrealized_profit", "trade_frequency_limit",
    "cooldown_after_loss",   "no_stop_loss_grace",    "session_block_outside",
    "auth_loss_guard",       "symbol_blocks"};

TEST(Registry, ARuleIsOnOrMustBeSwitchedOn) {
  std::set<std::string_view> found;
  for (const auto* rule : rules::all_rules())
    if (rule->on_by_default) found.insert(rule->key);
  EXPECT_EQ(found, on_by_default);
}

} // namespace
} // namespace bulkhead::testing
