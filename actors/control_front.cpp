// The published actor: the only one a peer can reach. Nothing passes it that was not validated and let in.

#include "actors/control.hpp"
#include "actors/system_config.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace bulkhead::actors {
namespace {

using FrontSelf = control_actor::stateful_pointer<ControlFrontState>;
using Promise = caf::typed_response_promise<ControlReply>;
using namespace std::chrono_literals;

constexpr auto house_answers_within = 5s;
constexpr auto clerk_answers_within = 20s;
constexpr auto gatekeeper_answers_within = 10s; // hashing a password takes its time
constexpr int most_under_way = 64;

bool is_for_the_clerk(Command command) {
  return command == Command::logs || command == Command::config_get || command == Command::config_reload ||
         command == Command::config_validate;
}
bool is_for_the_gatekeeper(Command command) {
  return command == Command::login || command == Command::logout;
}

class Front {
public:
  Front(FrontSelf self, ControlFrontDeps deps) : self_(self), deps_(std::move(deps)) {
    // Whatever a peer sends, an error message of it must not end this actor.
    self_->set_error_handler([](caf::error&) {});
  }

  caf::result<StatusReply> status(const StatusRequest& m) {
    forget_lost_nodes(self_->system());
    ControlRequest shape; // the same limits for the same fields
    shape.request_id = m.request_id, shape.account_id = m.account_id;
    if (const auto bad = malformed(shape)) {
      StatusReply refused;
      refused.request_id = bad->request_id, refused.error = bad->error, refused.message = bad->message;
      return refused;
    }
    auto promise = self_->make_response_promise<StatusReply>();
    self_->request(deps_.house, house_answers_within, m)
        .then([=](StatusReply& reply) mutable { promise.deliver(std::move(reply)); },
              [=](caf::error& error) mutable { promise.deliver(std::move(error)); });
    return promise;
  }

  caf::result<ControlReply> answer(ControlRequest m) {
    forget_lost_nodes(self_->system());
    if (auto bad = malformed(m)) return std::move(*bad);
    if (self_->state.under_way >= most_under_way)
      return refusal(m, codes::busy, "too many requests are under way");
    const auto sender = self_->current_sender(); // the promise takes it
    auto promise = self_->make_response_promise<ControlReply>();
    const auto command = static_cast<Command>(m.command);
    ++self_->state.under_way;
    if (command == Command::watch) {
      watch(m, sender, promise);
    } else if (permitted(Role::trader, m.command) && !is_for_the_gatekeeper(command)) {
      pass_on(m, promise, false);
    } else {
      admit(std::move(m), promise);
    }
    return promise;
  }

private:
  void finish(Promise promise, ControlReply reply) {
    --self_->state.under_way;
    promise.deliver(std::move(reply));
  }

  void admit(ControlRequest m, Promise promise) {
    self_->request(deps_.gatekeeper, gatekeeper_answers_within, m)
        .then(
            [=, this](ControlReply& verdict) mutable {
              const bool over =
                  !verdict.error.empty() || is_for_the_gatekeeper(static_cast<Command>(m.command));
              if (over) return finish(promise, std::move(verdict));
              m.token.clear();
              pass_on(m, promise, true);
            },
            [=, this](caf::error&) {
              finish(promise, refusal(m, codes::internal, "the gatekeeper does not answer"));
            });
  }

  void pass_on(const ControlRequest& m, Promise promise, bool audited) {
    const auto done = [=, this](ControlReply& reply) mutable {
      if (audited)
        self_->send(deps_.gatekeeper, Audit{m, reply.error.empty() ? "done" : reply.error, reply.message});
      finish(promise, std::move(reply));
    };
    const auto failed = [=, this](caf::error& error) mutable {
      auto reply =
          refusal(m, codes::internal, "no answer in time; what came of it is unknown: " + to_string(error));
      if (audited) self_->send(deps_.gatekeeper, Audit{m, reply.error, reply.message});
      finish(promise, std::move(reply));
    };
    if (is_for_the_clerk(static_cast<Command>(m.command)))
      self_->request(deps_.clerk, clerk_answers_within, m).then(done, failed);
    else
      self_->request(deps_.house, house_answers_within, m).then(done, failed);
  }

  /// Frames go to whoever asked, and to nobody else.
  void watch(const ControlRequest& m, const caf::strong_actor_ptr& sender, Promise promise) {
    const auto watcher = caf::actor_cast<watcher_actor>(sender);
    if (!watcher) return finish(promise, refusal(m, codes::bad_request, "nobody to show it to"));
    self_->request(deps_.house, house_answers_within, AddWatcher{watcher, m.account_id, m.request_id})
        .then(
            [=, this](ControlReply& reply) { finish(promise, std::move(reply)); },
            [=, this](caf::error& error) { finish(promise, refusal(m, codes::internal, to_string(error))); });
  }

  FrontSelf self_;
  ControlFrontDeps deps_;
};

} // namespace

control_actor::behavior_type control_front(FrontSelf self, ControlFrontDeps deps) {
  const auto front = std::make_shared<Front>(self, std::move(deps));
  return {
      [=](const StatusRequest& m) { return front->status(m); },
      [=](const ControlRequest& m) { return front->answer(m); },
  };
}

} // namespace bulkhead::actors
