#include "simulator/hubs.hpp"

#include "simulator/json_text.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <type_traits>

namespace bulkhead::simulator {
namespace {

constexpr std::size_t most_negotiated = 1024;
constexpr std::size_t most_withheld = 65'536;

std::string_view name_of(HubKind kind) { return kind == HubKind::user ? "user" : "market"; }

} // namespace

std::string Hubs::negotiate(HubKind kind, int requested_version) {
  const int version = std::min(std::max(requested_version, 0), 1);
  const auto connection_id = fmt::format("sim-c{:08}", ++serial_);
  const auto token = version == 1 ? fmt::format("sim-t{:08}", ++serial_) : connection_id;
  negotiated_.push_back({token, kind, {}, false});
  if (negotiated_.size() > most_negotiated) negotiated_.pop_front();
  JsonObject out;
  out.number("negotiateVersion", version).text("connectionId", connection_id);
  if (version == 1) out.text("connectionToken", token);
  out.raw("availableTransports", R"([{"transport":"WebSockets","transferFormats":["Text","Binary"]}])");
  return out.str();
}

HubAdmission Hubs::connect(HubKind kind, const std::string& user, const std::optional<std::string>& id) {
  constexpr int not_found = 404, conflict = 409;
  auto slot = negotiated_.end();
  if (id) {
    slot = std::find_if(negotiated_.begin(), negotiated_.end(),
                        [&](const Negotiated& n) { return n.id == *id && n.kind == kind; });
    if (slot == negotiated_.end()) return not_found;
    const auto holder = slot->connection.lock();
    if (slot->used) return holder && !holder->finished() ? conflict : not_found;
  }
  if (options_.newest_session_kicks) {
    for (const auto& other : live()) {
      if (other->kind() == kind && other->user() == user) other->end("Another session was opened.", false);
    }
  }
  HubConnection::Callbacks callbacks{
      [this, user](Topic topic, const std::string& key) { return knows(user, topic, key); },
      [this](HubConnection& who, Topic topic, const std::string& key) { first_events(who, topic, key); }};
  const HubConnection::Rules rules{options_.hub, options_.shape, options_.unknown_subscription_errors};
  auto made =
      std::make_shared<HubConnection>(kind, user, rules, std::move(callbacks), protocol::monotonic_now());
  if (slot != negotiated_.end()) {
    slot->used = true;
    slot->connection = made;
  }
  std::erase_if(connections_, [](const auto& weak) { return weak.expired(); });
  connections_.push_back(made);
  return made;
}

std::vector<std::shared_ptr<HubConnection>> Hubs::live(const std::string& hub) const {
  std::vector<std::shared_ptr<HubConnection>> out;
  for (const auto& weak : connections_) {
    auto connection = weak.lock();
    if (!connection || connection->finished()) continue;
    if (hub.empty() || hub == name_of(connection->kind())) out.push_back(std::move(connection));
  }
  return out;
}

std::size_t Hubs::count(HubKind kind) const {
  const auto all = live(std::string(name_of(kind)));
  return static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [](const auto& c) { return c->established(); }));
}

bool Hubs::knows(const std::string& user, Topic topic, const std::string& key) const {
  switch (topic) {
  case Topic::accounts: return true;
  case Topic::orders:
  case Topic::positions:
  case Topic::fills: {
    const auto mine = book_.accounts();
    return std::any_of(mine.begin(), mine.end(), [&](const AccountRow& row) {
      return row.owner == user && std::to_string(row.id.value) == key;
    });
  }
  case Topic::quotes:
  case Topic::market_trades:
  case Topic::depth: return book_.contract(model::ContractId{key}) != nullptr;
  }
  return false;
}

/// The first quote after subscribing is a full one; depth begins with a reset and the best levels.
void Hubs::first_events(HubConnection& connection, Topic topic, const std::string& key) const {
  if (connection.kind() == HubKind::user || topic == Topic::market_trades) return;
  const model::ContractId id{key};
  const auto& quote = *book_.quote(id);
  const auto& symbol = book_.contract(id)->contract.symbol;
  const model::QuoteUpdate full{id, quote.last, quote.bid, quote.ask, quote.last, quote.received_at};
  connection.queue_event(topic == Topic::quotes ? quote_event(full, symbol, options_.shape)
                                                : depth_event(full, options_.shape));
  connection.flush();
}

std::vector<Hubs::Addressed> Hubs::address(const Change& change) const {
  const auto& shape = options_.shape;
  const auto owner = [&](model::AccountId id) {
    const auto* row = book_.account(id);
    return row ? row->owner : std::string();
  };
  return std::visit(
      [&](const auto& row) -> std::vector<Addressed> {
        using Row = std::decay_t<decltype(row)>;
        if constexpr (std::is_same_v<Row, OrderRow>) {
          const auto account = row.order.account;
          return {{Topic::orders, std::to_string(account.value), owner(account), order_event(row, shape)}};
        } else if constexpr (std::is_same_v<Row, model::Fill>) {
          return {
              {Topic::fills, std::to_string(row.account.value), owner(row.account), fill_event(row, shape)}};
        } else if constexpr (std::is_same_v<Row, PositionRow>) {
          const auto key = std::to_string(row.account.value);
          return {{Topic::positions, key, owner(row.account), position_event(row, shape)}};
        } else if constexpr (std::is_same_v<Row, AccountRow>) {
          return {{Topic::accounts, "", row.owner, account_event(row, shape)}};
        } else {
          const auto& key = row.contract.value;
          const auto& symbol = book_.contract(row.contract)->contract.symbol;
          std::vector<Addressed> out{{Topic::quotes, key, "", quote_event(row, symbol, shape)}};
          if (row.last)
            out.push_back({Topic::market_trades, key, "", market_trade_event(row, symbol, shape)});
          if (row.bid || row.ask) out.push_back({Topic::depth, key, "", depth_event(row, shape)});
          return out;
        }
      },
      change);
}

void Hubs::publish(const Changes& changes) {
  const auto to = live();
  for (const auto& change : changes) {
    for (const auto& item : address(change)) {
      const bool user_event = !item.owner.empty();
      if (withholding_ && user_event) {
        if (withheld_.size() < most_withheld) withheld_.push_back(item);
        continue;
      }
      deliver(item, to);
      if (user_event && duplicates_ > 0) {
        --duplicates_;
        deliver(item, to);
      }
    }
  }
  for (const auto& connection : to) connection->flush();
}

void Hubs::deliver(const Addressed& item, const std::vector<std::shared_ptr<HubConnection>>& to) {
  for (const auto& connection : to) {
    const bool mine = item.owner.empty() || item.owner == connection->user();
    if (mine && connection->subscribed(item.topic, item.key)) connection->queue_event(item.event);
  }
}

void Hubs::release() {
  withholding_ = false;
  const auto to = live();
  for (const auto& item : withheld_) deliver(item, to);
  withheld_.clear();
  for (const auto& connection : to) connection->flush();
}

void Hubs::drop(const std::string& hub, bool with_close, const std::optional<std::string>& error,
                std::optional<bool> allow_reconnect) {
  for (const auto& connection : live(hub)) {
    if (with_close)
      connection->end(error.value_or("Connection closed with an error."), allow_reconnect);
    else
      connection->drop();
  }
}

void Hubs::stall(const std::string& hub) {
  for (const auto& connection : live(hub)) connection->stall();
}

} // namespace bulkhead::simulator
