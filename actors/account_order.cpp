// From a decision to the order that enforcement gets.

#include "actors/account.hpp"

#include <algorithm>

namespace bulkhead::actors {

using model::EnforcementIntent;

namespace {

/// A person, a group, or a rule about the account as a whole, asked for everything to go: not one contract by
/// chance the only one.
bool is_about_the_account(const model::Event& event, const model::Decision& decision) {
  const auto& source = decision.intents.front().source;
  const auto* wish = std::get_if<model::FlattenOrdered>(&event.payload);
  if (wish != nullptr && wish->source == source) return !wish->contract && !wish->order && !wish->only_orders;
  if (source == model::Source::manual()) return true;
  return std::any_of(decision.breaches.begin(), decision.breaches.end(),
                     [&](const auto& breach) { return breach.source == source && !breach.contract; });
}

} // namespace

std::optional<model::Event> without_fills(model::Event event, const std::set<model::FillId>& fills) {
  if (const auto* fill = std::get_if<model::Fill>(&event.payload);
      fill != nullptr && fills.contains(fill->id))
    return std::nullopt;
  if (auto* read = std::get_if<model::Reconciled>(&event.payload))
    std::erase_if(read->fills, [&](const model::Fill& fill) { return fills.contains(fill.id); });
  return event;
}

Enforce order_of(const model::Event& event, const model::Decision& decision, const BreachStamps& stamps,
                 const model::AccountState& state) {
  Enforce order;
  order.intents = decision.intents;
  order.stamps = stamps;
  std::size_t flattened = 0;
  for (const auto& intent : decision.intents) {
    if (intent.kind == EnforcementIntent::Kind::cancel_order) continue;
    if (intent.target == 0) ++flattened;
    DecisionMark mark;
    mark.contract = intent.contract;
    if (const auto tick = state.ticks.find(intent.contract); tick != state.ticks.end())
      mark.tick = tick->second;
    if (const auto quote = state.quotes.find(intent.contract); quote != state.quotes.end())
      mark.price = quote->second.last;
    order.marks.push_back(std::move(mark));
  }
  order.whole_account =
      flattened > 0 && flattened == state.positions.size() && is_about_the_account(event, decision);
  return order;
}

BookChanged book_of(const model::Event& event, const model::AccountState& state) {
  BookChanged book;
  book.received = event.received;
  if (const auto* fill = std::get_if<model::Fill>(&event.payload)) book.fill = *fill;
  for (const auto& [contract, position] : state.positions) {
    book.positions.emplace_back(contract, position.quantity);
  }
  for (const auto& [order, live] : state.orders) book.orders.push_back(order);
  return book;
}

std::optional<EnforcementIntent> claimed_done(const model::Event& event, const model::AccountState& state) {
  const auto* report = std::get_if<model::IntentReported>(&event.payload);
  if (report == nullptr || report->outcome != model::IntentOutcome::achieved) return std::nullopt;
  for (const auto& [contract, pending] : state.pending_closes) {
    if (pending.id != report->intent) continue;
    EnforcementIntent intent;
    intent.id = pending.id;
    intent.kind = pending.target == 0 ? EnforcementIntent::Kind::close_position
                                      : EnforcementIntent::Kind::reduce_position;
    intent.account = state.id;
    intent.contract = contract;
    intent.target = pending.target;
    intent.epoch = pending.epoch;
    intent.source = pending.source;
    intent.ordinal = pending.ordinal;
    intent.reason = "more came while it was being proven";
    return intent;
  }
  return std::nullopt;
}

Enforce order_of(const std::optional<EnforcementIntent>& claimed, const model::AccountState& state) {
  Enforce order;
  if (!claimed) return order;
  const auto position = state.positions.find(claimed->contract);
  if (position == state.positions.end() || position->second.epoch != claimed->epoch ||
      position->second.size() <= claimed->target)
    return order;
  order.intents.push_back(*claimed);
  order.intents.back().held = position->second.quantity;
  return order;
}

} // namespace bulkhead::actors
