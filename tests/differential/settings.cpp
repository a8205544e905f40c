// Settings drawn at random, for the engine as YAML and for the reference as they are.

#include "tests/differential/streams.hpp"

#include <fmt/format.h>

namespace bulkhead::differential {

using reference::Hours;
using reference::Rules;

namespace {

const char* word(bool value) { return value ? "true" : "false"; }

/// Draws one rule after the other, each into the text for the engine and the settings for the reference.
class Draw {
public:
  explicit Draw(std::mt19937_64& random) : random_(random) {}

  void max_contracts() {
    Rules::MaxContracts rule{
        pick(1, 12), yes() ? "net" : yes() ? "gross" : "net_account", yes(), yes(), yes(), yes(), yes()};
    add("max_contracts: {{ limit: {}, count_type: {}, unit: {}, close_all: {}, reduce_to_limit: {}, "
        "reduce_mode: {}, reduce_order: {}, lockout_on_breach: {} }}",
        rule.limit, rule.count, rule.minis ? "mini_equivalent" : "contracts", word(!rule.reduce),
        word(rule.reduce), rule.whole ? "whole_position" : "exact",
        rule.newest ? "newest_first" : "largest_first", word(rule.lock));
    rules().max_contracts = rule;
  }

  void per_instrument() {
    const bool family = one_in(3);
    const char* nasdaq = family ? "NQ" : "MNQ";
    Rules::PerInstrument rule{
        {{nasdaq, pick(0, 8)}, {"ES", pick(1, 4)}}, std::nullopt, yes(), yes(), one_in(4), family};
    std::string others = "allow_unlimited";
    if (yes())
      rule.others = 0, others = "block";
    else if (yes())
      rule.others = pick(1, 5), others = fmt::format("\"allow_with_limit:{}\"", *rule.others);
    add("max_contracts_per_instrument: {{ limits: {{ {}: {}, ES: {} }}, unknown_symbol_action: {}, "
        "enforcement: {}, count_type: {}, lockout_on_breach: {}, family: {} }}",
        nasdaq, rule.limits[nasdaq], rule.limits["ES"], others, rule.close ? "close_all" : "reduce_to_limit",
        rule.net ? "net" : "gross", word(rule.lock), word(family));
    rules().per_instrument = rule;
  }

  void daily_loss() {
    Rules::DailyLoss rule{pick(100, 900), yes(), yes(), !one_in(4), one_in(5)};
    add("daily_realized_loss: {{ limit: -{}, pnl_basis: {}, include_unrealized: {}, action: {}, "
        "lockout_until: {} }}",
        rule.limit, rule.net ? "net" : "gross", word(rule.with_open),
        rule.lock ? "CLOSE_ALL_AND_LOCKOUT" : "CLOSE_ALL_POSITIONS",
        rule.permanent ? "permanent" : "daily_reset");
    rules().daily_loss = rule;
  }

  /// RULE-004 or RULE-005, once or twice.
  void open_profit(bool profit) {
    const int blocks = one_in(3) ? 2 : 1;
    out_.yaml += profit ? "  max_unrealized_profit:\n" : "  daily_unrealized_loss:\n";
    for (int i = 1; i <= blocks; ++i) {
      Rules::OpenProfit rule;
      rule.name = profit ? "RULE-005" : "RULE-004";
      if (blocks > 1) rule.name += "#" + std::to_string(i);
      rule.profit = profit;
      rule.amount = pick(20, 900);
      rule.total = one_in(3);
      rule.lock = rule.total ? !one_in(3) : one_in(4);
      rule.all = rule.total || rule.lock || one_in(4);
      rule.permanent = one_in(5);
      rule.how = one_in(3) ? "exit_side" : one_in(3) ? "mid" : "last";
      rule.suspend = one_in(3);
      rule.blind_after = pick(5, 60);
      rule.flatten_blind = one_in(3);
      std::string own =
          profit ? fmt::format("profit_target: {}", rule.amount) : fmt::format("loss_limit: {}", rule.amount);
      if (profit && !rule.total && yes()) {
        rule.arm = pick(20, 300), rule.offset = pick(0, 19);
        own = fmt::format("mode: breakeven, breakeven_arm_profit: {}, breakeven_offset: {}", *rule.arm,
                          rule.offset);
      }
      rules().open_profit.push_back(rule);
      out_.yaml += fmt::format("    {} {{ {}, scope: {}, action: {}, lockout_until: {}, price_source: {}, "
                               "missing_quote_policy: {}, "
                               "blind_after_seconds: {}, on_blind: {} }}\n",
                               blocks > 1 ? "-" : "", own, rule.total ? "total" : "per_position",
                               rule.lock  ? "CLOSE_ALL_AND_LOCKOUT"
                               : rule.all ? "CLOSE_ALL_POSITIONS"
                                          : "CLOSE_POSITION",
                               rule.permanent ? "permanent" : "daily_reset", rule.how,
                               rule.suspend ? "suspend" : "skip_position", rule.blind_after,
                               rule.flatten_blind ? "flatten" : "alert");
    }
  }

  void frequency() {
    Rules::Frequency rule;
    if (!one_in(4)) rule.minute = pick(1, 3);
    if (!one_in(4)) rule.hour = pick(2, 6);
    if (!rule.minute || !rule.hour || yes()) rule.session = pick(2, 9);
    rule.minute_pause = pick(20, 300), rule.hour_pause = pick(60, 3600);
    if (!one_in(4)) rule.session_pause = pick(60, 7200);
    rule.pauses = !one_in(6), rule.close = one_in(3), rule.extend = yes();
    rule.unit = one_in(3) ? "fill" : one_in(3) ? "entry" : "order";
    const auto most = [](std::optional<int> limit) { return limit ? std::to_string(*limit) : "null"; };
    add("trade_frequency_limit: {{ limits: {{ per_minute: {}, per_hour: {}, per_session: {} }}, "
        "cooldown_on_breach: {{ enabled: {}, per_minute_breach: {}, per_hour_breach: {}, "
        "per_session_breach: {} }}, count_unit: {}, close_positions: {}, extend_on_violation: {} }}",
        most(rule.minute), most(rule.hour), most(rule.session), word(rule.pauses), rule.minute_pause,
        rule.hour_pause, rule.session_pause ? std::to_string(*rule.session_pause) : "until_reset", rule.unit,
        word(rule.close), word(rule.extend));
    rules().frequency = rule;
  }

  void loss_pause() {
    Rules::LossPause rule;
    std::string tiers;
    for (int loss = pick(20, 150), length = pick(10, 300); rule.tiers.size() < 3; loss += pick(20, 150)) {
      rule.tiers.emplace_back(loss, length += pick(10, 600));
      tiers += fmt::format("{{ loss_amount: -{}, cooldown_duration: {} }}, ", loss, length);
    }
    rule.scope = one_in(3) ? "fill" : yes() ? "order" : "round_trip";
    rule.net = yes(), rule.close = yes(), rule.warn_only = one_in(6), rule.ignore_enforced = one_in(3);
    add("cooldown_after_loss: {{ loss_thresholds: [{}], loss_scope: {}, pnl_basis: {}, close_positions: {}, "
        "allow_trading_during_cooldown: {}, ignore_enforced_closes: {} }}",
        tiers.substr(0, tiers.size() - 2), rule.scope, rule.net ? "net" : "gross", word(rule.close),
        word(rule.warn_only), word(rule.ignore_enforced));
    rules().loss_pause = rule;
  }

  void stops() {
    Rules::Stops rule;
    rule.grace = pick(5, 60), rule.regrace = pick(5, 60);
    rule.action = one_in(3) ? "REDUCE_TO_COVERED" : one_in(5) ? "ALERT" : "CLOSE_POSITION";
    rule.full = !one_in(3), rule.stop_limits = yes(), rule.verify = yes();
    if (one_in(3)) rule.farthest = pick(10, 120);
    add("no_stop_loss_grace: {{ grace_period_seconds: {}, regrace_seconds: {}, action: {}, "
        "require_full_coverage: {}, accept_stop_limit: {}, verify_before_close: {}{} }}",
        rule.grace, rule.regrace, rule.action, word(rule.full), word(rule.stop_limits), word(rule.verify),
        rule.farthest ? fmt::format(", max_stop_distance_ticks: {}", *rule.farthest) : "");
    rules().stops = rule;
  }

  void sessions() {
    Rules::Sessions rule;
    const bool holidays = !one_in(4);
    rule.each = yes(), rule.close_at_end = !one_in(3), rule.lock = !one_in(4), rule.cancel_only = one_in(4);
    std::string global = "{ enabled: false }", each;
    if (!rule.each || yes()) rule.global = hours(holidays, global);
    if (rule.each) {
      for (const auto* root : {"ES", "MNQ"}) {
        std::string text;
        rule.by_root[root] = hours(holidays, text);
        each += fmt::format("{}: {}, ", root, text);
      }
      each.resize(each.size() - 2);
    }
    add("session_block_outside: {{ global_session: {}, per_instrument_sessions: {{ enabled: {}, sessions: {{ "
        "{} }} }}, "
        "close_positions_at_session_end: {}, lockout_outside_session: {}, respect_holidays: {}, enforcement: "
        "{} }}",
        global, word(rule.each), each, word(rule.close_at_end), word(rule.lock), word(holidays),
        rule.cancel_only ? "cancel_orders_only" : "close_immediately");
    rules().sessions = rule;
  }

  void may_trade() {
    Rules::MayTrade rule{!one_in(4)};
    add("auth_loss_guard: {{ auto_unlock_on_restore: {} }}", word(rule.restore));
    rules().may_trade = rule;
  }

  void symbol_blocks() {
    Rules::SymbolBlocks rule{{yes() ? "RTY" : "ES"}, yes(), !one_in(4)};
    add("symbol_blocks: {{ blocked_symbols: [{}], block_family: {}, close_existing: {} }}",
        *rule.roots.begin(), word(rule.family), word(rule.close));
    rules().symbol_blocks = rule;
  }

  void manage() {
    Rules::Manage rule;
    rule.first_stop = yes(), rule.stop_ticks = pick(5, 80), rule.delay_ms = pick(0, 3) * 1000;
    if (!one_in(4)) rule.breakeven = pick(5, 60), rule.offset = pick(0, *rule.breakeven - 1);
    if (!one_in(4)) rule.trailing = pick(5, 90);
    rule.distance = pick(3, 40), rule.step = pick(1, 8), rule.interval_ms = pick(1, 20) * 250;
    add("trade_management: {{ enabled: true, auto_stop_loss: {}, stop_loss_ticks: {}, auto_stop_delay_ms: "
        "{}, "
        "auto_breakeven: {{ enabled: {}, profit_trigger_ticks: {}, offset_ticks: {} }}, trailing_stop: {{ "
        "enabled: "
        "{}, activation_ticks: {}, trail_distance_ticks: {}, update_frequency: {} }}, "
        "min_modify_interval_ms: {} }}",
        word(rule.first_stop), rule.stop_ticks, rule.delay_ms, word(rule.breakeven.has_value()),
        rule.breakeven.value_or(10), rule.offset, word(rule.trailing.has_value()), rule.trailing.value_or(20),
        rule.distance, rule.step, rule.interval_ms);
    rules().manage = rule;
  }

  /// Some days of the year without trading, or with little of it.
  void holidays() {
    std::string closed, early;
    for (int i = 0; i < 40; ++i) {
      const auto day =
          std::chrono::sys_days{std::chrono::year{2026} / 1 / 1} + std::chrono::days{pick(0, 364)};
      const int number = static_cast<int>(day.time_since_epoch().count());
      const std::chrono::year_month_day date{day};
      const std::string text = fmt::format("2026-{:02}-{:02}", unsigned{date.month()}, unsigned{date.day()});
      if (rules().holidays.closed.contains(number) || rules().holidays.early.contains(number)) continue;
      if (yes()) {
        rules().holidays.closed.insert(number);
        closed += fmt::format("  - {{ date: \"{}\", name: none }}\n", text);
      } else {
        const int hour = pick(10, 14);
        rules().holidays.early[number] = hour * 60;
        early += fmt::format("  - {{ date: \"{}\", close: \"{}:00\" }}\n", text, hour);
      }
    }
    out_.holidays = "timezone: \"America/Chicago\"\nholidays:\n" + closed + "early_close:\n" + early;
  }

  [[nodiscard]] bool one_in(int n) { return pick(1, n) == 1; }
  [[nodiscard]] Setting& result() { return out_; }

private:
  [[nodiscard]] Rules& rules() { return out_.rules; }
  [[nodiscard]] int pick(int low, int high) {
    return low + static_cast<int>(random_() % static_cast<std::uint64_t>(high - low + 1));
  }
  [[nodiscard]] bool yes() { return pick(0, 1) == 1; }
  template <class... Args>
  void add(fmt::format_string<Args...> text, Args&&... args) {
    out_.yaml += "  " + fmt::format(text, std::forward<Args>(args)...) + "\n";
  }

  Hours hours(bool holidays, std::string& yaml) {
    Hours out;
    out.new_york = yes(), out.holidays = holidays;
    const char* zone = out.new_york ? "America/New_York" : "America/Chicago";
    const auto clock = [](int minutes) { return fmt::format("{:02}:{:02}", minutes / 60, minutes % 60); };
    if (one_in(3)) {
      const bool paused = yes();
      out = reference::exchange(), out.new_york = zone == std::string("America/New_York"),
      out.holidays = holidays;
      if (!paused) out.pause.reset();
      yaml = fmt::format("{{ start: \"Sun 17:00\", end: \"Fri 16:00\", timezone: {}{} }}", zone,
                         paused ? ", daily_break: [\"16:00\", \"17:00\"]" : "");
      return out;
    }
    // No time at which the clocks are changed.
    out.start = pick(4, 23) * 60 + 30 * pick(0, 1), out.end = pick(4, 23) * 60 + 15;
    if (yes()) out.days = {0, 1, 2, 3, 4, 5, 6};
    yaml = fmt::format("{{ start: \"{}\", end: \"{}\", timezone: {}{} }}", clock(out.start), clock(out.end),
                       zone, out.days.size() == 7 ? ", days: [Mon, Tue, Wed, Thu, Fri, Sat, Sun]" : "");
    return out;
  }

  std::mt19937_64& random_;
  Setting out_{"rules:\n", "", "", {}};
};

void draw_personal_rules(Draw& draw, int of) {
  if (draw.one_in(of)) draw.max_contracts();
  if (draw.one_in(of)) draw.per_instrument();
  if (draw.one_in(of)) draw.daily_loss();
  if (draw.one_in(of)) draw.open_profit(false);
  if (draw.one_in(of)) draw.open_profit(true);
  if (draw.one_in(of)) draw.frequency();
  if (draw.one_in(of)) draw.loss_pause();
  if (draw.one_in(of)) draw.stops();
  if (draw.one_in(of)) draw.sessions();
  if (draw.one_in(of)) draw.may_trade();
  if (draw.one_in(of)) draw.symbol_blocks();
  if (draw.one_in(of)) draw.manage();
}

} // namespace

Setting draw_setting(std::mt19937_64& random) {
  Draw draw(random);
  // Few rules at a time: each is judged best where no other has locked the account before.
  const int of = draw.one_in(4) ? 2 : 4;
  draw.holidays();
  // Half of the settings have the one kind of rules, a quarter both.
  const bool personal = draw.one_in(2), firm = !personal || draw.one_in(2);
  if (firm) draw_firm_rules(random, draw.result(), of);
  if (personal) draw_personal_rules(draw, of);
  Setting out = draw.result();
  if (out.yaml == "rules:\n") return draw_setting(random);
  out.rules.strict = draw.one_in(12);
  if (out.rules.strict) out.yaml += "global: { strict_mode: true }\n";
  return out;
}

} // namespace bulkhead::differential
