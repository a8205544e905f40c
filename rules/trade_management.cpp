// RULE-012 TradeManagement: automation, not enforcement. Moves the stop of a winner to its entry, trails it
// and places a first one. Stops only move toward profit, at most once per interval, and end with their
// position.

#include "rules/stop_plan.hpp"

#include <fmt/format.h>

namespace bulkhead::rules {
namespace {

using model::AutomationRequest;
using model::Instant;
using model::Price;
using model::RuleMemory;
using std::chrono::seconds;

constexpr seconds placing_takes_at_most{30};

/// One position. `memory`: since the last request, price last asked for, deadline for a placed stop to show
/// up.
class Manager {
public:
  Manager(const StopSettings& s, const RuleContext& context, const OrdersByContract& orders, StopFrame frame,
          Verdict& verdict)
      : s_(s),
        context_(context),
        orders_(orders),
        frame_(frame),
        verdict_(verdict),
        memory_(verdict.memory[frame.position.contract.value]),
        now_(context.event.at) {
    if (const auto* known = context.memory(frame.position.contract.value);
        known != nullptr && known->epoch == frame.position.epoch)
      memory_ = *known;
    memory_.epoch = frame.position.epoch;
  }

  void work() {
    if (suspended()) return;
    hear_report();
    const auto stop = current_stop(context_, orders_, frame_);
    const auto wanted = wanted_price(stop);
    if (stop.order != nullptr) {
      memory_.deadline.reset();
      move(stop, wanted);
    } else if (wanted && !stop.protected_otherwise) {
      place(*wanted);
    }
  }

private:
  [[nodiscard]] bool suspended() const {
    const auto& state = context_.state;
    if (!state.complete() || state.pending_closes.contains(frame_.position.contract)) return true;
    return state.lockouts.locked() && // else nobody needs the root, which takes time to find

           state.lockouts.mode_for(context_.roots.root_of(frame_.position.contract));
  }

  /// A stop that was refused is asked for again when a better price is wanted, not in a loop.
  void hear_report() {
    const auto* report = std::get_if<model::AutomationReported>(&context_.event.payload);
    if (report == nullptr || report->done) return;
    const auto ours = fmt::format("{}|{}|e{}|{}|", context_.state.id.value, frame_.position.contract.value,
                                  frame_.position.epoch, to_string(context_.self));
    if (report->request.value.starts_with(ours)) memory_.deadline.reset();
  }

  [[nodiscard]] const model::Quote* quote() const { return fresh_quote(context_, frame_.position.contract); }

  [[nodiscard]] std::optional<Price> wanted_price(const CurrentStop& stop) {
    std::optional<Price> wanted;
    const auto want = [&](Price price) {
      if (!wanted || frame_.better(price, *wanted)) wanted = price;
    };
    const Price entry = frame_.position.average_price;
    const auto mark = quote() == nullptr ? std::nullopt : quote()->mark();
    if (mark && s_.breakeven && frame_.gained(*mark, s_.breakeven_trigger))
      memory_.number |= breakeven_reached;
    if (mark && s_.trailing && frame_.gained(*mark, s_.activation)) memory_.number |= trailing_reached;
    if ((memory_.number & breakeven_reached) != 0) want(frame_.toward_profit(entry, s_.breakeven_offset));
    const auto peaks = context_.state.peaks.find(frame_.position.contract);
    if ((memory_.number & trailing_reached) != 0 && peaks != context_.state.peaks.end() &&
        peaks->second.best_mark)
      want(frame_.toward_profit(*peaks->second.best_mark, -s_.distance));
    if (s_.auto_stop && stop.order == nullptr && !wanted) {
      const Instant from = frame_.position.opened_at + s_.auto_stop_delay;
      if (now_ < from)
        verdict_.wake(from);
      else
        want(frame_.toward_profit(entry, -s_.stop_ticks));
    }
    return wanted;
  }

  [[nodiscard]] bool may_ask() {
    if (!memory_.since || now_ >= *memory_.since + s_.interval) return true;
    verdict_.wake(*memory_.since + s_.interval);
    return false;
  }

  void move(const CurrentStop& stop, std::optional<Price> wanted) {
    const auto& order = *stop.order;
    const Price present = *order.stop_price;
    const bool moves = wanted && frame_.better(*wanted, present) &&
                       (frame_.is_long() ? *wanted - present : present - *wanted) >=
                           Price{s_.least_step * frame_.tick.size.nanos} &&
                       (!memory_.price || frame_.better(*wanted, *memory_.price)) && quote() != nullptr &&
                       is_valid_stop(*quote(), frame_, *wanted);
    const auto held = frame_.position.size();
    const bool resizes = stop.ours ? order.remaining() != held : order.remaining() > held;
    if ((!moves && !resizes) || !may_ask()) return;
    AutomationRequest request = ask(AutomationRequest::Kind::modify_stop, moves ? *wanted : present);
    request.order = order.id;
    request.previous = present;
    request.size = resizes ? order.filled + held : order.size;
    if (order.limit_price) request.limit_price = *order.limit_price + (request.stop_price - present);
    if (moves) memory_.price = wanted;
    verdict_.automation.push_back(std::move(request));
  }

  void place(Price wanted) {
    const bool lost = memory_.deadline && now_ >= *memory_.deadline;
    if (memory_.deadline && !lost) return verdict_.wake(*memory_.deadline);
    if (memory_.price && !lost && !frame_.better(wanted, *memory_.price)) return;
    if (quote() == nullptr ? memory_.number != 0 : !is_valid_stop(*quote(), frame_, wanted)) return;
    if (!may_ask()) return;
    AutomationRequest request = ask(AutomationRequest::Kind::place_stop, wanted);
    request.size = frame_.position.size();
    request.custom_tag = stop_tag(context_.self, frame_.position);
    memory_.price = wanted;
    memory_.deadline = now_ + placing_takes_at_most;
    verdict_.automation.push_back(std::move(request));
  }

  [[nodiscard]] AutomationRequest ask(AutomationRequest::Kind kind, Price price) {
    memory_.since = now_;
    AutomationRequest request;
    request.kind = kind;
    request.contract = frame_.position.contract;
    request.side = frame_.is_long() ? model::Side::sell : model::Side::buy;
    request.stop_price = price;
    request.epoch = frame_.position.epoch;
    request.reason = memory_.number >= trailing_reached ? "trailing"
                     : memory_.number > 0               ? "breakeven"
                                                        : "first stop";
    return request;
  }

  const StopSettings& s_;
  const RuleContext& context_;
  const OrdersByContract& orders_;
  StopFrame frame_;
  Verdict& verdict_;
  RuleMemory& memory_;
  Instant now_;
};

Verdict evaluate(const StopSettings& s, const RuleContext& context) {
  Verdict verdict;
  const OrdersByContract orders(context.state);
  for (const auto& [contract, position] : context.state.positions) {
    const auto tick = context.state.ticks.find(contract);
    if (tick == context.state.ticks.end() || !position.direction_known || position.average_price == Price{}) {
      // What was reached stays reached until the figures are there again.
      const auto* known = context.memory(contract.value);
      if (known != nullptr && known->epoch == position.epoch) verdict.memory[contract.value] = *known;
      continue;
    }
    Manager(s, context, orders, {position, tick->second}, verdict).work();
  }
  verdict.gone = orphaned_stops(context);
  return verdict;
}

Binding bind(Params& params) {
  const auto settings = read_stop_settings(params);
  Binding binding;
  binding.evaluate = [settings](const RuleContext& context) { return evaluate(settings, context); };
  binding.bands = stating(settings, state_bands);
  return binding;
}

} // namespace

extern const RuleSpec trade_management_rule;
const RuleSpec trade_management_rule{
    .number = 12,
    .key = "trade_management",
    .name = "TradeManagement",
    .summary = "moves stops to breakeven, trails them, places a first one; never closes, never locks",
    .events = model::events<model::QuoteUpdate, model::PositionUpdate, model::Order, model::Fill,
                            model::AutomationReported>(),
    .bind = bind,
    .on_by_default = false,
};

} // namespace bulkhead::rules
