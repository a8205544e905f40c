#include "simulator/core.hpp"

#include <fmt/format.h>

namespace bulkhead::simulator {
namespace {

constexpr std::size_t most_trading_requests = 65'536;
constexpr std::size_t most_old_positions = 4096;
constexpr std::size_t most_budgets = 1024;
constexpr std::size_t most_counted_paths = 256;

protocol::RateLimit limit_of(const RequestBudget& budget) { return {budget.requests, budget.window, 0}; }

bool same_positions(const std::vector<PositionRow>& a, const std::vector<PositionRow>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const PositionRow& x, const PositionRow& y) {
    return x.id == y.id && x.quantity == y.quantity && x.average_price == y.average_price;
  });
}

} // namespace

std::vector<SimulatedUser> default_users() {
  return {{"trader1", "demo-key", {101, 102, 103}}, {"trader2", "demo-key-2", {201}}};
}

Core::Core(SimulatorOptions options, Clock clock)
    : options_(std::move(options)),
      clock_(std::move(clock)),
      book_(fresh_book()),
      tokens_(options_.token_life),
      hubs_(options_, book_) {}

Book Core::fresh_book() const {
  Book book({options_.fees, options_.commissions, options_.close_cancels_orders});
  for (const auto& user : options_.users) {
    for (const auto id : user.accounts) {
      AccountRow row;
      row.id = model::AccountId{id};
      row.name = fmt::format("PRAC-V2-{}", id);
      row.owner = user.user_name;
      row.balance = options_.balance;
      book.add_account(std::move(row));
    }
  }
  return book;
}

Outcome Core::commit(Outcome outcome) {
  remember_positions();
  hubs_.publish(outcome.changes);
  return outcome;
}

model::Result<void> Core::commit(model::Result<Changes> changes) {
  if (!changes) return changes.error();
  remember_positions();
  hubs_.publish(*changes);
  return {};
}

/// Keeps what the last operation replaced, for searches that lag.
void Core::remember_positions() {
  for (const auto& account : book_.accounts()) {
    auto rows = book_.positions(account.id);
    auto& last = last_positions_[account.id];
    if (same_positions(last, rows)) continue;
    auto& history = old_positions_[account.id];
    history.push_back({now(), std::exchange(last, std::move(rows))});
    if (history.size() > most_old_positions) history.pop_front();
  }
}

std::vector<PositionRow> Core::visible_positions(model::AccountId account) const {
  const auto lag = faults_.position_lag(account);
  const auto history = old_positions_.find(account);
  if (lag.count() == 0 || history == old_positions_.end()) return book_.positions(account);
  const auto then = now() - lag;
  for (const auto& old : history->second) {
    if (old.replaced > then) return old.rows; // the oldest picture replaced since then was the one on show
  }
  return book_.positions(account);
}

bool Core::take_budget(const std::string& user, bool bars) {
  if (budgets_.size() >= most_budgets) budgets_.clear(); // logins with made-up names
  auto found = budgets_.find(user);
  if (found == budgets_.end()) { // a budget allocates its whole window
    found = budgets_
                .try_emplace(user, protocol::RateBudget(limit_of(options_.budget)),
                             protocol::RateBudget(limit_of(options_.bars_budget)))
                .first;
  }
  auto& budget = bars ? found->second.second : found->second.first;
  const model::Instant steady{
      std::chrono::floor<model::Duration>(std::chrono::nanoseconds(protocol::monotonic_now()))};
  return budget.try_take(protocol::RequestClass::close_or_reduce, steady).granted;
}

void Core::count_request(const std::string& path) {
  if (counts_.size() < most_counted_paths || counts_.contains(path)) ++counts_[path];
}

TradingRequest& Core::log_trading(TradingRequest request) {
  if (trading_log_.size() >= most_trading_requests) trading_log_.pop_front();
  return trading_log_.emplace_back(std::move(request));
}

model::Result<void> Core::inject(Fault fault) {
  switch (fault.kind) {
  case FaultKind::hub_drop: hubs_.drop(fault.hub, fault.with_close, fault.text, fault.allow_reconnect); break;
  case FaultKind::hub_stall: hubs_.stall(fault.hub); break;
  case FaultKind::hub_duplicate: hubs_.duplicate_next(fault.count); break;
  case FaultKind::hub_withhold:
    hubs_.withhold();
    if (release_later_ && fault.duration.count() > 0) release_later_(fault.duration);
    break;
  case FaultKind::hub_release: hubs_.release(); break;
  case FaultKind::expire_tokens: tokens_.expire_all(); break;
  case FaultKind::clear: faults_.clear(); break;
  case FaultKind::delay:
  case FaultKind::delay_request:
  case FaultKind::drop_after:
  case FaultKind::drop_before:
  case FaultKind::status:
  case FaultKind::code:
  case FaultKind::position_lag: return faults_.add(std::move(fault));
  }
  return {};
}

void Core::reset() {
  Book fresh = fresh_book();
  fresh.continue_ids(book_);
  book_ = std::move(fresh);
  faults_.clear();
  hubs_.release();
  hubs_.duplicate_next(0);
  counts_.clear();
  trading_log_.clear();
  budgets_.clear();
  last_positions_.clear();
  old_positions_.clear();
}

} // namespace bulkhead::simulator
