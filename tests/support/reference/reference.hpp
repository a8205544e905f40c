#pragma once
// The rules a second time, as naively as they can be said: each step looks at the whole list of events and at
// everything said so far, computes from them what must be true now, and says what of it has not been asked
// for yet. Compared with the RiskEngine on random events. Shares no code with model/ or rules/ but event
// structs and ids. Owned by one test.

#include "tests/support/reference/history.hpp"

#include <optional>

namespace bulkhead::reference {

/// The settings of the rules, already read; a rule whose limit is absent is not there.
struct Rules {
  struct MaxContracts {
    int limit = 5;
    std::string count = "net";
    bool minis = false;
    bool reduce = false;
    bool whole = false;
    bool newest = false;
    bool lock = false;
  };
  struct PerInstrument {
    std::map<std::string, int> limits;
    std::optional<int> others = 0; // none: any size
    bool close = false;
    bool net = false;
    bool lock = false;
  };
  struct DailyLoss {
    int limit = 500;
    bool net = true;
    bool with_open = false;
    bool lock = true;
    bool permanent = false;
  };
  struct SymbolBlocks {
    std::set<std::string> roots;
    bool family = false;
    bool close = true;
  };
  struct MayTrade {
    bool restore = true;
  };
  std::optional<SymbolBlocks> symbol_blocks;
  std::optional<MayTrade> may_trade;
  std::optional<MaxContracts> max_contracts;
  std::optional<PerInstrument> per_instrument;
  std::optional<DailyLoss> daily_loss;
};

/// A lockout row.
struct Row {
  std::string source;
  std::string root; // empty: the account
  bool flatten = true;
  std::optional<model::Instant> until;
  bool ends_at_reset = false;
  bool ends_with_permission = false;
  std::map<std::string, int> kept; // signed, what may stay
};

/// A wish for one contract or one order.
struct Ask {
  std::string contract; // empty: of an order
  std::int64_t order = 0;
  int target = 0;
  model::Epoch epoch = 0;
};

/// A condition that was found true.
struct Truth {
  std::string rule;
  std::string subject;
  model::Epoch epoch = 0;
  friend bool operator==(const Truth&, const Truth&) = default;
};

/// What was said at one step.
struct Said {
  std::vector<Ask> asks;
  std::vector<Row> locks;            // set by rules and by hand, whether or not they changed anything
  std::set<std::string> evaluated;   // rules that looked
  std::vector<Truth> truths;         // what they found
  std::set<std::string> ended;       // whose lockout ended by itself, before the rules looked
  std::vector<std::string> outcomes; // sorted texts for comparison
};

/// What must be said at the last of `events`; `said` holds one entry for each event before it.
[[nodiscard]] Said decide(const Rules& rules, const Events& events, const std::vector<Said>& said);

/// What one rule wants.
struct Want {
  std::string rule;
  std::string subject;
  std::map<std::string, int> targets; // contract -> at most
  std::set<std::int64_t> cancels;
  std::optional<Row> lock;
};
/// Everything the rules find in the book, each with its name. `listening` names the rules that look at this
/// event.
[[nodiscard]] std::vector<Want> findings(const Rules& rules, const Book& book, model::Instant now,
                                         const std::set<std::string>& listening);
/// Orders that would raise what is held, or open the other side; of `root` only when one is given.
[[nodiscard]] std::set<std::int64_t> raising_orders(const Book& book, const std::string& root);
[[nodiscard]] bool raises(const Book& book, const model::Order& order);

} // namespace bulkhead::reference
