#include "actors/admin_sessions.hpp"

#include <gtest/gtest.h>

namespace bulkhead::actors {
namespace {

constexpr AdminSessions::Now second = 1'000'000'000;

TEST(AdminSessions, EndAfterFifteenMinutesWhateverIsDone) {
  AdminSessions sessions;
  sessions.open("a", 0);
  EXPECT_TRUE(sessions.holds("a", AdminSessions::session_lasts - 1));
  EXPECT_FALSE(sessions.holds("a", AdminSessions::session_lasts));
}

TEST(AdminSessions, KnowNobodyWhoDidNotLogIn) {
  AdminSessions sessions;
  EXPECT_FALSE(sessions.holds("", 0));
  sessions.open("abc", 0);
  EXPECT_FALSE(sessions.holds("", 0));
  EXPECT_FALSE(sessions.holds("ab", 0));
  EXPECT_FALSE(sessions.holds("abd", 0));
}

TEST(AdminSessions, EndWithLogout) {
  AdminSessions sessions;
  sessions.open("a", 0);
  EXPECT_TRUE(sessions.close("a"));
  EXPECT_FALSE(sessions.holds("a", 1));
  EXPECT_FALSE(sessions.close("a"));
}

TEST(AdminSessions, FiveWrongPasswordsLockForFiveMinutes) {
  AdminSessions sessions;
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(sessions.note_wrong_password(i * second));
  EXPECT_EQ(sessions.locked_until_free(4 * second), 0);
  EXPECT_TRUE(sessions.note_wrong_password(4 * second));
  EXPECT_EQ(sessions.locked_until_free(5 * second), AdminSessions::locked_for - second);
  EXPECT_EQ(sessions.locked_until_free(4 * second + AdminSessions::locked_for), 0);
}

TEST(AdminSessions, ARightPasswordForgetsTheWrongOnes) {
  AdminSessions sessions;
  for (int i = 0; i < 4; ++i) sessions.note_wrong_password(0);
  sessions.open("a", 0);
  EXPECT_FALSE(sessions.note_wrong_password(0));
}

TEST(AdminSessions, TheSeventeenthEndsTheFirst) {
  AdminSessions sessions;
  for (int i = 0; i < 17; ++i) sessions.open("token " + std::to_string(i), i);
  EXPECT_FALSE(sessions.holds("token 0", 20));
  EXPECT_TRUE(sessions.holds("token 1", 20));
  EXPECT_TRUE(sessions.holds("token 16", 20));
}

} // namespace
} // namespace bulkhead::actors
