#pragma once
// The gateway of the latency benchmark: as much of REST, user hub and market hub as the daemon needs to watch
// accounts and to close positions, over TLS with a CA of its own, and the same over a plain stream for the
// raw-socket floor. No thread of its own: the driver calls turn(), with a wait of 0 in a busy loop while a
// sample is under way, so that the stub's own wake-up is in no figure. All variants run through this code.
// Accounts of the same user share its token and hubs, like at the gateway. Bounded: the accounts are fixed at
// the start, connections at 20 per account.

#include "bench/stub/link.hpp"
#include "bench/stub/wire.hpp"
#include "model/error.hpp"
#include "simulator/certificates.hpp"

#include <map>
#include <unordered_map>
#include <vector>

namespace bulkhead::bench {

/// The one contract it knows.
inline constexpr std::string_view stub_contract = "CON.F.US.MNQ.Z25";

/// What happens to this account's close requests.
enum class Trouble {
  none,
  slow,    // no reply before release()
  reset,   // the connection is cut instead of a reply
  refused, // 429
};

/// How a user's hub ends.
enum class Cut {
  fin,   // closed in order
  reset, // RST
  stall, // open and silent: nothing is read or sent any more
};

/// One account, and what the stub saw of it.
struct StubAccount {
  std::int64_t id = 0;
  std::string user;
  std::string token;
  StubAccount* owner = nullptr; // the first account of the user, which has the hubs of all of them
  int siblings = 1;             // of the owner: accounts of the user
  Link* stream = nullptr;       // where its events go; null: nobody listens
  Link* market = nullptr;       // its market hub
  Trouble trouble = Trouble::none;
  int held = 0;       // contracts, as its next search shows them; a close ends them
  bool raw = false;   // the stream has no websocket frames
  bool ready = false; // handshake and all subscriptions done
  int user_subscriptions = 0;
  int market_subscriptions = 0;
  int position_reads = 0;
  int order_reads = 0;
  int fill_reads = 0;
  int closes = 0;
  MonotonicNanos close_at = 0; // when the last byte of the latest close had been read
  // Of the owner:
  MonotonicNanos accepted_at = 0;       // when the latest user hub's connection was accepted
  MonotonicNanos ready_at = 0;          // when its last subscription came in
  std::vector<MonotonicNanos> requests; // when each came in
};

class StubGateway {
public:
  struct Ports {
    std::uint16_t tls = 0;
    std::uint16_t plain = 0;
  };
  /// Listens on loopback ports which the system picks. Errors: io.
  [[nodiscard]] static model::Result<std::unique_ptr<StubGateway>>
  open(const simulator::ServerIdentity& identity);
  ~StubGateway();
  StubGateway(const StubGateway&) = delete;
  StubGateway& operator=(const StubGateway&) = delete;

  [[nodiscard]] Ports ports() const noexcept { return ports_; }
  /// The reference stays valid. An account of a user that is known already shares its token and its hubs.
  /// Requires: a new id.
  StubAccount& add_account(std::int64_t id, std::string user);
  /// Serves what is there, or waits for it up to `wait`.
  void turn(std::chrono::milliseconds wait);
  /// `count` GatewayQuote frames, as the bytes for a market hub; the price moves with each.
  [[nodiscard]] static std::string quote_frames(std::size_t count);
  /// One GatewayQuote frame with this last price, as the bytes for a market hub.
  [[nodiscard]] static std::string quote_frame(double last, std::size_t number = 0);
  /// One GatewayUserPosition frame, as the bytes for a user hub.
  [[nodiscard]] static std::string position_frame(const StubAccount& account, int size);
  /// From now on the account holds `size` contracts, and a GatewayUserPosition event says so. False when
  /// nobody listens or the stream is gone.
  [[nodiscard]] bool tell_position(const StubAccount& account, int size);
  [[nodiscard]] bool push_market(const StubAccount& account, std::string_view frames);
  [[nodiscard]] bool push_user(const StubAccount& account, std::string_view frames);
  /// Ends the user hub of the account's user. False when there is none.
  [[nodiscard]] bool cut(const StubAccount& account, Cut how);
  /// Connections that are open.
  [[nodiscard]] std::size_t connections() const noexcept { return peers_.size(); }
  /// From now on this account's closes fare like this; replies that were held back go out when trouble ends.
  void trouble(const StubAccount& account, Trouble trouble);
  /// Pings the hubs that have been quiet for long; to be called every few seconds, between samples.
  void keep_alive();
  /// When something last came in.
  [[nodiscard]] MonotonicNanos heard_at() const noexcept { return heard_at_; }

private:
  enum class Protocol { http, raw_stream, user_hub, market_hub };
  struct Peer {
    std::unique_ptr<Link> link;
    Protocol protocol = Protocol::http;
    StubAccount* account = nullptr; // of a hub or stream
    bool shaken = false;            // the hub handshake is done
    bool owed = false;              // a reply to a close was held back
    bool stalled = false;
    MonotonicNanos accepted_at = 0;
    MonotonicNanos sent_at = 0;
  };

  StubGateway() = default;
  [[nodiscard]] model::Result<void> make_tls(const simulator::ServerIdentity& identity);
  [[nodiscard]] model::Result<int> listen(std::uint16_t& port);
  [[nodiscard]] bool watch(int socket) const;
  void accept(int listener, SSL_CTX* tls);
  void serve(Peer& peer);
  [[nodiscard]] bool consume(Peer& peer);
  [[nodiscard]] bool on_request(Peer& peer, const StubRequest& request);
  [[nodiscard]] bool upgrade(Peer& peer, const StubRequest& request);
  [[nodiscard]] bool reply_to_close(Peer& peer, const StubAccount& account);
  [[nodiscard]] std::string answer(const StubRequest& request, MonotonicNanos read_at);
  [[nodiscard]] bool on_frame(Peer& peer, const WebsocketMessage& message);
  [[nodiscard]] bool on_record(Peer& peer, std::string_view record);
  [[nodiscard]] static bool send_record(Peer& peer, std::string_view record);
  void drop(Peer& peer);
  [[nodiscard]] StubAccount* account_of(std::string_view token);
  /// The account of the same user that the body names, else `owner`.
  [[nodiscard]] StubAccount* addressed(StubAccount* owner, std::string_view body);
  [[nodiscard]] std::string account_rows(const StubAccount& owner) const;

  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> tls_{nullptr, &SSL_CTX_free};
  int epoll_ = -1;
  int tls_listener_ = -1;
  int plain_listener_ = -1;
  Ports ports_;
  std::map<std::int64_t, StubAccount> accounts_;
  std::unordered_map<int, Peer> peers_; // by socket
  MonotonicNanos pinged_at_ = 0;
  MonotonicNanos heard_at_ = 0;
};

} // namespace bulkhead::bench
