// Certificates and password of the control port on disk.

#include "actors/admin_password.hpp"
#include "actors/control_keys.hpp"
#include "actors/secret_file.hpp"
#include "tests/persistence/temp_dir.hpp"

#include <gtest/gtest.h>

namespace bulkhead::actors {
namespace {

using persistence::TempDir;

const auto now = std::chrono::floor<model::Duration>(std::chrono::system_clock::now());

std::string text(const std::filesystem::path& file) { return read_small_file(file).value(); }

TEST(ControlKeys, AreMadeOnceAndKept) {
  const TempDir dir;
  ASSERT_TRUE(ensure_control_keys(dir.path(), now).value());
  EXPECT_TRUE(verify_keys(server_files(dir.path()), now));
  EXPECT_TRUE(verify_keys(client_files(dir.path()), now));
  const auto before = text(client_files(dir.path()).certificate);
  EXPECT_FALSE(ensure_control_keys(dir.path(), now).value());
  EXPECT_EQ(text(client_files(dir.path()).certificate), before);
}

TEST(ControlKeys, AreRenewedBeforeTheyEndByTheSameCa) {
  const TempDir dir;
  ASSERT_TRUE(ensure_control_keys(dir.path(), now));
  const auto ca = text(server_files(dir.path()).authority);
  const auto late = now + std::chrono::days{800};
  ASSERT_TRUE(ensure_control_keys(dir.path(), late).value());
  EXPECT_EQ(text(server_files(dir.path()).authority), ca);
  EXPECT_EQ(verify_keys(client_files(dir.path()), now + std::chrono::days{826}).error().code(),
            model::Errc::rejected);
}

TEST(ControlKeys, OfAnotherCaAreReplaced) {
  const TempDir mine, other;
  ASSERT_TRUE(ensure_control_keys(mine.path(), now));
  ASSERT_TRUE(ensure_control_keys(other.path(), now));
  ASSERT_TRUE(
      write_secret_file(client_files(mine.path()).certificate, text(client_files(other.path()).certificate)));
  EXPECT_EQ(verify_keys(client_files(mine.path()), now).error().code(), model::Errc::rejected);
  EXPECT_TRUE(ensure_control_keys(mine.path(), now).value());
  EXPECT_TRUE(verify_keys(client_files(mine.path()), now));
}

TEST(AdminPassword, IsKnownAgainAndNothingElseIs) {
  const TempDir dir;
  EXPECT_EQ(is_admin_password(dir.path(), "").error().code(), model::Errc::missing);
  EXPECT_EQ(set_admin_password(dir.path(), "seven c").error().code(), model::Errc::out_of_range);
  ASSERT_TRUE(set_admin_password(dir.path(), "eight ch"));
  EXPECT_TRUE(is_admin_password(dir.path(), "eight ch").value());
  EXPECT_FALSE(is_admin_password(dir.path(), "eight cH").value());
  EXPECT_FALSE(is_admin_password(dir.path(), "").value());
  EXPECT_EQ(text(control_directory(dir.path()) / "admin.hash").substr(0, 9), "$argon2id");
}

TEST(AdminPassword, TokensAreLongAndNeverTheSame) {
  EXPECT_EQ(make_token().size(), 64U);
  EXPECT_NE(make_token(), make_token());
}

} // namespace
} // namespace bulkhead::actors
