#pragma once
// The rules a second time, as naively as they can be said: each step looks at the whole list of events and at
// everything said so far, computes from them what must be true now, and says what of it has not been asked
// for yet. Compared with the RiskEngine on random events. Shares no code with model/ or rules/ but event
// structs and ids. Owned by one test.

#include "tests/support/reference/history.hpp"
#include "tests/support/reference/settings.hpp"

namespace bulkhead::reference {

/// A lockout row.
struct Row {
  std::string source;
  std::string root; // empty: the account
  bool flatten = true;
  std::optional<model::Instant> until;
  bool ends_at_reset = false;
  bool ends_with_permission = false;
  model::Instant laid;             // by the first of those that made it longer
  std::map<std::string, int> kept; // signed, what may stay
};

/// A wish for one contract or one order.
struct Ask {
  std::string contract; // empty: of an order
  std::int64_t order = 0;
  int target = 0;
  model::Epoch epoch = 0;
  std::string source;
};

/// A condition that was found true.
struct Truth {
  std::string rule;
  std::string subject;
  model::Epoch epoch = 0;
  model::Instant occasion; // a later one is a breach of its own
  bool locked = false;     // with a lockout
};

/// RULE-008: the protection of a position.
struct Unprotected {
  model::Epoch epoch = 0;
  std::optional<model::Instant> deadline; // none: protected
  std::optional<model::Instant> asked;    // for a read
  bool verified = false;
};

/// RULE-012: what was done about the stop of a position.
struct Managed {
  model::Epoch epoch = 0;
  bool breakeven = false;
  bool trailing = false;
  std::optional<model::Instant> asked;
  std::optional<std::int64_t> price;      // last asked for
  std::optional<model::Instant> patience; // a placed stop shows up until then
};

/// RULE-012: a stop to place, or an order to move.
struct Request {
  std::string contract;
  std::int64_t order = 0; // 0: place
  std::int64_t price = 0;
  int size = 0;
};

/// RULE-026: how far from the market an order was when its price was first seen.
struct Collar {
  std::int64_t price = 0;
  std::int64_t ticks = 0;
};

/// RULE-021: losses in a row when the day began, where the day does not end a row.
struct Carried {
  model::Instant day_start;
  int losses = 0;
};

/// What was said at one step.
struct Said {
  std::vector<Ask> asks;
  std::vector<Row> locks;              // set by rules and by hand, whether or not they changed anything
  std::set<std::string> evaluated;     // rules that looked
  std::vector<Truth> truths;           // what they found, or could not tell and had found before
  std::set<std::string> ended;         // whose lockout ended by itself, before the rules looked
  std::map<std::string, bool> closing; // contracts with an ask under way; whether they are long
  std::map<std::string, Unprotected> unprotected;
  std::map<std::string, Managed> managed;
  std::map<std::int64_t, Collar> collars; // of entry orders
  std::map<std::string, int> kept;        // RULE-023: what was held when no release was near
  std::optional<Micros> floor;            // RULE-014: when it looked last
  std::optional<Carried> carried;         // RULE-021: when it looked last
  std::vector<std::string> outcomes;      // sorted texts for comparison
};

/// Everything that happened, and everything said about all of it but the last.
struct Story {
  Events events;
  Books books{Book{}}; // after 0, 1, 2, ... events
  std::vector<Said> said;
  void add(const model::Event& event) {
    events.push_back(event);
    books.push_back(next_book(books.back(), event));
    books.back().equity = equity(books, events);
  }
};

/// What must be said at the last of the events.
[[nodiscard]] Said decide(const Rules& rules, const Story& story);

/// What one rule wants.
struct Want {
  std::string rule;
  std::string subject;
  std::string contract;               // whose position it speaks of; empty: none
  std::map<std::string, int> targets; // contract -> at most
  std::set<std::int64_t> cancels;
  std::optional<Row> lock;
  std::set<std::string> lock_also; // roots that get the same row
  model::Instant occasion;
};

/// What a rule may look at.
struct Look {
  const Rules& rules;
  const Story& story;
  const std::vector<Row>& rows;
  const std::set<std::string>& listening; // rules that look at this event
  [[nodiscard]] const Book& book() const { return story.books.back(); }
  [[nodiscard]] const model::Event& event() const { return story.events.back(); }
  [[nodiscard]] model::Instant now() const { return event().at; }
  [[nodiscard]] bool locked(const std::string& root) const;
};

struct Findings {
  std::vector<Want> wants;
  std::set<std::pair<std::string, std::string>> cannot_tell; // rule, subject
  std::map<std::string, Unprotected> unprotected;
  std::map<std::string, Managed> managed;
  std::map<std::int64_t, Collar> collars;
  std::map<std::string, int> kept;
  std::optional<Micros> floor;
  std::optional<Carried> carried;
  std::vector<Request> requests;
  std::set<std::int64_t> gone; // orders, without a breach
  bool read = false;           // RULE-008 wants the account read
};

/// Everything the listening rules find.
[[nodiscard]] Findings findings(const Look& look);
void open_profit_rules(const Look& look, Findings& out);
void frequency_rule(const Look& look, Findings& out);
void loss_pause_rule(const Look& look, Findings& out);
void stops_rule(const Look& look, Findings& out);
void sessions_rule(const Look& look, Findings& out);
void manage_rule(const Look& look, Findings& out);
void firm_rules(const Look& look, Findings& out);
void balance_rules(const Look& look, Findings& out);
void trip_rules(const Look& look, Findings& out);
void clock_rules(const Look& look, Findings& out);
void order_rules(const Look& look, Findings& out);

/// The count of contracts as RULE-001 has it, and what has to go to bring it down, the largest first.
[[nodiscard]] int net_tenths(const Book& book);
[[nodiscard]] std::map<std::string, int> net_reduction(const Book& book, int tenths);
/// What was said when the rule looked last; null when it never did.
[[nodiscard]] const Said* last_look(const Look& look, const std::string& rule);

/// Orders that would raise what is held, or open the other side; of `root` only when one is given.
[[nodiscard]] std::set<std::int64_t> raising_orders(const Book& book, const std::string& root);
[[nodiscard]] bool raises(const Book& book, const model::Order& order);
/// A live stop on the closing side of a position.
[[nodiscard]] bool guards(const model::Order& order, const Held& held, bool stop_limits);
[[nodiscard]] std::set<std::int64_t> orders_in(const Book& book, const std::string& contract);
void everything(const Book& book, Want& want);
[[nodiscard]] Row until_reset(const std::string& rule, model::Instant now);
/// A row that lets stay what is held, or will be when positions have caught up.
[[nodiscard]] Row pause_row(const Look& look, const std::string& rule, std::optional<model::Instant> until,
                            bool flatten);
/// A close of ours was under way when this was done.
[[nodiscard]] bool enforced(const Story& story, const model::Fill& fill);
/// Fills that count, by time.
[[nodiscard]] std::vector<model::Fill> trades(const Book& book);

/// Lockouts: the rows that stand when the rules speak; what ended or was laid by hand there is told.
[[nodiscard]] std::vector<Row> standing_rows(const Story& story, Said& out);
/// Adds a row, or extends the one of the same source and scope; as it stands now, null when nothing changed.
const Row* lay(std::vector<Row>& rows, Row row);
[[nodiscard]] std::string text_of(const Row& row);

/// An ask, seen from the last event.
struct Standing {
  Ask ask;
  bool interrupted = false; // by a restart
  bool again = false;       // told to have failed, and the pause is over
};
/// The last ask for a contract or order, if it is neither fulfilled nor told to be done.
[[nodiscard]] std::optional<Standing> standing_ask(const Story& story, const std::string& contract,
                                                   std::int64_t order);
/// The last close was told to be done, and nobody spoke of the position since it was asked for.
[[nodiscard]] bool proven_gone(const Story& story, const std::string& contract, const Held& held);

} // namespace bulkhead::reference
