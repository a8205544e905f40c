#pragma once
// What rules on open profit share: how a position is valued, and what to do when it cannot be. Pure.

#include "rules/rule.hpp"

#include <chrono>

namespace bulkhead::rules {

/// An amount reached is closed per position, or on the sum of all.
enum class ProfitScope { per_position, total };
enum class ProfitAction { close_position, close_all, close_all_and_lockout };

struct PriceOptions {
  model::PriceSource source = model::PriceSource::last;
  std::chrono::seconds max_quote_age{10}; // an older quote is used with a warning
  bool suspend = false;                   // no total while a position cannot be valued
  std::chrono::seconds blind_after{60};   // without any quote while the exchange is open
  bool flatten_when_blind = false;
};
[[nodiscard]] PriceOptions read_price_options(Params& params);

struct ProfitSettings {
  ProfitScope scope = ProfitScope::per_position;
  ProfitAction action = ProfitAction::close_position;
  bool lockout = false;
  bool permanent = false;
  PriceOptions price;
};
/// Reads scope, action, lockout, lockout_until and the price options.
[[nodiscard]] ProfitSettings read_profit_settings(Params& params);

/// Events on which open profit moves.
inline constexpr model::EventMask profit_events =
    model::events<model::QuoteUpdate, model::PositionUpdate, model::ContractLearned>();

/// Fills in what shall be done about a position, or about the sum of all when `position` is null.
void act_on_profit(const ProfitSettings& settings, const RuleContext& context,
                   const model::Position* position, Finding& finding);

/// What each position is worth, in the order of the book.
using ProfitValues = std::vector<std::optional<model::Money>>;

/// Warns of stale quotes and of blind positions, and finds those that shall be flattened; asks to be woken
/// when the next quote grows old.
void watch_quotes(const PriceOptions& options, const RuleContext& context, const ProfitValues& values,
                  Verdict& verdict);

/// No quote of a position is old: then time alone brings no warning but that of which watch_quotes wakes.
[[nodiscard]] bool all_fresh(const PriceOptions& options, const RuleContext& context);

/// The sum over all positions; none when one cannot be valued and the settings say to wait (then it says so).
[[nodiscard]] std::optional<model::Money> total_profit(const PriceOptions& options,
                                                       const RuleContext& context, const ProfitValues& values,
                                                       Verdict& verdict);

} // namespace bulkhead::rules
