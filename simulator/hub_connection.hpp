#pragma once
// One connection to a hub, without its socket: websocket payloads and the time go in, payloads to send come
// out. Handshake, pings, timeouts, subscriptions and completions of a SignalR server. Made by Hubs, held by
// the socket session, io thread only. At most 65536 payloads wait to be sent; a peer that slow is dropped.

#include "protocol/signalr/framing.hpp"
#include "protocol/signalr/message.hpp"
#include "protocol/transport.hpp"
#include "simulator/options.hpp"

#include <deque>
#include <functional>
#include <set>
#include <utility>

namespace bulkhead::simulator {

enum class HubKind { user, market };
/// What a connection may subscribe to.
enum class Topic { accounts, orders, positions, fills, quotes, market_trades, depth };

class HubConnection {
public:
  using Nanos = protocol::MonotonicNanos;
  struct Rules {
    HubTimings timings;
    WireShape shape;
    bool unknown_subscription_errors = false;
  };
  struct Callbacks {
    /// Whether the account (by id text) is this user's, or the contract exists.
    std::function<bool(Topic, const std::string& key)> knows;
    /// A subscription was made and completed; the place for first events.
    std::function<void(HubConnection&, Topic, const std::string& key)> subscribed;
  };

  HubConnection(HubKind kind, std::string user, Rules rules, Callbacks callbacks, Nanos now);

  /// One websocket message from the client.
  void receive(std::string_view bytes, Nanos now);
  /// Pings and timeouts; call every tick_interval().
  void tick(Nanos now);
  [[nodiscard]] std::chrono::milliseconds tick_interval() const;
  /// The next payload to send, in the order they were made.
  [[nodiscard]] std::optional<std::string> next_payload(Nanos now);
  /// True when the socket shall be closed once everything is sent...
  [[nodiscard]] bool finished() const noexcept { return finished_ || dropped_; }
  /// ... and true when it shall be cut without a closing handshake, sent or not.
  [[nodiscard]] bool dropped() const noexcept { return dropped_; }
  /// Called whenever payloads or an end have come up from outside receive() and tick().
  void on_wake(std::function<void()> wake) { wake_ = std::move(wake); }

  [[nodiscard]] HubKind kind() const noexcept { return kind_; }
  [[nodiscard]] const std::string& user() const noexcept { return user_; }
  [[nodiscard]] bool subscribed(Topic topic, const std::string& key) const {
    return subscriptions_.contains({topic, key});
  }
  [[nodiscard]] bool established() const noexcept { return established_ && !finished(); }
  void queue_event(const Event& event);
  /// Ends the batch: with several records per frame, its records become one payload.
  void flush();
  void end(std::optional<std::string_view> error, std::optional<bool> allow_reconnect);
  void drop();
  /// From now on nothing is sent any more, pings neither.
  void stall() noexcept { stalled_ = true; }

private:
  struct Method;
  void on_handshake(std::string_view record);
  void on_record(const protocol::signalr::Record& record);
  void invoke(const protocol::signalr::Invocation& call);
  [[nodiscard]] static const Method* find_method(HubKind kind, std::string_view target);
  [[nodiscard]] static std::optional<std::string> bind(const Method& method, std::string_view arguments);
  void queue(std::string record);
  void emit(std::string payload);
  void wake() const;

  HubKind kind_;
  std::string user_;
  Rules rules_;
  Callbacks callbacks_;
  protocol::signalr::RecordSplitter splitter_;
  protocol::signalr::MessageParser parser_;
  std::set<std::pair<Topic, std::string>> subscriptions_;
  std::deque<std::string> outbox_;
  std::string batch_;
  std::function<void()> wake_;
  Nanos opened_;
  Nanos last_received_;
  Nanos last_sent_;
  bool established_ = false;
  bool client_pings_ = false;
  bool finished_ = false;
  bool dropped_ = false;
  bool stalled_ = false;
};

} // namespace bulkhead::simulator
