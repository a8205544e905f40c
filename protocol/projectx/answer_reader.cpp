#include "protocol/projectx/answer_reader.hpp"

#include "protocol/projectx/envelope.hpp"
#include "protocol/projectx/error_codes.hpp"

#include <fmt/format.h>

namespace bulkhead::protocol::projectx {

using model::Errc;
using model::Error;
using model::Result;

namespace {

Errc errc_of(Answer answer) {
  switch (answer) {
  case Answer::not_found: return Errc::not_found;
  case Answer::unauthorized: return Errc::unauthorized;
  case Answer::rate_limited: return Errc::rate_limited;
  case Answer::transient: return Errc::server_error;
  case Answer::malformed: return Errc::malformed;
  case Answer::accepted:
  case Answer::pending:
  case Answer::market_closed:
  case Answer::account_refused:
  case Answer::invalid_size:
  case Answer::rejected:
  case Answer::unknown_error:
  case Answer::fatal: break;
  }
  return Errc::rejected;
}

/// A refusal in words, from status and envelope.
Error refusal(Endpoint endpoint, const HttpReply& reply) {
  const Classified what = classify(endpoint, reply.status, reply.body);
  const auto name = code_name(endpoint, what.code);
  std::string text =
      reply.status == 200 ? fmt::format("code {}", what.code) : fmt::format("HTTP {}", reply.status);
  if (what.code != 0 && !name.empty()) text += fmt::format(" {}", name);
  if (!what.message.empty()) text += fmt::format(": {}", what.message);
  return {errc_of(what.answer), text};
}

} // namespace

Result<void> AnswerReader::read(Member payload, const TakePayload& take) {
  const auto read =
      reply_.status >= 200 && reply_.status <= 299 ? parse(payload, take) : refusal(endpoint_, reply_);
  if (read) return {};
  return read.error().with_context(path(endpoint_));
}

Result<void> AnswerReader::parse(Member payload, const TakePayload& take) {
  if (auto checked = check_structure(reply_.body); !checked) return checked;
  padded_ = simdjson::padded_string(reply_.body);
  JsonDocument document;
  if (const auto code = parser_.iterate(padded_).get(document)) return json_error(code);
  JsonObject object;
  if (const auto code = document.get_object().get(object)) return json_error(code);
  Result<void> taken =
      Error{Errc::missing, fmt::format("{}: missing", payload == Member::count ? "" : wire(payload))};
  if (const auto walked = walk(object, payload, take, taken); !walked) return walked;
  const auto envelope = to_envelope(members_);
  if (!envelope) return envelope.error();
  if (!envelope->accepted) return refusal(endpoint_, reply_);
  return payload == Member::count ? Result<void>{} : taken;
}

Result<void> AnswerReader::walk(JsonObject object, Member payload, const TakePayload& take,
                                Result<void>& taken) {
  for (auto item : object) {
    if (const auto code = item.error()) return json_error(code);
    auto& field = item.value_unsafe(); // a copy would cost more than reading it
    std::string_view key;
    if (const auto code = field.unescaped_key().get(key)) return json_error(code);
    JsonValue& value = field.value();
    if (payload != Member::count && key == wire(payload)) {
      simdjson::ondemand::json_type type{};
      if (const auto code = value.type().get(type)) return json_error(code);
      const bool null = type == simdjson::ondemand::json_type::null;
      taken = null ? Error{Errc::missing, fmt::format("{}: null", key)} : take(value);
    } else if (const auto member = find_read_member(key)) {
      if (auto scalar = read_scalar(value, members_[*member]); !scalar) return scalar;
    }
  }
  return {};
}

} // namespace bulkhead::protocol::projectx
