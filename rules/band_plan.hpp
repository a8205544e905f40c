#pragma once
// How rules state the prices between which they cannot change their mind, in money: every limit is a line
// that a figure must not cross. The plan turns what is left into prices, a total divided evenly among the
// positions and always rounded to the tighter side, and keeps what holds for all. Pure; made for one
// question.

#include "model/account_state.hpp"
#include "model/band.hpp"

#include <vector>

namespace bulkhead::rules {

/// A figure, and how far it may move before it crosses a line.
class Calm {
public:
  explicit Calm(model::Money value) : value_(value) {}

  /// Something begins or ends there, the line itself belonging to what lies below.
  void at_or_below(model::Money line);
  /// The same, the line belonging to what lies above.
  void at_or_above(model::Money line) { at_or_below(line - model::Money{1}); }
  /// Lines of a loss limit (a magnitude): the limit, percentages of it, and what may be left when people are
  /// warned.
  void loss(model::Money limit, const std::vector<std::int64_t>& percents,
            const std::vector<model::Money>& room);

  [[nodiscard]] model::Money value() const { return value_; }
  [[nodiscard]] model::Money fall() const { return fall_; }
  [[nodiscard]] model::Money rise() const { return rise_; }
  /// An equal part of both.
  [[nodiscard]] Calm share(model::Money value, std::size_t of) const;

private:
  static constexpr model::Money any{std::numeric_limits<std::int64_t>::max()};
  model::Money value_;
  model::Money fall_ = any; // at most
  model::Money rise_ = any;
};

class BandPlan {
public:
  /// Begins with every contract whose prices are all known. `room`: of what is left of a loss limit, the
  /// levels at which people are warned.
  BandPlan(const model::AccountState& state, const std::vector<model::Money>& room);

  void want_every() { bands_.clear(); }
  void want_every(const model::ContractId& contract) { bands_.erase(contract); }
  /// The last price alone.
  void hold_price(const model::ContractId& contract, const model::PriceRange& last);
  /// The open profit of one position.
  void hold(const model::Position& position, model::PriceSource source, const Calm& calm);
  /// A figure that moves as the open profit of all positions together does.
  void hold_total(model::PriceSource source, const Calm& calm);

  [[nodiscard]] const std::vector<model::Money>& room() const { return room_; }
  [[nodiscard]] model::Bands& bands() { return bands_; }

private:
  const model::AccountState& state_;
  const std::vector<model::Money>& room_;
  model::Bands bands_;
};

} // namespace bulkhead::rules
