#include "actors/connection.hpp"

#include "actors/connection_worker.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace bulkhead::actors {

connection_actor::behavior_type connection(ConnectionWorker::Self self, ConnectionConfig config,
                                           ConnectionDeps deps) {
  const auto worker = std::make_shared<ConnectionWorker>(self, std::move(config), std::move(deps));
  worker->begin();
  return {
      [=](const SocketOpened& m) { worker->on_opened(m); },
      [=](const FrameReceived& m) { worker->on_frame(m); },
      [=](const SocketClosed& m) { worker->on_closed(m); },
      [=](const ReplyReceived& m) { worker->on_token_reply(m); },
      [=](const TokenRefused& m) { worker->on_token_refused(m.generation); },
      [=](const WatchContracts& m) { worker->watch(m.contracts); },
      [=](const SubscribeAccount& m) { worker->subscribe_account(m.account); },
      [=](const TimerCame& m) { worker->on_timer(m); },
      [=](const ShutDown&) {
        worker->end();
        return true;
      },
  };
}

} // namespace bulkhead::actors
