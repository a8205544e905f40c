#pragma once
// The messages of the SignalR JSON hub protocol, version 1, and their parser. A message is a set of views
// into the record (or into the parser's own buffer) and is valid until the parser's next call; parsing
// allocates nothing once the buffers have grown to the largest record. A parser belongs to one connection and
// is called from its thread. Record length is bounded by RecordSplitter.

#include "model/error.hpp"
#include "protocol/signalr/framing.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <variant>

namespace bulkhead::protocol::signalr {

/// The peer calls a method; from a gateway: an event.
struct Invocation {
  std::string_view target;
  /// The argument array, to be parsed in place. Its brackets balance but its contents are unchecked.
  PaddedJson arguments;
  std::optional<std::string_view> invocation_id; // set: the caller waits for a Completion
};
struct Completion {
  std::string_view invocation_id;
  std::optional<std::string_view> error;
};
struct Ping {};
struct Close {
  std::optional<std::string_view> error;
  bool allow_reconnect = false;
};
/// A defined type nobody here needs: stream items and invocations (2, 4, 5), stateful reconnect (8, 9).
struct Ignored {
  std::int64_t type = 0;
};
/// A type of a later protocol version; to be ignored.
struct Unknown {
  std::int64_t type = 0;
};
using Message = std::variant<Invocation, Completion, Ping, Close, Ignored, Unknown>;

class MessageParser {
public:
  MessageParser();
  ~MessageParser();
  MessageParser(MessageParser&&) noexcept;
  MessageParser& operator=(MessageParser&&) noexcept;

  /// Members come in any order; unknown ones and repetitions are ignored. Errors: malformed when the record
  /// is no JSON object; missing when it is one, but `type` or a member that the type requires is absent or of
  /// the wrong kind.
  [[nodiscard]] model::Result<Message> parse(const Record& record);
  /// A text without readable bytes behind it; costs one copy.
  [[nodiscard]] model::Result<Message> parse(std::string_view text) { return parse(Record{text, 0}); }

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

} // namespace bulkhead::protocol::signalr
