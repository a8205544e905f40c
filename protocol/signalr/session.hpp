#pragma once
// The client's side of one SignalR hub connection, for ever: negotiate, open, shake hands, subscribe, keep
// alive, notice the loss, come back. Knows no socket and no clock: it is fed with what happened and with
// `now`, which must not run backwards, and returns what to do. Owned by one connection, called from its
// thread; the event sink is called from inside on_bytes() and must not call the session. One connection at a
// time: after CloseSocket the next OpenSocket waits for on_transport_closed(). Bounded: one record tail
// (session_limits), one subscription list, nothing queued.

#include "protocol/signalr/actions.hpp"
#include "protocol/signalr/framing.hpp"
#include "protocol/signalr/message.hpp"
#include "protocol/signalr/subscriptions.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace bulkhead::protocol::signalr {

enum class HubState {
  stopped,     // nothing is wanted
  pausing,     // waiting for the next attempt
  negotiating, // the HTTP request is out
  opening,     // TCP, TLS and upgrade under way
  handshaking, // our first record is out
  subscribing, // connected; some subscription is not confirmed
  live,        // connected; every subscription is confirmed
};
[[nodiscard]] std::string_view to_string(HubState state) noexcept;

struct SessionConfig {
  bool skip_negotiation = true;
  std::uint64_t seed = 0;  // of the jitter
  int jitter_percent = 20; // of every pause
  std::size_t record_limit = RecordSplitter::default_limit;
  model::Duration open_timeout = std::chrono::seconds{30}; // for the negotiate request, and again for opening
  model::Duration handshake_timeout = std::chrono::seconds{15};
  model::Duration ping_interval = std::chrono::seconds{10};
  model::Duration server_timeout = std::chrono::seconds{30};
  model::Duration subscribe_timeout = std::chrono::seconds{15};
  model::Duration stable_after =
      std::chrono::seconds{60};                         // a connection of this age forgives earlier failures
  model::Duration quick_drop = std::chrono::seconds{5}; // two drops this early in a row: another session?
  model::Duration unwanted_pause = std::chrono::seconds{30}; // at least, after a Close without allowReconnect
};

struct Counters {
  std::uint64_t bytes = 0;
  std::uint64_t records = 0;
  std::uint64_t events = 0;
  std::uint64_t ignored_types = 0;
  std::uint64_t unknown_types = 0;
  std::uint64_t unknown_completions = 0;
  std::uint64_t protocol_errors = 0;
  std::uint64_t connections = 0; // completed handshakes
};

class HubSession {
public:
  /// Both are valid during the call only.
  using EventSink = std::function<void(std::string_view target, PaddedJson arguments)>;

  HubSession(SessionConfig config, EventSink sink);

  [[nodiscard]] Actions start(model::Instant now);
  /// Says goodbye and closes. start() may follow at any time.
  [[nodiscard]] Actions stop(model::Instant now);
  /// Drops this connection for a new one at once: after a token refresh, a silent stream, a GatewayLogout.
  [[nodiscard]] Actions reconnect(std::string_view why, model::Instant now);

  [[nodiscard]] Actions on_negotiated(std::string_view body, model::Instant now);
  [[nodiscard]] Actions on_negotiate_failed(int http_status, model::Instant now); // 0: no answer
  [[nodiscard]] Actions on_open(model::Instant now);
  [[nodiscard]] Actions on_bytes(std::string_view bytes, model::Instant now);
  [[nodiscard]] Actions on_transport_closed(const model::Error& why, model::Instant now);
  /// To be called at next_timer(); earlier or later calls are harmless.
  [[nodiscard]] Actions on_timer(model::Instant now);
  [[nodiscard]] std::optional<model::Instant> next_timer() const;

  /// Sends at once when connected. `arguments` is the JSON text of an array.
  [[nodiscard]] Actions add_subscription(std::string key, std::string target, std::string arguments,
                                         model::Instant now);
  /// Sends the opposite call, without waiting for an answer, when connected. Unknown keys are ignored.
  [[nodiscard]] Actions remove_subscription(std::string_view key, std::string_view target,
                                            std::string_view arguments, model::Instant now);

  [[nodiscard]] HubState state() const noexcept { return state_; }
  [[nodiscard]] bool connected() const noexcept { return state_ >= HubState::subscribing; }
  [[nodiscard]] const Counters& counters() const noexcept { return counters_; }

private:
  enum class EndedBy { us, peer };
  struct Loss {
    std::string reason;
    EndedBy by = EndedBy::us;
    bool allow_reconnect = true;
  };

  void connect(model::Instant now, Actions& out);
  void open(OpenSocket how, model::Instant now, Actions& out);
  [[nodiscard]] bool silent_too_long(model::Instant now) const;
  void lose_for_silence(model::Instant now, Actions& out);
  void lose(Loss loss, model::Instant now, Actions& out);
  [[nodiscard]] bool dropped_quickly_again(const Loss& loss, model::Instant now);
  void close_socket(Actions& out);
  void send(std::string text, model::Instant now, Actions& out);
  void advance_subscriptions(model::Instant now, Actions& out);

  void on_record(const Record& record, model::Instant now, Actions& out);
  void on_handshake(std::string_view record, model::Instant now, Actions& out);
  void on_message(const Invocation& m, model::Instant now, Actions& out);
  void on_message(const Completion& m, model::Instant now, Actions& out);
  void on_message(const Ping& m, model::Instant now, Actions& out);
  void on_message(const Close& m, model::Instant now, Actions& out);
  void on_message(const Ignored& m, model::Instant now, Actions& out);
  void on_message(const Unknown& m, model::Instant now, Actions& out);

  SessionConfig config_;
  EventSink sink_;
  Backoff backoff_;
  Subscriptions subscriptions_;
  RecordSplitter splitter_;
  MessageParser parser_;
  Counters counters_;
  HubState state_ = HubState::stopped;
  bool socket_busy_ = false; // OpenSocket was issued and on_transport_closed() has not answered it
  bool close_asked_ = false;
  bool fault_reported_ = false; // in this call of on_bytes()
  int redirects_ = 0;
  int quick_drops_ = 0;
  OpenSocket redirected_; // url and token of the last redirect
  model::Instant due_{};  // pausing, negotiating, opening, handshaking: when it ends
  model::Instant connected_at_{};
  model::Instant last_received_{};
  model::Instant last_sent_{};
};

} // namespace bulkhead::protocol::signalr
