// RULE-020 MaxTradeRisk: what one position would lose at its stops, and without a stop over a fallback
// distance. The limit is an amount, or a part of the room to the floor of RULE-014. A position that has just
// opened gets a moment for its stop to arrive.

#include "rules/book_queries.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>

namespace bulkhead::rules {
namespace {

using model::Measure;
using model::Money;
using model::Position;

enum class Action { warn, reduce, close };

struct Settings {
  std::optional<Money> limit;
  std::optional<std::int64_t> percent_of_room;
  std::int64_t fallback_ticks = 400;
  std::chrono::seconds grace{2};
  Action action = Action::reduce;
};

Settings read(Params& params) {
  Settings s;
  s.percent_of_room = params.optional_integer("percent_of_room", 1, 100);
  if (!s.percent_of_room || params.has("limit")) s.limit = params.required_magnitude({"limit"});
  s.fallback_ticks = params.integer("fallback_ticks", 400, 1, 1'000'000);
  s.grace = std::chrono::seconds{params.integer("grace_seconds", 2, 0, 3600)};
  s.action = params.one_of<Action>(
      "action", {{"warn", Action::warn}, {"reduce", Action::reduce}, {"close", Action::close}},
      Action::reduce);
  return s;
}

/// The smaller of the limits there are; none when the room is not known.
std::optional<Money> limit_of(const Settings& s, const RuleContext& context) {
  if (!s.percent_of_room) return s.limit;
  const auto equity = sure_equity(context.state, context.event.at);
  for (const auto& [key, memory] : context.state.memory) {
    if (key.first.kind != model::Source::Kind::rule || key.first.number != 14 || !equity) continue;
    const std::int64_t room = std::max<std::int64_t>(0, (*equity - Money{memory.number}).micros);
    const Money part{room / 100 * *s.percent_of_room};
    return s.limit ? std::min(*s.limit, part) : part;
  }
  return s.limit;
}

struct Risk {
  Money covered;
  Money uncovered;
  std::int64_t without_stop = 0; // contracts
  [[nodiscard]] Money total() const { return covered + uncovered; }
};

/// None when the position has no price or tick yet. A stop on the winning side risks nothing.
std::optional<Risk> risk_of(const Settings& s, const RuleContext& context, const Position& position) {
  const auto tick = context.state.ticks.find(position.contract);
  if (tick == context.state.ticks.end() || position.average_price == model::Price{}) return std::nullopt;
  const std::int64_t sign = position.quantity < 0 ? -1 : 1;
  std::vector<std::pair<Money, std::int64_t>> stops; // loss of one contract, contracts
  for (const auto& [id, live] : context.state.orders) {
    const auto& order = live.order;
    if (order.contract != position.contract || !protects(order, position.quantity)) continue;
    if (!order.stop_price && !order.trail_price) continue;
    // A trailing stop is shown by its distance: it begins that far from the entry, and only comes nearer.
    const Money loss = order.stop_price ? tick->second.pnl(position.average_price - *order.stop_price, sign)
                                        : tick->second.pnl(*order.trail_price, 1);
    stops.emplace_back(std::max(loss, Money{}), order.remaining());
  }
  // Where there are more stops than contracts, the nearest ones come first.
  std::sort(stops.begin(), stops.end());
  Risk risk;
  risk.without_stop = position.size();
  for (const auto& [loss, contracts] : stops) {
    const auto covers = std::min(contracts, risk.without_stop);
    risk.covered += Money{loss.micros * covers};
    risk.without_stop -= covers;
  }
  const Money fallback{tick->second.value.micros * s.fallback_ticks};
  risk.uncovered = Money{fallback.micros * risk.without_stop};
  return risk;
}

void judge(const Settings& s, const RuleContext& context, const Position& position, Money limit,
           Verdict& verdict) {
  const auto risk = risk_of(s, context, position);
  if (!risk) return verdict.undecided.insert(position.contract.value), void();
  const auto due = position.increased_at + s.grace;
  const bool waits = risk->without_stop > 0 && context.event.at < due;
  if (waits) verdict.wake(due);
  const Money total = waits ? risk->covered : risk->total();
  if (total <= limit) return;
  const auto reason = fmt::format("{} risks {}, {} allowed", context.roots.root_of(position.contract).value,
                                  to_string(Measure::money(total)), to_string(Measure::money(limit)));
  if (s.action == Action::warn) {
    verdict.notices.push_back({fmt::format("risk|{}|{}", position.contract.value, position.epoch),
                               {model::Alert::Severity::warning, "trade-risk", reason}});
    return;
  }
  Finding finding;
  finding.contract = position.contract;
  finding.actual = Measure::money(total);
  finding.limit = Measure::money(limit);
  finding.reason = reason;
  // Each contract's part of the risk is the same: it is one position.
  __extension__ using Wide = __int128;
  const auto fits =
      static_cast<std::int32_t>(static_cast<Wide>(limit.micros) * position.size() / total.micros);
  finding.at_most = {{position.contract, s.action == Action::reduce ? fits : 0}};
  verdict.findings.push_back(std::move(finding));
}

Verdict evaluate(const Settings& s, const RuleContext& context) {
  Verdict verdict;
  const auto limit = limit_of(s, context);
  for (const auto& [contract, position] : context.state.positions) {
    if (limit)
      judge(s, context, position, *limit, verdict);
    else
      verdict.undecided.insert(contract.value);
  }
  return verdict;
}

/// The position that risks most.
std::optional<Gauge> gauge(const Settings& s, const RuleContext& context) {
  const auto limit = limit_of(s, context);
  if (!limit) return std::nullopt;
  Money most;
  for (const auto& [contract, position] : context.state.positions) {
    if (const auto risk = risk_of(s, context, position)) most = std::max(most, risk->total());
  }
  return Gauge{Measure::money(most), Measure::money(*limit)};
}

Binding bind(Params& params) {
  const Settings settings = read(params);
  Binding binding;
  binding.evaluate = [settings](const RuleContext& context) { return evaluate(settings, context); };
  binding.gauge = [settings](const RuleContext& context) { return gauge(settings, context); };
  return binding;
}

} // namespace

extern const RuleSpec max_trade_risk_rule;
const RuleSpec max_trade_risk_rule{
    .number = 20,
    .key = "max_trade_risk",
    .name = "MaxTradeRisk",
    .summary = "caps what one position loses at its stop; reduces it to what may be risked, or closes it",
    .events = model::events<model::PositionUpdate, model::Order, model::ContractLearned>(),
    .bind = bind,
    .on_by_default = false,
};

} // namespace bulkhead::rules
