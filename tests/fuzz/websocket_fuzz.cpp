// A websocket client whose server says anything at all, over a socket of the loopback. What is delivered are
// the messages that a naive reading of RFC 6455 finds in the bytes, however these are cut; each connection
// ends once, with an error from the list of the transport.

#include "protocol/net/websocket_transport.hpp"
#include "tests/fuzz/loopback.hpp"

#include <nlohmann/json.hpp>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <optional>

using namespace bulkhead;
using fuzz::expect;

namespace {

constexpr std::size_t longest_message = 1000;

std::string accept_of(const std::string& head) {
  const std::string name = "Sec-WebSocket-Key: ";
  const auto at = head.find(name) + name.size();
  const auto key = head.substr(at, head.find("\r\n", at) - at) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(key.data()), key.size(), digest.data());
  std::array<unsigned char, 32> text{};
  const auto length = EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(digest.size()));
  return {text.begin(), text.begin() + length};
}

/// A dump refuses what is no UTF-8.
bool is_utf8(const std::string& text) {
  try {
    (void)nlohmann::json(text).dump();
    return true;
  } catch (const nlohmann::json::type_error&) {
    return false;
  }
}

/// Frames of a server as they stand in a text, up to the first that must not be.
class Frames {
public:
  explicit Frames(std::string_view rest) : rest_(rest) {}

  /// Whether the text tells what comes after the messages. Beast judges characters as it reads content, so
  /// that one cut off before an empty last frame passes it; the decoder behind the transport refuses the
  /// record.
  bool exact = true;

  std::vector<std::string> messages() {
    std::vector<std::string> out;
    std::optional<int> kind; // of the message under way
    std::string message;
    while (const auto frame = next()) {
      const bool control = frame->kind >= 8;
      if (frame->kind == 8) break; // the end, sound or not
      if (control) continue;
      if ((frame->kind == 0) != kind.has_value()) break;
      if (!kind) kind = frame->kind;
      message += frame->content;
      if (message.size() > longest_message) break;
      if (!frame->last) continue;
      exact = kind != 1 || !frame->content.empty() || is_utf8(message);
      if (kind != 1 || !is_utf8(message)) break;
      out.push_back(std::exchange(message, {}));
      kind.reset();
    }
    return out;
  }

private:
  struct Frame {
    bool last = false;
    int kind = 0;
    std::string content;
  };
  std::optional<std::uint64_t> number(std::size_t bytes) {
    if (rest_.size() < bytes) return std::nullopt;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i) value = value << 8 | static_cast<std::uint8_t>(rest_[i]);
    rest_.remove_prefix(bytes);
    return value;
  }
  /// None at the end of the text, and for what must not come from a server.
  std::optional<Frame> next() {
    const auto head = number(2);
    if (!head) return std::nullopt;
    const int kind = static_cast<int>(*head >> 8 & 15);
    const bool known = kind <= 2 || (kind >= 8 && kind <= 10);
    const bool last = (*head & 0x8000) != 0;
    if (!known || (*head & 0x7000) != 0 || (*head & 0x80) != 0) return std::nullopt;
    auto length = std::optional<std::uint64_t>(*head & 0x7F);
    if (kind >= 8 && (!last || *length > 125)) return std::nullopt;
    if (*length == 126) {
      if (length = number(2); !length || *length < 126) return std::nullopt;
    } else if (*length == 127) {
      if (length = number(8); !length || *length < 65536) return std::nullopt;
    }
    if (rest_.size() < *length) return std::nullopt;
    Frame frame{last, kind, std::string(rest_.substr(0, *length))};
    rest_.remove_prefix(*length);
    return frame;
  }

  std::string_view rest_;
};

struct Seen {
  int opened = 0;
  std::vector<std::string> messages;
  std::vector<model::Error> closed;
};

Seen talk(const fuzz::Loopback::Answer& answer, std::size_t gather) {
  boost::asio::io_context io{1};
  fuzz::Loopback server(io, answer);
  Seen seen;
  protocol::net::WebsocketLimits limits;
  limits.max_message = longest_message;
  limits.gather = gather;
  limits.connect_timeout = std::chrono::minutes{2};
  protocol::net::BeastWebsocketTransport client(io, nullptr, limits);
  client.open({false, server.host(), server.port(), "/"}, "/hub?access_token=secret-token",
              {[&] { ++seen.opened; },
               [&](std::string_view bytes, protocol::MonotonicNanos) {
                 expect(seen.opened == 1 && seen.closed.empty(), "messages come between open and close");
                 seen.messages.emplace_back(bytes);
               },
               [&](const model::Error& why) { seen.closed.push_back(why); }});
  server.play([&] { return !seen.closed.empty(); }, [] {});
  expect(seen.closed.size() == 1, "a connection ends once");
  for (const char c : seen.closed.front().message())
    expect(static_cast<unsigned char>(c) >= 0x20, "an error can be shown");
  return seen;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const auto& part : parts) out += part;
  return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes bytes(data, size);
  const auto kind = bytes.byte() % 4;
  const bool greets = kind != 0;
  const bool gathers = kind == 3;
  const auto places = bytes.piece();
  fuzz::Bytes cuts(reinterpret_cast<const std::uint8_t*>(places.data()), places.size());
  const std::string said(bytes.rest());
  const auto seen = talk(
      [&](const std::string& head) {
        const std::string greeting =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Accept: " +
            accept_of(head) + "\r\n\r\n";
        return fuzz::cut(greets ? greeting + said : said, cuts);
      },
      gathers ? longest_message / 2 : 0);
  const auto& why = seen.closed.front().message();
  expect(why.find("secret-token") == why.npos || said.find("secret-token") != said.npos,
         "the token stays secret");
  if (!greets) {
    expect(seen.opened == 0 && seen.messages.empty(), "nobody guesses the key's answer");
    return 0;
  }
  expect(seen.opened == 1, "a proper greeting opens");
  Frames frames(said);
  const auto meant = frames.messages();
  if (gathers) {
    const auto got = joined(seen.messages), all = joined(meant);
    expect(got.starts_with(all) && (got == all || !frames.exact), "what is gathered is what was said");
    return 0;
  }
  expect(seen.messages.size() == meant.size() || (!frames.exact && seen.messages.size() > meant.size()),
         "the messages are as many as those of the bytes");
  expect(std::equal(meant.begin(), meant.end(), seen.messages.begin()),
         "the messages are those of the bytes");
  return 0;
}
