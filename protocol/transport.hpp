#pragma once
// The two seams between decisions and sockets. Production implements them over Beast (net/), tests and the
// deterministic simulation over memory. Both are thread-safe to call; their callbacks run on the transport's
// own thread, never from inside open() or send(), must not block, and must not throw. A callback may destroy
// its transport or open it again. close() still calls back (on_closed, the failed requests); after
// destruction no callback runs any more.

#include "model/error.hpp"
#include "model/time.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bulkhead::protocol {

/// Nanoseconds of the steady clock; for measuring spans inside this process, never stored as a time of day.
using MonotonicNanos = std::int64_t;
[[nodiscard]] MonotonicNanos monotonic_now() noexcept;

/// Where to connect. Plain (ws, http) is accepted for loopback hosts only: a token must never cross a network
/// in clear.
struct Endpoint {
  bool tls = true;
  std::string host;
  std::uint16_t port = 443;
  std::string path = "/"; // base path, with query if any
  /// "https://host[:port]/path", also http, ws, wss. Errors: malformed; rejected for plain to a non-loopback
  /// host.
  [[nodiscard]] static model::Result<Endpoint> parse(std::string_view url);
  /// "host" or "host:port" as it belongs into a Host header.
  [[nodiscard]] std::string authority() const;
  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

/// One websocket at a time: open -> messages -> closed, then open again. Text messages only.
class WebsocketTransport {
public:
  struct Handlers {
    std::function<void()> on_open;
    /// Whole websocket messages (fragments joined), one unless the transport was made to gather them, and
    /// when the first of them came; `bytes` are valid during the call only.
    std::function<void(std::string_view bytes, MonotonicNanos received)> on_message;
    /// Exactly once after each open(): refused, lost, closed by the peer, or a message above the size limit.
    std::function<void(const model::Error& why)> on_closed;
  };
  virtual ~WebsocketTransport() = default;
  /// Connects (resolve, TCP, TLS with host verification, upgrade). `target` is path and query, with the
  /// access token. Requires: no connection is open or opening.
  virtual void open(const Endpoint& where, std::string target, Handlers handlers) = 0;
  /// Queues one text message; silently dropped when not open (the session learns of the loss by on_closed).
  virtual void send(std::string text) = 0;
  /// Starts the closing handshake and drops the socket after a second. on_closed is called.
  virtual void close() = 0;
};

/// Requests of one lane share the lane's own warm connections and nobody else's: a slow account delays no
/// other.
struct LaneId {
  std::int64_t value = 0; // account id; 0 is the lane of logins, searches and reads
  friend auto operator<=>(const LaneId&, const LaneId&) = default;
};

struct HttpRequest {
  LaneId lane;
  std::string method = "POST";
  std::string target;                      // "/api/Position/closeContract"
  std::string bearer;                      // token, empty for none
  std::string body;                        // JSON text, may be empty
  std::chrono::milliseconds timeout{5000}; // from the call until the last byte of the reply
};

struct HttpReply {
  int status = 0;
  std::string body;
  std::optional<std::chrono::seconds> retry_after; // Retry-After, both forms, already relative
  std::optional<model::Instant> server_time;       // Date header
  MonotonicNanos written = 0;                      // just before the first byte was handed to the socket
  MonotonicNanos received = 0;                     // after the last byte
};

/// Why there is no reply. If `may_have_arrived`, the effect is unknown: read before repeating anything.
struct HttpFailure {
  model::Error error;
  bool may_have_arrived = false;
  MonotonicNanos written = 0; // 0 when nothing left
};

/// HTTP/1.1 keep-alive to one host over warm connections in lanes.
class RestTransport {
public:
  using Outcome = boost::system::result<HttpReply, HttpFailure>;
  using OnReply = std::function<void(Outcome)>;
  virtual ~RestTransport() = default;
  /// Sends at once on an idle warm connection of the lane, else opens one or queues (at most 256 per lane;
  /// beyond that the callback gets Errc::full). Exactly one callback per call. Never resends by itself after
  /// a byte left.
  virtual void send(HttpRequest request, OnReply on_reply) = 0;
  /// Keeps `connections` warm (0 closes the lane). A dead idle connection is replaced by a new handshake.
  virtual void set_lane_width(LaneId lane, std::size_t connections) = 0;
  /// How many connections of the lane are connected and idle right now.
  [[nodiscard]] virtual std::size_t warm_connections(LaneId lane) const = 0;
  /// Fails what is queued or in flight with Errc::io and closes every socket.
  virtual void close() = 0;
};

[[noreturn]] void throw_exception_from_error(const HttpFailure& failure, const boost::source_location& where);

} // namespace bulkhead::protocol
