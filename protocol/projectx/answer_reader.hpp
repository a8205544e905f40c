#pragma once
// Reads one REST answer: HTTP status, envelope, and the one member that carries the payload. Internal to
// protocol/projectx; lives on the stack of one read and owns the copied body, so members() ends with it.

#include "protocol/projectx/json_read.hpp"
#include "protocol/transport.hpp"

#include <functional>

namespace bulkhead::protocol::projectx {

class AnswerReader {
public:
  /// Called with the payload unless it is null; again when the key comes again, and then the last call
  /// counts.
  using TakePayload = std::function<model::Result<void>(JsonValue)>;

  AnswerReader(Endpoint endpoint, const HttpReply& reply) : endpoint_(endpoint), reply_(reply) {}

  /// Reads everything. A refusal by the gateway outranks what is wrong with the payload.
  [[nodiscard]] model::Result<void> read(Member payload, const TakePayload& take);
  /// For answers whose payload is a plain member, or none: see members().
  [[nodiscard]] model::Result<void> read() { return read(Member::count, {}); }
  [[nodiscard]] const Members& members() const noexcept { return members_; }

private:
  [[nodiscard]] model::Result<void> parse(Member payload, const TakePayload& take);
  [[nodiscard]] model::Result<void> walk(JsonObject object, Member payload, const TakePayload& take,
                                         model::Result<void>& taken);

  Endpoint endpoint_;
  const HttpReply& reply_;
  simdjson::padded_string padded_;
  simdjson::ondemand::parser parser_;
  Members members_;
};

} // namespace bulkhead::protocol::projectx
