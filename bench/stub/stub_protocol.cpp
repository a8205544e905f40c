// What the stub gateway answers: requests, hub records, pings.
#include "bench/stub/stub_gateway.hpp"
#include "protocol/projectx/names.hpp"
#include "protocol/signalr/message.hpp"
#include "protocol/signalr/message_writer.hpp"

#include <charconv>
#include <fmt/format.h>

namespace bulkhead::bench {

namespace projectx = protocol::projectx;
namespace signalr = protocol::signalr;
using projectx::Endpoint;

namespace {

constexpr MonotonicNanos ping_interval = 10'000'000'000;
constexpr int user_subscriptions_of_one_account = 4; // accounts, orders, positions, fills
constexpr std::string_view contract = "CON.F.US.MNQ.Z25";
constexpr std::string_view raw_hello = "RAW ";
constexpr std::string_view success = R"("success":true,"errorCode":0,"errorMessage":null)";
constexpr std::string_view contract_row =
    R"({"id":"CON.F.US.MNQ.Z25","name":"MNQZ5","description":"Micro E-mini Nasdaq-100: December 2025",)"
    R"("tickSize":0.25,"tickValue":0.5,"activeContract":true,"symbolId":"F.US.MNQ"})";

/// The number or text behind `"name":`; requests of this benchmark are flat and written without spaces.
std::string_view member(std::string_view body, std::string_view name) {
  const auto key = fmt::format("\"{}\":", name);
  const auto at = body.find(key);
  if (at == std::string_view::npos) return {};
  auto value = body.substr(at + key.size());
  if (value.starts_with('"')) {
    value.remove_prefix(1);
    return value.substr(0, value.find('"'));
  }
  return value.substr(0, value.find_first_of(",}"));
}

std::string with_success(std::string_view payload) { return fmt::format("{{{},{}}}", payload, success); }

bool is(std::string_view target, Endpoint endpoint) { return target == projectx::path(endpoint); }

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

bool StubGateway::on_request(Peer& peer, const StubRequest& request) {
  if (!request.websocket_key.empty()) return upgrade(peer, request);
  return peer.link->send(http_reply(answer(request, peer.link->read_at())));
}

std::string StubGateway::answer(const StubRequest& request, MonotonicNanos read_at) {
  StubAccount* const account = account_of(request.bearer);
  if (is(request.target, Endpoint::position_close) && account != nullptr &&
      member(request.body, "accountId") == std::to_string(account->id) &&
      member(request.body, "contractId") == contract) {
    account->close_at = read_at;
    ++account->closes;
    return fmt::format("{{{}}}", success);
  }
  if (is(request.target, Endpoint::position_search_open)) {
    if (account != nullptr) ++account->position_reads;
    return with_success(R"("positions":[])");
  }
  if (is(request.target, Endpoint::order_query) || is(request.target, Endpoint::order_search_open)) {
    if (account != nullptr) ++account->order_reads;
    return with_success(R"("orders":[],"totalCount":0)");
  }
  if (is(request.target, Endpoint::trade_search)) {
    if (account != nullptr) ++account->fill_reads;
    return with_success(R"("trades":[])");
  }
  if (is(request.target, Endpoint::contract_search_by_id))
    return with_success(fmt::format(R"("contract":{})", contract_row));
  if (is(request.target, Endpoint::account_search) && account != nullptr) {
    return with_success(fmt::format(
        R"("accounts":[{{"id":{},"name":"{}","balance":50000,"canTrade":true,"isVisible":true,"simulated":true}}])",
        account->id, account->user));
  }
  if (is(request.target, Endpoint::login_key)) {
    for (const auto& [id, known] : accounts_) {
      if (known.user == member(request.body, "userName"))
        return with_success(fmt::format(R"("token":"{}")", known.token));
    }
  }
  return R"({"success":false,"errorCode":1,"errorMessage":"the stub gateway does not know this"})";
}

StubAccount* StubGateway::account_of(std::string_view token) {
  // "bench-token-ID-xxx"
  constexpr std::string_view prefix = "bench-token-";
  if (!token.starts_with(prefix)) return nullptr;
  std::int64_t id = 0;
  std::from_chars(token.data() + prefix.size(), token.data() + token.size(), id);
  const auto found = accounts_.find(id);
  return found == accounts_.end() ? nullptr : &found->second;
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
      account.ready = ++account.user_subscriptions >= user_subscriptions_of_one_account;
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
    if (peer.shaken && now - peer.sent_at >= ping_interval) (void)send_record(peer, signalr::encode_ping());
  }
}

std::string StubGateway::position_frame(const StubAccount& account, int size) {
  const auto record = signalr::encode_invocation(
      projectx::target(projectx::HubEvent::position),
      fmt::format(R"([{{"action":{},"data":{{"id":{},"accountId":{},"contractId":"{}",)"
                  R"("contractDisplayName":"MNQZ5","creationTimestamp":"2025-11-20T14:30:00.1234567+00:00",)"
                  R"("type":{},"size":{},"averagePrice":24873.25}}}}])",
                  size == 0 ? 2 : 1, account.id + 5'000'000, account.id, contract, size == 0 ? 0 : 1, size));
  return account.raw ? record : websocket_frame(WebsocketOpcode::text, record);
}

bool StubGateway::push(const StubAccount& account, std::string_view frame) {
  return account.stream != nullptr && account.stream->send(frame);
}

} // namespace bulkhead::bench
