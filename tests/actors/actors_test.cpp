// Small parts of the actor layer that need no running system, and the system's own settings.

#include "actors/notifier.hpp"
#include "actors/reset_scheduler.hpp"
#include "actors/system_config.hpp"
#include "actors/text.hpp"
#include "tests/support/builders.hpp"

#include <caf/actor_system.hpp>
#include <gtest/gtest.h>

namespace bulkhead::testing {
namespace {

TEST(SystemConfig, IsWhatTheRunningSystemReallyUses) {
  actors::SystemConfig config;
  caf::actor_system system{config};
  const auto verified = actors::verify_settings(system, actors::SchedulerKind::sharing);
  EXPECT_TRUE(verified) << verified.error().message();
}

TEST(ResetScheduler, KnowsTheDayAroundAnInstantAndOverTheClockChange) {
  const auto schedule = ResetSchedule::make(time_of_day("17:00"), "America/Chicago").value();
  const auto day = actors::day_at(schedule, instant("2026-03-08T12:00:00Z"));
  EXPECT_EQ(day.start, instant("2026-03-07T23:00:00Z"));
  EXPECT_EQ(day.end, instant("2026-03-08T22:00:00Z"));
  EXPECT_EQ(to_string(day.day), "2026-03-08");
}

TEST(Text, EscapesWhatTheGatewayMayHavePlanted) {
  EXPECT_EQ(actors::escaped("a\x1b[2Jb\nc"), "a\\x1b[2Jb\\x0ac");
  EXPECT_LT(actors::escaped(std::string(10'000, 'x')).size(), 600U);
  EXPECT_EQ(actors::json_array("a\"b"), R"(["a\"b"])");
}

TEST(Notifier, SaysWhetherALockoutIsOnDisk) {
  Decision decision;
  decision.lockouts_set.push_back(lockout(Source::rule(3), instant("2026-07-15T19:00:00Z")).build());
  const actors::Activity activity{AccountId{1}, instant("2026-07-15T19:00:00Z"), "fill", {}, false, decision};
  ASSERT_EQ(actors::log_lines(activity).size(), 1U);
  EXPECT_NE(actors::log_lines(activity)[0].second.find("durable=false"), std::string::npos);
}

} // namespace
} // namespace bulkhead::testing
