#include "protocol/net/rest_transport.hpp"

#include "protocol/net/rest_pool.hpp"

namespace bulkhead::protocol::net {

BeastRestTransport::BeastRestTransport(asio::io_context& io, Endpoint site, TlsContext tls,
                                       RestLimits limits) {
  model::require(!site.tls || tls != nullptr, "a TLS endpoint needs a TLS context");
  pool_ = std::make_shared<RestPool>(std::make_shared<RestSite>(io, std::move(site), std::move(tls), limits));
}

BeastRestTransport::~BeastRestTransport() { pool_->abandon(); }

void BeastRestTransport::send(HttpRequest request, OnReply on_reply) {
  pool_->send(std::move(request), std::move(on_reply));
}

void BeastRestTransport::set_lane_width(LaneId lane, std::size_t connections) {
  pool_->set_width(lane, connections);
}

std::size_t BeastRestTransport::warm_connections(LaneId lane) const { return pool_->warm(lane); }

void BeastRestTransport::close() { pool_->close(); }

} // namespace bulkhead::protocol::net
