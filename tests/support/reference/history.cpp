#include "tests/support/reference/history.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>

namespace bulkhead::reference {
namespace {

using namespace model;
using std::chrono::seconds;

/// Takes out of what waits what is told of it now, and gives what is told beyond it.
int settle(int& waiting, int told) {
  int rest = told;
  while (rest > 0 && waiting > 0) --rest, --waiting;
  while (rest < 0 && waiting < 0) ++rest, ++waiting;
  return rest;
}

Ahead& ahead_of(Book& book, const std::string& contract, Instant at) {
  Ahead& ahead = book.ahead[contract];
  if (at - ahead.at > seconds{2}) ahead = {};
  ahead.at = at;
  return ahead;
}

void position_moved(Book& book, const std::string& contract, int by, Instant at) {
  book.moved = at;
  Ahead& ahead = ahead_of(book, contract, at);
  ahead.positions += settle(ahead.fills, by);
}

bool same_as(const Held& x, const Held& y) {
  return x.quantity == y.quantity && x.sided == y.sided && x.average == y.average && x.id == y.id &&
         x.epoch == y.epoch;
}

void see_position(Book& book, const PositionUpdate& told, Instant at) {
  const std::string key = told.contract.value;
  const auto before = book.held.find(key);
  if (told.size <= 0) {
    if (told.size < 0 || before == book.held.end()) return;
    const int was = before->second.quantity;
    book.held.erase(before);
    book.news = true;
    position_moved(book, key, -was, at);
    return;
  }
  const bool was = before != book.held.end();
  const bool sided = told.type == PositionType::long_ || told.type == PositionType::short_;
  Held now = was ? before->second : Held{};
  const bool is_short = sided ? told.type == PositionType::short_ : was && now.quantity < 0;
  const bool other_id = was && told.id && now.id != 0 && told.id->value != now.id;
  const bool turned = was && now.sided && (now.quantity < 0) != is_short;
  if (!was || other_id || turned) {
    now = Held{};
    now.epoch = ++book.lives[key];
    const bool young = told.created && *told.created <= at && at - *told.created <= seconds{60};
    now.opened = !was && young ? *told.created : at;
    now.grown = at;
    if (was && !told.id) now.id = before->second.id;
  } else if (told.size > std::abs(now.quantity)) {
    now.grown = at;
  }
  now.quantity = is_short ? -told.size : told.size;
  now.sided = sided;
  if (told.id) now.id = told.id->value;
  if (told.average_price) now.average = told.average_price->nanos;
  now.seen = at;
  const Held old = was ? before->second : Held{};
  if (!was || !same_as(old, now)) book.news = true;
  book.held[key] = now;
  if (now.quantity != old.quantity) position_moved(book, key, now.quantity - old.quantity, at);
}

bool over(const Order& order) {
  const int status = static_cast<int>(order.status);
  return status >= 2 && status <= 5;
}

void see_order(Book& book, const Order& told, Instant at) {
  const auto known = book.orders.find(told.id.value);
  if (known != book.orders.end() && told.updated < known->second.order.updated) return;
  const auto end = book.ended.find(told.id.value);
  if (end != book.ended.end() && told.updated <= end->second) return;
  book.ended.erase(told.id.value);
  const bool same = known == book.orders.end() ? over(told) : known->second.order == told;
  if (!same) book.news = true;
  book.orders.erase(told.id.value);
  if (over(told))
    book.ended[told.id.value] = told.updated;
  else
    book.orders[told.id.value] = {told, at};
}

void see_fill(Book& book, const Fill& told, Instant at) {
  const auto [known, first] = book.fills.try_emplace(told.id.value, told);
  if (first) {
    book.news = true;
    book.moved = at;
    const bool today = told.executed_at >= book.day_start && told.executed_at < book.day_end;
    // What was done before a read was asked for stands in the positions of the read.
    if (!today || told.voided || told.executed_at < book.read_asked) return;
    Ahead& ahead = ahead_of(book, told.contract.value, at);
    ahead.fills += settle(ahead.positions, told.side == Side::buy ? told.size : -told.size);
    return;
  }
  if (known->second.voided) return;
  Fill now = told;
  if (!now.pnl) now.pnl = known->second.pnl;
  if (now.fees.micros == 0) now.fees = known->second.fees;
  if (now.commissions.micros == 0) now.commissions = known->second.commissions;
  if (!(known->second == now)) book.news = true, book.moved = at;
  known->second = now;
}

/// A read says what there is; only what was heard after it was asked for is kept beside it.
void see_read(Book& book, const Reconciled& told, Instant at) {
  std::set<std::string> listed;
  for (const auto& row : told.positions) listed.insert(row.contract.value);
  std::erase_if(book.held, [&](const auto& entry) { return !listed.contains(entry.first); });
  for (const auto& row : told.positions) see_position(book, row, at);
  std::set<std::int64_t> working;
  for (const auto& row : told.orders) working.insert(row.id.value);
  for (auto it = book.orders.begin(); it != book.orders.end();) {
    if (working.contains(it->first)) {
      ++it;
      continue;
    }
    book.ended[it->first] = it->second.order.updated;
    it = book.orders.erase(it);
  }
  for (const auto& row : told.orders) see_order(book, row, at);
  for (const auto& row : told.fills) see_fill(book, row, at);
  book.ahead.clear();
  book.read_asked = std::max(book.read_asked, told.requested_at);
  if (!book.whole) book.read_on = at;
  book.whole = true;
}

/// Quotes come for what is held or ordered; what was known of anything else is not kept.
bool watched(const Book& book, const std::string& contract) {
  if (book.held.contains(contract)) return true;
  for (const auto& [id, working] : book.orders)
    if (working.order.contract.value == contract) return true;
  return false;
}

void see_quote(Book& book, const QuoteUpdate& told, Instant at) {
  if (!watched(book, told.contract.value)) return;
  const auto known = book.quotes.find(told.contract.value);
  Quoted now = known == book.quotes.end() ? Quoted{} : known->second;
  for (const auto& [price, part] :
       {std::pair{&told.last, &now.last}, {&told.bid, &now.bid}, {&told.ask, &now.ask}}) {
    if (*price && (*price)->nanos <= 0) return;
    if (*price) *part = (*price)->nanos;
  }
  if (now.bid && now.ask && *now.bid > *now.ask) return;
  now.at = at;
  book.quotes[told.contract.value] = now;
  book.news = true;
}

} // namespace

Book next_book(const Book& before, const Event& event) {
  Book book = before;
  const Payload& payload = event.payload;
  book.news = false;
  if (const auto* p = std::get_if<PositionUpdate>(&payload))
    see_position(book, *p, event.at);
  else if (const auto* o = std::get_if<Order>(&payload))
    see_order(book, *o, event.at);
  else if (const auto* f = std::get_if<Fill>(&payload))
    see_fill(book, *f, event.at);
  else if (const auto* q = std::get_if<QuoteUpdate>(&payload))
    see_quote(book, *q, event.at);
  else if (const auto* a = std::get_if<Account>(&payload)) {
    see_account(book, *a, event.at);
    if (!book.opening && whole(book) && book.account.balance) derive_opening(book, false);
  } else if (const auto* h = std::get_if<HistoryRead>(&payload))
    see_history(book, *h);
  else
    book.news = true;
  if (const auto* c = std::get_if<ContractLearned>(&payload))
    book.ticks[c->contract.id.value] = c->contract.tick;
  if (const auto* r = std::get_if<Reconciled>(&payload)) {
    // Asked for before somebody said more of it.
    const bool old = std::max(book.flag_told, book.balance_moved) > r->requested_at;
    if (r->account && !old) see_account(book, *r->account, event.at);
    see_read(book, *r, event.at);
    if (!book.opening_sure && book.account.balance) derive_opening(book, false);
  }
  if (const auto* b = std::get_if<BalanceAdjusted>(&payload)) see_change(book, *b);
  if (const auto* d = std::get_if<DailyReset>(&payload)) see_day(book, *d);
  if (std::holds_alternative<ConnectionRestored>(payload)) book.streaming = true;
  if (std::holds_alternative<ConnectionLost>(payload)) book.streaming = false;
  if (std::holds_alternative<Restarted>(payload)) {
    book.streaming = false;
    book.trusted = event.at, book.whole = false, book.read_on.reset();
    for (auto* heard : {&book.flag_told, &book.balance_moved})
      *heard = std::min(*heard, event.at - model::Duration{1});
    book.quotes.clear();
  }
  std::erase_if(book.quotes, [&](const auto& entry) { return !watched(book, entry.first); });
  see_awaited(book, event.at);
  return book;
}

int held_soon(const Book& book, const std::string& contract, Instant now) {
  const auto it = book.held.find(contract);
  const int held = it == book.held.end() ? 0 : it->second.quantity;
  const auto ahead = book.ahead.find(contract);
  if (ahead == book.ahead.end() || now - ahead->second.at > seconds{2}) return held;
  const int soon = held + ahead->second.fills;
  return std::abs(soon) > std::abs(held) ? soon : held;
}

Micros realized(const Book& book, bool net) {
  Micros sum = 0;
  for (const auto& [id, fill] : book.fills) {
    if (fill.voided || fill.executed_at < book.day_start || fill.executed_at >= book.day_end) continue;
    if (fill.pnl) sum += fill.pnl->micros;
    if (net) sum -= Micros{fill.fees.micros} + fill.commissions.micros;
  }
  return sum;
}

std::string root_of(const std::string& contract) {
  const std::string symbol = contract.substr(9, contract.rfind('.') - 9); // after "CON.F.US."
  return symbol == "EP" ? "ES" : symbol == "ENQ" ? "NQ" : symbol;
}

std::string family_of(const std::string& root) {
  return root == "MES" ? "ES" : root == "MNQ" ? "NQ" : root == "M2K" ? "RTY" : root;
}

int tenths_of(const std::string& root) { return family_of(root) == root ? 10 : 1; }

} // namespace bulkhead::reference
