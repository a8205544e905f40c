// What must be true when everything has been well for ten minutes and nobody trades: the daemon's picture is
// the truth, what is locked is flat, what a rule forbids is not there.

#include "tests/simulation/keeper.hpp"
#include "tests/simulation/watch.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>

namespace bulkhead::simulation {

using namespace std::chrono_literals;
using namespace model;

namespace {
constexpr Duration longest_grace = 2min; // of RULE-008 in any setting that is drawn
} // namespace

/// One account at one quiet moment.
class QuietCheck {
public:
  QuietCheck(Watch& watch, AccountId account, const rules::RiskEngine& engine,
             const actors::Enforcer& enforcer)
      : watch_(watch),
        account_(account),
        state_(engine.state()),
        roots_(engine.rules().roots),
        book_(watch.gateway_->core.book()),
        rules_(watch.known_[account].rules),
        now_(watch.timeline_.now()) {
    const auto status = enforcer.status();
    escalated_ = !status.alarm.empty() || !status.refusal.empty() || status.deferred > 0;
    for (const auto& row : book_.positions(account)) held_[row.contract] = row.quantity;
    for (const auto& row : book_.orders(account)) {
      if (row.order.live()) orders_.emplace(row.order.id, row.order);
    }
    for (const auto& fill : book_.fills(account)) {
      if (fill.executed_at >= state_.ledger.start() && fill.executed_at < state_.ledger.end())
        fills_.push_back(fill);
    }
  }

  void run() {
    if (!state_.complete()) return fail("S1", "the account was not read within ten quiet minutes");
    the_book_is_the_truth();
    what_is_locked_is_flat();
    count_rules();
    money_rules();
    permission();
  }

private:
  void fail(const char* invariant, const std::string& what) {
    watch_.fail(invariant, account_, what + "\n" + watch_.known_[account_].yaml);
  }

  void the_book_is_the_truth() {
    std::map<ContractId, std::int32_t> known;
    for (const auto& [contract, position] : state_.positions) known[contract] = position.quantity;
    if (known != held_) fail("S7", "positions are " + text(known) + ", in truth " + text(held_));
    std::set<OrderId> orders, real;
    for (const auto& [id, live] : state_.orders) orders.insert(id);
    for (const auto& [id, order] : orders_) real.insert(id);
    if (orders != real) fail("S7", fmt::format("{} orders known, in truth {}", orders.size(), real.size()));
    Money net;
    for (const auto& fill : fills_) net += fill.gross() - fill.fees - fill.commissions;
    if (state_.ledger.net() != net)
      fail("S7", fmt::format("the day's result is {}, in truth {}", to_string(state_.ledger.net()),
                             to_string(net)));
    if (state_.ledger.count() != fills_.size())
      fail("S7", fmt::format("{} fills counted, in truth {}", state_.ledger.count(), fills_.size()));
    // The reset may come up to a second late.
    const auto ends = state_.ledger.end();
    if (ends != reference::next_reset(now_) && ends != reference::next_reset(now_ - 1s))
      fail("S5", "the trading day ends at " + format_instant(ends));
  }

  static std::string text(const std::map<ContractId, std::int32_t>& positions) {
    std::string out;
    for (const auto& [contract, quantity] : positions) out += fmt::format("{} {} ", contract.value, quantity);
    return out.empty() ? "none" : out;
  }

  [[nodiscard]] std::string root(const ContractId& contract) const {
    return reference::root_of(contract.value);
  }

  void what_is_locked_is_flat() {
    for (const auto& row : state_.lockouts.rows()) {
      watch_.seen("a quiet moment in a lockout");
      for (const auto& [contract, quantity] : held_) {
        if (row.symbol && row.symbol->value != root(contract)) continue;
        const auto kept = row.baseline.find(contract);
        const bool may_stay = row.mode == LockoutMode::no_new_exposure && kept != row.baseline.end() &&
                              kept->second * quantity > 0 && std::abs(quantity) <= std::abs(kept->second);
        if (!may_stay)
          unmet(fmt::format("locked by {} and holds {} {}", to_string(row.source), quantity, contract.value));
      }
      for (const auto& [id, order] : orders_) {
        if (row.symbol && row.symbol->value != root(order.contract)) continue;
        if (order.status != OrderStatus::open && order.status != OrderStatus::pending) continue;
        const auto held = held_.contains(order.contract) ? held_.at(order.contract) : 0;
        const int after = held + (order.side == Side::buy ? order.remaining() : -order.remaining());
        if (std::abs(after) > std::abs(held) || after * held < 0)
          unmet(fmt::format("locked by {} and order {} rests", to_string(row.source), id.value));
      }
    }
  }

  /// Something a rule or lockout forbids is there: nobody sees to it, or nobody was told.
  void unmet(const std::string& what) {
    if (escalated_) return watch_.seen("escalated at a quiet moment");
    fail("S1", what);
  }

  void count_rules() {
    if (rules_.max_contracts) {
      const auto& rule = *rules_.max_contracts;
      std::map<std::string, int> by;
      int gross = 0, all = 0;
      for (const auto& [contract, quantity] : held_) {
        const auto weighed = quantity * (rule.minis ? reference::tenths_of(root(contract)) : 1);
        by[rule.minis ? reference::family_of(root(contract)) : root(contract)] += weighed;
        gross += std::abs(weighed), all += weighed;
      }
      int net = 0;
      for (const auto& [name, sum] : by) net += std::abs(sum);
      const int count = rule.count == "net" ? net : rule.count == "gross" ? gross : std::abs(all);
      if (count > rule.limit * (rule.minis ? 10 : 1))
        unmet(fmt::format("RULE-001: {} of {} contracts", count, rule.limit));
    }
    if (rules_.per_instrument && !rules_.per_instrument->family) {
      std::map<std::string, std::pair<int, int>> by;
      for (const auto& [contract, quantity] : held_)
        by[root(contract)].first += std::abs(quantity), by[root(contract)].second += quantity;
      for (const auto& [name, counts] : by) {
        const auto limit = rules_.per_instrument->limits.find(name);
        const auto most = limit != rules_.per_instrument->limits.end() ? std::optional(limit->second)
                                                                       : rules_.per_instrument->others;
        const int count = rules_.per_instrument->net ? std::abs(counts.second) : counts.first;
        if (most && count > *most) unmet(fmt::format("RULE-002: {} of {} {}", count, *most, name));
      }
    }
    if (!rules_.symbol_blocks || !rules_.symbol_blocks->close) return;
    for (const auto& [contract, quantity] : held_) {
      if (rules_.symbol_blocks->roots.contains(root(contract))) unmet("RULE-011: holds " + contract.value);
    }
  }

  void money_rules() {
    if (rules_.daily_loss && !rules_.daily_loss->with_open) {
      Money result;
      for (const auto& fill : fills_) {
        result += fill.gross();
        if (rules_.daily_loss->net) result -= fill.fees + fill.commissions;
      }
      if (result <= Money::dollars(-rules_.daily_loss->limit)) {
        watch_.seen("the day's loss limit is reached at a quiet moment");
        const bool must = rules_.daily_loss->lock || rules_.strict;
        if (must && !watch_.known_[account_].lifted && !state_.lockouts.has_row_of(Source::rule(3)))
          fail("S1", fmt::format("RULE-003: lost {} of {} and is not locked", to_string(result),
                                 rules_.daily_loss->limit));
      }
    }
    if (rules_.stops && rules_.stops->action == "CLOSE_POSITION" && state_.lockouts.rows().empty()) {
      for (const auto& position : book_.positions(account_)) {
        int covered = 0;
        for (const auto& [id, order] : orders_) {
          const bool closes = order.side == (position.quantity > 0 ? Side::sell : Side::buy);
          const bool stops = order.type == OrderType::stop || order.type == OrderType::trailing_stop ||
                             order.type == OrderType::stop_limit;
          if (order.contract == position.contract && closes && stops &&
              order.status != OrderStatus::suspended)
            covered += order.remaining();
        }
        // A resting order may have opened it a moment ago; then its time of grace has not ended.
        const auto traded = watch_.known_[account_].traded.find(position.contract);
        const bool grace =
            traded != watch_.known_[account_].traded.end() && traded->second + longest_grace > now_;
        if (covered == 0 && !grace) unmet("RULE-008: no stop for " + position.contract.value);
      }
    }
  }

  void permission() {
    if (!rules_.may_trade || book_.account(account_)->can_trade) return;
    watch_.seen("may not trade at a quiet moment");
    if (!state_.lockouts.has_row_of(Source::rule(10)) && !watch_.known_[account_].lifted)
      fail("S1", "RULE-010: may not trade and is not locked");
  }

  Watch& watch_;
  AccountId account_;
  const AccountState& state_;
  const RootTable& roots_;
  const simulator::Book& book_;
  const reference::Rules& rules_;
  Instant now_;
  bool escalated_ = false;
  std::map<ContractId, std::int32_t> held_;
  std::map<OrderId, Order> orders_;
  std::vector<Fill> fills_;
};

void Watch::check_quiet(AccountId account, const rules::RiskEngine& engine,
                        const actors::Enforcer& enforcer) {
  ++figures.checks;
  QuietCheck(*this, account, engine, enforcer).run();
}

/// An order that has ended does not come back because an older word on it comes late.
void Watch::follow_orders(AccountId account, const Event& event, const AccountState& state) {
  auto& gone = known_[account].gone;
  if (std::holds_alternative<Reconciled>(event.payload))
    std::erase_if(gone, [&](const auto& one) { return state.orders.contains(one.first); });
  const auto* order = std::get_if<Order>(&event.payload);
  if (order == nullptr) return;
  const bool there = state.orders.contains(order->id);
  const auto ended = gone.find(order->id);
  if (!order->live() && !there)
    gone.insert_or_assign(order->id, order->updated);
  else if (there && ended != gone.end() && order->updated <= ended->second)
    fail("S7", account, fmt::format("order {} came back with an older word", order->id.value));
}

/// Fills that the gateway shows and that were not found after a loss of power must lock the account.
void Watch::follow_doubt(AccountId account, const Event& event, const AccountState& before) {
  auto& known = known_[account];
  if (std::exchange(known.must_lock, false)) {
    seen("a loss of power lost fills");
    if (!std::holds_alternative<LockoutOrdered>(event.payload))
      fail("S10", account, "fills were lost with the power, and nothing was locked");
  }
  const auto* read = std::get_if<Reconciled>(&event.payload);
  if (read == nullptr || !std::exchange(known.doubted, false)) return;
  const auto& fills = before.ledger.fills();
  known.must_lock = std::any_of(read->fills.begin(), read->fills.end(),
                                [&](const Fill& fill) { return !fills.contains(fill.id); });
}

void Watch::check_ends(const std::map<AccountId, std::shared_ptr<Keeper>>& keepers) {
  for (const auto& [id, keeper] : keepers) {
    for (const auto& row : keeper->engine().state().lockouts.rows()) {
      if (row.expires_at && *row.expires_at + 30s < timeline_.now())
        fail("S5", id, to_string(row.source) + " still locks after " + format_instant(*row.expires_at));
    }
  }
}

void Watch::check_bounds(const std::map<AccountId, std::shared_ptr<Keeper>>& keepers) {
  if (gateway_->own_in_window > 205 && !gateway_->outsider_seen)
    fail("S11", {}, fmt::format("{} requests within a minute", gateway_->own_in_window));
  for (const auto& [id, keeper] : keepers) {
    const auto& state = keeper->engine().state();
    if (keeper->in_flight() > 300) fail("S11", id, fmt::format("{} requests under way", keeper->in_flight()));
    if (state.ended_orders.size() > 4096 || state.closes.size() > 512)
      fail("S11", id, "a memory grows without end");
    check_lockouts(id, state.lockouts, "while running");
  }
}

} // namespace bulkhead::simulation
