#pragma once
// Cuts the byte stream of a hub connection into records, each ended by the byte 0x1E. A websocket message may
// hold many records, and a record may be spread over messages. Whole records are handed out as views into the
// given bytes; only the unfinished tail is copied. Owned by one session, called from its thread. The tail is
// bounded by the record limit; a longer record is an error, after which the rest is dropped and the
// connection must be given up.

#include "model/error.hpp"
#include "protocol/json_text.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace bulkhead::protocol::signalr {

inline constexpr char record_separator = '\x1e';

/// One complete record without its separator, valid during the callback only.
struct Record {
  std::string_view text;
  std::size_t readable_after =
      0; // bytes behind `text` that may be read, which spares the JSON parser its copy
};

class RecordSplitter {
public:
  static constexpr std::size_t default_limit = 1 << 20;

  explicit RecordSplitter(std::size_t limit = default_limit) : limit_(limit) {}

  /// Calls `on_record(const Record&)` for every record that `bytes` completes, in order. It returns whether
  /// to go on; after false the rest of the bytes is dropped. Errors: out_of_range for a record above the
  /// limit.
  template <class OnRecord>
  [[nodiscard]] model::Result<void> append(std::string_view bytes, OnRecord&& on_record);

  /// Forgets the tail; for a new connection. Must not be called from inside append().
  void reset() noexcept { tail_.clear(); }
  /// Length of the unfinished record.
  [[nodiscard]] std::size_t buffered() const noexcept { return tail_.size(); }

private:
  [[nodiscard]] bool too_long(std::string_view piece) const noexcept {
    return piece.size() > limit_ - tail_.size();
  }
  [[nodiscard]] model::Error overflow();
  /// The tail and `piece` as one record, padded for the JSON parser.
  [[nodiscard]] Record complete_tail(std::string_view piece);

  std::size_t limit_;
  std::string tail_;
};

template <class OnRecord>
model::Result<void> RecordSplitter::append(std::string_view bytes, OnRecord&& on_record) {
  while (!bytes.empty()) {
    const auto end = bytes.find(record_separator);
    const auto piece = bytes.substr(0, end);
    if (too_long(piece)) return overflow();
    if (end == std::string_view::npos) {
      tail_.append(piece);
      break;
    }
    bytes.remove_prefix(end + 1);
    const bool joined = !tail_.empty();
    const bool go_on = on_record(joined ? complete_tail(piece) : Record{piece, bytes.size() + 1});
    if (joined) tail_.clear();
    if (!go_on) break;
  }
  return {};
}

} // namespace bulkhead::protocol::signalr
