#include "protocol/net/frame_cursor.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace bulkhead::protocol::net {
namespace {

using namespace std::string_literals;

/// A frame as a server writes it; `first` holds the final bit and the kind.
std::string frame(unsigned first, std::size_t size, bool masked = false) {
  const unsigned mask = masked ? 0x80 : 0;
  std::string out(1, static_cast<char>(first));
  if (size < 126) {
    out += static_cast<char>(mask | size);
  } else if (size < 65536) {
    out += static_cast<char>(mask | 126);
    for (const unsigned shift : {8U, 0U}) out += static_cast<char>(size >> shift);
  } else {
    out += static_cast<char>(mask | 127);
    for (const unsigned shift : {56U, 48U, 40U, 32U, 24U, 16U, 8U, 0U})
      out += static_cast<char>(size >> shift);
  }
  if (masked) out += "mask";
  return out + std::string(size, '\x81'); // a content that looks like the beginning of frames
}

constexpr unsigned text = 0x81, part_of_text = 0x01, ping = 0x89;

TEST(FrameCursor, EndsWhereAFrameEndsHoweverItsBytesCome) {
  std::vector<std::string> frames;
  for (const std::size_t size : {0U, 1U, 125U, 126U, 127U, 65535U, 65536U})
    for (const bool masked : {false, true}) frames.push_back(frame(text, size, masked));
  frames.push_back(frame(ping, 0));
  frames.push_back(frame(part_of_text, 3));
  for (const std::size_t piece : {1U, 2U, 3U, 7U, 1000U, 1'000'000U}) {
    FrameCursor cursor;
    for (const auto& one : frames) {
      const auto following = one + frame(text, 5);
      std::size_t taken = 0;
      while (taken < one.size()) {
        const auto some = std::string_view(following).substr(taken, piece);
        const auto step = cursor.advance(some);
        ASSERT_GT(step, 0U);
        ASSERT_TRUE(step == some.size() || taken + step == one.size());
        taken += step;
      }
      ASSERT_EQ(taken, one.size());
      ASSERT_TRUE(cursor.is_at_whole_text(frame(text, 5)));
    }
  }
}

TEST(FrameCursor, KnowsAWholeMessageOfText) {
  const FrameCursor cursor;
  for (const std::size_t size : {0U, 1U, 125U, 126U, 65535U, 65536U}) {
    const auto whole = frame(text, size);
    EXPECT_TRUE(cursor.is_at_whole_text(whole)) << size;
    EXPECT_TRUE(cursor.is_at_whole_text(whole + "more")) << size;
    for (std::size_t cut = 0; cut < std::min<std::size_t>(whole.size(), 12); ++cut)
      EXPECT_FALSE(cursor.is_at_whole_text(std::string_view(whole).substr(0, cut))) << size << ' ' << cut;
    EXPECT_EQ(cursor.is_at_whole_text(std::string_view(whole).substr(0, whole.size() - 1)), false) << size;
  }
  for (const auto& other : {frame(part_of_text, 3), frame(ping, 3), frame(0x82, 3), frame(0x80, 3),
                            frame(0xC1, 3), frame(text, 3, true)})
    EXPECT_FALSE(cursor.is_at_whole_text(other)) << static_cast<int>(other[0]);
}

TEST(FrameCursor, KnowsNoMessageInTheMiddleOfAFrame) {
  for (const std::size_t begun : {1U, 2U, 10U}) {
    FrameCursor cursor;
    const auto first = frame(text, 100);
    ASSERT_EQ(cursor.advance(std::string_view(first).substr(0, begun)), begun);
    EXPECT_FALSE(cursor.is_at_whole_text(frame(text, 5)));
  }
}

TEST(FrameCursor, StaysInAFrameOfImpossibleLength) {
  FrameCursor cursor;
  const auto endless = "\x81\xFF"s + std::string(8, '\xFF');
  EXPECT_EQ(cursor.advance(endless), endless.size());
  EXPECT_EQ(cursor.advance(std::string(1000, '\x81')), 1000U);
}

TEST(HeadCursor, EndsBehindTheEmptyLineHoweverItsBytesCome) {
  const auto head = "HTTP/1.1 101 Switching\r\nA: \r\r\nB: \n\r\nC: 1\r\n\r\n"s;
  const auto all = head + "\x81\x02hi\r\n\r\n";
  for (std::size_t piece = 1; piece <= all.size(); ++piece) {
    HeadCursor cursor;
    std::size_t taken = 0;
    while (taken < head.size()) taken += cursor.advance(std::string_view(all).substr(taken, piece));
    ASSERT_EQ(taken, head.size()) << piece;
    EXPECT_EQ(cursor.advance(std::string_view(all).substr(taken)), all.size() - taken);
  }
}

} // namespace
} // namespace bulkhead::protocol::net
