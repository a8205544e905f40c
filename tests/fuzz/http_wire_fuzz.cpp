// The answer to a REST request, byte for byte over a socket of the loopback. A reply that is built by the
// rules arrives as it was built; any other bytes give one outcome, and the same outcome however they are cut.

#include "protocol/net/rest_transport.hpp"
#include "tests/fuzz/loopback.hpp"

#include <fmt/format.h>
#include <optional>

using namespace bulkhead;
using fuzz::expect;
using protocol::RestTransport;

namespace {

constexpr std::size_t longest_body = 2000;

/// One request; what came of it as a text.
std::string ask(const fuzz::Pieces& pieces) {
  boost::asio::io_context io{1};
  fuzz::Loopback server(io, [&](const std::string&) { return pieces; });
  protocol::net::RestLimits limits;
  limits.max_body = longest_body;
  limits.max_per_lane = 1;
  limits.connect_timeout = std::chrono::minutes{2};
  protocol::net::BeastRestTransport client(io, {false, server.host(), server.port(), "/"}, nullptr, limits);
  std::optional<std::string> outcome;
  const auto on_reply = [&](RestTransport::Outcome reply) {
    expect(!outcome.has_value(), "one outcome for a request");
    if (reply) {
      expect(reply->status >= 200 && reply->status < 1000 && reply->body.size() <= longest_body,
             "a bounded reply");
      const auto wait = reply->retry_after.value_or(std::chrono::seconds{-1});
      outcome = fmt::format("{} {} {}", reply->status, wait.count(), reply->body);
    } else {
      const auto& failure = reply.error();
      expect(failure.may_have_arrived, "the request had left");
      expect(failure.error.message().find("secret-token") == std::string::npos, "the token stays secret");
      // Why differs with the cuts: Beast looks for the end of the head before it looks at its lines.
      outcome = "failed";
    }
  };
  client.send({{}, "POST", "/api/Position/closeContract", "secret-token", "{}", std::chrono::minutes{2}},
              on_reply);
  server.play([&] { return outcome.has_value(); }, [&] { client.close(); });
  return *outcome;
}

/// A reply by the rules, and what must come of it.
void check_built(fuzz::Bytes& bytes, fuzz::Bytes& cuts) {
  const int status = 200 + bytes.byte() % 4 * 100;
  const bool chunked = bytes.byte() % 2 == 0;
  std::string body;
  std::string wire = fmt::format("HTTP/1.1 {} Whatever\r\n", status);
  if (!chunked) {
    body = bytes.rest().substr(0, longest_body);
    wire += fmt::format("Content-Length: {}\r\n\r\n{}", body.size(), body);
  } else {
    wire += "Transfer-Encoding: chunked\r\n\r\n";
    while (!bytes.empty() && body.size() < longest_body - 255) {
      const auto piece = bytes.piece();
      if (piece.empty()) continue;
      body += piece;
      wire += fmt::format("{:x}\r\n{}\r\n", piece.size(), piece);
    }
    wire += "0\r\n\r\n";
  }
  expect(ask(fuzz::cut(wire, cuts)) == fmt::format("{} -1 {}", status, body),
         "a sound reply arrives as it is");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes bytes(data, size);
  const bool built = bytes.byte() % 4 == 0;
  const auto places = bytes.piece();
  fuzz::Bytes cuts(reinterpret_cast<const std::uint8_t*>(places.data()), places.size());
  if (built) {
    check_built(bytes, cuts);
    return 0;
  }
  const std::string wire(bytes.rest());
  expect(ask({wire}) == ask(fuzz::cut(wire, cuts)), "where the bytes are cut does not matter");
  return 0;
}
