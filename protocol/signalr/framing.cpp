#include "protocol/signalr/framing.hpp"

#include <fmt/format.h>

namespace bulkhead::protocol::signalr {

model::Error RecordSplitter::overflow() {
  tail_.clear();
  return {model::Errc::out_of_range, fmt::format("a record is longer than {} bytes", limit_)};
}

Record RecordSplitter::complete_tail(std::string_view piece) {
  tail_.append(piece);
  const auto length = tail_.size();
  tail_.append(json_padding, ' ');
  return {std::string_view(tail_).substr(0, length), json_padding};
}

} // namespace bulkhead::protocol::signalr
