#include "cli/exit_codes.hpp"
#include "cli/journal_command.hpp"
#include "persistence/checkpoint.hpp"
#include "tests/cli/journal_recording.hpp"

#include <nlohmann/json.hpp>
#include <sstream>

namespace bulkhead::cli {
namespace {

struct Verifying : JournalRecording {
  JournalCommand command{data, 0, false};
  std::ostringstream out;
  std::ostringstream err;

  int run() {
    out.str("");
    err.str("");
    return journal_verify_command(command, out, err);
  }
  bool says(std::string_view text) const { return out.str().find(text) != std::string::npos; }
  std::string bytes() const {
    std::ifstream in(first_segment(), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void damage(std::size_t offset) const {
    std::string content = bytes();
    content[offset] ^= 1;
    std::ofstream(first_segment(), std::ios::binary) << content;
  }
};

TEST(JournalVerify, ASoundJournalIsCounted) {
  Verifying verify;
  EXPECT_EQ(verify.run(), exit_ok) << verify.err.str();
  EXPECT_TRUE(verify.says("account 41002233: 1 segments, 5 records (1 to 5): sound")) << verify.out.str();
}

TEST(JournalVerify, NamesTheFirstBadRecordByFileAndOffset) {
  Verifying verify;
  verify.damage(persistence::segment_header_bytes + 30); // inside record 1
  EXPECT_EQ(verify.run(), exit_failed);
  EXPECT_TRUE(verify.says("DAMAGED"));
  EXPECT_TRUE(verify.says("2026-07-15.000.bhj at offset 64: ")) << verify.out.str();
  verify.command.json = true;
  EXPECT_EQ(verify.run(), exit_failed);
  const auto account = nlohmann::json::parse(verify.out.str())["data"]["accounts"][0];
  EXPECT_EQ(account["first_bad"]["offset"], 64);
  EXPECT_EQ(account["first_bad"]["file"], verify.first_segment().string());
  EXPECT_EQ(account["sound"], false);
}

TEST(JournalVerify, AChangedRecordWithARightChecksumBreaksTheChain) {
  Verifying verify;
  std::string content = verify.bytes();
  const auto first = persistence::parse_record(std::string_view{content}.substr(64));
  ASSERT_TRUE(first);
  std::string forged;
  persistence::ChainHash chain{{1, 2, 3}}; // whoever forges it does not know the hash before
  persistence::append_record(forged, 1, first->kind, first->at, first->payload, chain);
  content.replace(64, forged.size(), forged);
  std::ofstream(verify.first_segment(), std::ios::binary) << content;
  EXPECT_EQ(verify.run(), exit_failed);
  EXPECT_TRUE(verify.says("does not continue the chain")) << verify.out.str();
}

TEST(JournalVerify, AnUnfinishedEndIsToldAndIsNoDamage) {
  Verifying verify;
  std::string content = verify.bytes();
  content.resize(content.find_last_not_of('\0') - 3);
  std::ofstream(verify.first_segment(), std::ios::binary) << content;
  EXPECT_EQ(verify.run(), exit_ok);
  EXPECT_TRUE(verify.says("4 records (1 to 4): sound")) << verify.out.str();
  EXPECT_TRUE(verify.says("an unfinished record at the end: 2026-07-15.000.bhj")) << verify.out.str();
}

TEST(JournalVerify, ReadsCheckpointsToo) {
  Verifying verify;
  ASSERT_TRUE(persistence::write_checkpoint(verify.disk, verify.dir, {verify.engine->state(), 4}));
  EXPECT_EQ(verify.run(), exit_ok);
  std::ofstream(verify.dir / persistence::checkpoint_name(4)) << "cut";
  EXPECT_EQ(verify.run(), exit_failed);
  EXPECT_TRUE(verify.says("checkpoint: ")) << verify.out.str();
}

TEST(JournalVerify, RunsBesideTheDaemon) {
  Verifying verify;
  const auto held = persistence::DataDir::open(verify.data);
  ASSERT_TRUE(held);
  EXPECT_EQ(verify.run(), exit_ok);
}

TEST(JournalVerify, AnAccountWithoutAJournalFails) {
  Verifying verify;
  verify.command.account = 5;
  EXPECT_EQ(verify.run(), exit_failed);
  EXPECT_NE(verify.err.str().find("no such journal"), std::string::npos);
  verify.command.account = verify.account.value;
  EXPECT_EQ(verify.run(), exit_ok);
  verify.command.data_dir = "/absent";
  verify.command.account = 0;
  EXPECT_EQ(verify.run(), exit_failed);
}

TEST(JournalSettings, RetentionIsReadAndBounded) {
  const auto with = [](const char* value) {
    const ConfigDirectory directory;
    directory.write("risk_config.yaml",
                    std::string("max_contracts: { limit: 5 }\npersistence: { journal_retention_days: ") +
                        value + " }\n");
    return directory.load();
  };
  EXPECT_EQ(ConfigDirectory{}.load().config.persistence.journal_retention_days, 90);
  EXPECT_EQ(with("7").config.persistence.journal_retention_days, 7);
  EXPECT_EQ(with("0").config.persistence.journal_retention_days, 0);
  for (const char* wrong : {"-1", "99999", "1.5", "soon"})
    EXPECT_TRUE(has_errors(with(wrong).problems)) << wrong;
}

} // namespace
} // namespace bulkhead::cli
