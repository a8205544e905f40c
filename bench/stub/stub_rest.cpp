// What the stub gateway answers to requests.
#include "bench/stub/stub_gateway.hpp"
#include "protocol/projectx/names.hpp"

#include <charconv>
#include <fmt/format.h>

namespace bulkhead::bench {

namespace projectx = protocol::projectx;
using projectx::Endpoint;

namespace {

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

bool StubGateway::on_request(Peer& peer, const StubRequest& request) {
  if (!request.websocket_key.empty()) return upgrade(peer, request);
  auto* const owner = account_of(request.bearer);
  if (owner != nullptr) owner->requests.push_back(peer.link->read_at());
  auto* const account = addressed(owner, request.body);
  const auto reply = answer(request, peer.link->read_at());
  const bool troubled = account != nullptr && account->trouble != Trouble::none;
  if (troubled && is(request.target, Endpoint::position_close)) {
    peer.account = account;
    return reply_to_close(peer, *account);
  }
  return peer.link->send(http_reply(reply));
}

bool StubGateway::reply_to_close(Peer& peer, const StubAccount& account) {
  switch (account.trouble) {
  case Trouble::slow: peer.owed = true; return true;
  case Trouble::refused: return peer.link->send(too_many_requests());
  case Trouble::reset: return false;
  case Trouble::none: break;
  }
  return true;
}

void StubGateway::trouble(const StubAccount& account, Trouble trouble) {
  accounts_.at(account.id).trouble = trouble;
  if (trouble != Trouble::none) return;
  for (auto& [socket, peer] : peers_) {
    if (!peer.owed || peer.account != &accounts_.at(account.id)) continue;
    peer.owed = false;
    (void)peer.link->send(
        http_reply(fmt::format("{{{}}}", success))); // who gave up waiting is dropped when read
  }
}

std::string StubGateway::answer(const StubRequest& request, MonotonicNanos read_at) {
  StubAccount* const account = addressed(account_of(request.bearer), request.body);
  if (is(request.target, Endpoint::position_close) && account != nullptr &&
      member(request.body, "accountId") == std::to_string(account->id) &&
      member(request.body, "contractId") == stub_contract) {
    account->close_at = read_at;
    ++account->closes;
    if (account->trouble == Trouble::none) account->held = 0;
    return fmt::format("{{{}}}", success);
  }
  if (is(request.target, Endpoint::position_search_open)) {
    if (account != nullptr) ++account->position_reads;
    if (account == nullptr || account->held == 0) return with_success(R"("positions":[])");
    return with_success(fmt::format(
        R"("positions":[{{"id":{},"accountId":{},"contractId":"{}","contractDisplayName":"MNQZ5",)"
        R"("creationTimestamp":"2025-11-20T14:30:00.1234567+00:00","type":1,"size":{},"averagePrice":24873.25}}])",
        account->id + 5'000'000, account->id, stub_contract, account->held));
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
    return with_success(fmt::format(R"("accounts":[{}])", account_rows(*account->owner)));
  }
  if (is(request.target, Endpoint::login_key)) {
    for (const auto& [id, known] : accounts_) {
      if (known.user == member(request.body, "userName"))
        return with_success(fmt::format(R"("token":"{}")", known.token));
    }
  }
  return R"({"success":false,"errorCode":1,"errorMessage":"the stub gateway does not know this"})";
}

StubAccount* StubGateway::addressed(StubAccount* owner, std::string_view body) {
  if (owner == nullptr || owner->siblings == 1) return owner;
  const auto named = member(body, "accountId");
  std::int64_t id = 0;
  std::from_chars(named.data(), named.data() + named.size(), id);
  const auto found = accounts_.find(id);
  return found != accounts_.end() && found->second.owner == owner ? &found->second : owner;
}

std::string StubGateway::account_rows(const StubAccount& owner) const {
  std::string out;
  for (const auto& [id, account] : accounts_) {
    if (account.owner != &owner) continue;
    out += fmt::format(
        R"({}{{"id":{},"name":"{}-{}","balance":50000,"canTrade":true,"isVisible":true,"simulated":true}})",
        out.empty() ? "" : ",", id, account.user, id);
  }
  return out;
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

} // namespace bulkhead::bench
