// The byte stream of a hub, cut anywhere: the records are those of a naive split, whatever the cuts, and the
// tail stays below its limit. What the message parser makes of a record is what another parser reads there.

#include "protocol/signalr/framing.hpp"
#include "protocol/signalr/message.hpp"
#include "tests/fuzz/bytes.hpp"

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

using namespace bulkhead;
using fuzz::expect;
namespace signalr = protocol::signalr;

namespace {

constexpr std::size_t limit = 512;

/// The records of a stream up to the first one that is too long, and whether there was one.
struct Split {
  std::vector<std::string> records;
  bool overflow = false;
  friend bool operator==(const Split&, const Split&) = default;
};

Split naive(std::string_view stream) {
  Split out;
  std::string record;
  for (const char c : stream) {
    if (c == signalr::record_separator) {
      out.records.push_back(std::exchange(record, {}));
    } else if (record.push_back(c); record.size() > limit) {
      out.overflow = true;
      break;
    }
  }
  return out;
}

/// Which of both counts is the reader's choice: the parser takes the first, the other one the last.
bool names_a_member_twice(std::string_view text) {
  std::multiset<std::string> names;
  [[maybe_unused]] const auto read = nlohmann::json::parse(
      text,
      [&](int depth, nlohmann::json::parse_event_t event, nlohmann::json& parsed) {
        if (depth == 1 && event == nlohmann::json::parse_event_t::key) names.insert(parsed);
        return true;
      },
      false);
  return std::set(names.begin(), names.end()).size() != names.size();
}

/// The arguments are text the parser did not look into; all else must agree with the other parser.
void check_message(signalr::MessageParser& parser, const signalr::Record& record) {
  const auto message = parser.parse(record);
  const auto same = parser.parse(record.text);
  expect(message.has_value() == same.has_value(), "padding does not change what is read");
  if (!message) return;
  expect(message->index() == same->index(), "padding does not change what is read");
  const auto json = nlohmann::json::parse(record.text, nullptr, false);
  if (json.is_discarded()) return; // broken inside of what nobody looked at
  if (names_a_member_twice(record.text)) return;
  expect(json.is_object() && json.contains("type"), "a message is an object with a type");
  const auto type = json["type"];
  const std::size_t index = message->index();
  if (type == 1) expect(index == 0, "type 1 is an invocation");
  if (type == 3) expect(index == 1, "type 3 is a completion");
  if (type == 6) expect(index == 2, "type 6 is a ping");
  if (type == 7) expect(index == 3, "type 7 is a close");
  if (const auto* call = std::get_if<signalr::Invocation>(&*message)) {
    expect(json["target"] == std::string(call->target), "the target is the same");
    expect(json["arguments"] == nlohmann::json::parse(call->arguments.text), "the arguments are the same");
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes bytes(data, size);
  signalr::RecordSplitter splitter(limit);
  signalr::MessageParser parser;
  Split found;
  std::string stream;
  while (!bytes.empty() && !found.overflow) {
    const std::string piece(bytes.piece()); // on the heap, so that reading beyond it is seen
    stream += piece;
    const auto appended = splitter.append(piece, [&](const signalr::Record& record) {
      found.records.emplace_back(record.text);
      check_message(parser, record);
      return true;
    });
    found.overflow = !appended;
    expect(splitter.buffered() <= limit, "the tail stays below its limit");
  }
  expect(found == naive(stream), "the records are those of the stream");
  return 0;
}
