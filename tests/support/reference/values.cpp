// What positions are worth, from the last prices alone.

#include "tests/support/reference/history.hpp"

namespace bulkhead::reference {

std::optional<std::int64_t> mark_of(const Book& book, const std::string& contract, const std::string& how,
                                    bool is_long) {
  const auto it = book.quotes.find(contract);
  if (it == book.quotes.end()) return std::nullopt;
  const Quoted& quote = it->second;
  std::optional<std::int64_t> middle;
  if (quote.bid && quote.ask) middle = (*quote.bid + *quote.ask) / 2;
  if (how == "mid") return middle ? middle : quote.last;
  if (how == "last") return quote.last ? quote.last : middle;
  const auto& side = is_long ? quote.bid : quote.ask;
  return side ? side : quote.last;
}

std::optional<Micros> open_profit(const Book& book, const std::string& contract, const Held& held,
                                  const std::string& how) {
  const auto mark = mark_of(book, contract, how, held.quantity > 0);
  const auto tick = book.ticks.find(contract);
  if (!mark || tick == book.ticks.end() || !held.sided || held.average == 0) return std::nullopt;
  const Micros size = tick->second.size.nanos;
  const Micros product = Micros{*mark - held.average} * held.quantity * tick->second.value.micros;
  const Micros twice = 2 * (product < 0 ? -product : product) + size; // half away from zero
  return (product < 0 ? -1 : 1) * (twice / (2 * size));
}

Micros open_profit(const Book& book, const std::string& how) {
  Micros sum = 0;
  for (const auto& [contract, held] : book.held) sum += open_profit(book, contract, held, how).value_or(0);
  return sum;
}

bool blind_somewhere(const Book& book, const std::string& how) {
  for (const auto& [contract, held] : book.held)
    if (!open_profit(book, contract, held, how)) return true;
  return false;
}

} // namespace bulkhead::reference
