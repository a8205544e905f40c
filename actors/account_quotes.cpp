// Which quotes an account hears, and when: those that leave what it has stated, a few for display, and all
// that were kept back before anything else is judged.

#include "actors/account_keeper.hpp"

namespace bulkhead::actors {

void AccountKeeper::take_quotes(const QuotesChanged& message) {
  auto& quotes = state().quotes;
  // What the account has taken from the board by itself meanwhile it knows already.
  if (message.number == 0 || message.number > quotes.seen) {
    quotes.seen = std::max(quotes.seen, message.number);
    for (const auto& quote : message.quotes) happen(quote);
  }
  quotes.stated = bands();
  self_->send(deps_.router, QuotesTaken{id(), quotes.stated});
}

void AccountKeeper::catch_up() {
  if (!deps_.quotes) return;
  for (const auto& quote : deps_.quotes->news(state().watched, state().quotes.seen)) happen(quote);
}

model::Bands AccountKeeper::bands() const {
  // The guard of a group adds up the open profit of all its accounts.
  if (!deps_.quotes || deps_.group) return {};
  return state().engine->bands();
}

void AccountKeeper::state_bands() {
  auto wanted = bands();
  auto& quotes = state().quotes;
  if (wanted == quotes.stated) return;
  quotes.stated = std::move(wanted);
  self_->send(deps_.router, BandsStated{{id(), quotes.stated}});
}

} // namespace bulkhead::actors
