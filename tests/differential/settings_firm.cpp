// Settings of the firms' rules drawn at random, for the engine as YAML and for the reference as they are.

#include "tests/differential/streams.hpp"

#include <fmt/format.h>

namespace bulkhead::differential {

using reference::Rules;

namespace {

const char* word(bool value) { return value ? "true" : "false"; }

class FirmDraw {
public:
  FirmDraw(std::mt19937_64& random, Setting& out) : random_(random), out_(out) {}

  void daily_profit() {
    Rules::DailyProfit rule{pick(40, 300), yes()};
    add("daily_realized_profit: {{ enabled: true, target: {}, include_unrealized: {} }}", rule.target,
        word(rule.with_open));
    out_.rules.daily_profit = rule;
  }

  void max_loss() {
    Rules::MaxLoss rule;
    rule.mode = one_in(3) ? "static" : yes() ? "intraday_trailing" : "eod_trailing";
    rule.start = yes() ? 50'000 : pick(48'000, 52'000);
    rule.loss = yes() ? 50 * pick(2, 16) : pick(100, one_in(3) ? 5'000 : 1'200);
    if (one_in(3) && rule.mode != "static") rule.lock_at = rule.start + pick(-100, 500);
    if (one_in(3)) rule.after_payout = rule.start + pick(-1'000, 200);
    if (one_in(4) && rule.mode != "static") rule.highest = rule.start + pick(0, 1'000);
    rule.buffer = yes() ? 0 : pick(0, rule.loss / 4);
    rule.permanent = yes();
    add("max_loss_limit: {{ enabled: true, mode: {}, start_balance: {}, max_loss: {}, {}{}{}safety_buffer: "
        "{}, lockout_until: {} }}",
        rule.mode, rule.start, rule.loss, optional("lock_at", rule.lock_at),
        optional("floor_after_payout", rule.after_payout), optional("highest_balance", rule.highest),
        rule.buffer, rule.permanent ? "permanent" : "daily_reset");
    out_.rules.max_loss = rule;
  }

  void profit_target() {
    Rules::Target rule{yes() ? 50'000 : pick(46'000, 50'000), yes() ? 50 * pick(2, 10) : pick(100, 1'500),
                       one_in(3) ? 0 : pick(20, 90), !one_in(8)};
    add("profit_target: {{ enabled: true, start_balance: {}, target: {}, max_share: {}.{:02}, action: {} }}",
        rule.start, rule.target, rule.share / 100, rule.share % 100,
        rule.lock ? "lockout_permanent" : "notify");
    out_.rules.profit_target = rule;
  }

  void consistency() {
    Rules::Consistency rule{pick(1, yes() ? 20 : 60), !one_in(8)};
    add("consistency: {{ enabled: true, max_share: 0.{:02}, action: {} }}", rule.share,
        rule.lock ? "lockout_at_cap" : "warn");
    out_.rules.consistency = rule;
  }

  void scaling() {
    Rules::Scaling rule;
    rule.tiers = {
        {std::nullopt, pick(1, 2)}, {pick(45'000, 50'000), pick(2, 4)}, {pick(50'001, 56'000), pick(4, 7)}};
    rule.at_or_above = yes(), rule.reduce = yes();
    add("scaling_plan: {{ enabled: true, tiers: [{{ limit: {} }}, {{ above: {}, limit: {} }}, {{ above: {}, "
        "limit: {} }}], "
        "threshold: {}, action: {} }}",
        rule.tiers[0].second, *rule.tiers[1].first, rule.tiers[1].second, *rule.tiers[2].first,
        rule.tiers[2].second, rule.at_or_above ? "at_or_above" : "above",
        rule.reduce ? "reduce_to_limit" : "close_all");
    out_.rules.scaling = rule;
  }

  void flat_by() {
    Rules::FlatBy rule;
    rule.time = pick(9, 14) * 60 + pick(0, 59), rule.until = pick(15, 23) * 60;
    rule.before_early = pick(0, 60), rule.cancel = !one_in(3);
    std::string roots;
    if (one_in(3)) {
      rule.roots["MNQ"] = pick(4, 9) * 60;
      roots = fmt::format(", roots: {{ MNQ: \"{}\" }}", clock(rule.roots["MNQ"]));
    }
    add("flat_by: {{ enabled: true, time: \"{}\", lockout_until: \"{}\", minutes_before_early_close: {}, "
        "cancel_orders: {}{} }}",
        clock(rule.time), clock(rule.until), rule.before_early, word(rule.cancel), roots);
    out_.rules.flat_by = rule;
  }

  void min_hold() {
    Rules::MinHold rule{pick(30, 3600), one_in(5) ? 0 : pick(1, 2), pick(300, 3600)};
    add("min_hold: {{ enabled: true, min_hold_seconds: {}, max_violations: {}, cooldown_seconds: {} }}",
        rule.seconds, rule.most, rule.pause);
    out_.rules.min_hold = rule;
  }

  void trade_risk() {
    Rules::TradeRisk rule;
    rule.dollars = pick(20, 900), rule.fallback = pick(20, 400), rule.grace = pick(0, 20);
    rule.action = one_in(5) ? "warn" : yes() ? "reduce" : "close";
    if (yes()) rule.percent = pick(1, 100);
    if (rule.percent && yes()) rule.dollars.reset();
    add("max_trade_risk: {{ enabled: true, {}{}fallback_ticks: {}, grace_seconds: {}, action: {} }}",
        optional("limit", rule.dollars), optional("percent_of_room", rule.percent), rule.fallback, rule.grace,
        rule.action);
    out_.rules.trade_risk = rule;
    if (rule.percent && !out_.rules.max_loss && yes()) max_loss();
  }

  void streak() {
    Rules::Streak rule;
    rule.losses = pick(1, 4), rule.close = yes(), rule.scratch = one_in(3) ? pick(1, 60) : 0;
    if (yes()) rule.pause = pick(30, 1800);
    rule.carry = yes();
    add("consecutive_losses: {{ enabled: true, losses: {}, action: {}, {}close_positions: {}, "
        "scratch_tolerance: {}, reset_on: {} }}",
        rule.losses, rule.pause ? "cooldown" : "lockout", optional("cooldown_seconds", rule.pause),
        word(rule.close), rule.scratch, rule.carry ? "win" : "day");
    out_.rules.streak = rule;
  }

  void daily_trades() {
    Rules::DailyTrades rule;
    if (!one_in(3)) rule.trips = pick(1, 6);
    if (!rule.trips || yes()) rule.orders = pick(1, 6);
    const auto most = [](std::optional<int> limit) { return limit ? std::to_string(*limit) : "null"; };
    add("max_daily_trades: {{ enabled: true, max_round_trips: {}, max_orders: {} }}", most(rule.trips),
        most(rule.orders));
    out_.rules.daily_trades = rule;
  }

  void news() {
    Rules::News rule;
    rule.flatten = one_in(3), rule.cancel = yes(), rule.block_missing = one_in(3);
    const auto year = model::Instant{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};
    // One calendar in four has run out before anything happens.
    rule.valid_until = year + std::chrono::hours{24 * (one_in(4) ? -1 : pick(100, 400))};
    out_.news = "valid_until: " + model::format_instant(*rule.valid_until) + "\nevents:\n";
    for (int i = 0; i < 150; ++i) {
      Rules::News::Release release;
      release.at = year + std::chrono::minutes{pick(0, 365 * 24 * 60)};
      release.before = pick(60, 7200), release.after = pick(60, 7200);
      if (yes()) release.families = {"ES", "NQ"};
      out_.news += fmt::format("  - {{ at: \"{}\", before_seconds: {}, after_seconds: {}{} }}\n",
                               model::format_instant(release.at), release.before, release.after,
                               release.families.empty() ? "" : ", roots: [ES, MNQ]");
      rule.releases.push_back(release);
    }
    add("news_blackout: {{ enabled: true, action: {}, cancel_orders: {}, on_missing: {} }}",
        rule.flatten ? "flatten_before" : "block_new", word(rule.cancel),
        rule.block_missing ? "block" : "allow");
    out_.rules.news = rule;
  }

  void correlated() {
    Rules::Correlated rule{{{"ES", 10}, {"NQ", pick(5, 10)}}, pick(0, 4), one_in(3)};
    if (yes()) rule.weights["RTY"] = pick(1, 9);
    std::string weights;
    for (const auto& [family, tenths] : rule.weights)
      weights += fmt::format("{}{}: {}.{}", weights.empty() ? "" : ", ", family, tenths / 10, tenths % 10);
    add("correlated_exposure: {{ enabled: true, groups: {{ index: {{ limit: {}, count: {}, weights: {{ {} }} "
        "}} }} }}",
        rule.limit, rule.gross ? "gross" : "net", weights);
    out_.rules.correlated = rule;
  }

  void order_limits() {
    Rules::OrderLimits rule;
    if (yes()) rule.size = pick(1, 5);
    if (yes()) rule.pending = pick(1, 9);
    if (yes()) rule.working = pick(1, 4);
    if (yes()) rule.working_each = pick(1, 2);
    if (yes() || !(rule.size || rule.pending || rule.working || rule.working_each))
      rule.collar = pick(10, 150);
    const auto most = [](std::optional<int> limit) { return limit ? std::to_string(*limit) : "null"; };
    add("order_limits: {{ enabled: true, max_order_size: {}, max_pending_exposure: {}, max_working_orders: "
        "{}, "
        "max_working_orders_per_contract: {}, price_collar_ticks: {} }}",
        most(rule.size), most(rule.pending), most(rule.working), most(rule.working_each), most(rule.collar));
    out_.rules.order_limits = rule;
  }

  [[nodiscard]] bool one_in(int n) { return pick(1, n) == 1; }

private:
  [[nodiscard]] int pick(int low, int high) {
    return low + static_cast<int>(random_() % static_cast<std::uint64_t>(high - low + 1));
  }
  [[nodiscard]] bool yes() { return pick(0, 1) == 1; }
  [[nodiscard]] static std::string clock(int minutes) {
    return fmt::format("{:02}:{:02}", minutes / 60, minutes % 60);
  }
  [[nodiscard]] static std::string optional(const char* key, std::optional<int> value) {
    return value ? fmt::format("{}: {}, ", key, *value) : "";
  }
  template <class... Args>
  void add(fmt::format_string<Args...> text, Args&&... args) {
    out_.yaml += "  " + fmt::format(text, std::forward<Args>(args)...) + "\n";
  }

  std::mt19937_64& random_;
  Setting& out_;
};

} // namespace

void draw_firm_rules(std::mt19937_64& random, Setting& out, int of) {
  FirmDraw draw(random, out);
  if (draw.one_in(of)) draw.daily_profit();
  if (draw.one_in(of)) draw.max_loss();
  if (draw.one_in(of)) draw.profit_target();
  if (draw.one_in(of)) draw.consistency();
  if (draw.one_in(of)) draw.scaling();
  if (draw.one_in(of)) draw.flat_by();
  if (draw.one_in(of)) draw.min_hold();
  if (draw.one_in(of)) draw.trade_risk();
  if (draw.one_in(of)) draw.streak();
  if (draw.one_in(of)) draw.daily_trades();
  if (draw.one_in(of)) draw.news();
  if (draw.one_in(of)) draw.correlated();
  if (draw.one_in(of)) draw.order_limits();
}

} // namespace bulkhead::differential
