#include "protocol/projectx/envelope.hpp"

#include "protocol/projectx/json_read.hpp"

namespace bulkhead::protocol::projectx {

using model::Errc;
using model::Error;
using model::Result;

Result<Envelope> to_envelope(const Members& members) {
  FieldReader read(members);
  const auto success = read.optional_flag(Member::success);
  const auto code = read.optional_whole(Member::error_code);
  if (!success) read.fail(Errc::missing, Member::success, "missing");
  if (!code) read.fail(Errc::missing, Member::error_code, "missing");
  if (success == false && code == 0) read.fail(Errc::malformed, Member::error_code, "0 in a failure");
  Envelope envelope;
  envelope.code = code.value_or(0);
  envelope.accepted = success.value_or(false) && envelope.code == 0;
  envelope.message = read.optional_text(Member::error_message);
  return read.finish(std::move(envelope));
}

Result<Envelope> read_envelope(std::string_view body) {
  if (auto checked = check_structure(body); !checked) return checked.error();
  const simdjson::padded_string padded(body);
  simdjson::ondemand::parser parser;
  JsonDocument document;
  if (const auto code = parser.iterate(padded).get(document)) return json_error(code);
  JsonObject object;
  if (const auto code = document.get_object().get(object)) return json_error(code);
  const auto members = read_members(object);
  if (!members) return members.error();
  return to_envelope(*members);
}

} // namespace bulkhead::protocol::projectx
