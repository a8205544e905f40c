// RULE-012: the stop of a winner goes to its entry, and then after the market.

#include "tests/support/reference/reference.hpp"

#include <chrono>
#include <cstdlib>
#include <fmt/format.h>

namespace bulkhead::reference {
namespace {

using model::Instant;
using Price = std::int64_t;

struct Stop {
  const model::Order* order = nullptr;
  bool ours = false;
  bool hidden = false; // there is one, nobody knows where
};

/// One position; prices of a short count downwards.
class Manager {
public:
  Manager(const Look& look, const std::string& contract, const Held& held, Findings& out)
      : look_(look),
        rule_(*look.rules.manage),
        book_(look.book()),
        contract_(contract),
        held_(held),
        out_(out),
        tick_(book_.ticks.at(contract).size.nanos),
        way_(held.quantity > 0 ? 1 : -1),
        state_(out.managed[contract]) {}

  void work() {
    hear_refusal();
    const Stop stop = find();
    const auto wish = wanted(stop);
    if (stop.order != nullptr) {
      state_.patience.reset();
      move(stop, wish);
    } else if (wish && !stop.hidden) {
      place(*wish);
    }
  }

  [[nodiscard]] static std::string tag(const Held& held) {
    std::string out;
    for (auto left = held.opened.time_since_epoch().count(); left > 0; left /= 36)
      out.insert(out.begin(), "0123456789abcdefghijklmnopqrstuvwxyz"[left % 36]);
    return "bh-" + out + "-";
  }

private:
  [[nodiscard]] bool better(Price a, Price b) const { return way_ * (a - b) > 0; }

  /// So many ticks toward profit, on the grid (rounded toward profit).
  [[nodiscard]] Price level(Price from, int ticks) const {
    const Price over = from % tick_;
    const Price grid = over == 0 ? from : way_ > 0 ? from - over + tick_ : from - over;
    return grid + way_ * ticks * tick_;
  }

  [[nodiscard]] bool fresh() const {
    const auto quote = book_.quotes.find(contract_);
    return quote != book_.quotes.end() && look_.now() - quote->second.at <= std::chrono::seconds{10};
  }

  /// The broker takes a stop on the losing side of the market alone.
  [[nodiscard]] bool taken(Price stop) const {
    const auto market = mark_of(book_, contract_, "exit_side", way_ > 0);
    return market && better(*market, stop);
  }

  void hear_refusal() {
    const auto* report = std::get_if<model::AutomationReported>(&look_.event().payload);
    if (report != nullptr && !report->done &&
        report->request.value.find(fmt::format("|{}|e{}|RULE-012|", contract_, held_.epoch)) !=
            std::string::npos)
      state_.patience.reset();
  }

  [[nodiscard]] Stop find() const {
    Stop out;
    for (const bool ours : {true, false}) {
      for (const auto& [id, working] : book_.orders) {
        const auto& order = working.order;
        if (order.contract.value != contract_ || !guards(order, held_, true)) continue;
        if (order.custom_tag.starts_with(tag(held_)) != ours) continue;
        if (!order.stop_price || order.type == model::OrderType::trailing_stop)
          out.hidden = true;
        else if (out.order == nullptr ||
                 (out.ours == ours && better(order.stop_price->nanos, out.order->stop_price->nanos)))
          out.order = &order, out.ours = ours;
      }
    }
    return out;
  }

  /// The best price of this life of the position.
  [[nodiscard]] std::optional<Price> extreme() const {
    std::optional<Price> out;
    const Books& books = look_.story.books;
    for (std::size_t i = books.size(); i-- > 0;) {
      const auto then = books[i].held.find(contract_);
      if (then == books[i].held.end() || then->second.epoch != held_.epoch) break;
      if (then->second.quantity * way_ < 0) break; // its side was told of later
      const auto mark = mark_of(books[i], contract_, "last", way_ > 0);
      if (mark && (!out || better(*mark, *out))) out = mark;
    }
    return out;
  }

  [[nodiscard]] std::optional<Price> wanted(const Stop& stop) {
    std::optional<Price> out;
    const auto want = [&](Price price) {
      if (!out || better(price, *out)) out = price;
    };
    const auto mark = fresh() ? mark_of(book_, contract_, "last", way_ > 0) : std::nullopt;
    const Price gain = mark ? way_ * (*mark - held_.average) : 0;
    const auto gained = [&](std::optional<int> ticks) { return ticks && gain >= *ticks * tick_; };
    if (gained(rule_.breakeven)) state_.breakeven = true;
    if (gained(rule_.trailing)) state_.trailing = true;
    if (state_.breakeven) want(level(held_.average, rule_.offset));
    const auto best = extreme();
    if (state_.trailing && best) want(level(*best, -rule_.distance));
    const bool waited = look_.now() >= held_.opened + std::chrono::milliseconds{rule_.delay_ms};
    if (rule_.first_stop && stop.order == nullptr && !out && waited)
      want(level(held_.average, -rule_.stop_ticks));
    return out;
  }

  [[nodiscard]] bool may_ask() const {
    return !state_.asked || look_.now() >= *state_.asked + std::chrono::milliseconds{rule_.interval_ms};
  }

  void move(const Stop& stop, std::optional<Price> wish) {
    const auto& order = *stop.order;
    const Price now = order.stop_price->nanos;
    const bool moves = wish && better(*wish, now) && way_ * (*wish - now) >= rule_.step * tick_ &&
                       (!state_.price || better(*wish, *state_.price)) && fresh() && taken(*wish);
    const int size = std::abs(held_.quantity), left = order.size - order.filled;
    const bool resizes = stop.ours ? left != size : left > size;
    if ((!moves && !resizes) || !may_ask()) return;
    state_.asked = look_.now();
    if (moves) state_.price = wish;
    out_.requests.push_back(
        {contract_, order.id.value, moves ? *wish : now, resizes ? order.filled + size : order.size});
  }

  void place(Price wish) {
    const bool lost = state_.patience && look_.now() >= *state_.patience;
    if (state_.patience && !lost) return;
    if (state_.price && !lost && !better(wish, *state_.price)) return;
    const bool first = !state_.breakeven && !state_.trailing;
    if (fresh() ? !taken(wish) : !first) return;
    if (!may_ask()) return;
    state_.asked = look_.now();
    state_.price = wish;
    state_.patience = look_.now() + std::chrono::seconds{30};
    out_.requests.push_back({contract_, 0, wish, std::abs(held_.quantity)});
  }

  const Look& look_;
  const Rules::Manage& rule_;
  const Book& book_;
  const std::string& contract_;
  const Held& held_;
  Findings& out_;
  Price tick_;
  int way_;
  Managed& state_;
};

/// What was known of the position when the rule last looked.
Managed before(const Look& look, const std::string& contract, model::Epoch epoch) {
  for (std::size_t i = look.story.said.size(); i-- > 0;) {
    const Said& said = look.story.said[i];
    if (!said.evaluated.contains("RULE-012")) continue;
    const auto known = said.managed.find(contract);
    if (known != said.managed.end() && known->second.epoch == epoch) return known->second;
    break;
  }
  Managed fresh;
  fresh.epoch = epoch;
  return fresh;
}

} // namespace

void manage_rule(const Look& look, Findings& out) {
  if (!look.rules.manage || !look.listening.contains("RULE-012")) return;
  const Book& book = look.book();
  const bool whole = book.whole || book.trusted == Instant{};
  for (const auto& [contract, held] : book.held) {
    out.managed[contract] = before(look, contract, held.epoch);
    if (!book.ticks.contains(contract) || !held.sided || held.average == 0) continue;
    if (!whole || look.locked(root_of(contract)) || standing_ask(look.story, contract, 0)) continue;
    Manager(look, contract, held, out).work();
  }
  for (const auto& [id, working] : book.orders) {
    const auto& order = working.order;
    if (!whole || !order.custom_tag.starts_with("bh-")) continue;
    const auto held = book.held.find(order.contract.value);
    if (held == book.held.end() || !order.custom_tag.starts_with(Manager::tag(held->second)))
      out.gone.insert(id);
  }
}

} // namespace bulkhead::reference
