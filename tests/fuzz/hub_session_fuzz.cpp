// A hub connection whose other end says anything at all, cut anywhere: handshake, messages, subscriptions,
// and the decoder behind them. The session keeps to its order: one socket at a time, nothing sent without
// one, whole JSON records, a timer whenever it waits.

#include "protocol/projectx/decode.hpp"
#include "protocol/signalr/session.hpp"
#include "tests/fuzz/bytes.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

using namespace bulkhead;
using fuzz::expect;
namespace signalr = protocol::signalr;

namespace {

enum class Socket { none, wanted, open, closing };

class Peer {
public:
  Peer()
      : session_(config(), [this](std::string_view target, protocol::PaddedJson arguments) {
          decoder_.decode_event(target, arguments, [](auto&&) {});
        }) {}

  void start() {
    follow(session_.add_subscription("orders 1", "SubscribeOrders", "[1]", now_));
    follow(session_.start(now_));
  }

  void step(fuzz::Bytes& bytes) {
    now_ += std::chrono::milliseconds{bytes.byte() * 50};
    switch (bytes.byte() % 10) {
    case 0:
      if (socket_ == Socket::wanted) opened();
      break;
    case 1: timer(); break;
    case 2:
      if (socket_ != Socket::none) gone();
      break;
    case 3:
      if (socket_ == Socket::open) follow(session_.on_bytes("{}\x1e", now_));
      break;
    case 4:
      if (negotiating_) negotiated(bytes.piece());
      break;
    case 5: follow(session_.reconnect("because", now_)); break;
    case 6: follow(session_.remove_subscription("orders 1", "UnsubscribeOrders", "[1]", now_)); break;
    case 7: follow(session_.add_subscription("orders 1", "SubscribeOrders", "[1]", now_)); break;
    default: says(bytes.piece());
    }
    const bool waits = session_.state() != signalr::HubState::stopped && socket_ != Socket::closing;
    if (waits) expect(session_.next_timer().has_value(), "who waits has a timer");
    if (session_.connected()) expect(socket_ == Socket::open, "connected needs a socket");
  }

private:
  static signalr::SessionConfig config() {
    signalr::SessionConfig config;
    config.record_limit = 4096;
    config.skip_negotiation = false;
    return config;
  }
  void opened() {
    socket_ = Socket::open;
    follow(session_.on_open(now_));
  }
  void gone() {
    socket_ = Socket::none;
    follow(session_.on_transport_closed({model::Errc::io, "lost"}, now_));
  }
  void timer() {
    if (const auto next = session_.next_timer()) now_ = std::max(now_, *next);
    follow(session_.on_timer(now_));
  }
  void negotiated(std::string_view body) {
    negotiating_ = false;
    const std::string sound = R"({"negotiateVersion":1,"connectionToken":"t","availableTransports":)"
                              R"([{"transport":"WebSockets","transferFormats":["Text"]}]})";
    follow(body.empty() ? session_.on_negotiated(sound, now_) : session_.on_negotiated(body, now_));
  }
  void says(std::string_view text) {
    const std::string bytes(text); // on the heap, so that reading beyond it is seen
    if (socket_ == Socket::open) follow(session_.on_bytes(bytes, now_));
  }

  void follow(const signalr::Actions& actions) {
    expect(actions.size() < 5000, "bounded work for one call");
    for (const auto& action : actions) {
      if (std::holds_alternative<signalr::Negotiate>(action)) negotiating_ = true;
      if (std::holds_alternative<signalr::OpenSocket>(action)) {
        expect(socket_ == Socket::none, "one socket at a time");
        socket_ = Socket::wanted;
        negotiating_ = false;
      }
      if (std::holds_alternative<signalr::CloseSocket>(action)) {
        expect(socket_ == Socket::wanted || socket_ == Socket::open, "only what is there is closed");
        socket_ = Socket::closing;
      }
      if (const auto* sent = std::get_if<signalr::SendText>(&action)) {
        expect(socket_ == Socket::open, "nothing is sent without a socket");
        expect(!sent->text.empty() && sent->text.back() == signalr::record_separator, "whole records");
        expect(nlohmann::json::accept(sent->text.substr(0, sent->text.size() - 1)), "a record is JSON");
      }
    }
  }

  protocol::projectx::Decoder decoder_;
  signalr::HubSession session_;
  model::Instant now_{std::chrono::seconds{1'784'000'000}};
  Socket socket_ = Socket::none;
  bool negotiating_ = false;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes bytes(data, size);
  Peer peer;
  peer.start();
  while (!bytes.empty()) peer.step(bytes);
  return 0;
}
