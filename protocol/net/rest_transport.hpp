#pragma once
// The production RestTransport: HTTP/1.1 keep-alive over Beast, TLS or plain, one site per transport. Owned
// by the composition root; lives on an io_context run by ONE thread (an IoThread or a scheduler's), which
// calls the callbacks. Methods and destructor may be called from any thread; send() on the io thread itself
// writes at once, without a post. No callback runs from inside send().
//
// A connection carries one request at a time. A request takes the idle connection of its lane that was used
// last; with none idle and fewer than max_per_lane open, a fresh one is opened for it; else it waits, first
// in first out. Connections opened beyond the lane's width stay until the peer closes them, another lane
// needs the slot, or set_lane_width() shrinks the lane, narrows_after it: a trader whose orders come and go
// costs no handshake for each of them. Idle connections have a read pending, so a dead one is noticed and,
// within the width, replaced: at once, then after 0.25, 0.5, 1 .. 30 s while replacements fail or die young.
// One that dies without a sign is found out by a request that times out, and then those of its lane that were
// silent since are replaced with it; after a suspend of the machine no old one is used. A reply of 502 to 504
// on a connection older than renewed_after comes from a front that may have been left behind: the connections
// of the lane are replaced and the name is resolved again.
//
// Bounds: at most max_queued waiting requests per lane (beyond: Errc::full) and max_connections in all.
// Warming stops one eighth below that, so that a lane without connections (logins, reads) is never locked out
// by other lanes' warm ones. With every slot taken a request waits until a connection of its lane, or any
// slot, frees; a lane with fewer than two connections borrows idle ones of others meanwhile, up to two in
// all. A reply above max_body ends its connection with Errc::out_of_range. Widths above max_per_lane count as
// max_per_lane.
//
// Errors: unreachable (no connection, TLS refusal included), timeout, io, malformed (request or reply),
// out_of_range, full. may_have_arrived is true for all of them as soon as a byte was handed to the socket.
// The access token is in none of the messages.

#include "protocol/net/tls.hpp"
#include "protocol/transport.hpp"

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <memory>

namespace bulkhead::protocol::net {

struct RestLimits {
  std::size_t max_connections = 64;
  std::size_t max_per_lane = 16;
  std::size_t max_queued = 256;
  std::size_t max_body = 8U << 20U;
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds first_backoff{250}; // doubled by each further failure
  std::chrono::milliseconds max_backoff{30'000};
  std::chrono::milliseconds settled{1'000}; // a connection that lived this long, or answered, was no failure
  std::chrono::milliseconds renewed_after{10'000};
  std::chrono::milliseconds narrows_after{60'000};
};

class RestPool;

class BeastRestTransport final : public RestTransport {
public:
  /// `site.path` goes in front of every target. Requires: `tls` is set if site.tls. `io` must outlive the
  /// transport.
  BeastRestTransport(boost::asio::io_context& io, Endpoint site, TlsContext tls, RestLimits limits = {});
  /// Closes every socket. No callback runs any more; call close() first, and let the io thread run, if they
  /// matter.
  ~BeastRestTransport() override;
  BeastRestTransport(const BeastRestTransport&) = delete;
  BeastRestTransport& operator=(const BeastRestTransport&) = delete;

  void send(HttpRequest request, OnReply on_reply) override;
  void set_lane_width(LaneId lane, std::size_t connections) override;
  [[nodiscard]] std::size_t warm_connections(LaneId lane) const override;
  /// Final: later requests fail with Errc::io.
  void close() override;

private:
  std::shared_ptr<RestPool> pool_;
};

} // namespace bulkhead::protocol::net
