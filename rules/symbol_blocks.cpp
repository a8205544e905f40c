// RULE-011 SymbolBlocks: instruments that may not be traded. The block follows from the configuration alone,
// so there is no lockout to end: it is there exactly while the root is listed.

#include "rules/book_queries.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::rules {
namespace {

using model::Measure;
using model::Root;

struct Settings {
  std::vector<std::string> symbols; // as written
  bool alert_only = false;          // for orders
  bool close_existing = true;
  bool block_family = false;
  bool exempt_reducing = true;
};

Settings read(Params& params) {
  Settings s;
  s.symbols = params.texts("blocked_symbols", {});
  s.alert_only = params.one_of<bool>("action", {{"CANCEL_ORDER", false}, {"ALERT", true}}, false);
  s.close_existing = params.boolean("close_existing", true);
  s.block_family = params.boolean("block_family", false);
  s.exempt_reducing = params.boolean("exempt_reducing_orders", true);
  return s;
}

bool blocks(const Settings& s, const RuleContext& context, const Root& root) {
  return std::any_of(s.symbols.begin(), s.symbols.end(), [&](const std::string& symbol) {
    const Root blocked = context.roots.canonical(symbol);
    return blocked == root ||
           (s.block_family && context.roots.family_of(blocked) == context.roots.family_of(root));
  });
}

/// An order may name its instrument by contract or by symbol.
bool blocks(const Settings& s, const RuleContext& context, const model::Order& order) {
  return blocks(s, context, context.roots.root_of(order.contract)) ||
         (!order.symbol.value.empty() &&
          blocks(s, context, context.roots.root_of_symbol(order.symbol.value)));
}

/// The stop of a position that is still there goes when the position has gone; a bracket child that waits for
/// its entry goes with the position.
bool spared(const Settings& s, const RuleContext& context, const model::Order& order) {
  const auto held = context.state.quantity(order.contract);
  return s.exempt_reducing && held != 0 && order.working() && !increases_exposure(order, held);
}

Finding held(const Settings& s, const RuleContext& context, const model::Position& position) {
  Finding finding;
  finding.contract = position.contract;
  finding.actual = Measure::contracts(position.size());
  finding.limit = Measure::contracts(0);
  const Root root = context.roots.root_of(position.contract);
  finding.reason = fmt::format("{} is blocked", root.value);
  if (!s.close_existing) return finding;
  finding.at_most = {{position.contract, 0}};
  for (const auto id : orders_of(context, root)) {
    if (!spared(s, context, context.state.orders.at(id).order)) finding.cancel.push_back(id);
  }
  return finding;
}

Verdict evaluate(const Settings& s, const RuleContext& context) {
  Verdict verdict;
  for (const auto& [contract, position] : context.state.positions) {
    if (blocks(s, context, context.roots.root_of(contract)))
      verdict.findings.push_back(held(s, context, position));
  }
  for (const auto& [id, live] : context.state.orders) {
    const auto& order = live.order;
    if (!order.resting() || !blocks(s, context, order) || spared(s, context, order)) continue;
    const bool goes_with_position = std::any_of(
        verdict.findings.begin(), verdict.findings.end(), [&, number = id](const Finding& finding) {
          return std::find(finding.cancel.begin(), finding.cancel.end(), number) != finding.cancel.end();
        });
    if (goes_with_position) continue;
    Finding finding;
    finding.subject = fmt::format("order {}", id.value);
    finding.actual = Measure::contracts(order.remaining());
    finding.limit = Measure::contracts(0);
    finding.reason = fmt::format("{} is blocked", context.roots.root_of(order.contract).value);
    if (!s.alert_only) finding.cancel = {id};
    verdict.findings.push_back(std::move(finding));
  }
  return verdict;
}

Binding bind(Params& params) {
  const Settings settings = read(params);
  return {[settings](const RuleContext& context) { return evaluate(settings, context); }, nullptr, 0,
          settings.symbols};
}

} // namespace

extern const RuleSpec symbol_blocks_rule;
const RuleSpec symbol_blocks_rule{
    .number = 11,
    .key = "symbol_blocks",
    .name = "SymbolBlocks",
    .summary = "cancels orders and closes positions of blocked instruments",
    .events = model::events<model::PositionUpdate, model::Order>(),
    .bind = bind,
};

} // namespace bulkhead::rules
