#pragma once
// Traders of several temperaments, who act on the venue by other means than the daemon: they know the market
// and their account, and nothing of the monitor. The same seed gives the same trader. Owned by one simulated
// day.

#include "tests/simulation/gateway.hpp"

#include <functional>

namespace bulkhead::simulation {

enum class Temper {
  scalper,  // in and out, small and often
  brackets, // entries with stop and target
  revenge,  // twice the size after a loss
  copier,   // another program holds a position for him and opens it again whenever it is gone
  flipper,  // long, short, long
  defiant,  // trades most while he is locked out
};

class Trader {
public:
  Trader(Timeline& timeline, Gateway& gateway, std::uint64_t seed, model::AccountId account);
  /// Does something, or not; gives the pause until the next time.
  model::Duration act(bool locked_out, bool excited);
  /// Wants to be left with what the day ends with.
  [[nodiscard]] Temper temper() const { return temper_; }
  /// Told of every contract he touched.
  std::function<void(const model::ContractId&)> on_trade;

private:
  void open(std::int64_t size);
  void close(const model::ContractId& contract);
  void flip();
  void bracket();
  void rest();
  void stop();
  void withdraw();
  void copy();
  void follow_mood();
  void order(simulator::PlaceRequest request);
  [[nodiscard]] model::ContractId contract();
  [[nodiscard]] std::optional<simulator::PositionRow> some_position();
  [[nodiscard]] model::Price price(const model::ContractId& contract, std::int64_t ticks) const;

  Timeline& timeline_;
  Gateway& gateway_;
  model::AccountId account_;
  Random random_;
  Temper temper_;
  std::int64_t usual_size_;
  std::int64_t mean_seconds_;
  std::int64_t copied_ = 0; // what the copier wants to hold of the first contract
  model::Money balance_;
};

/// What is traded.
inline constexpr const char* traded_contracts[] = {"CON.F.US.MNQ.U26", "CON.F.US.EP.U26", "CON.F.US.MES.U26",
                                                   "CON.F.US.RTY.U26"};

} // namespace bulkhead::simulation
