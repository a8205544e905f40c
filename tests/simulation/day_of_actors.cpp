// Level two: an hour of the real actors.

#include "tests/simulation/crew.hpp"
#include "tests/simulation/floor.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>

namespace bulkhead::simulation {
namespace {

using namespace std::chrono_literals;
using namespace model;

class DayOfActors {
public:
  DayOfActors(const Plan& plan, bool keep_log) : floor_(plan, keep_log), watch_(floor_.watch) {
    auto config = std::make_shared<Config>();
    for (const auto id : floor_.machine.accounts) {
      AccountConfig account;
      account.id = id;
      account.username = "trader1";
      account.api_key = Secret{floor_.gateway.api_key};
      config->accounts.push_back(account);
    }
    config_ = config;
    floor_.on_quote = [this](const QuoteUpdate& quote) {
      if (crew_) crew_->on_quote(quote);
    };
    floor_.is_locked = [this](AccountId) { return floor_.random.chance(40); };
    floor_.on_fault = [this](const Fault&) { killed_ = true; };
    floor_.on_calm = [this] { calm_ = true; };
  }

  DayResult run() {
    floor_.open();
    start();
    while (!watch_.failed() && floor_.timeline.now() < floor_.end()) {
      if (!(crew_ ? crew_->step(floor_.end()) : floor_.timeline.step(floor_.end()))) break;
      if (std::exchange(killed_, false)) die();
      if (std::exchange(calm_, false)) check();
    }
    crew_.reset();
    watch_.seen("an hour of actors");
    watch_.figures.crashes = crashes_;
    watch_.figures.faults = floor_.gateway.faults_met + crashes_;
    for (const auto& [what, count] : floor_.gateway.met) watch_.figures.sometimes["met " + what] += count;
    return {watch_.failures, watch_.trace, watch_.figures, std::move(watch_.log)};
  }

private:
  void start() { crew_ = std::make_unique<Crew>(floor_.machine, config_, crashes_); }

  void die() {
    if (!crew_) return;
    ++crashes_;
    watch_.seen("the actors are killed");
    crew_.reset();
    floor_.timeline.after(Duration{floor_.random.draw(100'000, 8'000'000)}, [this] { start(); });
  }

  /// What is on its way in that moment may arrive.
  void check() {
    for (const auto id : floor_.machine.accounts) {
      ++watch_.figures.checks;
      std::string wrong = "S1 the daemon is not running";
      for (int tries = 0; tries < 3 && crew_ && !(wrong = difference(id)).empty(); ++tries) {
        const auto end = floor_.timeline.now() + 1s;
        while (floor_.timeline.now() < end && crew_->step(end)) {
        }
      }
      if (!wrong.empty()) watch_.fail(wrong.substr(0, 2).c_str(), id, wrong.substr(3));
    }
  }

  /// Between what people are shown and the truth, after the invariant that it breaks.
  [[nodiscard]] std::string difference(AccountId id) {
    const auto view = crew_->view(id);
    const auto& book = floor_.gateway.core.book();
    int contracts = 0, orders = 0;
    for (const auto& row : book.positions(id)) contracts += std::abs(row.quantity);
    for (const auto& row : book.orders(id)) orders += row.order.live() ? 1 : 0;
    if (!view.ready) return "S1 not ready at a quiet moment";
    if (view.contracts != contracts || view.order_count != orders)
      return fmt::format("S7 {} contracts and {} orders, in truth {} and {}", view.contracts,
                         view.order_count, contracts, orders);
    const bool flatten = std::any_of(view.lockouts.begin(), view.lockouts.end(), [](const auto& row) {
      return row.mode == "flatten" && row.scope == "account";
    });
    const bool told = !view.alarm.empty() || !view.refusal.empty() || view.deferred > 0;
    if (flatten) watch_.seen("actors: locked at a quiet moment");
    if (flatten && contracts != 0 && !told) return "S1 locked and not flat";
    const auto missing = watch_.not_shown(id, view.lockouts);
    return missing.empty() ? "" : "S5 not shown: " + missing;
  }

  Floor floor_;
  Watch& watch_;
  std::shared_ptr<const Config> config_;
  std::unique_ptr<Crew> crew_;
  std::uint64_t crashes_ = 0;
  bool killed_ = false, calm_ = false;
};

} // namespace

DayResult play_with_actors(const Plan& plan, bool keep_log) { return DayOfActors(plan, keep_log).run(); }

} // namespace bulkhead::simulation
