// Settings drawn at random, for the engine as YAML and for the reference as they are.

#include "tests/differential/streams.hpp"

#include <fmt/format.h>

namespace bulkhead::differential {

namespace {

void draw_blocks_and_permission(std::mt19937_64& random, Setting& out) {
  const auto pick = [&](int low, int high) {
    return low + static_cast<int>(random() % static_cast<std::uint64_t>(high - low + 1));
  };
  const auto yes = [&] { return pick(0, 1) == 1; };
  const auto word = [](bool value) { return value ? "true" : "false"; };
  if (pick(1, 10) <= 4) {
    reference::Rules::SymbolBlocks rule{{yes() ? "RTY" : "ES"}, yes(), pick(1, 4) > 1};
    out.yaml +=
        fmt::format("  symbol_blocks: {{ blocked_symbols: [{}], block_family: {}, close_existing: {} }}\n",
                    *rule.roots.begin(), word(rule.family), word(rule.close));
    out.rules.symbol_blocks = rule;
  }
  if (pick(1, 10) <= 4) {
    reference::Rules::MayTrade rule{pick(1, 4) > 1};
    out.yaml += fmt::format("  auth_loss_guard: {{ auto_unlock_on_restore: {} }}\n", word(rule.restore));
    out.rules.may_trade = rule;
  }
}

} // namespace

Setting draw_setting(std::mt19937_64& random) {
  const auto pick = [&](int low, int high) {
    return low + static_cast<int>(random() % static_cast<std::uint64_t>(high - low + 1));
  };
  const auto yes = [&] { return pick(0, 1) == 1; };
  const auto word = [](bool value) { return value ? "true" : "false"; };
  Setting out;
  out.yaml = "rules:\n";
  if (pick(1, 10) <= 6) {
    reference::Rules::MaxContracts rule{
        pick(1, 12), yes() ? "net" : yes() ? "gross" : "net_account", yes(), yes(), yes(), yes(), yes()};
    rule.lock = rule.lock && !rule.reduce; // see person()
    out.yaml += fmt::format(
        "  max_contracts: {{ limit: {}, count_type: {}, unit: {}, close_all: {}, reduce_to_limit: {}, "
        "reduce_mode: {}, reduce_order: {}, lockout_on_breach: {} }}\n",
        rule.limit, rule.count, rule.minis ? "mini_equivalent" : "contracts", word(!rule.reduce),
        word(rule.reduce), rule.whole ? "whole_position" : "exact",
        rule.newest ? "newest_first" : "largest_first", word(rule.lock));
    out.rules.max_contracts = rule;
  }
  if (pick(1, 10) <= 6) {
    reference::Rules::PerInstrument rule{
        {{"MNQ", pick(0, 8)}, {"ES", pick(1, 4)}}, std::nullopt, yes(), yes(), pick(1, 4) == 1};
    std::string others = "allow_unlimited";
    if (yes())
      rule.others = 0, others = "block";
    else if (yes())
      rule.others = pick(1, 5), others = fmt::format("\"allow_with_limit:{}\"", *rule.others);
    out.yaml += fmt::format(
        "  max_contracts_per_instrument: {{ limits: {{ MNQ: {}, ES: {} }}, unknown_symbol_action: {}, "
        "enforcement: {}, count_type: {}, lockout_on_breach: {} }}\n",
        rule.limits["MNQ"], rule.limits["ES"], others, rule.close ? "close_all" : "reduce_to_limit",
        rule.net ? "net" : "gross", word(rule.lock));
    out.rules.per_instrument = rule;
  }
  if (pick(1, 10) <= 7 || out.yaml == "rules:\n") {
    reference::Rules::DailyLoss rule{pick(100, 900), yes(), yes(), pick(1, 4) > 1, pick(1, 5) == 1};
    out.yaml += fmt::format(
        "  daily_realized_loss: {{ limit: -{}, pnl_basis: {}, include_unrealized: {}, action: {}, "
        "lockout_until: {} }}\n",
        rule.limit, rule.net ? "net" : "gross", word(rule.with_open),
        rule.lock ? "CLOSE_ALL_AND_LOCKOUT" : "CLOSE_ALL_POSITIONS",
        rule.permanent ? "permanent" : "daily_reset");
    out.rules.daily_loss = rule;
  }
  draw_blocks_and_permission(random, out);
  return out;
}

} // namespace bulkhead::differential
