#pragma once
// The production WebsocketTransport: RFC 6455 over Beast, TLS or plain, one socket at a time, no compression.
// Owned by the session that uses it; lives on an io_context run by ONE thread (an IoThread or a scheduler's),
// which calls the handlers. Methods and destructor may be called from any thread; on the io thread itself
// they act at once, without a post. Nothing is called back from inside open() or send().
//
// Bounds: connecting takes at most connect_timeout in all; a message above max_message ends the connection
// (close code 1009); more than max_queued unsent messages end it with Errc::full; closing takes at most
// close_timeout.
//
// Errors of on_closed: unreachable (resolve, TCP, TLS), unauthorized (401, 403), rate_limited (429),
// server_error (5xx), rejected (any other answer to the upgrade), timeout, io (lost or closed), out_of_range
// (message too big), malformed (not a websocket, binary message, illegal target), full. None ever contains
// the target.

#include "protocol/net/tls.hpp"
#include "protocol/transport.hpp"

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <memory>

namespace bulkhead::protocol::net {

struct WebsocketLimits {
  std::size_t max_message = 1U << 20U;
  std::size_t max_queued = 1024;
  std::size_t gather = 0; // bytes; messages at hand are handed over as one up to this size. 0: each by itself
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds close_timeout{1'000};
};

class BeastWebsocketTransport final : public WebsocketTransport {
public:
  /// `tls` may be null if only plain endpoints are opened. `io` must outlive the transport.
  BeastWebsocketTransport(boost::asio::io_context& io, TlsContext tls, WebsocketLimits limits = {});
  /// Drops the connection. No handler runs any more, on_closed included.
  ~BeastWebsocketTransport() override;
  BeastWebsocketTransport(const BeastWebsocketTransport&) = delete;
  BeastWebsocketTransport& operator=(const BeastWebsocketTransport&) = delete;

  void open(const Endpoint& where, std::string target, Handlers handlers) override;
  void send(std::string text) override;
  void close() override;

private:
  struct Core;
  std::shared_ptr<Core> core_;
};

} // namespace bulkhead::protocol::net
