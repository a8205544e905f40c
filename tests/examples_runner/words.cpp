#include "tests/examples_runner/words.hpp"

#include <array>
#include <sstream>
#include <stdexcept>

namespace bulkhead::examples {

using namespace model;

std::vector<std::string> split_words(std::string_view text) {
  std::istringstream in{std::string(text)};
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

ContractId contract_of(std::string_view text) {
  if (text.starts_with("CON.")) return ContractId{std::string(text)};
  const auto dot = text.find('.');
  std::string symbol(text.substr(0, dot));
  if (symbol == "ES") symbol = "EP";
  if (symbol == "NQ") symbol = "ENQ";
  const std::string expiry(dot == std::string_view::npos ? "U26" : text.substr(dot + 1));
  return ContractId{"CON.F.US." + symbol + "." + expiry};
}

Instant time_of(std::string_view text, Instant start) {
  if (text.find('T') != std::string_view::npos) return parse_instant(text).value();
  return start + Duration{parse_decimal(text, 6).value()};
}

bool Words::take(std::string_view word) {
  if (done() || words_[next_] != word) return false;
  ++next_;
  return true;
}

std::string Words::text() {
  if (done()) refuse();
  return words_[next_++];
}

std::int64_t Words::number() { return parse_decimal(text(), 0).value(); }
Price Words::price() { return Price::parse(text()).value(); }
Money Words::money() { return Money::parse(text()).value(); }
void Words::refuse() const { throw std::invalid_argument("not understood: " + text_); }

Payload WordReader::read(std::string_view text, Instant at) {
  Words words(text);
  if (words.take("long")) return position(words, PositionType::long_);
  if (words.take("short")) return position(words, PositionType::short_);
  if (words.take("undefined")) return position(words, PositionType::undefined);
  if (words.take("flat")) {
    PositionUpdate closed;
    closed.account = AccountId{account_number};
    closed.contract = words.contract();
    return closed;
  }
  if (words.take("order")) return order(words, at);
  if (words.take("fill")) return fill(words, at);
  if (words.take("quote")) return quote(words);
  if (words.take("account")) return account(words);
  if (words.take("missing")) return AccountMissing{};
  if (words.take("payout")) return BalanceAdjusted{BalanceAdjusted::Kind::payout, words.money()};
  words.refuse();
}

PositionUpdate WordReader::position(Words& words, PositionType type) const {
  PositionUpdate held;
  held.account = AccountId{account_number};
  held.type = type;
  held.size = static_cast<std::int32_t>(words.number());
  held.contract = words.contract();
  while (!words.done()) {
    if (words.take("@"))
      held.average_price = words.price();
    else if (words.take("created"))
      held.created = time_of(words.text(), start_);
    else
      words.refuse();
  }
  return held;
}

Order WordReader::order(Words& words, Instant at) {
  const OrderId id{words.number()};
  const auto [it, first] = orders_.try_emplace(id);
  Order& order = it->second;
  if (first) {
    order.id = id, order.account = AccountId{account_number}, order.created = at;
    order.status = OrderStatus::open, order.type = OrderType::market;
  }
  order.updated = at;
  static constexpr std::array statuses = {"none",     "open",     "done",    "cancelled",
                                          "expired",  "rejected", "pending", "pending_cancellation",
                                          "suspended"};
  while (!words.done()) {
    if (words.take("buy"))
      order.side = Side::buy, order.size = static_cast<std::int32_t>(words.number()),
      order.contract = words.contract();
    else if (words.take("sell"))
      order.side = Side::sell, order.size = static_cast<std::int32_t>(words.number()),
      order.contract = words.contract();
    else if (words.take("market"))
      order.type = OrderType::market;
    else if (words.take("limit"))
      order.type = OrderType::limit, order.limit_price = words.price();
    else if (words.take("stop"))
      order.type = OrderType::stop, order.stop_price = words.price();
    else if (words.take("stop_limit"))
      order.type = OrderType::stop_limit, order.stop_price = words.price(),
      order.limit_price = order.stop_price;
    else if (words.take("trailing"))
      order.type = OrderType::trailing_stop;
    else if (words.take("filled"))
      order.filled = static_cast<std::int32_t>(words.number());
    else if (words.take("parent"))
      order.parent = OrderId{words.number()};
    else if (words.take("tag"))
      order.custom_tag = words.text();
    else if (words.take("symbol"))
      order.symbol = SymbolId{words.text()};
    else {
      const std::string status = words.text();
      std::size_t number = 0;
      while (number < statuses.size() && status != statuses[number]) ++number;
      if (number == statuses.size()) words.refuse();
      order.status = static_cast<OrderStatus>(number);
    }
  }
  return order;
}

Fill WordReader::fill(Words& words, Instant at) const {
  Fill fill;
  fill.id = FillId{words.number()};
  fill.order = OrderId{fill.id.value};
  fill.account = AccountId{account_number};
  fill.contract = contract_of("MNQ");
  fill.executed_at = at;
  fill.price = Price::parse("21000").value();
  fill.size = 1;
  bool sided = false;
  while (!words.done()) {
    const bool buys = words.take("buy");
    if (buys || words.take("sell")) {
      fill.side = buys ? Side::buy : Side::sell, sided = true;
      fill.size = static_cast<std::int32_t>(words.number()), fill.contract = words.contract();
    } else if (words.take("@"))
      fill.price = words.price();
    else if (words.take("pnl"))
      fill.pnl = words.money();
    else if (words.take("fees"))
      fill.fees = words.money();
    else if (words.take("commissions"))
      fill.commissions = words.money();
    else if (words.take("order"))
      fill.order = OrderId{words.number()};
    else if (words.take("executed"))
      fill.executed_at = time_of(words.text(), start_);
    else if (words.take("voided"))
      fill.voided = true;
    else
      words.refuse();
  }
  // Unless told otherwise a closing fill sells, an opening one buys.
  if (!sided && fill.pnl) fill.side = Side::sell;
  return fill;
}

QuoteUpdate WordReader::quote(Words& words) const {
  QuoteUpdate quote;
  quote.contract = words.contract();
  while (!words.done()) {
    if (words.take("last"))
      quote.last = words.price();
    else if (words.take("bid"))
      quote.bid = words.price();
    else if (words.take("ask"))
      quote.ask = words.price();
    else if (words.take("open"))
      quote.open = words.price();
    else
      words.refuse();
  }
  return quote;
}

Account WordReader::account(Words& words) const {
  Account account;
  account.id = AccountId{account_number};
  while (!words.done()) {
    if (words.take("can_trade"))
      account.can_trade = words.text() == "true";
    else if (words.take("balance"))
      account.balance = words.money();
    else if (words.take("name"))
      account.name = words.text();
    else
      words.refuse();
  }
  return account;
}

std::optional<Payload> admin_command(std::string_view text, Instant at, Instant start) {
  Words words(text);
  if (!words.take("admin")) return std::nullopt;
  if (words.take("flatten")) return FlattenOrdered{"by hand"};
  if (words.take("lift")) return LockoutLifted{Source::parse(words.text()).value()};
  if (!words.take("lock")) words.refuse();
  Lockout row;
  row.source = Source::manual();
  row.kind = LockoutKind::manual;
  row.reason = "by hand";
  row.created_at = at;
  row.clear_on = row.clear_on.with(ClearCause::expiry).with(ClearCause::admin);
  if (words.take("symbol"))
    row.symbol = Root{words.text()};
  else if (!words.take("account"))
    words.refuse();
  if (words.take("no_new_exposure")) row.mode = LockoutMode::no_new_exposure;
  if (words.take("until"))
    row.expires_at = time_of(words.text(), start);
  else if (!words.take("without") || !words.take("end"))
    words.refuse();
  if (words.take("as")) row.source = Source::parse(words.text()).value();
  return LockoutOrdered{row};
}

} // namespace bulkhead::examples
