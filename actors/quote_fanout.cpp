#include "actors/quote_fanout.hpp"

#include <algorithm>

namespace bulkhead::actors {

using model::AccountId;
using model::Band;
using model::ContractId;
using model::Event;

void QuoteFanout::Ends::add(const model::PriceRange& range, AccountId account) {
  lows.emplace(range.low, account);
  highs.emplace(range.high, account);
}

void QuoteFanout::Ends::remove(const model::PriceRange& range, AccountId account) {
  lows.erase({range.low, account});
  highs.erase({range.high, account});
}

void QuoteFanout::Ends::left_at(model::Price price, std::vector<AccountId>& out) const {
  for (auto it = lows.rbegin(); it != lows.rend() && it->first > price; ++it) out.push_back(it->second);
  for (auto it = highs.begin(); it != highs.end() && it->first < price; ++it) out.push_back(it->second);
}

QuoteFanout::QuoteFanout(std::shared_ptr<QuoteBoard> board, Send send)
    : board_(std::move(board)), send_(std::move(send)) {}

void QuoteFanout::begin(AccountId account) {
  const auto [entry, added] = holders_.try_emplace(account);
  Holder& holder = entry->second;
  if (added) turns_.at(holders_.size() % turns).insert(account);
  holder.busy = false;
  open(account, holder);
  // It has read nothing yet; what it needs comes with the next quotes.
  for (auto& [contract, watch] : holder.watches) watch.sent = board_->number();
}

void QuoteFanout::watch(AccountId account, const std::set<ContractId>& contracts) {
  const auto entry = holders_.find(account);
  if (entry == holders_.end()) return;
  auto& watches = entry->second.watches;
  for (auto it = watches.begin(); it != watches.end();) {
    if (!contracts.contains(it->first)) {
      forget(account, it->first, it->second);
      it = watches.erase(it);
    } else {
      ++it;
    }
  }
  for (const auto& contract : contracts) {
    if (!watches.try_emplace(contract, Watch{board_->number(), std::nullopt}).second) continue;
    contracts_[contract].all.insert(account);
    contracts_[contract].open.insert(account);
  }
}

std::set<AccountId> QuoteFanout::watchers(const ContractId& contract) const {
  const auto found = contracts_.find(contract);
  return found == contracts_.end() ? std::set<AccountId>{} : found->second.all;
}

void QuoteFanout::forget(AccountId account, const ContractId& contract, Watch& watch) {
  set_band(account, contract, watch, std::nullopt);
  auto& entry = contracts_.at(contract);
  entry.open.erase(account);
  entry.all.erase(account);
  if (!entry.all.empty()) return;
  contracts_.erase(contract);
  board_->forget(contract);
}

void QuoteFanout::set_band(AccountId account, const ContractId& contract, Watch& watch,
                           std::optional<Band> band) {
  if (watch.band == band) return;
  auto& entry = contracts_.at(contract);
  const auto replace = [&](Ends& ends, model::PriceRange Band::*side) {
    if (watch.band && band && (*watch.band).*side == (*band).*side) return;
    if (watch.band) ends.remove((*watch.band).*side, account);
    if (band) ends.add((*band).*side, account);
  };
  replace(entry.last, &Band::last);
  replace(entry.bid, &Band::bid);
  replace(entry.ask, &Band::ask);
  if (band)
    entry.open.erase(account);
  else
    entry.open.insert(account);
  watch.band = band;
}

void QuoteFanout::open(AccountId account, Holder& holder) {
  for (auto& [contract, watch] : holder.watches) set_band(account, contract, watch, std::nullopt);
}

void QuoteFanout::quote(const Event& event, const model::QuoteUpdate& update) {
  const auto found = contracts_.find(update.contract);
  if (found == contracts_.end()) return;
  Contract& contract = found->second;
  const auto picture = board_->put(event, update);
  left_.clear();
  if (picture) {
    left_.assign(contract.open.begin(), contract.open.end());
    if (picture->last) contract.last.left_at(*picture->last, left_);
    if (picture->bid) contract.bid.left_at(*picture->bid, left_);
    if (picture->ask) contract.ask.left_at(*picture->ask, left_);
  } else {
    // Each account refuses and counts it by itself.
    left_.assign(contract.all.begin(), contract.all.end());
  }
  if (left_.empty()) return;
  std::sort(left_.begin(), left_.end());
  left_.erase(std::unique(left_.begin(), left_.end()), left_.end());
  for (const auto account : left_) {
    Holder& holder = holders_.at(account);
    set_band(account, update.contract, holder.watches.at(update.contract), std::nullopt);
    deliver(account, holder);
  }
}

void QuoteFanout::state(AccountId account, const model::Bands& bands, bool taken) {
  const auto entry = holders_.find(account);
  if (entry == holders_.end()) return;
  Holder& holder = entry->second;
  if (taken) holder.busy = false;
  bool left = false;
  for (auto& [contract, watch] : holder.watches) {
    const auto stated = bands.find(contract);
    set_band(account, contract, watch, stated == bands.end() ? std::nullopt : std::optional(stated->second));
    left = left || board_->has_left(contract, watch.sent, watch.band);
  }
  if (left) deliver(account, holder);
}

void QuoteFanout::deliver(AccountId account, Holder& holder) {
  if (holder.busy) return;
  Parcel parcel{account, {}, board_->number()};
  std::vector<Event> outside;
  for (auto& [contract, watch] : holder.watches) {
    const bool inside = watch.band && !board_->has_left(contract, watch.sent, watch.band);
    board_->news(contract, watch.sent, inside ? parcel.quotes : outside);
    watch.sent = parcel.number;
  }
  const auto sooner = [](const Event& a, const Event& b) { return a.at < b.at; };
  std::stable_sort(parcel.quotes.begin(), parcel.quotes.end(), sooner);
  std::stable_sort(outside.begin(), outside.end(), sooner);
  std::move(outside.begin(), outside.end(), std::back_inserter(parcel.quotes));
  if (parcel.quotes.empty()) return;
  holder.busy = true;
  send_(std::move(parcel));
}

bool QuoteFanout::show() {
  for (const auto account : turns_.at(turn_)) deliver(account, holders_.at(account));
  turn_ = (turn_ + 1) % turns;
  if (turn_ != 0) return true;
  // A round in which nothing came has shown everything to all.
  const bool any = shown_ != board_->number();
  shown_ = board_->number();
  return any;
}

} // namespace bulkhead::actors
