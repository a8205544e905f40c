// Lockout rows: laid, extended, shrunk and ended.

#include "tests/support/reference/reference.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>

namespace bulkhead::reference {
namespace {

using namespace model;

std::string name_of(Source source) {
  if (source.kind == Source::Kind::manual) return "manual";
  return source.instance == 0 ? fmt::format("RULE-{:03}", source.number)
                              : fmt::format("RULE-{:03}#{}", source.number, source.instance);
}

Row by_hand(const Lockout& told, const Book& book) {
  Row row;
  row.source = name_of(told.source);
  row.root = told.symbol ? told.symbol->value : "";
  row.flatten = told.mode == LockoutMode::flatten;
  row.until = told.expires_at;
  row.ends_at_reset = told.clear_on.has(ClearCause::daily_reset);
  row.laid = told.created_at;
  for (const auto& [contract, held] : book.held) row.kept[contract] = held.quantity;
  return row;
}

void shrink(std::vector<Row>& rows, const Book& book, Instant now) {
  for (auto& row : rows) {
    if (row.flatten) continue; // nothing may stay anyway
    for (auto& [contract, kept] : row.kept) {
      const int held = held_soon(book, contract, now);
      if (held * kept <= 0)
        kept = 0;
      else if (std::abs(held) < std::abs(kept))
        kept = held;
    }
  }
}

} // namespace

std::string text_of(const Row& row) {
  return fmt::format("lock {} {} {} {}", row.source, row.root.empty() ? "account" : "symbol " + row.root,
                     row.flatten ? "flatten" : "no_new_exposure",
                     row.until ? fmt::format("until {}", row.until->time_since_epoch().count())
                               : "without end");
}

// A row never becomes shorter or weaker.
const Row* lay(std::vector<Row>& rows, Row row) {
  const auto old = std::find_if(rows.begin(), rows.end(),
                                [&](const Row& r) { return r.source == row.source && r.root == row.root; });
  if (old == rows.end()) return &rows.emplace_back(std::move(row));
  const bool shorter = !old->until || (row.until && *row.until < *old->until);
  const Row before = *old;
  if (!shorter) old->until = row.until, old->ends_at_reset = row.ends_at_reset;
  old->flatten = old->flatten || row.flatten;
  const bool same = before.until == old->until && before.flatten == old->flatten &&
                    before.ends_at_reset == old->ends_at_reset;
  return same ? nullptr : &*old;
}

std::vector<Row> standing_rows(const Story& story, Said& out) {
  std::vector<Row> rows;
  for (std::size_t i = 0; i < story.events.size(); ++i) {
    const Event& event = story.events[i];
    const bool last = i + 1 == story.events.size();
    const Book& book = story.books[i + 1];
    const auto end_if = [&](auto ends, bool person = false) {
      for (const auto& row : rows)
        if (ends(row) && last) {
          out.outcomes.push_back("unlock " + row.source);
          if (!person) out.ended.insert(row.source);
        }
      std::erase_if(rows, ends);
    };
    if (const auto* ordered = std::get_if<LockoutOrdered>(&event.payload)) {
      const Row* row = lay(rows, by_hand(ordered->lockout, book));
      if (row != nullptr && last) out.outcomes.push_back(text_of(*row));
    }
    if (const auto* lifted = std::get_if<LockoutLifted>(&event.payload))
      end_if([&](const Row& row) { return row.source == name_of(lifted->source); }, true);
    end_if([&](const Row& row) { return row.until && *row.until <= event.at; });
    if (const auto* reset = std::get_if<DailyReset>(&event.payload))
      end_if([&](const Row& row) { return row.ends_at_reset && row.laid < reset->start; });
    shrink(rows, book, event.at);
    if (last) break;
    // Rules see the permission again when they look; the gate of that same step still closes.
    const Said& said = story.said[i];
    if (said.evaluated.contains("RULE-010") && book.account.can_trade == true)
      std::erase_if(rows, [](const Row& row) { return row.ends_with_permission; });
    for (Row row : said.locks) row.laid = event.at, lay(rows, std::move(row));
  }
  return rows;
}

} // namespace bulkhead::reference
