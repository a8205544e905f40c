#include "bench/stub/wire.hpp"

#include <array>
#include <charconv>
#include <fmt/format.h>
#include <openssl/evp.h>

namespace bulkhead::bench {
namespace {

/// The value of a header; names are compared as the peers write them, but for the case of their letters.
std::string_view header(std::string_view head, std::string_view name) {
  for (std::size_t at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n", at + 2)) {
    const auto line = head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
    if (line.size() <= name.size() || line[name.size()] != ':') continue;
    bool same = true;
    for (std::size_t i = 0; i < name.size(); ++i) same = same && (line[i] | 0x20) == (name[i] | 0x20);
    if (same) return line.substr(line.find_first_not_of(' ', name.size() + 1));
  }
  return {};
}

std::size_t number(std::string_view text) {
  std::size_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

unsigned byte(char c) { return static_cast<unsigned char>(c); }

} // namespace

std::optional<StubRequest> take_request(std::string& input) {
  const auto head_end = input.find("\r\n\r\n");
  if (head_end == std::string::npos) return std::nullopt;
  const auto head = std::string_view(input).substr(0, head_end);
  const auto body_size = number(header(head, "content-length"));
  const auto body_at = head_end + 4;
  if (input.size() < body_at + body_size) return std::nullopt;
  StubRequest request;
  const auto target_at = head.find(' ') + 1;
  request.target = std::string(head.substr(target_at, head.find(' ', target_at) - target_at));
  const auto authorization = header(head, "authorization");
  constexpr std::string_view scheme = "Bearer ";
  if (authorization.starts_with(scheme)) request.bearer = std::string(authorization.substr(scheme.size()));
  request.websocket_key = std::string(header(head, "sec-websocket-key"));
  request.body = input.substr(body_at, body_size);
  input.erase(0, body_at + body_size);
  return request;
}

std::string http_reply(std::string_view json) {
  return fmt::format("HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nServer: stub\r\n"
                     "Content-Length: {}\r\n\r\n{}",
                     json.size(), json);
}

std::string too_many_requests() {
  return "HTTP/1.1 429 Too Many Requests\r\nServer: stub\r\nContent-Length: 0\r\n\r\n";
}

std::string upgrade_reply(std::string_view websocket_key) {
  const auto text = std::string(websocket_key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr);
  std::array<unsigned char, 64> base64{};
  EVP_EncodeBlock(base64.data(), digest.data(), static_cast<int>(size));
  return fmt::format("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                     "Sec-WebSocket-Accept: {}\r\n\r\n",
                     reinterpret_cast<const char*>(base64.data()));
}

std::optional<WebsocketMessage> take_frame(std::string& input) {
  if (input.size() < 2) return std::nullopt;
  std::size_t size = byte(input[1]) & 0x7fU;
  std::size_t at = 2;
  if (size >= 126) { // 127, a length of eight bytes, no client here has a use for
    if (input.size() < 4) return std::nullopt;
    size = byte(input[2]) << 8U | byte(input[3]);
    at = 4;
  }
  const std::size_t mask_at = at;
  const bool masked = (byte(input[1]) & 0x80U) != 0;
  if (masked) at += 4;
  if (input.size() < at + size) return std::nullopt;
  WebsocketMessage message{static_cast<WebsocketOpcode>(byte(input[0]) & 0x0fU), input.substr(at, size)};
  for (std::size_t i = 0; masked && i < size; ++i) {
    message.payload[i] = static_cast<char>(byte(message.payload[i]) ^ byte(input[mask_at + i % 4]));
  }
  input.erase(0, at + size);
  return message;
}

std::string websocket_frame(WebsocketOpcode opcode, std::string_view payload) {
  std::string out;
  out += static_cast<char>(0x80U | static_cast<unsigned>(opcode));
  if (payload.size() < 126) {
    out += static_cast<char>(payload.size());
  } else {
    out += static_cast<char>(126);
    out += static_cast<char>(payload.size() >> 8U & 0xffU);
    out += static_cast<char>(payload.size() & 0xffU);
  }
  return out.append(payload);
}

} // namespace bulkhead::bench
