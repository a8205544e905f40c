#include "protocol/net/tls_loop.hpp"

#include <gtest/gtest.h>
#include <string>

namespace bulkhead::protocol::net {
namespace {

TEST(TlsLoop, CarriesBothWaysTimeAndAgain) {
  const auto loop = TlsLoop::make();
  ASSERT_TRUE(loop) << loop.error().message();
  for (int i = 0; i < 200; ++i) {
    const auto said = "POST /api/Position/closeContract " + std::to_string(i);
    const auto heard = std::string(300, 'x') + std::to_string(i);
    ASSERT_EQ((*loop)->say(said), said);
    ASSERT_EQ((*loop)->hear(heard), heard);
  }
}

TEST(TlsLoop, RefusesWhatItsBufferCannotHoldAndGoesOn) {
  const auto loop = TlsLoop::make();
  ASSERT_TRUE(loop);
  const std::string most(TlsLoop::most_at_once, 'y');
  EXPECT_EQ((*loop)->say(most), most);
  EXPECT_EQ((*loop)->say(most + "y"), "");
  EXPECT_EQ((*loop)->hear("still there"), "still there");
}

} // namespace
} // namespace bulkhead::protocol::net
