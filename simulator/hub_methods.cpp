// What a client may call on a hub, how its arguments bind, and the completions it gets.
#include "protocol/projectx/names.hpp"
#include "protocol/signalr/message_writer.hpp"
#include "simulator/faults.hpp"
#include "simulator/hub_connection.hpp"

#include <array>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace bulkhead::simulator {

namespace hub_method = protocol::projectx::hub_method;

struct HubConnection::Method {
  enum class Argument { none, account, contract };
  HubKind hub;
  std::string_view name;
  Topic topic;
  Argument argument;
  bool subscribes;
};

const HubConnection::Method* HubConnection::find_method(HubKind kind, std::string_view target) {
  using enum Topic;
  constexpr auto user = HubKind::user, market = HubKind::market;
  constexpr auto none = Method::Argument::none, account = Method::Argument::account,
                 contract = Method::Argument::contract;
  static constexpr std::array<Method, 14> methods{{
      {user, hub_method::subscribe_accounts, accounts, none, true},
      {user, hub_method::subscribe_orders, orders, account, true},
      {user, hub_method::subscribe_positions, positions, account, true},
      {user, hub_method::subscribe_trades, fills, account, true},
      {user, hub_method::unsubscribe_accounts, accounts, none, false},
      {user, hub_method::unsubscribe_orders, orders, account, false},
      {user, hub_method::unsubscribe_positions, positions, account, false},
      {user, hub_method::unsubscribe_trades, fills, account, false},
      {market, hub_method::subscribe_quotes, quotes, contract, true},
      {market, hub_method::subscribe_market_trades, market_trades, contract, true},
      {market, hub_method::subscribe_depth, depth, contract, true},
      {market, hub_method::unsubscribe_quotes, quotes, contract, false},
      {market, hub_method::unsubscribe_market_trades, market_trades, contract, false},
      {market, hub_method::unsubscribe_depth, depth, contract, false},
  }};
  for (const auto& method : methods) {
    if (method.hub == kind && same_word(method.name, target)) return &method;
  }
  return nullptr;
}

/// The subscription key; none when count or type of the arguments do not fit. Numbers are not coerced.
std::optional<std::string> HubConnection::bind(const Method& method, std::string_view arguments) {
  const auto list = nlohmann::json::parse(arguments, nullptr, false);
  if (!list.is_array()) return std::nullopt;
  switch (method.argument) {
  case Method::Argument::none: return list.empty() ? std::optional<std::string>("") : std::nullopt;
  case Method::Argument::account:
    if (list.size() != 1 || !list[0].is_number_integer()) return std::nullopt;
    return std::to_string(list[0].get<std::int64_t>());
  case Method::Argument::contract:
    if (list.size() != 1 || !list[0].is_string()) return std::nullopt;
    return list[0].get<std::string>();
  }
  return std::nullopt;
}

void HubConnection::invoke(const protocol::signalr::Invocation& call) {
  const std::string target(call.target);
  const std::optional<std::string> id(call.invocation_id);
  const auto complete = [&](const std::optional<std::string>& error) {
    if (id) queue(protocol::signalr::encode_completion(*id, error));
  };
  const auto* method = find_method(kind_, target);
  if (!method) return complete(fmt::format("Unknown hub method '{}'", target));
  const auto key = bind(*method, call.arguments.text);
  if (!key) return complete(fmt::format("Failed to invoke '{}' due to an error on the server.", target));
  const bool known = method->argument == Method::Argument::none || callbacks_.knows(method->topic, *key);
  if (!known && rules_.unknown_subscription_errors) {
    return complete(fmt::format("An unexpected error occurred invoking '{}' on the server.", target));
  }
  if (!method->subscribes) {
    subscriptions_.erase({method->topic, *key});
    return complete(std::nullopt);
  }
  if (known) subscriptions_.emplace(method->topic, *key);
  complete(std::nullopt);
  if (known) callbacks_.subscribed(*this, method->topic, *key);
}

} // namespace bulkhead::simulator
