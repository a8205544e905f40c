#include "actors/automation.hpp"

#include "actors/text.hpp"
#include "protocol/projectx/error_codes.hpp"
#include "protocol/projectx/requests.hpp"
#include "protocol/projectx/responses.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <fmt/format.h>

namespace bulkhead::actors {
namespace {

namespace projectx = protocol::projectx;
using AutomationSelf = automation_actor::stateful_pointer<AutomationState>;
using Kind = model::AutomationRequest::Kind;
using model::Alert;
using model::AutomationRequest;
using namespace std::chrono_literals;

constexpr std::size_t most_waiting = 16;
constexpr model::Duration waits_at_most = 2s; // a stop price is stale after that; the rule asks anew

protocol::HttpRequest to_http(const AutomationRequest& request, protocol::LaneId lane) {
  const projectx::Caller caller{lane, {}};
  if (request.kind == Kind::modify_stop) {
    projectx::OrderChange change;
    change.account = request.account;
    change.order = request.order.value_or(model::OrderId{});
    change.size = request.size;
    change.stop_price = request.stop_price;
    change.limit_price = request.limit_price;
    return projectx::modify_order(caller, change);
  }
  projectx::NewOrder order;
  order.account = request.account;
  order.contract = request.contract;
  order.type = model::OrderType::stop;
  order.side = request.side;
  order.size = request.size;
  order.stop_price = request.stop_price;
  order.custom_tag = request.custom_tag;
  return projectx::place_order(caller, order);
}

class Worker {
public:
  Worker(AutomationSelf self, model::AccountId account, AutomationDeps deps)
      : self_(self), lane_{account.value}, deps_(std::move(deps)) {}

  void take(const Automate& message) {
    for (const auto& request : message.requests) {
      if (self_->state.waiting.size() >= most_waiting) {
        report(request, false, std::nullopt, "too many requests wait already");
      } else {
        self_->state.waiting.push_back({request, now() + waits_at_most});
      }
    }
    send_waiting();
  }

  void send_waiting() {
    auto& waiting = self_->state.waiting;
    std::optional<model::Instant> again;
    while (!waiting.empty() && !again) {
      auto& [request, give_up_at] = waiting.front();
      if (now() >= give_up_at) {
        report(request, false, std::nullopt, "the request budget did not allow it in time");
      } else {
        again = submit(request);
        if (again) again = std::min(*again, give_up_at);
      }
      if (!again) waiting.pop_front();
    }
    self_->state.timer.arm(self_, again, now());
  }

  void on_reply(const ReplyReceived& message) {
    const auto sent = self_->state.in_flight.extract(message.tag);
    if (!sent) return;
    const AutomationRequest& request = sent.mapped();
    if (const auto* failure = std::get_if<protocol::HttpFailure>(&message.outcome)) {
      return report(request, false, std::nullopt, failure->error.message());
    }
    const auto& reply = std::get<protocol::HttpReply>(message.outcome);
    const bool placing = request.kind == Kind::place_stop;
    const auto answer =
        projectx::classify(placing ? projectx::Endpoint::order_place : projectx::Endpoint::order_modify,
                           reply.status, reply.body);
    const bool done =
        answer.answer == projectx::Answer::accepted || answer.answer == projectx::Answer::pending;
    std::optional<model::OrderId> order;
    if (const auto placed = projectx::read_placed(reply); done && placing && placed) order = *placed;
    report(request, done, order,
           done ? std::string{} : fmt::format("{} (code {})", escaped(answer.message), answer.code));
  }

private:
  [[nodiscard]] model::Instant now() const { return deps_.clock->now(); }

  std::optional<model::Instant> submit(const AutomationRequest& request) {
    const auto tag = ++self_->state.last_tag;
    const auto held_back = deps_.sender->send(
        protocol::RequestClass::automation, to_http(request, lane_),
        [me = caf::actor_cast<automation_actor>(self_), tag](protocol::RestTransport::Outcome outcome) {
          if (outcome) {
            caf::anon_send(me, ReplyReceived{tag, std::move(*outcome)});
          } else {
            caf::anon_send(me, ReplyReceived{tag, outcome.error()});
          }
        });
    if (!held_back) self_->state.in_flight.emplace(tag, request);
    return held_back;
  }

  void report(const AutomationRequest& request, bool done, std::optional<model::OrderId> order,
              std::string detail) {
    const auto text = fmt::format("{} {} stop={} size={} for {}{}{}", to_string(request.kind),
                                  request.contract.value, to_string(request.stop_price), request.size,
                                  to_string(request.source), done ? "" : " FAILED: ", detail);
    self_->send(deps_.notifier, Activity{request.account,
                                         now(),
                                         "automation",
                                         {},
                                         true,
                                         Alert{done ? Alert::Severity::info : Alert::Severity::warning,
                                               done ? "stop-managed" : "stop-not-managed", text}});
    self_->send(deps_.account,
                Happened{{now(), 0, model::AutomationReported{request.id, done, order, std::move(detail)}}});
  }

  AutomationSelf self_;
  protocol::LaneId lane_;
  AutomationDeps deps_;
};

} // namespace

automation_actor::behavior_type automation(AutomationSelf self, model::AccountId account,
                                           AutomationDeps deps) {
  const auto worker = std::make_shared<Worker>(self, account, std::move(deps));
  return {
      [=](const Automate& m) { worker->take(m); },
      [=](const ReplyReceived& m) { worker->on_reply(m); },
      [=](const TimerCame& m) {
        if (self->state.timer.take(m)) worker->send_waiting();
      },
  };
}

} // namespace bulkhead::actors
