// What the decision core costs: nanoseconds for a quote and for a user event with 1, 10 and 100 positions and
// every rule switched on, beside a plain loop that values the same positions from an array. Single-threaded,
// in process; blocks of both kinds take turns, and only the ratios within one run mean anything.

#include "bench/directory.hpp"
#include "bench/open_engine.hpp"
#include "bench/results.hpp"
#include "cli/config_loader.hpp"
#include "simulator/certificates.hpp"

#include <fmt/format.h>
#include <iostream>

namespace {

using namespace bulkhead;
using namespace bulkhead::bench;
using model::Event;
using model::Payload;
using namespace std::chrono_literals;

constexpr std::size_t blocks = 200, events_per_block = 500;
const model::AccountId account{1};
const auto start = *model::parse_instant("2026-07-15T18:00:00Z");

/// Every rule, no limit near: this measures looking, not acting.
constexpr const char* risk_yaml = R"(rules:
  max_contracts: { limit: 1000 }
  max_contracts_per_instrument: { limits: { MNQ: 1000 } }
  daily_realized_loss: { limit: 900000, include_unrealized: true, warn_at: [70, 90] }
  daily_unrealized_loss:
    - { scope: per_position, loss_limit: 900000 }
    - { scope: total, loss_limit: 900000 }
  max_unrealized_profit: { profit_target: 900000 }
  trade_frequency_limit: { limits: { per_minute: 1000, per_hour: 1000, per_session: 10000 } }
  cooldown_after_loss: { loss_thresholds: [{ loss_amount: -900000, cooldown_duration: 300 }] }
  no_stop_loss_grace: { grace_period_seconds: 3600 }
  session_block_outside:
    global_session: { start: "00:00", end: "23:59", timezone: "UTC", days: [Mon, Tue, Wed, Thu, Fri, Sat, Sun] }
    respect_holidays: false
  auth_loss_guard: {}
  symbol_blocks: { blocked_symbols: [RTY] }
  trade_management:
    enabled: true
    auto_breakeven: { enabled: true, profit_trigger_ticks: 10000 }
    trailing_stop: { enabled: true, activation_ticks: 10000, trail_distance_ticks: 1000 }
guards:
  drawdown: { enabled: true, max_drawdown_pct: 50, warning_threshold_pct: 40 }
  market: { enabled: true, close_on: never }
)";
constexpr const char* accounts_yaml = R"(accounts:
  - { account_id: 1, username: bench, api_key: bench }
)";

model::Result<std::shared_ptr<const rules::RuleSet>> load_rules() {
  const auto directory = Directory::make();
  if (!directory) return directory.error();
  auto written = simulator::write_text(directory->path() / "risk_config.yaml", risk_yaml);
  if (written) written = simulator::write_text(directory->path() / "accounts.yaml", accounts_yaml);
  if (!written) return written.error();
  auto loaded = cli::load_config(directory->path(), cli::process_environment());
  for (const auto& problem : loaded.problems) {
    if (problem.severity == model::Problem::Severity::error)
      return model::Error{model::Errc::malformed, to_string(problem)};
  }
  model::Problems repeated;
  return rules::make_rule_set(loaded.config, repeated);
}

model::ContractId contract(std::size_t number) {
  constexpr std::string_view months = "FGHJKMNQUVXZ";
  return model::ContractId{fmt::format("CON.F.US.MNQ.{}{}", months[number % 12], 26 + number / 12)};
}

/// An engine with so many positions, each with its stop.
class Desk {
public:
  Desk(std::shared_ptr<const rules::RuleSet> rules, std::size_t positions)
      : positions_(positions), engine_(open_engine(account, std::move(rules), start)), now_(start) {
    auto book = first_book(account, now_);
    for (std::size_t i = 0; i < positions; ++i) add(i, book);
    step(model::ConnectionRestored{});
    step(book);
    for (std::size_t i = 0; i < positions; ++i) step(quote(i));
  }

  std::size_t step(Payload payload) {
    now_ += 1ms;
    const auto decision = engine_->step({now_, 0, std::move(payload)});
    return decision.intents.size() + decision.breaches.size();
  }
  [[nodiscard]] Payload quote(std::size_t number) {
    model::QuoteUpdate update;
    update.contract = contract_ids_.at(number % positions_);
    const auto ticks = static_cast<std::int64_t>(++moves_ % 8);
    update.last = update.bid = model::Price{21'000'000'000'000 + ticks * 250'000'000};
    update.ask = model::Price{21'000'250'000'000 + ticks * 250'000'000};
    return update;
  }
  [[nodiscard]] Payload position(std::size_t number) {
    auto update = updates_.at(number % positions_);
    update.size = 1 + static_cast<std::int32_t>(++moves_ % 2);
    return update;
  }

private:
  void add(std::size_t number, model::Reconciled& book) {
    model::Contract learned;
    learned.id = contract(number);
    learned.tick = {*model::Price::parse("0.25"), *model::Money::parse("0.50")};
    contract_ids_.push_back(learned.id);
    step(model::ContractLearned{learned});
    model::PositionUpdate update;
    update.account = account, update.contract = learned.id, update.type = model::PositionType::long_;
    update.size = 1, update.average_price = *model::Price::parse("21000");
    updates_.push_back(update);
    book.positions.push_back(update);
    model::Order stop;
    stop.id = model::OrderId{static_cast<std::int64_t>(number) + 1};
    stop.account = account, stop.contract = learned.id, stop.created = stop.updated = now_;
    stop.status = model::OrderStatus::open, stop.type = model::OrderType::stop;
    stop.side = model::Side::sell, stop.size = 2, stop.stop_price = *model::Price::parse("20900");
    book.orders.push_back(stop);
  }

  std::size_t positions_;
  std::unique_ptr<rules::RiskEngine> engine_;
  model::Instant now_;
  std::vector<model::ContractId> contract_ids_;
  std::vector<model::PositionUpdate> updates_;
  std::size_t moves_ = 0;
};

/// What a loop over an array would cost: the value of every position, summed up and compared.
std::int64_t plain_loop(std::vector<std::int64_t>& marks, std::size_t turn) {
  marks[turn % marks.size()] = 21'000'000 + static_cast<std::int64_t>(turn % 8) * 250;
  std::int64_t sum = 0, worst = 0;
  for (const auto mark : marks) {
    const auto value = (mark - 21'000'000) * 2;
    sum += value;
    worst = std::min(worst, value);
  }
  return sum + worst;
}

template <class Work>
double nanos_per_event(Work work) {
  const auto begin = protocol::monotonic_now();
  for (std::size_t i = 0; i < events_per_block; ++i) work(i);
  return static_cast<double>(protocol::monotonic_now() - begin) / events_per_block;
}

/// The null ratio.
double measure(const std::shared_ptr<const rules::RuleSet>& rules, std::size_t positions, Results& results) {
  Desk desk(rules, positions);
  std::vector<std::int64_t> marks(positions, 21'000'000);
  std::vector<double> quote, position, loop, null;
  std::size_t acted = 0, turn = 0;
  volatile std::int64_t sink = 0;
  for (std::size_t block = 0; block < blocks; ++block) {
    loop.push_back(nanos_per_event([&](std::size_t) { sink = sink + plain_loop(marks, ++turn); }));
    quote.push_back(nanos_per_event([&](std::size_t i) { acted += desk.step(desk.quote(i)); }));
    position.push_back(nanos_per_event([&](std::size_t i) { acted += desk.step(desk.position(i)); }));
    null.push_back(nanos_per_event([&](std::size_t) { sink = sink + plain_loop(marks, ++turn); }));
  }
  std::cout << fmt::format("{:>9} {:>12.0f} {:>15.0f} {:>12.1f} {:>14.1f} {:>10.2f} {:>8}\n", positions,
                           median(quote), median(position), median(loop), median(quote) / median(loop),
                           median(null) / median(loop), acted);
  const auto more = fmt::format(R"("positions":{},)", positions);
  results.figure("engine", "ns_per_quote", median(quote), 0, more);
  results.figure("engine", "ns_per_position", median(position), 0, more);
  results.figure("loop", "ns_per_quote", median(loop), 0, more);
  return median(null) / median(loop);
}

constexpr const char* about =
    "decision core: a quote and a user event with every rule on, by the positions held";

} // namespace

int main(int argc, char** argv) {
  if (!cli::time_zones_present()) return std::cerr << "no time zone database on this machine\n", 1;
  const auto options = read_run_options(argc, argv, "rule_bench", about);
  if (!options) return 2;
  const auto rules = load_rules();
  if (!rules) return malfunction("rule_bench", rules.error());
  Results results(*options, "rules", about);
  std::cout << fmt::format(
      "{} rule blocks on, {} blocks of {} events\n{:>9} {:>12} {:>15} {:>12} {:>14} {:>10} {:>8}\n",
      (*rules)->rules.size(), blocks, events_per_block, "positions", "ns per quote", "ns per position",
      "plain loop", "quote / loop", "null test", "actions");
  std::vector<double> nulls;
  for (const std::size_t positions : {1U, 10U, 100U}) nulls.push_back(measure(*rules, positions, results));
  results.null_test(median(nulls));
  return 0;
}
