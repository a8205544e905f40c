#include "actors/enforcement_reply.hpp"

#include <fmt/format.h>

namespace bulkhead::actors {

namespace projectx = protocol::projectx;

namespace {

using Kind = Enforcer::Kind;

projectx::Endpoint endpoint_of(Kind kind) {
  switch (kind) {
  case Kind::close_position: return projectx::Endpoint::position_close;
  case Kind::reduce_position: return projectx::Endpoint::position_partial_close;
  case Kind::cancel_order: return projectx::Endpoint::order_cancel;
  }
  return projectx::Endpoint::position_close;
}

std::string describe(const Enforcer::Send& send) {
  switch (send.kind) {
  case Kind::close_position: return fmt::format("closeContract {}", send.contract.value);
  case Kind::reduce_position:
    return fmt::format("partialCloseContract {} size {}", send.contract.value, send.size);
  case Kind::cancel_order: return fmt::format("cancel order {}", send.order.value);
  }
  return {};
}

} // namespace

Enforcer::Reply understand(const Enforcer::Send& send,
                           const std::variant<protocol::HttpReply, protocol::HttpFailure>& outcome,
                           MonotonicNanos now) {
  Enforcer::Reply said;
  said.trace.what = describe(send);
  if (const auto* reply = std::get_if<protocol::HttpReply>(&outcome)) {
    said.answer = projectx::classify(endpoint_of(send.kind), reply->status, reply->body);
    said.trace.written = reply->written;
    said.trace.replied = reply->received;
    said.retry_after = reply->retry_after;
  } else {
    const auto& failure = std::get<protocol::HttpFailure>(outcome);
    said.answer = {projectx::Answer::transient, 0, failure.error.message()};
    said.left = failure.may_have_arrived;
    said.trace.written = failure.written;
    said.trace.replied = now;
  }
  const auto& answer = said.answer;
  said.trace.result = answer.code == 0 ? std::string(to_string(answer.answer))
                                       : fmt::format("{} (code {} {})", to_string(answer.answer), answer.code,
                                                     code_name(endpoint_of(send.kind), answer.code));
  return said;
}

} // namespace bulkhead::actors
