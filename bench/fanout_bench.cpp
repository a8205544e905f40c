// What a quote costs with 1, 10, 100 and 1,000 accounts that hold the contract, three positions each: (a)
// inside all bands, by the router's own data; (b) what the rules of those accounts cost when each is asked,
// beside a plain loop over the same holders that values the same positions from an array; (c) to hand every
// account one parcel and to take its answer; (d) what a quote costs in all while a market wanders, and only
// those are asked whose band it left. Single-threaded, in process; blocks of all kinds take turns, and only
// ratios within one run mean anything. A null compares the plain loop with itself.

#include "actors/quote_fanout.hpp"
#include "bench/fanout_holders.hpp"
#include "bench/results.hpp"
#include "protocol/transport.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <functional>
#include <iostream>
#include <random>

namespace {

using namespace bulkhead;
using namespace bench;

constexpr std::size_t holders_measured[] = {1, 10, 100, 1000};
constexpr std::size_t blocks = 60;
constexpr std::size_t wandering_quotes = 20'000;
constexpr std::uint64_t highest_ticks = 100;

struct Row {
  std::size_t holders = 0;
  double inside = 0, rules = 0, plain = 0, null = 0, delivery = 0;
  std::size_t touched = 0, acted = 0;
};

template <class Work>
double nanos_per_call(std::size_t calls, Work work) {
  const auto begin = protocol::monotonic_now();
  for (std::size_t i = 0; i < calls; ++i) work(i);
  return static_cast<double>(protocol::monotonic_now() - begin) / static_cast<double>(calls);
}

/// Accounts that hold, as numbers and behind a fan-out whose parcels nobody has answered yet.
class House {
protected:
  House(std::size_t holders, const std::shared_ptr<const rules::RuleSet>& rules,
        const std::function<std::int64_t()>& highest)
      : plain_(holders),
        fanout_(std::make_shared<actors::QuoteBoard>(),
                [this](actors::QuoteFanout::Parcel p) { parcels_.push_back(std::move(p)); }) {
    for (std::size_t i = 0; i < holders; ++i) {
      const AccountId id{static_cast<std::int64_t>(i) + 1};
      accounts_.emplace_back(id, rules, highest());
      fanout_.begin(id);
      fanout_.watch(id, {contracts, contracts + positions});
    }
    for (std::size_t i = 0; i < positions; ++i) hear(quote_of(i, 0));
  }
  void hear(const model::QuoteUpdate& update) {
    now_ += 1ms;
    fanout_.quote({now_, 0, update}, update);
  }
  [[nodiscard]] static std::size_t index_of(AccountId id) { return static_cast<std::size_t>(id.value) - 1; }

  std::vector<Account> accounts_;
  PlainHolders plain_;
  std::vector<actors::QuoteFanout::Parcel> parcels_;
  actors::QuoteFanout fanout_;

private:
  model::Instant now_ = *model::parse_instant("2026-07-15T18:10:00Z");
};

/// A market that stays where it is: nobody is asked unless the measurement asks.
class Still : private House {
public:
  Still(std::size_t holders, const std::shared_ptr<const rules::RuleSet>& rules)
      : House(holders, rules, [] { return std::int64_t{10}; }) {
    for (auto& account : accounts_) {
      bands_.push_back(account.bands());
      account.step(model::ConnectionRestored{}); // it relies on them no more: each quote is judged in full
    }
    answer();
  }

  /// All within the bands, which end at the highest equity.
  Row measure() {
    Row row{accounts_.size()};
    std::vector<double> inside, rules, plain, null, delivery;
    const std::size_t turns = std::max<std::size_t>(4, 1000 / accounts_.size());
    volatile std::int64_t sink = 0;
    const auto ask_plainly = [&](std::size_t i) { sink = sink + plain_.ask(i % positions, moved(i)); };
    for (std::size_t n = 0; n < blocks; ++n) {
      inside.push_back(nanos_per_call(2000, [&](std::size_t i) { hear(quote_of(i % positions, moved(i))); }));
      row.touched += parcels_.size();
      plain.push_back(nanos_per_call(turns, ask_plainly));
      rules.push_back(nanos_per_call(turns, [&](std::size_t i) {
        for (auto& account : accounts_) row.acted += account.step(quote_of(i % positions, moved(i)));
      }));
      null.push_back(nanos_per_call(turns, ask_plainly));
      deliver(0); // of what came meanwhile
      delivery.push_back(nanos_per_call(turns, [&](std::size_t i) { deliver(i); }));
    }
    row.inside = median(inside), row.rules = median(rules), row.plain = median(plain);
    row.null = median(null), row.delivery = median(delivery);
    return row;
  }

private:
  static std::int64_t moved(std::size_t i) { return -static_cast<std::int64_t>(i % 8); }
  /// A quote, and every account is shown what there is; those of a turn answer before the next.
  void deliver(std::size_t i) {
    hear(quote_of(i % positions, moved(i)));
    for (std::size_t turn = 0; turn < actors::QuoteFanout::turns; ++turn) {
      (void)fanout_.show();
      answer();
    }
  }
  void answer() {
    for (const auto& parcel : std::exchange(parcels_, {}))
      fanout_.state(parcel.account, bands_.at(index_of(parcel.account)), true);
  }

  std::vector<model::Bands> bands_;
};

/// A market that wanders tick by tick, and holders that have seen heights of their own: those whose band is
/// left are asked and state new ones, nobody else. The plain loop asks all of them for each quote.
class Wandering : private House {
public:
  Wandering(std::size_t holders, const std::shared_ptr<const rules::RuleSet>& rules)
      : House(holders, rules, [highest = std::mt19937_64{20260714}]() mutable { // NOLINT: the same each time
          return static_cast<std::int64_t>(highest() % highest_ticks) + 1;
        }) {
    answer();
  }

  struct Cost { // of a quote, in nanoseconds
    double all = 0, judging = 0, stating = 0, plain = 0;
    double asked = 0; // accounts
  };
  Cost measure() {
    Cost cost;
    judging_ = stating_ = 0;
    asked_ = 0;
    volatile std::int64_t sink = 0;
    const auto per_block = wandering_quotes / blocks;
    std::vector<double> plain;
    for (std::size_t n = 0; n < blocks; ++n) {
      cost.all += nanos_per_call(per_block, [&](std::size_t) {
        const auto contract = random_() % positions;
        ticks_.at(contract) += random_() % 2 == 0 ? 1 : -1;
        hear(quote_of(contract, ticks_.at(contract)));
        answer();
      });
      plain.push_back(nanos_per_call(
          20, [&](std::size_t i) { sink = sink + plain_.ask(i % positions, ticks_.at(i % positions)); }));
    }
    const auto quotes = static_cast<double>(per_block * blocks);
    cost.all /= static_cast<double>(blocks);
    cost.judging = static_cast<double>(judging_) / quotes;
    cost.stating = static_cast<double>(stating_) / quotes;
    cost.plain = median(plain);
    cost.asked = static_cast<double>(asked_) / quotes;
    return cost;
  }

private:
  void answer() {
    while (!parcels_.empty()) {
      for (auto& parcel : std::exchange(parcels_, {})) {
        auto& account = accounts_.at(index_of(parcel.account));
        const auto begun = protocol::monotonic_now();
        for (auto& quote : parcel.quotes) (void)account.step(std::move(quote.payload));
        const auto judged = protocol::monotonic_now();
        const auto& bands = account.bands();
        stating_ += protocol::monotonic_now() - judged;
        judging_ += judged - begun;
        fanout_.state(parcel.account, bands, true);
        ++asked_;
      }
    }
  }

  std::mt19937_64 random_{20260715}; // NOLINT: the same walk each time
  std::array<std::int64_t, positions> ticks_{};
  std::int64_t judging_ = 0, stating_ = 0;
  std::size_t asked_ = 0;
};

/// Of a straight line through the logarithms.
double slope(const std::vector<Row>& rows, double Row::*cost) {
  double x = 0, y = 0, xx = 0, xy = 0;
  const auto n = static_cast<double>(rows.size());
  for (const auto& row : rows) {
    const double a = std::log(static_cast<double>(row.holders)), b = std::log(row.*cost);
    x += a, y += b, xx += a * a, xy += a * b;
  }
  return (n * xy - x * y) / (n * xx - x * x);
}

constexpr const char* about =
    "fan-out of quotes: by the cost with one holder; inside: within all bands; rules: every holder asked; "
    "delivery: one\nparcel to each, and its answer";

void report(const std::vector<Row>& rows, const Wandering::Cost& wandering, Results& results) {
  const Row& one = rows.front();
  std::cout << fmt::format("{:>8} {:>16} {:>16} {:>18} {:>10} {:>18} {:>8}\n", "holders", "inside / of one",
                           "rules / of one", "rules / plain loop", "null", "delivery / of one", "touched");
  std::vector<double> nulls;
  for (const auto& row : rows) {
    nulls.push_back(row.null / row.plain);
    std::cout << fmt::format("{:>8} {:>16.2f} {:>16.2f} {:>18.2f} {:>10.2f} {:>18.2f} {:>8}\n", row.holders,
                             row.inside / one.inside, row.rules / one.rules, row.rules / row.plain,
                             nulls.back(), row.delivery / one.delivery, row.touched + row.acted);
    const auto more = fmt::format(R"("accounts":{},)", row.holders);
    results.figure("inside all bands", "cost", row.inside / one.inside, 0, more);
    results.figure("every rule asked", "cost", row.rules / one.rules, 0, more);
    results.figure("delivered", "cost", row.delivery / one.delivery, 0, more);
  }
  std::cout << fmt::format("one holder asked costs {:.1f} quotes inside all bands; slope inside {:.2f}\n",
                           one.rules / one.inside, slope(rows, &Row::inside));
  const auto by_plain = [&](double cost) { return cost / wandering.plain; };
  std::cout << fmt::format(
      "{} holders, {} quotes of a market that wanders: {:.2f} accounts asked per quote; by the plain loop: "
      "judging {:.2f},\nstating bands {:.2f}, the router's sorting of them and the rest {:.2f}; in all "
      "{:.2f}\n",
      rows.back().holders, wandering_quotes, wandering.asked, by_plain(wandering.judging),
      by_plain(wandering.stating), by_plain(wandering.all - wandering.judging - wandering.stating),
      by_plain(wandering.all));
  const auto holders = fmt::format(R"("accounts":{},)", rows.back().holders);
  results.figure("a wandering market, by the plain loop", "cost", by_plain(wandering.all), 0, holders);
  results.figure("judging in a wandering market, by the plain loop", "cost", by_plain(wandering.judging), 0,
                 holders);
  const auto judge = [&](const char* what, double value, double limit) {
    results.target(what, value <= limit, fmt::format("{:.2f}, at most {:.2f}", value, limit));
  };
  judge("a quote that moves nobody, 1,000 holders against 1", rows.back().inside / one.inside, 2);
  judge("slope of asking the holders", slope(rows, &Row::rules), 1.1);
  judge("slope of delivering to the holders", slope(rows, &Row::delivery), 1.1);
  judge("the rules' own cost of a quote against the plain loop, 1,000 holders, a market that wanders",
        by_plain(wandering.judging), 2);
  results.null_test(median(nulls));
}

} // namespace

int main(int argc, char** argv) {
  const auto options = read_run_options(argc, argv, "fanout_bench", about);
  if (!options) return 2;
  const auto rules = rules_of_a_firm();
  Results results(*options, "fanout", about);
  std::cout << fmt::format("{} positions per account, {} rule blocks, {} blocks\n", positions,
                           rules->rules.size(), blocks);
  std::vector<Row> rows;
  for (const auto holders : holders_measured) rows.push_back(Still(holders, rules).measure());
  report(rows, Wandering(rows.back().holders, rules).measure(), results);
  return 0;
}
