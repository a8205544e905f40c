#include "actors/book_check.hpp"

#include <chrono>
#include <fmt/format.h>
#include <map>
#include <set>

namespace bulkhead::actors {

using model::AccountState;
using model::Money;
using model::Reconciled;

namespace {

constexpr std::size_t most_sentences = 20;
constexpr model::Duration events_take = std::chrono::seconds{5};
constexpr Money tolerated = Money::dollars(1); // rounding, and fees that arrive later

class Comparison {
public:
  Comparison(const AccountState& before, const Reconciled& read) : before_(before), read_(read) {
    out_.read_at = read.requested_at;
  }

  BookDifferences run() {
    positions();
    orders();
    fills();
    return std::move(out_);
  }

private:
  void found(std::string sentence) {
    if (out_.found.size() < most_sentences) out_.found.push_back(std::move(sentence));
  }

  void positions() {
    std::map<model::ContractId, std::int32_t> shown;
    for (const auto& row : read_.positions)
      shown[row.contract] = row.type == model::PositionType::short_ ? -row.size : row.size;
    for (const auto& [contract, position] : before_.positions) shown.try_emplace(contract, 0);
    for (const auto& [contract, quantity] : shown) {
      const auto record = before_.contracts.find(contract);
      const bool newer = record != before_.contracts.end() && record->second.last_event > read_.requested_at;
      const auto known = before_.quantity(contract);
      if (!newer && known != quantity)
        found(fmt::format("position {}: {} known, {} at the gateway", contract.value, known, quantity));
    }
  }

  void orders() {
    std::set<model::OrderId> shown;
    for (const auto& row : read_.orders) {
      if (!row.live()) continue;
      shown.insert(row.id);
      const auto ended = before_.ended_orders.find(row.id);
      if (!before_.orders.contains(row.id) && ended == before_.ended_orders.end() &&
          row.updated + events_take < read_.requested_at)
        found(fmt::format("order {}: unknown, live at the gateway", row.id.value));
    }
    for (const auto& [id, live] : before_.orders) {
      const bool hidden = live.order.status == model::OrderStatus::suspended && !read_.suspended_included;
      if (!shown.contains(id) && !hidden && live.seen_at <= read_.requested_at)
        found(fmt::format("order {}: known as live, not at the gateway", id.value));
    }
  }

  void fills() {
    const auto& ledger = before_.ledger;
    std::size_t missed = 0;
    Money result;
    for (const auto& row : read_.fills) {
      const bool early = row.executed_at < ledger.start();
      if (early || row.executed_at + events_take >= read_.requested_at) continue;
      const auto known = ledger.fills().find(row.id);
      const auto net = row.voided ? Money{} : row.gross() - row.costs();
      if (known == ledger.fills().end()) {
        ++missed, result += net;
      } else if (const auto before =
                     known->second.voided ? Money{} : known->second.gross() - known->second.costs();
                 before != net) {
        found(fmt::format("fill {}: {} booked, {} at the gateway", row.id.value, to_string(before),
                          to_string(net)));
      }
    }
    if (missed > 0) found(fmt::format("{} fills were missed, net {}", missed, to_string(result)));
  }

  const AccountState& before_;
  const Reconciled& read_;
  BookDifferences out_;
};

} // namespace

BookDifferences compare(const AccountState& before, const Reconciled& read) {
  return Comparison(before, read).run();
}

std::optional<model::Alert> BalanceCheck::look(const AccountState& after) {
  if (!after.account.balance) return std::nullopt;
  const auto without_day = *after.account.balance - after.ledger.net();
  if (!mark_ || mark_->day != after.ledger.day()) {
    mark_ = {after.ledger.day(), without_day, after.history.adjusted_today};
    suspected_ = {};
    return std::nullopt;
  }
  auto difference = without_day - mark_->balance_without_day;
  // Told of after it was announced, the change is in the mark already.
  if (const auto told = after.history.adjusted_today - mark_->told; told != Money{}) {
    if ((difference - told).abs() < difference.abs()) mark_->balance_without_day += told, difference -= told;
    mark_->told = after.history.adjusted_today;
  }
  const bool settled = difference == suspected_;
  suspected_ = difference;
  if ((difference <= tolerated && difference >= -tolerated) || !settled) return std::nullopt;
  mark_->balance_without_day = without_day;
  suspected_ = {};
  return model::Alert{
      model::Alert::Severity::warning, "balance-adjusted",
      fmt::format("the balance changed by {} that no fill of the day explains: a payout, a fee or a "
                  "correction by the firm; tell which by bulkhead account payout or account adjust",
                  to_string(difference))};
}

} // namespace bulkhead::actors
