#include "actors/enforcement.hpp"

#include "protocol/projectx/requests.hpp"

#include <algorithm>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <fmt/format.h>

namespace bulkhead::actors {
namespace {

using Self = enforcement_actor::stateful_pointer<EnforcementState>;
using Kind = Enforcer::Kind;
namespace projectx = protocol::projectx;
using protocol::RequestClass;

constexpr std::size_t narrowest_lane = 2;
constexpr std::size_t widest_lane = 16;

projectx::Endpoint endpoint_of(Kind kind) {
  switch (kind) {
  case Kind::close_position: return projectx::Endpoint::position_close;
  case Kind::reduce_position: return projectx::Endpoint::position_partial_close;
  case Kind::cancel_order: return projectx::Endpoint::order_cancel;
  }
  return projectx::Endpoint::position_close;
}

std::string describe(const Enforcer::Send& send) {
  switch (send.kind) {
  case Kind::close_position: return fmt::format("closeContract {}", send.contract.value);
  case Kind::reduce_position:
    return fmt::format("partialCloseContract {} size {}", send.contract.value, send.size);
  case Kind::cancel_order: return fmt::format("cancel order {}", send.order.value);
  }
  return {};
}

/// One worker: its actor, its account and the actors around it. Lives as long as the behaviour that captured
/// it.
class Worker {
public:
  Worker(Self self, model::AccountId account, EnforcementDeps deps)
      : self_(self), account_(account), lane_{account.value}, deps_(std::move(deps)) {}

  void perform(Enforcer::Actions actions) {
    for (auto& action : actions) std::visit([this](auto& a) { act(a); }, action);
    self_->state.timer.arm(self_, self_->state.enforcer->next_timer(), deps_.clock->now());
  }

  void on_reply(const ReplyReceived& reply) {
    auto& state = self_->state;
    if (const auto sent = state.in_flight.extract(reply.tag)) return on_answer(sent.mapped(), reply);
    if (const auto part = state.reading.extract(reply.tag); part && state.book_read) {
      read_on(state.book_read->on_reply(part.mapped(), reply.outcome), reply);
    }
  }

  void widen_lane(const BookChanged& book) {
    const auto width =
        std::clamp(book.positions.size() + book.orders.size() + 1, narrowest_lane, widest_lane);
    if (width != self_->state.lane_width) deps_.sender->set_lane_width(lane_, width);
    self_->state.lane_width = width;
  }

  [[nodiscard]] model::Instant now() const { return deps_.clock->now(); }

private:
  void act(const Enforcer::Send& send) {
    const projectx::Caller caller{lane_, {}};
    const bool cancel = send.kind == Kind::cancel_order;
    const auto held_back =
        submit(send.tag, cancel ? RequestClass::cancel : RequestClass::close_or_reduce,
               cancel ? projectx::cancel_order(caller, account_, send.order)
               : send.kind == Kind::reduce_position
                   ? projectx::partial_close_contract(caller, account_, send.contract, send.size)
                   : projectx::close_contract(caller, account_, send.contract));
    if (held_back) return perform(self_->state.enforcer->on_held_back(send.tag, *held_back));
    self_->state.in_flight.emplace(send.tag, send);
  }

  void act(const Enforcer::ReadBook&) {
    auto& state = self_->state;
    state.book_read.emplace(account_, now(), std::nullopt, state.query_exists);
    state.reading.clear();
    for (const auto part : state.book_read->first_parts()) {
      if (!ask(part)) return;
    }
  }

  void act(const Enforcer::Report& report) {
    self_->send(deps_.account, Happened{{now(), 0, report.report}});
  }
  void act(Certificate& certificate) { tell("enforcement", certificate.stamps, std::move(certificate)); }
  void act(model::Alert& alert) { tell("enforcement", {}, std::move(alert)); }

  template <class What>
  void tell(const char* trigger, BreachStamps stamps, What what) {
    self_->send(deps_.notifier, Activity{account_, now(), trigger, stamps, true, std::move(what)});
  }

  std::optional<model::Instant> submit(std::uint64_t tag, RequestClass urgency,
                                       protocol::HttpRequest request) {
    return deps_.sender->send(urgency, std::move(request),
                              [me = caf::actor_cast<enforcement_actor>(self_), tag](auto outcome) {
                                if (outcome) {
                                  caf::anon_send(me, ReplyReceived{tag, std::move(*outcome)});
                                } else {
                                  caf::anon_send(me, ReplyReceived{tag, outcome.error()});
                                }
                              });
  }

  bool ask(BookRead::Part part) {
    auto& state = self_->state;
    const auto tag = ++state.last_read_tag;
    state.reading.emplace(tag, part);
    if (!submit(tag, RequestClass::verification_read, state.book_read->request(part, lane_))) return true;
    read_on(state.book_read->on_not_sent(), {});
    return false;
  }

  void on_answer(const Enforcer::Send& send, const ReplyReceived& message) {
    RequestTrace trace{describe(send), {}, 0, 0};
    projectx::Classified answer{projectx::Answer::transient, 0, {}};
    std::optional<std::chrono::seconds> retry_after;
    if (const auto* reply = std::get_if<protocol::HttpReply>(&message.outcome)) {
      answer = projectx::classify(endpoint_of(send.kind), reply->status, reply->body);
      trace.written = reply->written;
      trace.replied = reply->received;
      retry_after = reply->retry_after;
    } else {
      const auto& failure = std::get<protocol::HttpFailure>(message.outcome);
      answer.message = failure.error.message();
      trace.written = failure.written;
      trace.replied = deps_.clock->monotonic();
    }
    trace.result = answer.code == 0 ? std::string(to_string(answer.answer))
                                    : fmt::format("{} (code {} {})", to_string(answer.answer), answer.code,
                                                  code_name(endpoint_of(send.kind), answer.code));
    perform(self_->state.enforcer->on_answer(send.tag, answer, std::move(trace), retry_after, now()));
  }

  void read_on(BookRead::Progress progress, const ReplyReceived& message) {
    auto& state = self_->state;
    for (const auto part : progress.ask) {
      if (!ask(part)) return;
    }
    if (!progress.done) return;
    state.query_exists = state.book_read->query_exists();
    state.book_read.reset();
    state.reading.clear();
    if (!*progress.done) return perform(state.enforcer->on_read_failed(now()));
    const auto* reply = std::get_if<protocol::HttpReply>(&message.outcome);
    const auto received = reply != nullptr ? reply->received : deps_.clock->monotonic();
    // The account learns what the read showed before it hears what became of its intents.
    self_->send(deps_.account, Happened{{now(), 0, **progress.done}});
    perform(state.enforcer->on_book(**progress.done, received, now()));
  }

  Self self_;
  model::AccountId account_;
  protocol::LaneId lane_;
  EnforcementDeps deps_;
};

} // namespace

enforcement_actor::behavior_type enforcement(Self self, model::AccountId account, EnforcementDeps deps) {
  self->state.enforcer.emplace(account);
  const auto worker = std::make_shared<Worker>(self, account, std::move(deps));
  worker->widen_lane({});
  return {
      [=](const Enforce& m) { worker->perform(self->state.enforcer->on_intents(m, worker->now())); },
      [=](const BookChanged& m) { worker->widen_lane(m); },
      [=](const ReplyReceived& m) { worker->on_reply(m); },
      [=](const TimerCame& m) {
        if (self->state.timer.take(m)) worker->perform(self->state.enforcer->on_timer(worker->now()));
      },
  };
}

} // namespace bulkhead::actors
