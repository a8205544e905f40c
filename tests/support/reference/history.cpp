#include "tests/support/reference/history.hpp"

#include <chrono>
#include <cstdlib>

namespace bulkhead::reference {
namespace {

using namespace model;
using std::chrono::hours;

void see_position(Book& book, std::map<std::string, Epoch>& lives, const PositionUpdate& told, Instant at) {
  const std::string key = told.contract.value;
  const auto before = book.held.find(key);
  if (told.size <= 0) {
    if (told.size == 0 && before != book.held.end()) book.held.erase(before);
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
    now.epoch = ++lives[key];
    const bool young = told.created && *told.created <= at && at - *told.created <= std::chrono::seconds{60};
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
  book.held[key] = now;
}

bool over(const Order& order) {
  const int status = static_cast<int>(order.status);
  return status >= 2 && status <= 5;
}

void see_order(Book& book, std::map<std::int64_t, Instant>& ended, const Order& told, Instant at) {
  const auto known = book.orders.find(told.id.value);
  if (known != book.orders.end() && told.updated < known->second.order.updated) return;
  const auto end = ended.find(told.id.value);
  if (end != ended.end() && told.updated <= end->second) return;
  ended.erase(told.id.value);
  book.orders.erase(told.id.value);
  if (over(told))
    ended[told.id.value] = told.updated;
  else
    book.orders[told.id.value] = {told, at};
}

void see_fill(Book& book, const Fill& told) {
  const auto [known, first] = book.fills.try_emplace(told.id.value, told);
  if (first || known->second.voided) return;
  Fill now = told;
  if (!now.pnl) now.pnl = known->second.pnl;
  if (now.fees.micros == 0) now.fees = known->second.fees;
  if (now.commissions.micros == 0) now.commissions = known->second.commissions;
  known->second = now;
}

/// A read says what there is; only what was heard after it was asked for is kept beside it.
void see_read(Book& book, std::map<std::string, Epoch>& lives, std::map<std::int64_t, Instant>& ended,
              const Reconciled& told, Instant at) {
  std::set<std::string> listed;
  for (const auto& row : told.positions) listed.insert(row.contract.value);
  std::erase_if(book.held, [&](const auto& entry) { return !listed.contains(entry.first); });
  for (const auto& row : told.positions) see_position(book, lives, row, at);
  std::set<std::int64_t> working;
  for (const auto& row : told.orders) working.insert(row.id.value);
  for (auto it = book.orders.begin(); it != book.orders.end();) {
    if (working.contains(it->first)) {
      ++it;
      continue;
    }
    ended[it->first] = it->second.order.updated;
    it = book.orders.erase(it);
  }
  for (const auto& row : told.orders) see_order(book, ended, row, at);
  for (const auto& row : told.fills) see_fill(book, row);
}

/// Quotes come for what is held or ordered; what was known of anything else is not kept.
bool watched(const Book& book, const std::string& contract) {
  if (book.held.contains(contract)) return true;
  for (const auto& [id, working] : book.orders)
    if (working.order.contract.value == contract) return true;
  return false;
}

void see_account(Account& account, const Account& told) {
  if (told.balance) account.balance = told.balance;
  if (told.can_trade) account.can_trade = told.can_trade;
}

} // namespace

Books books_of(const Events& events) {
  Books books{Book{}};
  Book book;
  std::map<std::string, Epoch> lives;
  std::map<std::int64_t, Instant> ended;
  for (const Event& event : events) {
    if (const auto* p = std::get_if<PositionUpdate>(&event.payload)) see_position(book, lives, *p, event.at);
    if (const auto* o = std::get_if<Order>(&event.payload)) see_order(book, ended, *o, event.at);
    if (const auto* f = std::get_if<Fill>(&event.payload)) see_fill(book, *f);
    if (const auto* q = std::get_if<QuoteUpdate>(&event.payload);
        q != nullptr && watched(book, q->contract.value))
      book.marks[q->contract.value] = q->last->nanos;
    if (const auto* c = std::get_if<ContractLearned>(&event.payload))
      book.ticks[c->contract.id.value] = c->contract.tick;
    if (const auto* a = std::get_if<Account>(&event.payload)) see_account(book.account, *a);
    if (const auto* r = std::get_if<Reconciled>(&event.payload)) {
      if (r->account) see_account(book.account, *r->account);
      see_read(book, lives, ended, *r, event.at);
    }
    if (const auto* d = std::get_if<DailyReset>(&event.payload)) {
      book.day_start = d->start, book.day_end = d->end;
      book.open_at_reset = open_profit(book);
    }
    if (std::holds_alternative<Restarted>(event.payload)) book.trusted = event.at, book.marks.clear();
    std::erase_if(book.marks, [&](const auto& entry) { return !watched(book, entry.first); });
    books.push_back(book);
  }
  return books;
}

bool told_something(const Event& event, const Book& before, const Book& after) {
  const auto& payload = event.payload;
  if (const auto* q = std::get_if<QuoteUpdate>(&payload)) return watched(before, q->contract.value);
  if (const auto* p = std::get_if<PositionUpdate>(&payload)) {
    const auto a = before.held.find(p->contract.value), b = after.held.find(p->contract.value);
    if ((a == before.held.end()) != (b == after.held.end())) return true;
    if (a == before.held.end()) return false;
    const Held &x = a->second, &y = b->second;
    return x.quantity != y.quantity || x.sided != y.sided || x.average != y.average || x.id != y.id ||
           x.epoch != y.epoch;
  }
  if (const auto* o = std::get_if<Order>(&payload)) {
    const auto a = before.orders.find(o->id.value), b = after.orders.find(o->id.value);
    if ((a == before.orders.end()) != (b == after.orders.end())) return true;
    return a != before.orders.end() && !(a->second.order == b->second.order);
  }
  if (const auto* f = std::get_if<Fill>(&payload)) {
    const auto a = before.fills.find(f->id.value);
    return a == before.fills.end() || !(a->second == after.fills.at(f->id.value));
  }
  if (std::holds_alternative<Account>(payload))
    return !(before.account.balance == after.account.balance &&
             before.account.can_trade == after.account.can_trade);
  return true;
}

Micros open_profit(const Book& book, const std::string& contract, const Held& held, bool& valued) {
  const auto mark = book.marks.find(contract);
  const auto tick = book.ticks.find(contract);
  valued = mark != book.marks.end() && tick != book.ticks.end() && held.sided && held.average != 0;
  if (!valued) return 0;
  const Micros size = tick->second.size.nanos;
  const Micros product = Micros{mark->second - held.average} * held.quantity * tick->second.value.micros;
  const Micros twice = 2 * (product < 0 ? -product : product) + size; // half away from zero
  return (product < 0 ? -1 : 1) * (twice / (2 * size));
}

Micros open_profit(const Book& book) {
  Micros sum = 0;
  bool valued = false;
  for (const auto& [contract, held] : book.held) sum += open_profit(book, contract, held, valued);
  return sum;
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

Instant next_reset(Instant at) {
  using namespace std::chrono;
  const auto sunday = [](year y, month m, int nth) {
    return sys_days{y / m / std::chrono::Sunday[static_cast<unsigned>(nth)]};
  };
  for (sys_days day = floor<days>(at) - days{1};; day += days{1}) {
    const year_month_day date{day};
    // At 17:00 the change of 2:00 the same day has long been made.
    const bool summer = day >= sunday(date.year(), March, 2) && day < sunday(date.year(), November, 1);
    const Instant reset = day + hours{summer ? 22 : 23};
    if (reset > at) return reset;
  }
}

} // namespace bulkhead::reference
