// What must be said at one step: people's commands, lockouts, gate, rules, and what of it is not under way.

#include "tests/support/reference/reference.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>

namespace bulkhead::reference {
namespace {

using namespace model;

std::string name_of(Source source) {
  if (source.kind == Source::Kind::manual) return "manual";
  return fmt::format("RULE-{:03}", source.number);
}

std::string text_of(const Row& row) {
  return fmt::format("lock {} {} {} {}", row.source, row.root.empty() ? "account" : "symbol " + row.root,
                     row.flatten ? "flatten" : "no_new_exposure",
                     row.until ? fmt::format("until {}", row.until->time_since_epoch().count())
                               : "without end");
}

/// Adds a row, or extends the one of the same source and scope; a row never becomes shorter or weaker.
/// Whether anything changed.
bool lay(std::vector<Row>& rows, Row row) {
  const auto old = std::find_if(rows.begin(), rows.end(),
                                [&](const Row& r) { return r.source == row.source && r.root == row.root; });
  if (old == rows.end()) return rows.push_back(row), true;
  const bool shorter = !old->until || (row.until && *row.until < *old->until);
  const Row before = *old;
  if (!shorter) old->until = row.until, old->ends_at_reset = row.ends_at_reset;
  old->flatten = old->flatten || row.flatten;
  return before.until != old->until || before.flatten != old->flatten ||
         before.ends_at_reset != old->ends_at_reset;
}

Row by_hand(const Lockout& told, const Book& book) {
  Row row;
  row.source = name_of(told.source);
  row.root = told.symbol ? told.symbol->value : "";
  row.flatten = told.mode == LockoutMode::flatten;
  row.until = told.expires_at;
  row.ends_at_reset = told.clear_on.has(ClearCause::daily_reset);
  for (const auto& [contract, held] : book.held) row.kept[contract] = held.quantity;
  return row;
}

void shrink(std::vector<Row>& rows, const Book& book) {
  for (auto& row : rows) {
    for (auto& [contract, kept] : row.kept) {
      const auto it = book.held.find(contract);
      const int held = it == book.held.end() ? 0 : it->second.quantity;
      if (held * kept <= 0)
        kept = 0;
      else if (std::abs(held) < std::abs(kept))
        kept = held;
    }
  }
}

/// The rows that stand when the rules speak at the last event; what ended or was laid by hand there is told.
std::vector<Row> standing_rows(const Events& events, const Books& books, const std::vector<Said>& said,
                               Said& out) {
  std::vector<Row> rows;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const Event& event = events[i];
    const bool last = i + 1 == events.size();
    const Book& book = books[i + 1];
    const auto end_if = [&](auto ends, bool person = false) {
      for (const auto& row : rows)
        if (ends(row) && last) {
          out.outcomes.push_back("unlock " + row.source);
          if (!person) out.ended.insert(row.source);
        }
      std::erase_if(rows, ends);
    };
    if (const auto* ordered = std::get_if<LockoutOrdered>(&event.payload)) {
      const Row row = by_hand(ordered->lockout, book);
      if (lay(rows, row) && last) out.outcomes.push_back(text_of(row));
    }
    if (const auto* lifted = std::get_if<LockoutLifted>(&event.payload))
      end_if([&](const Row& row) { return row.source == name_of(lifted->source); }, true);
    end_if([&](const Row& row) { return row.until && *row.until <= event.at; });
    if (std::holds_alternative<DailyReset>(event.payload))
      end_if([](const Row& row) { return row.ends_at_reset; });
    shrink(rows, book);
    // Rules see the permission again when they look; the gate of that same step still closes.
    if (!last && said[i].evaluated.contains("RULE-010") && book.account.can_trade == true)
      std::erase_if(rows, [](const Row& row) { return row.ends_with_permission; });
    if (!last)
      for (const auto& row : said[i].locks) lay(rows, row);
  }
  return rows;
}

/// An ask of step `from`, seen from the last event.
struct Standing {
  bool stands = false;      // neither fulfilled nor told to be done
  bool interrupted = false; // by a restart
  bool again = false;       // told to have failed, and the pause is over
};

bool names(const IntentReported& report, const Ask& ask) {
  const std::string& id = report.intent.value;
  if (!ask.contract.empty()) return id.find("|" + ask.contract + "|") != std::string::npos;
  return id.find(fmt::format("|order {}|", ask.order)) != std::string::npos;
}

Standing look_at(const Ask& ask, std::size_t from, const Events& events, const Books& books) {
  Standing out;
  out.stands = true;
  std::optional<Instant> retry;
  for (std::size_t i = from + 1; i < events.size(); ++i) {
    if (const auto* report = std::get_if<IntentReported>(&events[i].payload);
        report != nullptr && names(*report, ask)) {
      if (report->outcome == IntentOutcome::achieved) return {};
      retry = events[i].at + std::chrono::seconds{report->outcome == IntentOutcome::failed ? 30 : 60};
    }
    if (std::holds_alternative<Restarted>(events[i].payload)) out.interrupted = true;
    const Book& book = books[i + 1];
    if (ask.contract.empty() && !book.orders.contains(ask.order)) return {};
    if (ask.contract.empty()) continue;
    const auto held = book.held.find(ask.contract);
    if (held == book.held.end() || held->second.epoch != ask.epoch ||
        std::abs(held->second.quantity) <= ask.target)
      return {};
  }
  out.again = retry && *retry <= events.back().at;
  return out;
}

/// The last ask for a contract or order, if it still stands.
template <class Of>
std::optional<std::pair<Ask, Standing>> last_ask(const Events& events, const Books& books,
                                                 const std::vector<Said>& said, Of of) {
  for (std::size_t i = said.size(); i-- > 0;) {
    for (const auto& ask : said[i].asks) {
      if (!of(ask)) continue;
      const Standing standing = look_at(ask, i, events, books);
      if (!standing.stands) return std::nullopt;
      return std::pair{ask, standing};
    }
  }
  return std::nullopt;
}

struct Wishes {
  std::map<std::string, int> at_most;
  std::set<std::int64_t> gone;
  void want(const std::string& contract, int target) {
    const auto [it, first] = at_most.try_emplace(contract, target);
    if (!first) it->second = std::min(it->second, target);
  }
};

void gate(const std::vector<Row>& rows, const Book& book, Wishes& wishes) {
  for (const auto& row : rows) {
    for (const auto& [contract, held] : book.held) {
      if (!row.root.empty() && row.root != root_of(contract)) continue;
      const auto kept = row.kept.find(contract);
      const bool may_stay = !row.flatten && kept != row.kept.end() && kept->second * held.quantity > 0;
      const int allowed = may_stay ? std::abs(kept->second) : 0;
      if (std::abs(held.quantity) > allowed) wishes.want(contract, allowed);
    }
    for (const auto& [id, working] : book.orders) {
      const auto status = working.order.status;
      if (status != OrderStatus::open && status != OrderStatus::pending) continue;
      if (!row.root.empty() && row.root != root_of(working.order.contract.value)) continue;
      if (raises(book, working.order)) wishes.gone.insert(id);
    }
  }
}

void interrupted(const Events& events, const Books& books, const std::vector<Said>& said, Wishes& wishes) {
  const Book& book = books.back();
  for (const auto& [contract, held] : book.held) {
    const auto ask =
        last_ask(events, books, said, [&, c = contract](const Ask& a) { return a.contract == c; });
    if (ask && ask->second.interrupted) wishes.want(contract, ask->first.target);
  }
  for (const auto& [id, working] : book.orders) {
    const auto ask = last_ask(events, books, said,
                              [&, i = id](const Ask& a) { return a.contract.empty() && a.order == i; });
    if (ask && ask->second.interrupted) wishes.gone.insert(id);
  }
}

std::set<std::string> listeners(const Rules& rules, const Event& event) {
  const auto is = [&](auto... kinds) { return ((event.payload.index() == kinds) || ...); };
  // Account 0, position 1, order 2, fill 3, quote 4, contract learned 5; read 6, reset 7, reload 10 and time
  // 11 concern all.
  const bool all = is(6U, 7U, 10U, 11U);
  std::set<std::string> out;
  if (all || is(1U)) out.insert({"RULE-001", "RULE-002"});
  if (all || is(3U)) out.insert("RULE-003");
  if (all || is(0U)) out.insert("RULE-010");
  if (all || is(1U, 2U)) out.insert("RULE-011");
  if (rules.daily_loss && rules.daily_loss->with_open && is(1U, 4U, 5U)) out.insert("RULE-003");
  return out;
}

/// True when the rule saw the same thing true the last time it looked, and no lockout of its own has ended
/// since.
bool was_true(const Truth& truth, const Said& now, const std::vector<Said>& said) {
  if (now.ended.contains(truth.rule)) return false;
  for (std::size_t i = said.size(); i-- > 0;) {
    if (said[i].evaluated.contains(truth.rule))
      return std::find(said[i].truths.begin(), said[i].truths.end(), truth) != said[i].truths.end();
    if (said[i].ended.contains(truth.rule)) return false;
  }
  return false;
}

/// Whether the day's loss, open positions included, looked at something without a price: that ends no breach.
bool cannot_tell(const Rules& rules, const Book& book, Instant now, const Said& said) {
  if (!rules.daily_loss || !rules.daily_loss->with_open || !said.evaluated.contains("RULE-003")) return false;
  if (now >= book.day_end) return false;
  for (const auto& [contract, held] : book.held) {
    bool valued = false;
    (void)open_profit(book, contract, held, valued);
    if (!valued) return true;
  }
  return false;
}

void ask_for(const Wishes& wishes, const Events& events, const Books& books, const std::vector<Said>& said,
             Said& out) {
  const Book& book = books.back();
  for (const auto& [contract, target] : wishes.at_most) {
    const auto it = book.held.find(contract);
    if (it == book.held.end() || std::abs(it->second.quantity) <= target || it->second.seen < book.trusted)
      continue;
    const auto before =
        last_ask(events, books, said, [&, c = contract](const Ask& a) { return a.contract == c; });
    if (before && before->first.target <= target && !before->second.interrupted && !before->second.again)
      continue;
    out.asks.push_back({contract, 0, target, it->second.epoch});
    out.outcomes.push_back(target == 0 ? "close " + contract
                                       : fmt::format("reduce {} to {}", contract, target));
  }
  for (const auto id : wishes.gone) {
    const auto it = book.orders.find(id);
    if (it == book.orders.end() || it->second.order.status == OrderStatus::pending_cancellation) continue;
    if (it->second.seen < book.trusted) continue;
    const auto before =
        last_ask(events, books, said, [&](const Ask& a) { return a.contract.empty() && a.order == id; });
    if (before && !before->second.interrupted && !before->second.again) continue;
    out.asks.push_back({"", id, 0, 0});
    out.outcomes.push_back(fmt::format("cancel {}", id));
  }
}

} // namespace

Said decide(const Rules& rules, const Events& events, const std::vector<Said>& said) {
  Said out;
  const Event& event = events.back();
  const Books books = books_of(events);
  const Book& book = books.back();
  Wishes wishes;
  std::vector<Row> rows = standing_rows(events, books, said, out);
  if (std::holds_alternative<FlattenOrdered>(event.payload)) {
    for (const auto& [contract, held] : book.held) wishes.want(contract, 0);
    for (const auto& [id, working] : book.orders) wishes.gone.insert(id);
  }
  interrupted(events, books, said, wishes);
  gate(rows, book, wishes);
  if (told_something(event, books[books.size() - 2], book)) out.evaluated = listeners(rules, event);
  if (rules.may_trade && out.evaluated.contains("RULE-010") && book.account.can_trade == true) {
    for (const auto& row : rows)
      if (row.ends_with_permission) out.outcomes.push_back("unlock " + row.source);
    std::erase_if(rows, [](const Row& row) { return row.ends_with_permission; });
  }
  for (const auto& want : findings(rules, book, event.at, out.evaluated)) {
    const auto held = book.held.find(want.subject);
    const Truth truth{want.rule, want.subject, held == book.held.end() ? 0 : held->second.epoch};
    const bool fresh = !was_true(truth, out, said);
    out.truths.push_back(truth);
    if (fresh) out.outcomes.push_back("breach " + want.rule);
    if (want.lock && !fresh) continue; // from the first time on the gate sees to it
    if (want.lock) {
      out.locks.push_back(*want.lock);
      if (lay(rows, *want.lock)) out.outcomes.push_back(text_of(*want.lock));
    }
    for (const auto& [contract, target] : want.targets) wishes.want(contract, target);
    wishes.gone.insert(want.cancels.begin(), want.cancels.end());
  }
  if (cannot_tell(rules, book, event.at, out)) {
    const Truth loss{"RULE-003", "", 0};
    if (was_true(loss, out, said)) out.truths.push_back(loss);
  }
  ask_for(wishes, events, books, said, out);
  std::sort(out.outcomes.begin(), out.outcomes.end());
  return out;
}

} // namespace bulkhead::reference
