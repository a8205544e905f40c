// What the stub gateway says over its hubs: handshakes, subscriptions, pings, events.
#include "bench/stub/stub_gateway.hpp"
#include "protocol/projectx/names.hpp"
#include "protocol/signalr/message.hpp"
#include "protocol/signalr/message_writer.hpp"

#include <fmt/format.h>

namespace bulkhead::bench {

namespace projectx = protocol::projectx;
namespace signalr = protocol::signalr;

namespace {

constexpr MonotonicNanos ping_interval = 10'000'000'000;
constexpr int user_subscriptions_of_one_account = 3; // orders, positions, fills
constexpr std::string_view raw_hello = "RAW ";

} // namespace

bool StubGateway::consume(Peer& peer) {
  auto& input = peer.link->input();
  if (peer.protocol == Protocol::http && input.starts_with(raw_hello)) {
    if (!input.ends_with('\n')) return true;
    peer.account = account_of(std::string_view(input).substr(raw_hello.size(), input.size() - 5));
    if (peer.account == nullptr) return false;
    peer.protocol = Protocol::raw_stream;
    peer.account->stream = peer.link.get();
    peer.account->raw = peer.account->ready = true;
    input.clear();
  }
  if (peer.protocol == Protocol::http) {
    while (auto request = take_request(input)) {
      if (!on_request(peer, *request)) return false;
      if (peer.protocol != Protocol::http) break;
    }
  }
  while (peer.protocol == Protocol::user_hub || peer.protocol == Protocol::market_hub) {
    const auto message = take_frame(input);
    if (!message) break;
    if (!on_frame(peer, *message)) return false;
  }
  return true;
}

bool StubGateway::upgrade(Peer& peer, const StubRequest& request) {
  constexpr std::string_view query = "?access_token=";
  const auto at = request.target.find(query);
  if (at == std::string::npos) return false;
  peer.account = account_of(std::string_view(request.target).substr(at + query.size()));
  if (peer.account == nullptr) return false;
  peer.protocol =
      request.target.starts_with(projectx::user_hub_path) ? Protocol::user_hub : Protocol::market_hub;
  return peer.link->send(upgrade_reply(request.websocket_key));
}

bool StubGateway::on_frame(Peer& peer, const WebsocketMessage& message) {
  switch (message.opcode) {
  case WebsocketOpcode::close: return false;
  case WebsocketOpcode::ping: return peer.link->send(websocket_frame(WebsocketOpcode::pong, message.payload));
  case WebsocketOpcode::pong: return true;
  case WebsocketOpcode::text: break;
  }
  std::string_view rest = message.payload;
  for (auto end = rest.find(signalr::record_separator); end != rest.npos;
       end = rest.find(signalr::record_separator)) {
    if (!on_record(peer, rest.substr(0, end))) return false;
    rest.remove_prefix(end + 1);
  }
  return true;
}

bool StubGateway::on_record(Peer& peer, std::string_view record) {
  if (!peer.shaken) {
    peer.shaken = true;
    if (peer.protocol == Protocol::user_hub) {
      peer.account->stream = peer.link.get();
      peer.account->user_subscriptions = 0;
      peer.account->accepted_at = peer.accepted_at;
    } else {
      peer.account->market = peer.link.get();
    }
    return send_record(peer, signalr::encode_handshake_ok());
  }
  signalr::MessageParser parser;
  const auto message = parser.parse(record);
  if (!message) return false;
  const auto* call = std::get_if<signalr::Invocation>(&*message);
  if (call == nullptr) return true;
  if (call->target.starts_with("Subscribe")) {
    auto& account = *peer.account;
    if (peer.protocol == Protocol::market_hub)
      ++account.market_subscriptions;
    else
      account.ready =
          ++account.user_subscriptions > account.siblings * user_subscriptions_of_one_account; // one for all
    if (account.ready && account.ready_at < account.accepted_at) account.ready_at = protocol::monotonic_now();
  }
  return !call->invocation_id || send_record(peer, signalr::encode_completion(*call->invocation_id));
}

bool StubGateway::send_record(Peer& peer, std::string_view record) {
  peer.sent_at = protocol::monotonic_now();
  return peer.link->send(websocket_frame(WebsocketOpcode::text, record));
}

void StubGateway::keep_alive() {
  const auto now = protocol::monotonic_now();
  if (now - pinged_at_ < ping_interval / 10) return;
  pinged_at_ = now;
  for (auto& [socket, peer] : peers_) {
    // A failure shows at the next read, where the peer is dropped.
    if (peer.shaken && !peer.stalled && now - peer.sent_at >= ping_interval)
      (void)send_record(peer, signalr::encode_ping());
  }
}

std::string StubGateway::position_frame(const StubAccount& account, int size) {
  const auto record = signalr::encode_invocation(
      projectx::target(projectx::HubEvent::position),
      fmt::format(R"([{{"action":{},"data":{{"id":{},"accountId":{},"contractId":"{}",)"
                  R"("contractDisplayName":"MNQZ5","creationTimestamp":"2025-11-20T14:30:00.1234567+00:00",)"
                  R"("type":{},"size":{},"averagePrice":24873.25}}}}])",
                  size == 0 ? 2 : 1, account.id + 5'000'000, account.id, stub_contract, size == 0 ? 0 : 1,
                  size));
  return account.raw ? record : websocket_frame(WebsocketOpcode::text, record);
}

std::string StubGateway::quote_frame(double last, std::size_t number) {
  return websocket_frame(
      WebsocketOpcode::text,
      signalr::encode_invocation(
          projectx::target(projectx::HubEvent::quote),
          fmt::format(
              R"(["{0}",{{"symbol":"F.US.MNQ","lastPrice":{1:.2f},"bestBid":{2:.2f},"bestAsk":{1:.2f},)"
              R"("volume":{3},"lastUpdated":"2025-11-20T14:30:00.1234567+00:00",)"
              R"("timestamp":"2025-11-20T14:30:00.1234567+00:00"}}])",
              stub_contract, last, last - 0.25, 1'000'000 + number)));
}

std::string StubGateway::quote_frames(std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i)
    out += quote_frame(24873.25 + 0.25 * static_cast<double>(i % 8 + 1), i);
  return out;
}

bool StubGateway::push_market(const StubAccount& account, std::string_view frames) {
  return account.owner->market != nullptr && account.owner->market->send(frames);
}

bool StubGateway::push_user(const StubAccount& account, std::string_view frames) {
  return account.owner->stream != nullptr && account.owner->stream->send(frames);
}

bool StubGateway::tell_position(const StubAccount& account, int size) {
  accounts_.at(account.id).held = size;
  return push_user(account, position_frame(account, size));
}

} // namespace bulkhead::bench