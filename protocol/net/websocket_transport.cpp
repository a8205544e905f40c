#include "protocol/net/websocket_transport.hpp"

#include "protocol/net/websocket_session.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>

namespace bulkhead::protocol::net {

/// Lives on the io thread; kept alive by what was posted there.
struct BeastWebsocketTransport::Core {
  Core(asio::io_context& context, TlsContext tls_context, WebsocketLimits limit)
      : io(context), tls(std::move(tls_context)), limits(limit) {}

  asio::io_context& io;
  TlsContext tls;
  WebsocketLimits limits;
  std::shared_ptr<WebsocketSession::Shared> shared = std::make_shared<WebsocketSession::Shared>();
  std::shared_ptr<WebsocketSession> session; // the last one, perhaps closed already
};

BeastWebsocketTransport::BeastWebsocketTransport(asio::io_context& io, TlsContext tls, WebsocketLimits limits)
    : core_(std::make_shared<Core>(io, std::move(tls), limits)) {}

BeastWebsocketTransport::~BeastWebsocketTransport() {
  core_->shared->gate.shut();
  asio::dispatch(core_->io, [core = core_] {
    if (core->session) core->session->abandon();
    core->session.reset();
  });
}

void BeastWebsocketTransport::open(const Endpoint& where, std::string target, Handlers handlers) {
  model::require(handlers.on_open && handlers.on_message && handlers.on_closed,
                 "every websocket handler is needed");
  model::require(!where.tls || core_->tls != nullptr, "a TLS endpoint needs a TLS context");
  model::require(!core_->shared->busy.exchange(true), "a websocket is open already");
  asio::dispatch(
      core_->io, [core = core_, where, target = std::move(target), handlers = std::move(handlers)]() mutable {
        core->session =
            std::make_shared<WebsocketSession>(core->io, core->shared, core->limits, std::move(handlers));
        core->session->start(where, std::move(target), core->tls);
      });
}

void BeastWebsocketTransport::send(std::string text) {
  // Counted here already, so that messages posted from another thread are bounded as well.
  if (core_->shared->queued.fetch_add(1) < core_->limits.max_queued)
    return asio::dispatch(core_->io, [core = core_, text = std::move(text)]() mutable {
      if (core->session)
        core->session->send(std::move(text));
      else
        core->shared->queued.fetch_sub(1);
    });
  core_->shared->queued.fetch_sub(1);
  if (core_->shared->overflowed.exchange(true)) return;
  // Posted, because the caller may be in the middle of something that on_closed would disturb.
  asio::post(core_->io, [core = core_] {
    core->shared->overflowed = false;
    if (const auto session = core->session)
      session->finish(
          {model::Errc::full, fmt::format("more than {} messages wait to be sent", core->limits.max_queued)});
  });
}

void BeastWebsocketTransport::close() {
  asio::dispatch(core_->io, [core = core_] {
    if (core->session) core->session->close();
  });
}

} // namespace bulkhead::protocol::net
