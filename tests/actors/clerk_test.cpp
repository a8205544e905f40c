// What of a log is shown.

#include "actors/clerk.hpp"
#include "tests/persistence/temp_dir.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace bulkhead::actors {
namespace {

class Clerk : public ::testing::Test {
protected:
  void write(const std::string& text) { std::ofstream(file_) << text; }
  std::vector<std::string> shown(const ControlRequest& request) {
    const auto reply = read_log(file_, request);
    EXPECT_EQ(reply.error, "");
    return nlohmann::json::parse(reply.data)["logs"];
  }

  persistence::TempDir dir_;
  std::filesystem::path file_ = dir_.path() / "daemon.log";
  const std::string info_ = "2026-07-15T18:00:00.000Z info     ready account=101 flat";
  const std::string warning_ = "2026-07-15T18:00:01.000Z warning  loss-warning account=1010 70%";
  const std::string critical_ = "2026-07-15T18:00:02.000Z critical breach-detected account=101";
};

TEST_F(Clerk, ShowsTheLastLinesOldestFirst) {
  write(info_ + "\n" + warning_ + "\n" + critical_ + "\n");
  ControlRequest request;
  EXPECT_EQ(shown(request), (std::vector{info_, warning_, critical_}));
  request.limit = 2;
  EXPECT_EQ(shown(request), (std::vector{warning_, critical_}));
}

TEST_F(Clerk, ShowsWhatMatches) {
  write(info_ + "\n" + warning_ + "\n" + critical_ + "\n");
  ControlRequest request;
  request.level = "WARNING";
  EXPECT_EQ(shown(request), (std::vector{warning_, critical_}));
  request = {};
  request.pattern = "ready|breach-.*";
  EXPECT_EQ(shown(request), (std::vector{info_, critical_}));
  request = {};
  request.account_id = 101; // and not 1010
  EXPECT_EQ(shown(request), (std::vector{info_, critical_}));
}

TEST_F(Clerk, AnUnfinishedLastLineAndAMissingLogAreNoTrouble) {
  EXPECT_TRUE(shown({}).empty());
  write(info_ + "\n" + critical_);
  EXPECT_EQ(shown({}), (std::vector{info_, critical_}));
}

TEST_F(Clerk, AnswersOneMebibyteAtMost) {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += info_ + std::string(1000, 'x') + "\n";
  write(text);
  ControlRequest request;
  request.limit = 10'000;
  std::size_t size = 0;
  for (const auto& line : shown(request)) size += line.size();
  EXPECT_GT(size, 1'000'000U);
  EXPECT_LT(size, 1'100'000U);
}

TEST_F(Clerk, RefusesPatternsAndLevelsThatAreNone) {
  ControlRequest request;
  request.pattern = "(";
  EXPECT_EQ(read_log(file_, request).error, "BAD_REQUEST");
  request.pattern = "", request.level = "LOUD";
  EXPECT_EQ(read_log(file_, request).error, "BAD_REQUEST");
}

} // namespace
} // namespace bulkhead::actors
