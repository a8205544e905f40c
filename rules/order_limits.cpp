// RULE-026 OrderLimits: cancels entry orders that are too large, too many, too far from the market, or that
// together with the position could grow too large. Orders that only reduce what is open are left alone. The
// distance is judged once per price: a market that runs away cancels nothing.

#include "rules/book_queries.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>

namespace bulkhead::rules {
namespace {

using model::Measure;
using model::Order;
using PerRoot = std::map<std::string, std::int64_t>; // "default" is every other root

struct Settings {
  PerRoot max_size;
  PerRoot max_pending;
  PerRoot collar; // ticks
  std::optional<std::int64_t> max_working;
  std::optional<std::int64_t> max_working_of_contract;
};

/// One number for all, or a mapping of roots.
PerRoot read_per_root(Params& params, const std::string& key, std::int64_t high) {
  PerRoot out;
  const auto* node = params.take(key);
  if (node == nullptr || node->kind == model::ConfigNode::Kind::null) return out;
  if (node->kind == model::ConfigNode::Kind::map) {
    for (const auto& [root, value] : node->entries)
      out[root] = params.integer_of(value, 1, high).value_or(high);
  } else {
    out["default"] = params.integer_of(*node, 1, high).value_or(high);
  }
  return out;
}

Settings read(Params& params) {
  Settings s;
  s.max_size = read_per_root(params, "max_order_size", 10'000);
  s.max_pending = read_per_root(params, "max_pending_exposure", 10'000);
  s.collar = read_per_root(params, "price_collar_ticks", 1'000'000);
  s.max_working = params.optional_integer("max_working_orders", 1, 10'000);
  s.max_working_of_contract = params.optional_integer("max_working_orders_per_contract", 1, 10'000);
  const bool nothing = s.max_size.empty() && s.max_pending.empty() && s.collar.empty() && !s.max_working &&
                       !s.max_working_of_contract;
  if (nothing) params.complain(params.block(), "must state at least one limit");
  return s;
}

std::optional<std::int64_t> limit_of(const PerRoot& limits, const RuleContext& context,
                                     const model::ContractId& contract) {
  const auto root = context.roots.root_of(contract);
  std::optional<std::int64_t> fallback;
  for (const auto& [name, limit] : limits) {
    if (name == "default")
      fallback = limit;
    else if (context.roots.canonical(name) == root)
      return limit;
  }
  return fallback;
}

/// Working orders that could raise exposure, the newest first.
std::vector<const Order*> entries(const RuleContext& context) {
  std::vector<const Order*> out;
  for (const auto& [id, live] : context.state.orders) {
    if (increases_exposure(live.order, context.state.quantity(live.order.contract)))
      out.push_back(&live.order);
  }
  std::sort(out.begin(), out.end(), [](const Order* a, const Order* b) {
    return a->created != b->created ? a->created > b->created : a->id > b->id;
  });
  return out;
}

class Judge {
public:
  Judge(const Settings& s, const RuleContext& context)
      : s_(s), context_(context), orders_(entries(context)) {}

  Verdict verdict() {
    for (const auto* order : orders_) {
      judge_size(*order);
      judge_price(*order);
    }
    judge_count(orders_, s_.max_working, "working orders");
    std::map<model::ContractId, std::vector<const Order*>> contracts;
    for (const auto* order : orders_) contracts[order->contract].push_back(order);
    for (const auto& [contract, orders] : contracts) {
      judge_count(orders, s_.max_working_of_contract, "working orders in one contract");
      judge_pending(contract, orders);
    }
    return std::move(verdict_);
  }

private:
  void refuse(const Order& order, Measure actual, Measure limit, std::string reason) {
    Finding finding;
    finding.subject = fmt::format("order {}", order.id.value);
    finding.actual = actual;
    finding.limit = limit;
    finding.reason = std::move(reason);
    finding.cancel = {order.id};
    verdict_.findings.push_back(std::move(finding));
  }

  void judge_size(const Order& order) {
    const auto most = limit_of(s_.max_size, context_, order.contract);
    if (most && order.size > *most)
      refuse(order, Measure::contracts(order.size), Measure::contracts(*most),
             fmt::format("an order of {} contracts, {} allowed", order.size, *most));
  }

  void judge_price(const Order& order) {
    const auto most = limit_of(s_.collar, context_, order.contract);
    const auto price = order.limit_price ? order.limit_price : order.stop_price;
    if (!most || !price) return;
    const std::string subject = fmt::format("order {}", order.id.value);
    model::RuleMemory seen;
    if (const auto* known = context_.memory(subject)) seen = *known;
    if (seen.price != price) {
      const auto ticks = distance(order, *price);
      if (!ticks) return verdict_.undecided.insert(subject), void();
      seen = {0, std::nullopt, std::nullopt, price, *ticks};
    }
    verdict_.memory[subject] = seen;
    if (seen.number > *most)
      refuse(order, {Measure::Unit::count, seen.number}, {Measure::Unit::count, *most},
             fmt::format("an order {} ticks from the market, {} allowed", seen.number, *most));
  }

  /// In ticks, a part of one counts as one.
  [[nodiscard]] std::optional<std::int64_t> distance(const Order& order, model::Price price) const {
    const auto quote = context_.state.quotes.find(order.contract);
    const auto tick = context_.state.ticks.find(order.contract);
    if (quote == context_.state.quotes.end() || tick == context_.state.ticks.end()) return std::nullopt;
    const auto mark = quote->second.mark();
    if (!mark) return std::nullopt;
    const std::int64_t away = std::abs((price - *mark).nanos);
    return (away + tick->second.size.nanos - 1) / tick->second.size.nanos;
  }

  void judge_count(const std::vector<const Order*>& orders, std::optional<std::int64_t> most,
                   const char* what) {
    const auto count = static_cast<std::int64_t>(orders.size());
    if (!most) return;
    for (std::int64_t i = 0; i < count - *most; ++i)
      refuse(*orders[static_cast<std::size_t>(i)], {Measure::Unit::count, count},
             {Measure::Unit::count, *most}, fmt::format("{} {}, {} allowed", count, what, *most));
  }

  void judge_pending(const model::ContractId& contract, const std::vector<const Order*>& orders) {
    const auto most = limit_of(s_.max_pending, context_, contract);
    if (!most) return;
    std::int64_t pending = std::abs(context_.state.quantity(contract));
    for (const auto* order : orders) pending += order->remaining();
    for (const auto* order : orders) {
      if (pending <= *most) return;
      refuse(*order, Measure::contracts(pending), Measure::contracts(*most),
             fmt::format("{} contracts held and ordered, {} allowed", pending, *most));
      pending -= order->remaining();
    }
  }

  const Settings& s_;
  const RuleContext& context_;
  std::vector<const Order*> orders_;
  Verdict verdict_;
};

Binding bind(Params& params) {
  const Settings settings = read(params);
  Binding binding;
  binding.evaluate = [settings](const RuleContext& context) { return Judge(settings, context).verdict(); };
  // A price is judged once, as soon as there is a mark; where there is none, every quote is wanted anyway.
  binding.bands = [](const RuleContext&, BandPlan&) {};
  if (!settings.collar.empty())
    binding.extra_events = model::events<model::QuoteUpdate, model::ContractLearned>();
  return binding;
}

} // namespace

extern const RuleSpec order_limits_rule;
const RuleSpec order_limits_rule{
    .number = 26,
    .key = "order_limits",
    .name = "OrderLimits",
    .summary = "cancels entry orders that are too large, too many or too far from the market",
    .events = model::events<model::Order, model::PositionUpdate>(),
    .bind = bind,
    .on_by_default = false,
};

} // namespace bulkhead::rules
