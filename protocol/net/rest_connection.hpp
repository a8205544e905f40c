#pragma once
// One keep-alive connection and the request it carries. Owned by a RestLane; io thread only. A read is always
// pending: while idle it tells of the peer's death, while busy it brings the reply, so nothing has to be set
// up or cancelled when a request comes.

#include "protocol/net/callback_gate.hpp"
#include "protocol/net/connector.hpp"
#include "protocol/net/rest_transport.hpp"
#include "protocol/transport.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace bulkhead::protocol::net {

/// What all connections of a transport share.
struct RestSite {
  RestSite(asio::io_context& context, Endpoint where, TlsContext tls_context, RestLimits limit)
      : io(context), endpoint(std::move(where)), tls(std::move(tls_context)), limits(limit) {}

  asio::io_context& io;
  const Endpoint endpoint;
  const TlsContext tls;
  const RestLimits limits;
  std::shared_ptr<AddressCache> addresses = std::make_shared<AddressCache>();
  CallbackGate gate;
};

/// A request on its way: its bytes and who waits for the answer.
struct RestJob {
  std::string wire;
  RestTransport::OnReply on_reply;
  std::chrono::steady_clock::time_point deadline;
  MonotonicNanos written = 0;
  std::shared_ptr<void> guest = nullptr; // on another lane's connection; tells its own lane when it is done
};

/// Calls back with the failure; the job is spent. Runs the callback, so the caller's state must be in order.
void fail_job(RestSite& site, RestJob job, model::Error error);

class RestConnection : public std::enable_shared_from_this<RestConnection> {
public:
  using Clock = std::chrono::steady_clock;
  struct Handlers {
    /// Connected, or done with a request: ready for the next.
    std::function<void(const std::shared_ptr<RestConnection>&)> on_idle;
    /// Of no use any more; once, and before the callback of the request it carried.
    std::function<void(const std::shared_ptr<RestConnection>&, const model::Error& why)> on_closed;
  };

  RestConnection(std::shared_ptr<RestSite> site, Handlers handlers);
  void start();
  /// Writes the request now. Requires: idle.
  void begin(RestJob job);
  /// Takes the connection down without on_closed; a request it carries fails with `why`.
  void close(const model::Error& why);

  /// It was connected once.
  [[nodiscard]] bool was_connected() const noexcept { return connected_at_.has_value(); }
  /// It carried a request to its reply.
  [[nodiscard]] bool has_answered() const noexcept { return answered_; }
  [[nodiscard]] Clock::time_point started_at() const noexcept { return started_at_; }
  /// It said nothing since the request that `other` carried last was written.
  [[nodiscard]] bool silent_since(const RestConnection& other) const noexcept {
    return heard_ < other.begun_;
  }
  /// The machine was suspended since it was last heard; whatever stood between may have forgotten it.
  [[nodiscard]] bool slept() const;
  /// It answered a request or lived for `settled`: its end says nothing against opening the next one.
  [[nodiscard]] bool has_settled() const;

private:
  using Parser = boost::beast::http::response_parser<boost::beast::http::string_body>;
  enum class State { connecting, idle, busy, closed };

  void on_connected(model::Result<Stream> stream);
  void read();
  void on_read(error_code ec, std::size_t size);
  void expect_reply();
  void parse();
  void finish();
  void heard();
  void arm_timer();
  void on_timer(error_code ec, unsigned number);
  void die(const model::Error& why);
  void release();
  [[nodiscard]] model::Error lost(const error_code& ec) const;

  std::shared_ptr<RestSite> site_;
  Handlers handlers_;
  State state_ = State::connecting;
  std::shared_ptr<Connector> connector_;
  std::optional<Stream> stream_;
  Clock::time_point started_at_{};
  std::optional<Clock::time_point> connected_at_;
  bool answered_ = false;
  MonotonicNanos heard_ = 0;           // connected, or the last reply
  MonotonicNanos begun_ = 0;           // the last request
  std::chrono::nanoseconds asleep_{0}; // of the machine, until heard_
  asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Stream::executor_type> timer_;
  unsigned timer_number_ = 0; // tells a stale expiry from the current one
  bool timer_armed_ = false;
  std::optional<RestJob> job_;
  std::string wire_; // what is being written; must outlive the write even if the job ends first
  bool writing_ = false;
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
};

} // namespace bulkhead::protocol::net
