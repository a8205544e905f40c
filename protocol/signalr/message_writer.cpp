#include "protocol/signalr/message_writer.hpp"

#include "protocol/signalr/framing.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace bulkhead::protocol::signalr {
namespace {

std::string quoted(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string record(std::string json) {
  json += record_separator;
  return json;
}

} // namespace

std::string encode_ping() { return record(R"({"type":6})"); }

std::string encode_invocation(std::string_view target, std::string_view arguments_json,
                              std::optional<std::string_view> id) {
  const auto id_member = id ? fmt::format(R"("invocationId":{},)", quoted(*id)) : std::string();
  return record(
      fmt::format(R"({{"type":1,{}"target":{},"arguments":{}}})", id_member, quoted(target), arguments_json));
}

std::string encode_completion(std::string_view id, std::optional<std::string_view> error) {
  const auto outcome = error ? fmt::format(R"("error":{})", quoted(*error)) : std::string(R"("result":null)");
  return record(fmt::format(R"({{"type":3,"invocationId":{},{}}})", quoted(id), outcome));
}

std::string encode_close(std::optional<std::string_view> error, std::optional<bool> allow_reconnect) {
  std::string json = R"({"type":7)";
  if (error) json += fmt::format(R"(,"error":{})", quoted(*error));
  if (allow_reconnect) json += fmt::format(R"(,"allowReconnect":{})", *allow_reconnect);
  return record(json + "}");
}

std::string encode_handshake() { return record(R"({"protocol":"json","version":1})"); }
std::string encode_handshake_ok() { return record("{}"); }
std::string encode_handshake_err(std::string_view error) {
  return record(fmt::format(R"({{"error":{}}})", quoted(error)));
}

} // namespace bulkhead::protocol::signalr
