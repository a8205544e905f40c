#include "simulator/rest_api.hpp"

#include "simulator/json_text.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::simulator {

using protocol::projectx::endpoint_paths;
using protocol::projectx::Member;

namespace {

constexpr int bad_request = 400, unauthorized = 401, not_found = 404, wrong_method = 405,
              too_many_requests = 429;

bool trades(protocol::projectx::Endpoint endpoint) {
  using enum protocol::projectx::Endpoint;
  return endpoint == position_close || endpoint == position_partial_close || endpoint == order_place ||
         endpoint == order_modify || endpoint == order_cancel;
}

std::string envelope(const std::string& payload, int code, const std::optional<std::string>& text) {
  JsonObject out;
  out.flag(Member::success, code == 0).number(Member::error_code, code);
  out.maybe(Member::error_message, text ? std::optional(json_string(*text)) : std::nullopt);
  const auto common = out.str();
  return payload.empty() ? common : fmt::format("{{{},{}", payload, common.substr(1));
}

std::optional<model::AccountId> account_in(const std::string& body) {
  const auto value = nlohmann::json::parse(body, nullptr, false);
  if (!value.is_object()) return std::nullopt;
  const auto found = value.find(std::string(wire(Member::account_id)));
  if (found == value.end() || !found->is_number_integer()) return std::nullopt;
  return model::AccountId{found->get<std::int64_t>()};
}

std::string content_type_of(const std::string& body) {
  return !body.empty() && body.front() == '<' ? "text/html" : "application/json; charset=utf-8";
}

int code_in(const HttpAnswer& answer) {
  const auto value = nlohmann::json::parse(answer.body, nullptr, false);
  return value.is_object() ? value.value(std::string(wire(Member::error_code)), 0) : 0;
}

} // namespace

std::optional<RestApi::Endpoint> RestApi::find_endpoint(std::string_view path) {
  for (std::size_t i = 0; i < endpoint_paths.size(); ++i) {
    if (same_word(endpoint_paths[i], path)) return static_cast<Endpoint>(i);
  }
  return std::nullopt;
}

Exchange RestApi::handle(const HttpCall& call) {
  const auto endpoint = find_endpoint(call.path);
  if (!endpoint) return {{not_found, {}, {}, {}}, {}, false, {}};
  core_.count_request(std::string(protocol::projectx::path(*endpoint)));
  if (call.method != (endpoint == Endpoint::ping ? "GET" : "POST"))
    return {{wrong_method, {}, {}, {}}, {}, false, {}};
  const auto account = account_in(call.body);
  if (!trades(*endpoint)) return perform(*endpoint, call, account);
  const auto path = std::string(protocol::projectx::path(*endpoint));
  auto& entry =
      core_.log_trading({path, account.value_or(model::AccountId{}).value, call.body, call.received, 0, 0});
  auto exchange = perform(*endpoint, call, account);
  if (!exchange.drop && !exchange.later) entry.status = exchange.answer.status;
  entry.code = code_in(exchange.answer);
  return exchange;
}

/// Does what the call asks, unless a fault says otherwise.
Exchange RestApi::perform(Endpoint endpoint, const HttpCall& call, std::optional<model::AccountId> account) {
  const auto faults = core_.faults().take(protocol::projectx::path(endpoint), account);
  Exchange out;
  bool postponed = false;
  for (const auto& fault : faults) {
    if (fault.kind == FaultKind::delay || fault.kind == FaultKind::delay_request) out.delay += fault.duration;
    if (fault.kind == FaultKind::drop_after || fault.kind == FaultKind::drop_before) out.drop = true;
    postponed = postponed || fault.kind == FaultKind::delay_request;
  }
  for (const auto& fault : faults) {
    if (fault.kind == FaultKind::drop_before) return out;
    if (fault.kind == FaultKind::status) {
      out.answer = {fault.status, fault.body, content_type_of(fault.body), fault.retry_after};
      return out;
    }
    if (fault.kind == FaultKind::code) {
      out.answer.body = envelope({}, fault.code, fault.text);
      return out;
    }
  }
  if (postponed)
    out.later = [this, endpoint, call] { return answer(endpoint, call); };
  else
    out.answer = answer(endpoint, call);
  return out;
}

HttpAnswer RestApi::too_many() const {
  constexpr std::chrono::seconds pause{1};
  HttpAnswer out{too_many_requests, {}, {}, {}};
  if (core_.options().retry_after) out.retry_after = pause;
  return out;
}

HttpAnswer RestApi::answer(Endpoint endpoint, const HttpCall& call) {
  if (endpoint == Endpoint::ping) return {200, json_string("pong"), "application/json; charset=utf-8", {}};
  const bool bodyless = endpoint == Endpoint::validate || endpoint == Endpoint::logout;
  RequestBody body(bodyless ? std::string_view("{}") : std::string_view(call.body));
  Caller caller;
  if (endpoint == Endpoint::login_key) {
    caller.user = body.text(Member::user_name);
  } else {
    const auto user = core_.tokens().user_of(call.bearer, core_.now());
    if (!user) return {unauthorized, {}, {}, {}};
    caller = {*user, call.bearer};
  }
  if (!core_.take_budget(caller.user, endpoint == Endpoint::retrieve_bars)) return too_many();
  const auto invalid = [&] {
    return HttpAnswer{bad_request, body.problem_details(), "application/problem+json; charset=utf-8", {}};
  };
  if (!body.ok()) return invalid();
  const auto reply = dispatch(endpoint, body, caller);
  if (!body.ok()) return invalid();
  return {200, envelope(reply.payload, reply.code, reply.text), "application/json; charset=utf-8", {}};
}

RestApi::Reply RestApi::dispatch(Endpoint endpoint, RequestBody& body, const Caller& caller) {
  switch (endpoint) {
  case Endpoint::login_key: return login_key(body);
  case Endpoint::validate: return validate(caller);
  case Endpoint::logout: return logout(caller);
  case Endpoint::account_search: return search_accounts(body, caller);
  case Endpoint::contract_search: return search_contracts(body);
  case Endpoint::contract_search_by_id: return contract_by_id(body);
  case Endpoint::contract_available: return available_contracts(body);
  case Endpoint::position_search_open: return open_positions(body, caller);
  case Endpoint::position_close: return close_contract(body, caller);
  case Endpoint::position_partial_close: return partial_close(body, caller);
  case Endpoint::order_search_open: return open_orders(body, caller);
  case Endpoint::order_search: return search_orders(body, caller);
  case Endpoint::order_search_by_id: return order_by_id(body, caller);
  case Endpoint::order_query: return query_orders(body, caller);
  case Endpoint::order_place: return place(body, caller);
  case Endpoint::order_modify: return modify(body, caller);
  case Endpoint::order_cancel: return cancel(body, caller);
  case Endpoint::trade_search: return search_trades(body, caller);
  case Endpoint::retrieve_bars: return retrieve_bars(body);
  case Endpoint::ping:
  case Endpoint::count: break;
  }
  return {};
}

model::AccountId RestApi::own(model::AccountId account, const Caller& caller) const {
  const auto* row = core_.book().account(account);
  return row && row->owner == caller.user ? account : model::AccountId{-1};
}

} // namespace bulkhead::simulator
