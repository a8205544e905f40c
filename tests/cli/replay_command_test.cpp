#include "cli/exit_codes.hpp"
#include "cli/replay_command.hpp"
#include "persistence/checkpoint.hpp"
#include "persistence/set_aside.hpp"
#include "tests/cli/journal_recording.hpp"

#include <nlohmann/json.hpp>
#include <sstream>

namespace bulkhead::cli {
namespace {

namespace t = bulkhead::testing;

struct Replaying : JournalRecording {
  ReplayCommand command;
  std::ostringstream out;
  std::ostringstream err;

  Replaying() {
    command.data_dir = data;
    command.account = account.value;
    command.day = "2026-07-15";
    command.config_dir = config.path();
  }
  int run() {
    out.str("");
    err.str("");
    return replay_command(command, out, err,
                          [](const std::string&) { return std::optional<std::string>{"secret"}; });
  }
  bool says(std::string_view text) const { return out.str().find(text) != std::string::npos; }
  void use_limit(const char* limit) {
    config.write("risk_config.yaml", std::string("rules:\n  max_contracts: { limit: ") + limit + " }\n");
  }
};

TEST(Replay, TheSameConfigurationDecidesAlike) {
  Replaying replay;
  EXPECT_EQ(replay.run(), exit_ok) << replay.err.str();
  EXPECT_TRUE(replay.says("breach RULE-001")) << replay.out.str();
  EXPECT_TRUE(replay.says("6 contracts against 5 contracts")) << replay.out.str();
  EXPECT_TRUE(replay.says("4 events, 1 decisions recorded, all decided alike")) << replay.out.str();
  EXPECT_FALSE(replay.says("DIFFERS"));
}

TEST(Replay, SaysWhereADecisionDiffersAndFails) {
  Replaying replay;
  replay.use_limit("10");
  EXPECT_EQ(replay.run(), exit_failed);
  EXPECT_TRUE(replay.says("DIFFERS")) << replay.out.str();
  EXPECT_TRUE(replay.says("    decided   nothing")) << replay.out.str();
  EXPECT_TRUE(replay.says("1 decided differently")) << replay.out.str();
}

TEST(Replay, AnotherConfigurationIsAskedForAndMayDiffer) {
  Replaying replay;
  replay.use_limit("4");
  replay.command.other_config = true;
  EXPECT_EQ(replay.run(), exit_ok);
  EXPECT_TRUE(replay.says("    recorded  nothing")) << "five were allowed then: " << replay.out.str();
  EXPECT_TRUE(replay.says("5 contracts against 4 contracts")) << replay.out.str();
}

TEST(Replay, WithoutAConfigurationItPrintsWhatWasRecorded) {
  Replaying replay;
  replay.command.config_dir = replay.config.path() / "absent";
  EXPECT_EQ(replay.run(), exit_ok);
  EXPECT_TRUE(replay.says("breach RULE-001"));
  EXPECT_TRUE(replay.says("not decided again")) << replay.out.str();
}

TEST(Replay, GivesTheSameAsJson) {
  Replaying replay;
  replay.use_limit("10");
  replay.command.json = true;
  EXPECT_EQ(replay.run(), exit_failed);
  const auto reply = nlohmann::json::parse(replay.out.str());
  EXPECT_EQ(reply["status"], "error");
  EXPECT_EQ(reply["data"]["events"], 4);
  EXPECT_EQ(reply["data"]["differing"], 1);
  EXPECT_EQ(reply["data"]["decisions"][0]["sequence"], 4);
  EXPECT_EQ(reply["data"]["decisions"][0]["decided"][0], "nothing");
}

TEST(Replay, LaterDaysStandOnEarlierOnes) {
  Replaying replay;
  replay.now = bulkhead::testing::instant("2026-07-15T22:00:00Z");
  replay.happen(bulkhead::testing::reset(replay.now));
  replay.happen(bulkhead::testing::position(bulkhead::testing::mnq()).long_(7).average("21000").build());
  replay.command.day = "2026-07-16";
  EXPECT_EQ(replay.run(), exit_ok) << replay.err.str() << replay.out.str();
  EXPECT_TRUE(replay.says("2 events")) << replay.out.str();
}

TEST(Replay, BeginsAtACheckpointWhenTheJournalBeforeItIsGone) {
  Replaying replay;
  const persistence::StoredAccount stored{replay.engine->state(), replay.journal->sequence()};
  ASSERT_TRUE(persistence::write_checkpoint(replay.disk, replay.dir, stored));
  replay.now = bulkhead::testing::instant("2026-07-15T22:00:00Z");
  replay.happen(bulkhead::testing::reset(replay.now));
  replay.command.day = "2026-07-16";
  std::filesystem::remove(replay.first_segment());
  EXPECT_EQ(replay.run(), exit_ok) << replay.err.str();
  std::filesystem::remove(replay.dir / persistence::checkpoint_name(stored.journal_sequence));
  EXPECT_EQ(replay.run(), exit_failed);
  EXPECT_NE(replay.err.str().find("no checkpoint"), std::string::npos) << replay.err.str();
}

TEST(Replay, LeavesOutWhatTheDaemonSetAside) {
  Replaying replay;
  replay.journal->append(
      t::at(replay.now, t::position(t::mnq()).long_(9).average("21000").build())); // it died of it
  const auto poison = replay.journal->sequence();
  replay.happen(t::position(t::mnq()).long_(6).average("21000").build());
  ASSERT_TRUE(persistence::write_set_aside(replay.disk, replay.dir, {poison, "ended the account twice", ""}));
  EXPECT_EQ(replay.run(), exit_ok) << replay.out.str();
  EXPECT_TRUE(replay.says("5 events")) << replay.out.str();
  EXPECT_TRUE(replay.says("set aside: record 6: ended the account twice")) << replay.out.str();
}

TEST(Replay, RunsBesideTheDaemonAndChangesNothing) {
  Replaying replay;
  const auto held = persistence::DataDir::open(replay.data);
  ASSERT_TRUE(held);
  const auto size = std::filesystem::file_size(replay.first_segment());
  EXPECT_EQ(replay.run(), exit_ok);
  EXPECT_EQ(std::filesystem::file_size(replay.first_segment()), size);
}

TEST(Replay, FailuresHaveTheirExitCodes) {
  Replaying replay;
  replay.command.day = "yesterday";
  EXPECT_EQ(replay.run(), exit_usage);
  replay.command.day = "2026-07-14";
  EXPECT_EQ(replay.run(), exit_failed);
  EXPECT_NE(replay.err.str().find("nothing of 2026-07-14"), std::string::npos) << replay.err.str();
  replay.command.day = "2026-07-15";
  replay.use_limit("none");
  EXPECT_EQ(replay.run(), exit_invalid_config);
  replay.command.config_dir = "/absent";
  replay.command.account = 5;
  EXPECT_EQ(replay.run(), exit_failed);
}

} // namespace
} // namespace bulkhead::cli
