#include "actors/enforcement.hpp"

#include "actors/enforcement_note.hpp"
#include "actors/enforcement_reply.hpp"
#include "protocol/projectx/requests.hpp"

#include <algorithm>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace bulkhead::actors {
namespace {

using EnforcementSelf = enforcement_actor::stateful_pointer<EnforcementState>;
using Kind = Enforcer::Kind;
namespace projectx = protocol::projectx;
using protocol::RequestClass;

constexpr std::size_t narrowest_lane = 2;
constexpr std::size_t widest_lane = 16;

/// One worker: its actor, its account and the actors around it. Lives as long as the behaviour that captured
/// it.
class Worker {
public:
  Worker(EnforcementSelf self, model::AccountId account, EnforcementDeps deps)
      : self_(self), account_(account), lane_{account.value}, deps_(std::move(deps)) {}

  void perform(Enforcer::Actions actions) {
    for (auto& action : actions) std::visit([this](auto& a) { act(a); }, action);
    auto next = self_->state.enforcer->next_timer();
    const auto ask_again = self_->state.ask_again_at;
    if (ask_again && (!next || *ask_again < *next)) next = ask_again;
    self_->state.timer.arm(self_, next, deps_.clock->now());
    tell_status();
  }

  void on_reply(const ReplyReceived& reply) {
    auto& state = self_->state;
    if (const auto sent = state.in_flight.extract(reply.tag)) return on_answer(sent.mapped(), reply);
    if (const auto part = state.reading.extract(reply.tag); part && state.book_read) {
      read_on(state.book_read->on_reply(part.mapped(), reply.outcome), reply);
    }
  }

  void on_timer() {
    auto& state = self_->state;
    if (state.ask_again_at && *state.ask_again_at <= now()) {
      state.ask_again_at.reset();
      for (const auto part : std::exchange(state.unsent, {})) ask(part);
    }
    perform(state.enforcer->on_timer(now()));
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
    const protocol::BudgetClaim claim{cancel ? RequestClass::cancel : RequestClass::close_or_reduce,
                                      send.repeat, send.risk, lane_.value, send.ticket};
    const auto held_back =
        deps_.sender->send(claim,
                           cancel ? projectx::cancel_order(caller, account_, send.order)
                           : send.kind == Kind::reduce_position
                               ? projectx::partial_close_contract(caller, account_, send.contract, send.size)
                               : projectx::close_contract(caller, account_, send.contract),
                           reply_to_self(send.tag));
    if (held_back) return perform(self_->state.enforcer->on_held_back(send.tag, *held_back));
    self_->state.in_flight.emplace(send.tag, send);
  }

  void act(const Enforcer::ReadBook& read) {
    auto& state = self_->state;
    state.read_not_before = read.not_before;
    if (state.book_read) end_read();
    state.book_read.emplace(account_, now(), std::nullopt, state.query_exists);
    for (const auto part : state.book_read->first_parts()) ask(part);
  }

  void act(const Enforcer::Report& report) {
    self_->send(deps_.account, Happened{{now(), 0, report.report}});
  }
  void act(const Enforcer::Refusal&) {} // part of the status
  void act(Certificate& certificate) {
    self_->state.stages.add(certificate);
    deps_.sender->leave_line(lane_);
    if (deps_.journal) self_->send(deps_.journal, note_of(certificate, now()));
    tell("enforcement", certificate.stamps, std::move(certificate));
  }
  void act(model::Alert& alert) { tell("enforcement", {}, std::move(alert)); }

  template <class What>
  void tell(const char* trigger, BreachStamps stamps, What what) {
    self_->send(deps_.notifier, Activity{account_, now(), trigger, stamps, true, std::move(what)});
  }

  /// The account shows it in status; the stages come along when there is a new certificate or count.
  void tell_status() {
    auto& told = self_->state.told;
    auto status = self_->state.enforcer->status();
    if (status.open == told.open && status.deferred == told.deferred && status.refusal == told.refusal &&
        status.alarm == told.alarm)
      return;
    told = status;
    status.stages = self_->state.stages.view();
    self_->send(deps_.account, std::move(status));
  }

  [[nodiscard]] protocol::RestTransport::OnReply reply_to_self(std::uint64_t tag) const {
    return [me = caf::actor_cast<enforcement_actor>(self_), tag](auto outcome) {
      if (outcome) {
        caf::anon_send(me, ReplyReceived{tag, std::move(*outcome)});
      } else {
        caf::anon_send(me, ReplyReceived{tag, outcome.error()});
      }
    };
  }

  void ask(BookRead::Part part) {
    auto& state = self_->state;
    const auto tag = ++state.last_read_tag;
    // One place in the line for all reads of the account.
    constexpr std::uint64_t read_ticket = std::uint64_t{1} << 63U;
    const protocol::BudgetClaim claim{RequestClass::verification_read, false, 0, lane_.value, read_ticket};
    const auto sent = deps_.sender->read(claim, state.book_read->request(part, lane_), state.read_not_before,
                                         reply_to_self(tag));
    if (sent.held_until) {
      state.unsent.push_back(part);
      state.ask_again_at = sent.held_until;
    } else {
      state.reading.emplace(tag, part);
      state.book_read->sent(sent.sent_at);
    }
  }

  void end_read() {
    auto& state = self_->state;
    state.query_exists = state.book_read->query_exists();
    state.book_read.reset();
    state.reading.clear();
    state.unsent.clear();
    state.ask_again_at.reset();
  }

  void on_answer(const Enforcer::Send& send, const ReplyReceived& message) {
    const auto said = understand(send, message.outcome, deps_.clock->monotonic());
    perform(self_->state.enforcer->on_answer(send.tag, said, now()));
  }

  void read_on(BookRead::Progress progress, const ReplyReceived& message) {
    auto& state = self_->state;
    for (const auto part : progress.ask) ask(part);
    if (!progress.done) return perform({});
    end_read();
    if (!*progress.done) return perform(state.enforcer->on_read_failed(now()));
    const auto* reply = std::get_if<protocol::HttpReply>(&message.outcome);
    const auto received = reply != nullptr ? reply->received : deps_.clock->monotonic();
    // The account learns what the read showed before it hears what became of its intents.
    self_->send(deps_.account, Happened{{now(), 0, **progress.done}});
    perform(state.enforcer->on_book(**progress.done, received, now()));
  }

  EnforcementSelf self_;
  model::AccountId account_;
  protocol::LaneId lane_;
  EnforcementDeps deps_;
};

} // namespace

enforcement_actor::behavior_type enforcement(EnforcementSelf self, model::AccountId account,
                                             EnforcementDeps deps) {
  self->state.enforcer.emplace(account, deps.clock->now(), deps.hours);
  const auto worker = std::make_shared<Worker>(self, account, std::move(deps));
  worker->widen_lane({});
  return {
      [=](const Enforce& m) { worker->perform(self->state.enforcer->on_intents(m, worker->now())); },
      [=](const BookChanged& m) {
        worker->widen_lane(m);
        worker->perform(self->state.enforcer->on_book_changed(m, worker->now()));
      },
      [=](const ReplyReceived& m) { worker->on_reply(m); },
      [=](const TimerCame& m) {
        if (self->state.timer.take(m)) worker->on_timer();
      },
  };
}

} // namespace bulkhead::actors
