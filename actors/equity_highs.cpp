#include "actors/equity_highs.hpp"

#include <algorithm>
#include <cstdlib>
#include <tuple>

namespace bulkhead::actors {

using model::Fill;
using model::Instant;
using model::Money;
using model::Price;

namespace {

/// Weighted, to the nano of a price.
Price average_of(Price a, std::int64_t n, Price b, std::int64_t m) {
  return Price{a.nanos + (b.nanos - a.nanos) * m / (n + m)};
}

void take(std::vector<Holding>& rows, const Fill& fill) {
  const bool open = !rows.empty() && rows.back().to == Instant::max();
  const std::int32_t traded = fill.side == model::Side::buy ? fill.size : -fill.size;
  const std::int32_t before = open ? rows.back().quantity : 0;
  const std::int32_t after = before + traded;
  Price average = open ? rows.back().average : fill.price;
  const bool grows = before != 0 && (before > 0) == (traded > 0);
  if (grows) average = average_of(average, std::abs(before), fill.price, std::abs(traded));
  if (before != 0 && after != 0 && (before > 0) != (after > 0)) average = fill.price;
  if (open) rows.back().to = fill.executed_at;
  if (after != 0) rows.push_back({fill.executed_at, Instant::max(), after, average});
}

/// The first that lasts beyond `at`.
const Holding* next_after(const std::vector<Holding>& rows, Instant at) {
  const auto it = std::upper_bound(rows.begin(), rows.end(), at,
                                   [](Instant when, const Holding& row) { return when < row.to; });
  return it == rows.end() ? nullptr : &*it;
}

class Path {
public:
  Path(const std::vector<Fill>& fills, const Holdings& holdings,
       const std::map<model::ContractId, BarSeries>& series, const WatchedSpan& span)
      : holdings_(holdings), series_(series), span_(span) {
    for (const auto& fill : fills) {
      if (!fill.voided) closed_[fill.executed_at] += fill.gross() - fill.costs();
    }
    Money sum;
    for (auto& [at, net] : closed_) net = sum += net;
    before_today_ = until(span.today - model::Duration{1});
  }

  model::EquityHighs run() {
    for (const auto& [at, sum] : closed_) {
      if (at >= span_.from && at <= span_.to && flat(at)) note(at, Money{});
    }
    for (const auto& [contract, rows] : holdings_) {
      const auto found = series_.find(contract);
      if (found == series_.end() || !found->second.tick.valid()) {
        out_.whole = out_.whole && !held_long(rows, model::Duration{0});
        continue;
      }
      out_.whole = out_.whole && covered(rows, found->second);
      for (const auto& bar : found->second.bars) look(contract, rows, found->second, bar);
    }
    return out_;
  }

private:
  /// Net of what was closed until then.
  [[nodiscard]] Money until(Instant at) const {
    const auto it = closed_.upper_bound(at);
    return it == closed_.begin() ? Money{} : std::prev(it)->second;
  }
  [[nodiscard]] bool flat(Instant at) const {
    return std::all_of(holdings_.begin(), holdings_.end(), [&](const auto& entry) {
      const auto* row = next_after(entry.second, at);
      return row == nullptr || row->from > at;
    });
  }
  void note(Instant at, Money open) {
    const Money above = until(at) - before_today_ + open;
    auto& best = at >= span_.today ? out_.today : out_.earlier;
    if (!best || above > *best) best = above;
  }

  [[nodiscard]] Instant begin_of(const Holding& row) const { return std::max(row.from, span_.from); }
  [[nodiscard]] Instant end_of(const Holding& row) const { return std::min(row.to, span_.to); }
  [[nodiscard]] bool held_long(const std::vector<Holding>& rows, model::Duration length) const {
    return std::any_of(rows.begin(), rows.end(),
                       [&](const Holding& row) { return end_of(row) - begin_of(row) > length; });
  }
  /// A market that rests gives no bars, so only begin and end of what was held are asked about.
  [[nodiscard]] bool covered(const std::vector<Holding>& rows, const BarSeries& series) const {
    const auto length = series.length * 2;
    if (series.bars.empty()) return !held_long(rows, length);
    const auto first = series.bars.front().opened_at, last = series.bars.back().opened_at + length;
    return std::all_of(rows.begin(), rows.end(), [&](const Holding& row) {
      const bool brief = end_of(row) - begin_of(row) <= length;
      return brief || (first <= begin_of(row) + length && last >= end_of(row) - length);
    });
  }

  void look(const model::ContractId& contract, const std::vector<Holding>& rows, const BarSeries& series,
            const protocol::projectx::Bar& bar) {
    const Instant from = bar.opened_at, to = from + series.length;
    if (from < span_.from || to > span_.to) return;
    const auto* mine = next_after(rows, from);
    if (mine == nullptr || mine->from >= to) return;
    const bool alone = std::all_of(holdings_.begin(), holdings_.end(), [&](const auto& entry) {
      const auto* row = next_after(entry.second, from);
      return entry.first == contract || row == nullptr || row->from >= to;
    });
    if (alone && mine->from <= from && mine->to >= to)
      note(from, series.tick.pnl((mine->quantity > 0 ? bar.high : bar.low) - mine->average, mine->quantity));
    if (const auto open = at_close(to)) note(to, *open);
  }

  /// Open profit of everything held at the close of the bars that end at `at`.
  [[nodiscard]] std::optional<Money> at_close(Instant at) const {
    Money sum;
    for (const auto& [contract, rows] : holdings_) {
      const auto* row = next_after(rows, at);
      if (row == nullptr || row->from > at) continue;
      const auto found = series_.find(contract);
      if (found == series_.end()) return std::nullopt;
      const auto& [tick, length, bars] = found->second;
      const auto bar = std::lower_bound(bars.begin(), bars.end(), at - length,
                                        [](const auto& one, Instant when) { return one.opened_at < when; });
      if (bar == bars.end() || bar->opened_at != at - length || !tick.valid()) return std::nullopt;
      sum += tick.pnl(bar->close - row->average, row->quantity);
    }
    return sum;
  }

  const Holdings& holdings_;
  const std::map<model::ContractId, BarSeries>& series_;
  WatchedSpan span_;
  std::map<Instant, Money> closed_; // by time, summed up
  Money before_today_;
  model::EquityHighs out_;
};

} // namespace

Holdings holdings_of(std::vector<Fill> fills, Instant to) {
  std::sort(fills.begin(), fills.end(), [](const Fill& a, const Fill& b) {
    return std::tie(a.executed_at, a.id) < std::tie(b.executed_at, b.id);
  });
  Holdings out;
  for (const auto& fill : fills) {
    if (!fill.voided && fill.executed_at <= to) take(out[fill.contract], fill);
  }
  for (auto& [contract, rows] : out) {
    for (auto& row : rows) row.to = std::min(row.to, to);
    std::erase_if(rows, [](const Holding& row) { return row.from == row.to; });
  }
  return out;
}

model::EquityHighs equity_highs(const std::vector<Fill>& fills, const Holdings& holdings,
                                const std::map<model::ContractId, BarSeries>& series,
                                const WatchedSpan& span) {
  return Path(fills, holdings, series, span).run();
}

} // namespace bulkhead::actors
