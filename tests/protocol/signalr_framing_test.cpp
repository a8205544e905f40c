#include "protocol/signalr/framing.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace bulkhead::protocol::signalr {
namespace {

using Texts = std::vector<std::string>;

Texts feed(RecordSplitter& splitter, std::string_view bytes) {
  Texts texts;
  const auto fed = splitter.append(bytes, [&](const Record& record) {
    texts.emplace_back(record.text);
    return true;
  });
  EXPECT_TRUE(fed.has_value());
  return texts;
}

TEST(RecordSplitter, CutsSeveralRecordsOfOneFrame) {
  RecordSplitter splitter;
  EXPECT_EQ(feed(splitter, "{}\x1e{\"type\":6}\x1e"), (Texts{"{}", "{\"type\":6}"}));
  EXPECT_EQ(splitter.buffered(), 0u);
}

TEST(RecordSplitter, JoinsARecordSplitAtEveryByte) {
  const std::string stream = "{\"a\":1}\x1e{\"b\":22}\x1e{}\x1e";
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    RecordSplitter splitter;
    auto texts = feed(splitter, std::string_view(stream).substr(0, cut));
    for (auto& text : feed(splitter, std::string_view(stream).substr(cut))) texts.push_back(text);
    EXPECT_EQ(texts, (Texts{"{\"a\":1}", "{\"b\":22}", "{}"})) << "cut at " << cut;
  }
}

TEST(RecordSplitter, JoinsARecordThatArrivesByteByByte) {
  RecordSplitter splitter;
  for (const char c : std::string("{\"type\":6}")) EXPECT_TRUE(feed(splitter, {&c, 1}).empty());
  EXPECT_EQ(splitter.buffered(), 10u);
  EXPECT_EQ(feed(splitter, "\x1e"), Texts{"{\"type\":6}"});
}

TEST(RecordSplitter, HandsOutViewsIntoTheFrameAndSaysWhatFollows) {
  RecordSplitter splitter;
  const std::string frame = "{}\x1e{\"type\":6}\x1e";
  std::vector<const char*> starts;
  std::vector<std::size_t> readable;
  ASSERT_TRUE(splitter.append(frame, [&](const Record& record) {
    starts.push_back(record.text.data());
    readable.push_back(record.readable_after);
    return true;
  }));
  EXPECT_EQ(starts, (std::vector<const char*>{frame.data(), frame.data() + 3}));
  EXPECT_EQ(readable, (std::vector<std::size_t>{12, 1}));
}

TEST(RecordSplitter, PadsAJoinedRecordForTheParser) {
  RecordSplitter splitter;
  EXPECT_TRUE(feed(splitter, "{\"type\"").empty());
  std::size_t readable = 0;
  ASSERT_TRUE(splitter.append(":6}\x1e", [&](const Record& record) {
    EXPECT_EQ(record.text, "{\"type\":6}");
    readable = record.readable_after;
    return true;
  }));
  EXPECT_GE(readable, json_padding);
}

TEST(RecordSplitter, StopsWhenTheReceiverHasEnough) {
  RecordSplitter splitter;
  int seen = 0;
  ASSERT_TRUE(splitter.append("{}\x1e{}\x1e{\"tail", [&](const Record&) {
    ++seen;
    return false;
  }));
  EXPECT_EQ(seen, 1);
  EXPECT_EQ(splitter.buffered(), 0u);
}

TEST(RecordSplitter, RefusesARecordAboveTheLimitHoweverItArrives) {
  const std::string five = "12345";
  const auto ignore = [](const Record&) { return true; };
  RecordSplitter whole(4);
  EXPECT_EQ(whole.append(five + "\x1e", ignore).error().code(), model::Errc::out_of_range);

  RecordSplitter pieces(4);
  EXPECT_TRUE(pieces.append("123", ignore));
  EXPECT_FALSE(pieces.append("45", ignore));
  EXPECT_EQ(pieces.buffered(), 0u);

  RecordSplitter exact(5);
  EXPECT_EQ(feed(exact, five + "\x1e"), Texts{five});
}

TEST(RecordSplitter, ForgetsTheTailOnReset) {
  RecordSplitter splitter;
  EXPECT_TRUE(feed(splitter, "half").empty());
  splitter.reset();
  EXPECT_EQ(feed(splitter, "{}\x1e"), Texts{"{}"});
}

} // namespace
} // namespace bulkhead::protocol::signalr
