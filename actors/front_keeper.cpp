#include "actors/front_keeper.hpp"

#include <caf/openssl/manager.hpp>
#include <caf/openssl/publish.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <fmt/format.h>

namespace bulkhead::actors {
namespace {

using namespace std::chrono_literals;
using model::Alert;

constexpr auto before_next_try = 200ms; // a peer that goes on ending fronts keeps nobody busy
constexpr auto unpublishing_takes_at_most = 200ms;

class FrontWarden {
public:
  using Self = front_keeper_actor::stateful_pointer<FrontKeeperState>;

  FrontWarden(Self self, FrontKeeperDeps deps) : self_(self), deps_(std::move(deps)) {
    self_->monitor(deps_.front);
    self_->set_down_handler([this](caf::down_msg& down) {
      deps_.logs.daemon(
          Alert::Severity::critical,
          fmt::format("control-front-died reason=\"{}\": a peer with a certificate can do that; "
                      "publishing another one",
                      to_string(down.reason)));
      self_->delayed_send(self_, before_next_try, TimerCame{});
    });
  }

  void publish_another() {
    free_port([this] {
      auto next = self_->system().spawn(control_front, deps_.behind);
      const auto port = caf::openssl::publish(next, deps_.port, deps_.host.c_str(), true);
      if (!port) {
        deps_.logs.daemon(Alert::Severity::warning, "control-front-not-published " + to_string(port.error()));
        self_->send_exit(next, caf::exit_reason::user_shutdown);
        self_->delayed_send(self_, before_next_try, TimerCame{});
        return;
      }
      deps_.front = std::move(next);
      self_->monitor(deps_.front);
      deps_.logs.daemon(Alert::Severity::warning, "control-front-published");
    });
  }

  caf::result<bool> shut_down() {
    auto promise = self_->make_response_promise<bool>();
    free_port([=, this]() mutable {
      self_->demonitor(deps_.front.address());
      self_->send_exit(deps_.front, caf::exit_reason::user_shutdown);
      deps_ = {};
      promise.deliver(true);
      self_->quit();
    });
    return promise;
  }

private:
  /// A port stays open when its actor dies.
  template <class Then>
  void free_port(Then then) {
    self_
        ->request(self_->system().openssl_manager().actor_handle(), unpublishing_takes_at_most,
                  caf::unpublish_atom::value, deps_.front.address(), deps_.port)
        .then([then]() mutable { then(); }, [then](caf::error&) mutable { then(); });
  }

  Self self_;
  FrontKeeperDeps deps_;
};

} // namespace

front_keeper_actor::behavior_type front_keeper(FrontWarden::Self self, FrontKeeperDeps deps) {
  const auto keeper = std::make_shared<FrontWarden>(self, std::move(deps));
  return {
      [=](const TimerCame&) { keeper->publish_another(); },
      [=](const ShutDown&) { return keeper->shut_down(); },
  };
}

} // namespace bulkhead::actors
