// What the workers for enforcement and automation do: requests out, answers in.

#include "actors/enforcement_reply.hpp"
#include "protocol/projectx/error_codes.hpp"
#include "protocol/projectx/requests.hpp"
#include "protocol/projectx/responses.hpp"
#include "tests/simulation/daemon.hpp"
#include "tests/simulation/keeper.hpp"
#include "tests/simulation/watch.hpp"

namespace bulkhead::simulation {

namespace projectx = protocol::projectx;
using namespace actors;
using Kind = Enforcer::Kind;
using protocol::RequestClass;
using Outcome = protocol::RestTransport::Outcome;

namespace {

std::variant<protocol::HttpReply, protocol::HttpFailure> either(const Outcome& outcome) {
  if (outcome) return *outcome;
  return outcome.error();
}

} // namespace

void Keeper::enforce(const Enforce& order) { perform(enforcer_->on_intents(order, now())); }

void Keeper::perform(Enforcer::Actions actions) {
  for (auto& action : actions) std::visit([this](auto& one) { act(one); }, action);
  arm_enforcer();
  machine_.watch.on_enforcing(id_, *enforcer_, in_flight_.size());
}

void Keeper::arm_enforcer() {
  auto next = enforcer_->next_timer();
  if (ask_again_at_ && (!next || *ask_again_at_ < *next)) next = ask_again_at_;
  enforcing_.arm(next);
}

void Keeper::on_enforcer_timer() {
  if (ask_again_at_ && *ask_again_at_ <= now()) {
    ask_again_at_.reset();
    for (const auto part : std::exchange(unsent_, {})) ask(part);
  }
  perform(enforcer_->on_timer(now()));
}

void Keeper::act(const Enforcer::Send& send) {
  const protocol::LaneId lane{id_.value};
  const projectx::Caller caller{lane, {}};
  const bool cancel = send.kind == Kind::cancel_order;
  const protocol::BudgetClaim claim{cancel ? RequestClass::cancel : RequestClass::close_or_reduce,
                                    send.repeat, send.risk, lane.value, send.ticket};
  auto request = cancel ? projectx::cancel_order(caller, id_, send.order)
                 : send.kind == Kind::reduce_position
                     ? projectx::partial_close_contract(caller, id_, send.contract, send.size)
                     : projectx::close_contract(caller, id_, send.contract);
  const auto held = daemon_.sender().send(
      claim, std::move(request), [weak = weak_from_this(), tag = send.tag](const Outcome& outcome) {
        const auto me = weak.lock();
        const auto sent = me ? me->in_flight_.extract(tag) : decltype(me->in_flight_)::node_type{};
        if (!sent) return;
        const auto said = understand(sent.mapped(), either(outcome), me->machine_.timeline.nanos());
        me->perform(me->enforcer_->on_answer(tag, said, me->now()));
      });
  if (held) return perform(enforcer_->on_held_back(send.tag, *held));
  machine_.watch.on_sent(id_, send, in_flight_);
  in_flight_.emplace(send.tag, send);
}

void Keeper::act(const Enforcer::ReadBook& read) {
  read_not_before_ = read.not_before;
  if (book_read_) end_read();
  ++read_number_;
  book_read_.emplace(id_, now(), std::nullopt, query_exists_);
  for (const auto part : book_read_->first_parts()) ask(part);
}

void Keeper::ask(BookRead::Part part) {
  const protocol::LaneId lane{id_.value};
  constexpr std::uint64_t read_ticket = std::uint64_t{1} << 63U;
  const protocol::BudgetClaim claim{RequestClass::verification_read, false, 0, lane.value, read_ticket};
  const auto sent =
      daemon_.sender().read(claim, book_read_->request(part, lane), read_not_before_,
                            [weak = weak_from_this(), part, number = read_number_](const Outcome& outcome) {
                              const auto me = weak.lock();
                              if (me && me->book_read_ && me->read_number_ == number)
                                me->read_on(part, outcome);
                            });
  if (sent.held_until) {
    unsent_.push_back(part);
    ask_again_at_ = sent.held_until;
  } else {
    book_read_->sent(sent.sent_at);
  }
}

void Keeper::end_read() {
  query_exists_ = book_read_->query_exists();
  book_read_.reset();
  unsent_.clear();
  ask_again_at_.reset();
}

void Keeper::read_on(BookRead::Part part, const Outcome& outcome) {
  auto progress = book_read_->on_reply(part, either(outcome));
  for (const auto more : progress.ask) ask(more);
  if (!progress.done) return perform({});
  end_read();
  if (!*progress.done) return perform(enforcer_->on_read_failed(now()));
  const auto received = outcome ? outcome->received : machine_.timeline.nanos();
  happen(**progress.done);
  perform(enforcer_->on_book(**progress.done, received, now()));
}

void Keeper::act(const Enforcer::Report& report) {
  machine_.watch.on_report(id_, report.report);
  later([this, told = report.report] { happen(told); });
}

void Keeper::act(const Certificate& certificate) {
  daemon_.sender().leave_line({id_.value});
  machine_.watch.on_told(Activity{id_, now(), "enforcement", {}, true, certificate}, machine_.timeline.now());
}

void Keeper::automate(const std::vector<model::AutomationRequest>& requests) {
  for (const auto& request : requests) {
    const projectx::Caller caller{{id_.value}, {}};
    protocol::HttpRequest http;
    if (request.kind == model::AutomationRequest::Kind::modify_stop) {
      projectx::OrderChange change;
      change.account = id_, change.order = request.order.value_or(model::OrderId{});
      change.size = request.size, change.stop_price = request.stop_price,
      change.limit_price = request.limit_price;
      http = projectx::modify_order(caller, change);
    } else {
      projectx::NewOrder order;
      order.account = id_, order.contract = request.contract, order.type = model::OrderType::stop;
      order.side = request.side, order.size = request.size, order.stop_price = request.stop_price;
      order.custom_tag = request.custom_tag;
      http = projectx::place_order(caller, order);
    }
    machine_.watch.on_automation(id_, request);
    const auto held = daemon_.sender().send(RequestClass::automation, std::move(http),
                                            [weak = weak_from_this(), request](const Outcome& outcome) {
                                              if (const auto me = weak.lock()) me->report(request, outcome);
                                            });
    if (held) report(request, protocol::HttpFailure{{model::Errc::rate_limited, "no budget"}, false, 0});
  }
}

void Keeper::report(const model::AutomationRequest& request, const Outcome& outcome) {
  model::AutomationReported told{request.id, false, std::nullopt, ""};
  if (outcome) {
    const bool placing = request.kind == model::AutomationRequest::Kind::place_stop;
    const auto answer =
        projectx::classify(placing ? projectx::Endpoint::order_place : projectx::Endpoint::order_modify,
                           outcome->status, outcome->body);
    told.done = answer.answer == projectx::Answer::accepted || answer.answer == projectx::Answer::pending;
    told.detail = answer.message;
    if (const auto placed = projectx::read_placed(*outcome); told.done && placing && placed)
      told.order = *placed;
  }
  later([this, told] { happen(told); });
}

} // namespace bulkhead::simulation
