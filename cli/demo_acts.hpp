#pragma once
// The twelve acts of the demo, one account and one rule each.

#include "cli/demo_play.hpp"

#include <functional>
#include <vector>

namespace bulkhead::cli {

struct DemoAct {
  model::AccountId account;
  std::function<bool(DemoPlay&)> perform; // true: the account ended as its rule demands
};

[[nodiscard]] std::vector<DemoAct> demo_acts();

/// The first quotes, before anybody trades.
void set_opening_quotes(DemoPlay& play);

} // namespace bulkhead::cli
