#include "simulator/control.hpp"

#include "simulator/control_body.hpp"
#include "simulator/json_text.hpp"

#include <fmt/format.h>

namespace bulkhead::simulator {

using nlohmann::json;

namespace {

Exchange refused(const std::string& text) { return {{400, text + "\n", "text/plain", {}}, {}, false, {}}; }

} // namespace

Exchange Control::handle(const HttpCall& call) {
  Exchange out;
  if (call.method == "GET" && call.path == "/sim/state") {
    out.answer.body = state();
    return out;
  }
  if (call.method != "POST") return refused("POST to /sim/..., or GET /sim/state");
  const auto body = json::parse(call.body.empty() ? "{}" : call.body, nullptr, false);
  if (!body.is_object()) return refused("the body must be a JSON object");
  try {
    const auto answer = post(call.path, body);
    if (!answer) return refused(answer.error().message());
    out.answer.body = answer->empty() ? R"({"ok":true})" : fmt::format(R"({{"ok":true,{}}})", *answer);
  } catch (const ControlError& error) {
    return refused(error.what());
  }
  return out;
}

Control::Answer Control::post(std::string_view path, const json& body) {
  if (path == "/sim/position") return position(body);
  if (path == "/sim/fill") return fill(body);
  if (path == "/sim/order") return order(body);
  if (path == "/sim/cancel") return cancel(body);
  if (path == "/sim/quote") return quote(body);
  if (path == "/sim/account") return account(body);
  if (path == "/sim/liquidate") return liquidate(body);
  if (path == "/sim/market") return market(body);
  if (path == "/sim/fault") return fault(body);
  if (path == "/sim/reset") {
    core_.reset();
    return std::string();
  }
  return model::Error{model::Errc::not_found, fmt::format("there is no {}", path)};
}

Control::Answer Control::done(model::Result<Changes> changes) {
  const auto told = core_.commit(std::move(changes));
  if (!told) return told.error();
  return std::string();
}

Control::Answer Control::position(const json& body) {
  const auto size = required_size(body, true);
  const auto type = size == 0 ? optional_integer(body, "type").value_or(1) : required_integer(body, "type");
  if (size != 0 && type != 1 && type != 2) throw ControlError("type must be 1 (long) or 2 (short)");
  return done(
      core_.book().set_position(account_of(body), contract_of(body), type == 2 ? -size : size, core_.now()));
}

Control::Answer Control::fill(const json& body) {
  TradeScript script{account_of(body), contract_of(body), side_of(body), required_size(body), {}, {}, {}};
  script.price = optional_price(body, "price");
  script.pnl = optional_money(body, "pnl");
  script.fees = optional_money(body, "fees");
  return done(core_.book().trade(script, core_.now()));
}

Control::Answer Control::order(const json& body) {
  PlaceRequest request;
  request.account = account_of(body);
  request.contract = contract_of(body);
  request.type = static_cast<model::OrderType>(required_integer(body, "type"));
  request.side = side_of(body);
  request.size = required_size(body);
  request.limit_price = optional_price(body, "limitPrice");
  request.stop_price = optional_price(body, "stopPrice");
  request.trail_price = optional_price(body, "trailPrice");
  request.custom_tag = optional_text(body, "customTag").value_or("");
  for (const auto& [name, slot] : {std::pair{"stopLossBracket", &request.stop_loss},
                                   std::pair{"takeProfitBracket", &request.take_profit}}) {
    const auto found = body.find(name);
    if (found == body.end() || !found->is_object()) continue;
    *slot = Bracket{static_cast<std::int32_t>(required_integer(*found, "ticks")),
                    static_cast<model::OrderType>(required_integer(*found, "type"))};
  }
  const auto outcome = core_.commit(core_.book().place(request, core_.now()));
  const auto id = outcome.order ? std::to_string(outcome.order->value) : "null";
  const auto text = outcome.text ? json_string(*outcome.text) : "null";
  return fmt::format(R"("orderId":{},"success":{},"errorCode":{},"errorMessage":{})", id, outcome.success(),
                     outcome.code, text);
}

Control::Answer Control::cancel(const json& body) {
  const model::OrderId id{required_integer(body, "orderId")};
  return done(core_.book().withdraw(account_of(body), id, core_.now()));
}

Control::Answer Control::quote(const json& body) {
  model::QuoteUpdate update;
  update.contract = contract_of(body);
  update.last = optional_price(body, "last");
  update.bid = optional_price(body, "bid");
  update.ask = optional_price(body, "ask");
  return done(core_.book().set_quote(update, core_.now()));
}

Control::Answer Control::account(const json& body) {
  AccountPatch patch;
  patch.can_trade = optional_flag(body, "canTrade");
  patch.visible = optional_flag(body, "isVisible");
  patch.simulated = optional_flag(body, "simulated");
  patch.auto_oco = optional_flag(body, "autoOco");
  patch.follower = optional_flag(body, "follower");
  patch.balance = optional_money(body, "balance");
  return done(core_.book().set_account(account_of(body), patch));
}

Control::Answer Control::liquidate(const json& body) {
  return done(core_.book().liquidate(account_of(body), core_.now()));
}

Control::Answer Control::market(const json& body) {
  const auto open = optional_flag(body, "open");
  if (!open) throw ControlError("open is missing");
  core_.book().set_market_open(*open);
  return std::string();
}

Control::Answer Control::fault(const json& body) {
  const auto injected = core_.inject(fault_of(body));
  if (!injected) return injected.error();
  return std::string();
}

} // namespace bulkhead::simulator
