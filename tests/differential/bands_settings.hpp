#pragma once
// Settings for the lives in which some quotes are kept back. Owned by one test.

#include <cstdint>
#include <fmt/format.h>
#include <random>
#include <string>
#include <vector>

namespace bulkhead::differential {

/// Every rule that listens to quotes, each in some of the settings, with limits that random lives reach.
class DrawnRules {
public:
  explicit DrawnRules(std::uint64_t seed) : random_(seed) {}

  std::string yaml() {
    if (chance(60))
      rule("daily_realized_loss: {{ limit: {}, include_unrealized: true, mode: {}, trail_from: {}, warn_at: "
           "[50, 73] }}",
           pick(80, 2500), one_of({"fixed", "trailing"}), one_of({"realized", "unrealized"}));
    if (chance(60))
      rule("daily_unrealized_loss: {{ scope: {}, loss_limit: {}, price_source: {}, warn_at: [33, 80], "
           "missing_quote_policy: {}, on_blind: {}, max_quote_age_seconds: {} }}",
           one_of({"per_position", "total"}), pick(30, 1200), source(), one_of({"skip_position", "suspend"}),
           one_of({"alert", "flatten"}), pick(1, 12));
    if (chance(50))
      rule("max_unrealized_profit: {{ mode: profit_target, profit_target: {}, scope: {}, price_source: {} }}",
           pick(30, 400), one_of({"per_position", "total"}), source());
    else if (chance(50))
      rule("max_unrealized_profit: {{ mode: breakeven, breakeven_arm_profit: {}, breakeven_offset: {}, "
           "price_source: {} }}",
           pick(31, 200), pick(0, 30), source());
    if (chance(40))
      rule("daily_realized_profit: {{ enabled: true, target: {}, include_unrealized: true }}", pick(50, 600));
    if (chance(60))
      rule("max_loss_limit: {{ enabled: true, mode: {}, start_balance: 50000, max_loss: {}, safety_buffer: "
           "{}, "
           "lockout_until: daily_reset }}",
           one_of({"intraday_trailing", "eod_trailing", "static"}), pick(300, 3000), pick(0, 200));
    if (chance(40))
      rule("trade_management: {{ enabled: true, auto_stop_loss: {}, stop_loss_ticks: 20, auto_breakeven: {{ "
           "profit_trigger_ticks: {} }}, trailing_stop: {{ enabled: {}, activation_ticks: {}, "
           "trail_distance_ticks: 8 }} }}",
           one_of({"true", "false"}), pick(2, 60), one_of({"true", "false"}), pick(10, 80));
    if (chance(30)) rule("order_limits: {{ enabled: true, price_collar_ticks: {} }}", pick(20, 300));
    rule("max_contracts: {{ limit: {} }}", pick(3, 200));
    if (chance(50)) guards_ += drawdown();
    if (chance(15)) guards_ += "  market: { enabled: true, max_spread_ticks: 3 }\n";
    std::string text = "rules:\n" + rules_;
    if (!guards_.empty()) text += "guards:\n" + guards_;
    if (chance(50))
      text += fmt::format("alerts:\n  room: {{ dollars: [{}, {}] }}\n", pick(200, 400), pick(20, 150));
    return text;
  }

private:
  int pick(int low, int high) {
    return low + static_cast<int>(random_() % static_cast<std::uint64_t>(high - low + 1));
  }
  bool chance(int percent) { return pick(1, 100) <= percent; }
  const char* one_of(std::vector<const char*> words) {
    return words[static_cast<std::size_t>(pick(0, static_cast<int>(words.size()) - 1))];
  }
  const char* source() { return one_of({"last", "exit_side", "mid"}); }
  std::string drawdown() {
    const bool percent = chance(50);
    return fmt::format(
        "  drawdown: {{ enabled: true, unit: {}, max_drawdown_pct: {}, warning_threshold_pct: {}, "
        "warning_seconds: {} }}\n",
        percent ? "percent" : "usd", percent ? pick(2, 4) : pick(300, 900), percent ? 1 : pick(50, 300),
        pick(0, 20));
  }
  template <class... Ts>
  void rule(const char* text, const Ts&... values) {
    rules_ += "  " + fmt::format(fmt::runtime(text), values...) + "\n";
  }

  std::mt19937_64 random_;
  std::string rules_;
  std::string guards_;
};

} // namespace bulkhead::differential
