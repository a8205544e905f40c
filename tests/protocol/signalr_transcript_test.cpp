// Replays the byte transcripts of tests/interop/transcripts against HubSession: the session must depend on
// nothing but those bytes and the time. README.md there explains the directives.

#include "protocol/signalr/session.hpp"

#include <gtest/gtest.h>

#include "protocol/signalr/framing.hpp"

#include <algorithm>
#include <deque>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <sstream>

namespace bulkhead::protocol::signalr {
namespace {

using model::Instant;

const std::filesystem::path folder = std::filesystem::path(BULKHEAD_SOURCE_DIR) / "tests/interop/transcripts";

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

struct Line {
  int number = 0;
  std::string directive;
  std::string text;
};

std::vector<Line> read_transcript(const std::filesystem::path& file) {
  std::vector<Line> lines;
  std::ifstream in(file);
  std::string text;
  for (int number = 1; std::getline(in, text); ++number) {
    if (text.empty() || text.front() == '#') continue;
    const auto mark = text.find('>');
    if (mark == std::string::npos) throw std::runtime_error(fmt::format("line {} has no directive", number));
    lines.push_back({number, text.substr(0, mark), text.size() > mark + 2 ? text.substr(mark + 2) : ""});
  }
  return lines;
}

/// How server frames are cut: not at all, at one offset of one frame, or after every byte.
struct Cut {
  enum class Kind { none, once, everywhere } kind = Kind::none;
  std::size_t frame = 0;
  std::size_t offset = 0;
};

class Replay {
public:
  explicit Replay(Cut cut) : cut_(cut) {}

  /// The first difference, or nothing.
  std::string run(const std::vector<Line>& lines) {
    for (const auto& line : lines) {
      const auto difference = step(line);
      if (!difference.empty()) return fmt::format("line {}: {}", line.number, difference);
    }
    return leftovers();
  }

private:
  std::string step(const Line& line) {
    if (line.directive == "C") return match(actions_, "C> " + line.text);
    if (line.directive == "EXPECT") return expect(line.text);
    if (auto unexpected = leftovers(); !unexpected.empty()) return unexpected;
    const auto words = split(line.text);
    if (line.directive == "T") return pass(model::parse_duration(line.text).value());
    if (line.directive == "S")
      frame(replace_all(line.text, "<RS>", "\x1e"));
    else if (line.directive == "T")
      pass(model::parse_duration(line.text).value());
    else if (line.directive == "START")
      note(session_.start(now_));
    else if (line.directive == "STOP")
      note(session_.stop(now_));
    else if (line.directive == "OPEN")
      note(session_.on_open(now_));
    else if (line.directive == "DROP")
      note(session_.on_transport_closed({model::Errc::io, line.text}, now_));
    else if (line.directive == "SUB")
      note(session_.add_subscription(words.at(0), words.at(1), words.at(2), now_));
    else if (line.directive == "UNSUB")
      note(session_.remove_subscription(words.at(0), words.at(1), words.at(2), now_));
    else
      return "unknown directive " + line.directive;
    return {};
  }

  void frame(std::string_view bytes) {
    std::size_t piece = bytes.size();
    if (cut_.kind == Cut::Kind::everywhere) piece = 1;
    if (cut_.kind == Cut::Kind::once && cut_.frame == frames_) piece = cut_.offset;
    ++frames_;
    feed(bytes.substr(0, piece));
    for (bytes.remove_prefix(piece); !bytes.empty(); bytes.remove_prefix(piece)) {
      if (cut_.kind == Cut::Kind::once) piece = bytes.size();
      feed(bytes.substr(0, piece));
    }
  }
  /// From memory of exactly that size, so that a sanitizer sees any read beyond it.
  void feed(std::string_view bytes) {
    const std::vector<char> exact(bytes.begin(), bytes.end());
    note(session_.on_bytes({exact.data(), exact.size()}, now_));
  }

  std::string pass(model::Duration span) {
    const auto end = now_ + span;
    int runs = 0;
    for (auto due = session_.next_timer(); due && *due <= end; due = session_.next_timer()) {
      if (++runs > 100) return "a timer stays due although it ran";
      now_ = std::max(now_, *due);
      note(session_.on_timer(now_));
    }
    now_ = end;
    return {};
  }

  std::string expect(const std::string& what) {
    const auto words = split(what);
    if (words.at(0) == "event") return match(events_, what);
    if (words[0] == "state") return compare(words.at(1), to_string(session_.state()));
    if (words[0] == "counter") return compare(words.at(2), counter(words.at(1)));
    return match(actions_, what);
  }
  [[nodiscard]] std::string counter(const std::string& name) const {
    const auto& c = session_.counters();
    if (name == "unknown_types") return std::to_string(c.unknown_types);
    if (name == "ignored_types") return std::to_string(c.ignored_types);
    if (name == "unknown_completions") return std::to_string(c.unknown_completions);
    if (name == "protocol_errors") return std::to_string(c.protocol_errors);
    if (name == "events") return std::to_string(c.events);
    return "no such counter";
  }

  static std::vector<std::string> split(const std::string& text) {
    std::istringstream in(text);
    return {std::istream_iterator<std::string>(in), {}};
  }
  static std::string compare(std::string_view wanted, std::string_view got) {
    return wanted == got ? "" : fmt::format("wanted [{}], got [{}]", wanted, got);
  }
  static std::string match(std::deque<std::string>& queue, const std::string& wanted) {
    if (queue.empty()) return fmt::format("wanted [{}], got nothing", wanted);
    const auto got = queue.front();
    queue.pop_front();
    return compare(wanted, got);
  }
  [[nodiscard]] std::string leftovers() const {
    if (!actions_.empty()) return fmt::format("not asked for: [{}]", actions_.front());
    return events_.empty() ? "" : fmt::format("not asked for: [{}]", events_.front());
  }

  void note(const Actions& actions) {
    for (const auto& action : actions) {
      std::visit([&](const auto& a) { actions_.push_back(text_of(a)); }, action);
    }
  }
  [[nodiscard]] static std::string text_of(const Negotiate&) { return "negotiate"; }
  [[nodiscard]] static std::string text_of(const OpenSocket&) { return "open"; }
  [[nodiscard]] static std::string text_of(const SendText& a) {
    return "C> " + replace_all(a.text, "\x1e", "<RS>");
  }
  [[nodiscard]] static std::string text_of(const CloseSocket&) { return "close"; }
  [[nodiscard]] static std::string text_of(const Connected&) { return "connected"; }
  [[nodiscard]] static std::string text_of(const Subscribed&) { return "subscribed"; }
  [[nodiscard]] std::string text_of(const SubscriptionFailed& a) const {
    return fmt::format("refused {} {} retry in {}: {}", a.target, a.arguments, seconds_until(*a.retry_at),
                       a.error);
  }
  [[nodiscard]] static std::string text_of(const Lost& a) {
    return fmt::format("lost{}: {}", a.allow_reconnect ? "" : " unwanted", a.reason);
  }
  [[nodiscard]] std::string text_of(const ReconnectAt& a) const {
    return "reconnect in " + seconds_until(a.at);
  }
  [[nodiscard]] static std::string text_of(const ProtocolFault& a) { return "fault: " + a.text; }
  [[nodiscard]] std::string seconds_until(Instant at) const {
    return fmt::format("{}s", std::chrono::duration_cast<std::chrono::seconds>(at - now_).count());
  }

  static SessionConfig config() {
    SessionConfig config;
    config.jitter_percent = 0;
    return config;
  }

  Cut cut_;
  std::size_t frames_ = 0;
  Instant now_{std::chrono::seconds{1'800'000'000}};
  std::deque<std::string> actions_;
  std::deque<std::string> events_;
  HubSession session_{config(), [this](std::string_view target, protocol::PaddedJson arguments) {
                        events_.push_back(fmt::format("event {} {}", target, arguments.text));
                      }};
};

class Transcript : public ::testing::TestWithParam<std::filesystem::path> {};

TEST_P(Transcript, ReplaysAsWritten) {
  const auto lines = read_transcript(GetParam());
  EXPECT_EQ(Replay({}).run(lines), "");
  EXPECT_EQ(Replay({Cut::Kind::everywhere, 0, 0}).run(lines), "") << "byte by byte";
}

TEST_P(Transcript, ReplaysTheSameWhereverAFrameIsSplit) {
  const auto lines = read_transcript(GetParam());
  std::size_t frame = 0;
  for (const auto& line : lines) {
    if (line.directive != "S") continue;
    const auto size = replace_all(line.text, "<RS>", "\x1e").size();
    for (std::size_t offset = 1; offset < size; ++offset) {
      ASSERT_EQ(Replay({Cut::Kind::once, frame, offset}).run(lines), "")
          << "frame " << frame << " at " << offset;
    }
    ++frame;
  }
}

std::vector<std::filesystem::path> transcripts() {
  std::vector<std::filesystem::path> files;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(folder, none)) {
    if (entry.path().extension() == ".txt") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

INSTANTIATE_TEST_SUITE_P(Interop, Transcript, ::testing::ValuesIn(transcripts()),
                         [](const auto& info) { return info.param.stem().string(); });

} // namespace
} // namespace bulkhead::protocol::signalr
