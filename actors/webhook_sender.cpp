#include "actors/webhook_sender.hpp"

#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace bulkhead::actors {
namespace {

using WebhookSelf = webhook_actor::stateful_pointer<WebhookState>;

bool worth_repeating(int status) {
  constexpr int request_timeout = 408;
  constexpr int too_many = 429;
  constexpr int first_server_error = 500;
  return status == request_timeout || status == too_many || status >= first_server_error;
}

bool wanted(const AlertText& alert, const model::WebhookConfig& hook) {
  switch (hook.from) {
  case model::WebhookConfig::From::info: return true;
  case model::WebhookConfig::From::warning: return alert.severity != model::Alert::Severity::info;
  case model::WebhookConfig::From::critical: return alert.severity == model::Alert::Severity::critical;
  }
  return true;
}

void work(WebhookSelf self, const WebhookDeps& deps) {
  const auto now = deps.clock->now();
  if (const auto alert = self->state.queue.take(now)) {
    protocol::HttpRequest request;
    request.target = deps.target;
    request.body = body_of(*alert, deps.hook);
    self->state.transport->send(std::move(request),
                                [me = caf::actor_cast<webhook_actor>(self)](auto outcome) {
                                  if (outcome) {
                                    caf::anon_send(me, ReplyReceived{0, std::move(*outcome)});
                                  } else {
                                    caf::anon_send(me, ReplyReceived{0, outcome.error()});
                                  }
                                });
  }
  self->state.timer.arm(self, self->state.queue.next_timer(), now);
}

void take_reply(WebhookSelf self, const WebhookDeps& deps, const ReplyReceived& message) {
  auto& queue = self->state.queue;
  const auto* reply = std::get_if<protocol::HttpReply>(&message.outcome);
  if (reply == nullptr) {
    queue.failed(deps.clock->now(), true);
  } else if (reply->status >= 200 && reply->status <= 299) {
    queue.done();
  } else {
    queue.failed(deps.clock->now(), worth_repeating(reply->status), reply->retry_after);
  }
  work(self, deps);
}

} // namespace

webhook_actor::behavior_type webhook_sender(WebhookSelf self, WebhookDeps deps) {
  self->state.transport = std::exchange(deps.transport, nullptr);
  return {
      [=](const Activity& m) {
        for (auto& alert : alert_texts(m)) {
          if (wanted(alert, deps.hook)) self->state.queue.push(std::move(alert));
        }
        work(self, deps);
      },
      [=](const ReplyReceived& m) { take_reply(self, deps, m); },
      [=](const TimerCame& m) {
        if (self->state.timer.take(m)) work(self, deps);
      },
  };
}

} // namespace bulkhead::actors
