#include "protocol/signalr/handshake.hpp"

#include <fmt/format.h>
#include <simdjson.h>

namespace bulkhead::protocol::signalr {
namespace {
namespace dom = simdjson::dom;
using model::Errc;
using model::Error;

/// A text with its parser, whose memory the parsed object refers to.
struct Parsed {
  dom::parser parser;
  dom::object object;
};

model::Result<void> parse_object(std::string_view text, std::string_view what, Parsed& out) {
  dom::element root;
  auto failed = out.parser.parse(simdjson::padded_string(text)).get(root);
  if (!failed) failed = root.get(out.object);
  if (failed) {
    return Error(Errc::malformed,
                 fmt::format("{}: not a JSON object: {}", what, simdjson::error_message(failed)));
  }
  return {};
}

/// Empty when absent, null or not a string.
std::string text_of(const dom::object& object, std::string_view key) {
  std::string_view value;
  if (object.at_key(key).get(value)) value = {};
  return std::string(value);
}

bool offers_websockets(const dom::object& object) {
  dom::array transports;
  // Some servers leave the list out when negotiation is not needed at all.
  if (object.at_key("availableTransports").get(transports)) return true;
  for (const dom::element transport : transports) {
    std::string_view name;
    if (!transport["transport"].get(name) && name == "WebSockets") return true;
  }
  return false;
}

} // namespace

model::Result<NegotiateAnswer> parse_negotiate_answer(std::string_view body) {
  Parsed parsed;
  if (auto ok = parse_object(body, "negotiate answer", parsed); !ok) return ok.error();
  const auto& object = parsed.object;
  if (const auto error = text_of(object, "error"); !error.empty()) {
    return Error(Errc::rejected, fmt::format("negotiate refused: {}", error));
  }
  NegotiateAnswer answer{text_of(object, "url"), text_of(object, "accessToken"),
                         text_of(object, "connectionToken")};
  if (!answer.url.empty()) return answer;
  if (!offers_websockets(object)) return Error(Errc::unsupported, "negotiate answer offers no WebSockets");
  if (answer.connection_id.empty()) answer.connection_id = text_of(object, "connectionId");
  if (answer.connection_id.empty()) return Error(Errc::malformed, "negotiate answer has no connection id");
  answer.access_token.clear();
  return answer;
}

model::Result<void> parse_handshake_answer(std::string_view record) {
  Parsed parsed;
  if (auto ok = parse_object(record, "handshake answer", parsed); !ok) return ok.error();
  dom::element error;
  if (!parsed.object.at_key("error").get(error) && !error.is_null()) {
    std::string_view words = "no reason given";
    if (error.is_string()) words = error.get_string().value_unsafe();
    return Error(Errc::rejected, fmt::format("handshake refused: {}", words));
  }
  if (!parsed.object.at_key("type").get(error)) {
    return Error(Errc::malformed, "handshake answer: a hub message came first");
  }
  return {};
}

model::Result<HandshakeRequest> parse_handshake_request(std::string_view record) {
  Parsed parsed;
  if (auto ok = parse_object(record, "handshake request", parsed); !ok) return ok.error();
  HandshakeRequest request;
  request.protocol = text_of(parsed.object, "protocol");
  const bool has_version = !parsed.object.at_key("version").get(request.version);
  if (request.protocol.empty() || !has_version) {
    return Error(Errc::malformed, "handshake request: no `protocol` or no `version`");
  }
  return request;
}

} // namespace bulkhead::protocol::signalr
