// RULE-006 and RULE-007: how often is traded, and what a trade has lost.

#include "tests/support/reference/reference.hpp"

#include <algorithm>
#include <chrono>

namespace bulkhead::reference {
namespace {

using model::Fill;
using model::Instant;
using std::chrono::seconds;

/// The latest reset that was not after `at`.
Instant last_reset(Instant at) {
  Instant reset = next_reset(at - std::chrono::hours{26});
  for (Instant next = next_reset(reset); next <= at; next = next_reset(next)) reset = next;
  return reset;
}

struct Window {
  std::string name;
  std::optional<int> most;
  std::optional<int> length; // seconds; none: since the reset
  std::optional<int> pause;  // seconds; none: until the reset
};

std::string unit_of(const Rules::Frequency& rule, const Fill& fill) {
  return rule.unit == "fill" ? "fill " + std::to_string(fill.id.value)
                             : "order " + std::to_string(fill.order.value);
}

/// When for the last time too much had been done.
std::optional<Instant> excess(const Rules::Frequency& rule, const Window& window,
                              const std::vector<Fill>& fills) {
  for (std::size_t i = fills.size(); i-- > 0;) {
    const Instant at = fills[i].executed_at;
    const Instant reset = window.length ? Instant{} : last_reset(at);
    std::set<std::string> units;
    for (std::size_t j = 0; j <= i; ++j) {
      const Instant then = fills[j].executed_at;
      if (window.length ? then > at - seconds{*window.length} : then >= reset)
        units.insert(unit_of(rule, fills[j]));
    }
    if (static_cast<int>(units.size()) > *window.most) return at;
  }
  return std::nullopt;
}

Instant end_of(const Look& look, const std::optional<int>& pause, Instant at) {
  const auto* fill = std::get_if<Fill>(&look.event().payload);
  const Instant now = look.now();
  // The gateway's clock is believed within five seconds.
  if (fill != nullptr && fill->executed_at == at && (now - at > seconds{5} || at - now > seconds{5}))
    at = now;
  return pause ? at + seconds{*pause} : next_reset(at);
}

void pause(const Look& look, Want& want, Instant until, bool close) {
  want.lock = pause_row(look, want.rule, until, close);
  if (close)
    everything(look.book(), want);
  else
    want.cancels = raising_orders(look.book(), "");
}

} // namespace

void frequency_rule(const Look& look, Findings& out) {
  const auto& rule = *look.rules.frequency;
  std::vector<Fill> fills = trades(look.book());
  std::erase_if(fills, [&](const Fill& fill) {
    return (rule.unit == "entry" && fill.pnl) || enforced(look.story, fill);
  });
  const std::size_t first = out.wants.size();
  const auto find = [&](const std::string& subject, Instant occasion) {
    Want want;
    want.rule = "RULE-006", want.subject = subject, want.occasion = occasion;
    out.wants.push_back(want);
  };
  Instant until = Instant::min(), last_excess = Instant::min();
  std::optional<Window> longest;
  for (const Window& window : {Window{"minute", rule.minute, 60, rule.minute_pause},
                               Window{"hour", rule.hour, 3600, rule.hour_pause},
                               Window{"session", rule.session, std::nullopt, rule.session_pause}}) {
    if (!window.most) continue;
    const auto at = excess(rule, window, fills);
    if (!at) continue;
    last_excess = std::max(last_excess, *at);
    if (!longest || !window.pause || (longest->pause && *window.pause > *longest->pause)) longest = window;
    const Instant end = end_of(look, window.pause, *at);
    if (end <= look.now()) continue;
    until = std::max(until, end);
    find(window.name, *at);
  }
  const bool paused = std::any_of(look.rows.begin(), look.rows.end(),
                                  [](const Row& row) { return row.source == "RULE-006"; });
  if (rule.extend && longest && paused && fills.back().executed_at > last_excess) {
    until = std::max(until, end_of(look, longest->pause, fills.back().executed_at));
    find("cooldown", fills.back().executed_at);
  }
  if (!rule.pauses) return;
  for (std::size_t i = first; i < out.wants.size(); ++i) pause(look, out.wants[i], until, rule.close);
}

namespace {

/// Names what each fill belongs to: itself, its order, or the way from flat to flat.
std::vector<std::string> trades_named(const std::string& scope, const std::vector<Fill>& fills) {
  std::vector<std::string> out;
  std::map<std::string, int> held;
  std::map<std::string, std::string> trip;
  for (const auto& fill : fills) {
    const std::string& contract = fill.contract.value;
    const std::string own = contract + " trip " + std::to_string(fill.id.value);
    if (scope == "fill") out.push_back("fill " + std::to_string(fill.id.value));
    if (scope == "order") out.push_back("order " + std::to_string(fill.order.value));
    if (scope != "round_trip") continue;
    int& size = held[contract];
    if (size == 0) trip[contract] = own;
    out.push_back(trip[contract]);
    if (size == 0 && fill.pnl) continue; // closes what nobody saw opened
    const int before = size;
    size += fill.side == model::Side::buy ? fill.size : -fill.size;
    if (before * size < 0) trip[contract] = own; // turned: the next trip has begun
  }
  return out;
}

} // namespace

void loss_pause_rule(const Look& look, Findings& out) {
  const auto& rule = *look.rules.loss_pause;
  const std::vector<Fill> fills = trades(look.book());
  const std::vector<std::string> names = trades_named(rule.scope, fills);
  for (const auto& name : std::set<std::string>(names.begin(), names.end())) {
    Micros sum = 0;
    std::size_t tiers = 0;
    Instant reached, until = Instant::min();
    for (std::size_t i = 0; i < fills.size(); ++i) {
      const Fill& fill = fills[i];
      if (names[i] != name || (rule.ignore_enforced && enforced(look.story, fill))) continue;
      if (fill.pnl) sum += fill.pnl->micros;
      if (rule.net) sum -= Micros{fill.fees.micros} + fill.commissions.micros;
      while (fill.pnl && tiers < rule.tiers.size() && sum <= -Micros{rule.tiers[tiers].first} * 1'000'000) {
        reached = fill.executed_at;
        until = std::max(until, reached + seconds{rule.tiers[tiers].second});
        ++tiers;
      }
    }
    if (tiers == 0 || until <= look.now()) continue;
    Want want;
    want.rule = "RULE-007", want.subject = name, want.occasion = reached;
    if (!rule.warn_only) pause(look, want, until, rule.close);
    out.wants.push_back(want);
  }
}

} // namespace bulkhead::reference
