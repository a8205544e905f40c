// What the engine makes of states that earlier releases have stored.

#include "tests/support/engine.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

TEST(StoredState, EndsACloseThatStandsBeforeOneThatIsOver) {
  const TestEngine written({});
  auto state = written.state();
  const auto now = written.now;
  state.closes = {{mnq(), 2, now}, {es(), 1, now, now}};
  rules::RiskEngine engine(std::move(state), std::make_shared<const rules::RuleSet>(written.rules()));
  (void)engine.step(at(now + std::chrono::seconds{1}, TimeReached{}));
  for (const auto& span : engine.state().closes) EXPECT_TRUE(span.to) << span.contract.value;
}

} // namespace
} // namespace bulkhead::testing
