// RULE-013, RULE-017, RULE-020 and RULE-024: what firms say of profit, size and risk.

#include "tests/support/reference/reference.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>

namespace bulkhead::reference {
namespace {

using std::chrono::seconds;

void daily_profit(const Rules::DailyProfit& rule, const Look& look, Findings& out) {
  const Book& book = look.book();
  if (look.now() >= book.day_end) return;
  Micros result = realized(book, true);
  if (rule.with_open) {
    if (blind_somewhere(book) || !told_alike(book, look.now()))
      return out.cannot_tell.insert({"RULE-013", ""}), void();
    result += open_profit(book) - book.open_at_reset;
  }
  if (result < Micros{rule.target} * 1'000'000) return;
  Want want;
  want.rule = "RULE-013";
  everything(book, want);
  want.lock = until_reset(want.rule, look.now());
  out.wants.push_back(want);
}

void scaling(const Rules::Scaling& rule, const Look& look, Findings& out) {
  const Book& book = look.book();
  if (!book.opening) return out.cannot_tell.insert({"RULE-017", ""}), void();
  int minis = 0;
  for (const auto& [above, limit] : rule.tiers) {
    const Micros threshold = Micros{above.value_or(0)} * 1'000'000;
    if (!above || *book.opening > threshold || (rule.at_or_above && *book.opening == threshold))
      minis = limit;
  }
  if (net_tenths(book) <= 10 * minis) return;
  Want want;
  want.rule = "RULE-017";
  if (rule.reduce) {
    want.targets = net_reduction(book, 10 * minis);
  } else {
    for (const auto& [contract, held] : book.held) want.targets[contract] = 0;
    want.cancels = raising_orders(book, "");
  }
  out.wants.push_back(want);
}

/// What each contract of a position loses at its stop, the nearest stops first; those without one at the end,
/// as -1.
std::vector<Micros> losses(const Book& book, const std::string& contract, const Held& held) {
  std::vector<Micros> out;
  const auto tick = book.ticks.at(contract);
  for (const auto& [id, working] : book.orders) {
    const auto& order = working.order;
    if (order.contract.value != contract || !guards(order, held, true) || !order.stop_price) continue;
    const Micros away = Micros{held.average - order.stop_price->nanos} * (held.quantity > 0 ? 1 : -1);
    const Micros twice = 2 * away * tick.value.micros + tick.size.nanos;
    const Micros each = away <= 0 ? 0 : twice / (2 * tick.size.nanos);
    for (int i = order.filled; i < order.size; ++i) out.push_back(each);
  }
  std::sort(out.begin(), out.end());
  out.resize(static_cast<std::size_t>(std::abs(held.quantity)), -1);
  return out;
}

/// In micro-dollars: the amount, or a part of the room to the floor that RULE-014 saw last, if that is less
/// and known.
std::optional<Micros> most_at_risk(const Rules::TradeRisk& rule, const Look& look) {
  std::optional<Micros> most;
  if (rule.dollars) most = Micros{*rule.dollars} * 1'000'000;
  const Said* last = last_look(look, "RULE-014");
  if (!rule.percent || last == nullptr || !last->floor || !look.book().equity) return most;
  const Micros room = std::max(*look.book().equity - *last->floor, Micros{0});
  const Micros part = room / 100 * *rule.percent;
  return most && *most < part ? *most : part;
}

void trade_risk(const Rules::TradeRisk& rule, const Look& look, Findings& out) {
  const Book& book = look.book();
  const auto limit = most_at_risk(rule, look);
  for (const auto& [contract, held] : book.held) {
    const auto tick = book.ticks.find(contract);
    if (!limit || tick == book.ticks.end() || held.average == 0) {
      out.cannot_tell.insert({"RULE-020", contract});
      continue;
    }
    const bool young = look.now() < held.grown + seconds{rule.grace};
    Micros risk = 0;
    for (const Micros loss : losses(book, contract, held)) {
      if (loss >= 0) risk += loss;
      if (loss < 0 && !young) risk += Micros{tick->second.value.micros} * rule.fallback;
    }
    if (risk <= *limit || rule.action == "warn") continue;
    Want want;
    want.rule = "RULE-020", want.subject = want.contract = contract;
    int stays = rule.action == "reduce" ? std::abs(held.quantity) : 0;
    while (stays > 0 && risk * stays > *limit * std::abs(held.quantity)) --stays;
    want.targets[contract] = stays;
    out.wants.push_back(want);
  }
}

/// In hundredths of a mini: tenths of a contract by tenths of a weight. None for what the group does not
/// name.
std::optional<int> weight_in(const Rules::Correlated& group, const std::string& contract) {
  const auto it = group.weights.find(family_of(root_of(contract)));
  if (it == group.weights.end()) return std::nullopt;
  return it->second * tenths_of(root_of(contract));
}

int exposure(const Rules::Correlated& group, const std::map<std::string, Held>& held) {
  int sum = 0;
  for (const auto& [contract, position] : held) {
    const int weight = weight_in(group, contract).value_or(0);
    const bool alone = group.gross || !position.sided;
    sum += weight * (alone ? std::abs(position.quantity) : position.quantity);
  }
  return sum;
}

void correlated(const Rules::Correlated& group, const Look& look, Findings& out) {
  auto held = look.book().held;
  const int limit = 100 * group.limit;
  if (std::abs(exposure(group, held)) <= limit) return;
  std::vector<std::string> turns;
  for (const auto& [contract, position] : held) turns.push_back(contract);
  std::stable_sort(turns.begin(), turns.end(),
                   [&](const auto& a, const auto& b) { return held.at(a).grown > held.at(b).grown; });
  Want want;
  want.rule = "RULE-024", want.subject = "index";
  for (const auto& contract : turns) {
    Held& position = held.at(contract);
    if (weight_in(group, contract).value_or(0) == 0) continue;
    while (position.quantity != 0) {
      const int sum = exposure(group, held);
      const bool adds = group.gross || position.quantity * sum > 0;
      if (std::abs(sum) <= limit || !adds) break;
      position.quantity += position.quantity > 0 ? -1 : 1;
      want.targets[contract] = std::abs(position.quantity);
    }
  }
  out.wants.push_back(want);
}

} // namespace

void firm_rules(const Look& look, Findings& out) {
  const auto looks = [&](const char* rule) { return look.listening.contains(rule); };
  if (look.rules.daily_profit && looks("RULE-013")) daily_profit(*look.rules.daily_profit, look, out);
  if (look.rules.scaling && looks("RULE-017")) scaling(*look.rules.scaling, look, out);
  if (look.rules.trade_risk && looks("RULE-020")) trade_risk(*look.rules.trade_risk, look, out);
  if (look.rules.correlated && looks("RULE-024")) correlated(*look.rules.correlated, look, out);
}

} // namespace bulkhead::reference
