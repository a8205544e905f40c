#include "cli/watch_view.hpp"

#include "actors/text.hpp"
#include "model/money.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::cli {
namespace {

using Lines = std::vector<ScreenLine>;

std::string age(std::int64_t ms) {
  if (ms < 0) return "-";
  if (ms < 60'000) return fmt::format("{}s", ms / 1000);
  return ms < 3'600'000 ? fmt::format("{}m", ms / 60'000) : fmt::format("{}h", ms / 3'600'000);
}

/// When the account may trade again: the lockout that ends last counts.
std::string unlock(const actors::AccountView& account, model::Instant now) {
  if (account.lockouts.empty()) return "";
  std::string latest;
  for (const auto& row : account.lockouts) {
    if (row.expires_at.empty()) return "admin";
    latest = std::max(latest, row.expires_at);
  }
  const auto at = model::parse_instant(latest);
  if (!at) return "?";
  const auto left = std::chrono::ceil<std::chrono::seconds>(*at - now).count();
  if (left <= 0) return "now";
  if (left < 3600) return fmt::format("{}:{:02}", left / 60, left % 60);
  return fmt::format("{}h{:02}m", left / 3600, left / 60 % 60);
}

Style style_of(Health health) {
  switch (health) {
  case Health::good: return Style::good;
  case Health::doubtful: return Style::doubtful;
  case Health::bad: return Style::bad;
  }
  return Style::plain;
}

std::string money(std::int64_t micros) { return to_string(model::Money{micros}); }

ScreenLine account_line(const actors::AccountView& a, model::Instant now, bool lost, bool chosen) {
  const Badge badge = lost ? Badge{"STALE", Health::doubtful} : badge_of(a);
  return {fmt::format("{}{:<9} {:<9.9} {:<15} {:>11} {} {:>4} {:>5} {:>8}", chosen ? '>' : ' ', a.account_id,
                      actors::escaped(a.nickname), badge.text,
                      money(a.realized_net_micros + a.unrealized_micros), bar(worst_percent(a), 6),
                      a.contracts, age(a.last_event_age_ms), unlock(a, now)),
          chosen ? Style::chosen : style_of(badge.health)};
}

Lines head(const WatchState& state) {
  const auto& status = state.status;
  const auto locked = std::count_if(status.accounts.begin(), status.accounts.end(),
                                    [](const auto& a) { return a.locked_out; });
  const auto up = status.uptime_seconds;
  Lines out;
  const char* gateway = state.lost         ? "NO ANSWER FROM THE DAEMON"
                        : status.connected ? "gateway connected"
                                           : "GATEWAY NOT CONNECTED";
  out.push_back({fmt::format(" bulkhead {}  {}  {} accounts, {} locked  up {}h{:02}m  {}", status.version,
                             gateway, status.accounts.size(), locked, up / 3600, up / 60 % 60, state.node),
                 state.lost || !status.connected ? Style::bad : Style::head});
  out.push_back({fmt::format(" {:<9} {:<9} {:<15} {:>11} {:<11} {:>4} {:>5} {:>8}", "ACCOUNT", "NAME",
                             "STATE", "NET+OPEN", "LIMIT", "LOTS", "EVENT", "UNLOCK"),
                 Style::dim});
  return out;
}

Lines detail(const actors::AccountView& a) {
  Lines out;
  out.push_back(
      {fmt::format(" {} {}: realized {}, open {}, {} positions, {} orders, next reset {}", a.account_id,
                   actors::escaped(a.nickname), money(a.realized_net_micros), money(a.unrealized_micros),
                   a.position_count, a.order_count, a.next_reset.substr(0, 16)),
       Style::head});
  if (a.disabled) out.push_back({"  DISABLED: nothing is enforced", Style::bad});
  if (!a.refusal.empty()) out.push_back({"  NOT PROTECTED: " + actors::escaped(a.refusal), Style::bad});
  if (!a.alarm.empty()) out.push_back({"  NOT FLAT: " + actors::escaped(a.alarm), Style::bad});
  if (a.enforcing > 0)
    out.push_back({fmt::format("  enforcing: {} open, {} waiting for the market", a.enforcing, a.deferred),
                   Style::doubtful});
  for (const auto& row : a.lockouts)
    out.push_back({fmt::format("  locked by {} ({}) until {}: {}", row.source, row.scope,
                               row.expires_at.empty() ? "an admin clears it" : row.expires_at,
                               actors::escaped(row.reason)),
                   Style::bad});
  auto rules = a.rules;
  std::stable_sort(rules.begin(), rules.end(),
                   [](const auto& x, const auto& y) { return x.percent > y.percent; });
  for (const auto& rule : rules) {
    const auto style = rule.percent >= 100 ? Style::bad : rule.percent >= 70 ? Style::doubtful : Style::plain;
    out.push_back({fmt::format("  {:<9} {:<20.20} {} {:>12} of {}{}", rule.rule, rule.name,
                               rule.percent < 0 ? std::string(15, ' ') : bar(rule.percent, 10),
                               rule.value.empty() ? "-" : rule.value, rule.limit.empty() ? "-" : rule.limit,
                               rule.dry_run ? "  dry run" : ""),
                   style});
    if (!rule.room.empty()) out.push_back({"            room " + rule.room, Style::dim});
  }
  return out;
}

ScreenLine feed_line(const actors::FeedLine& line) {
  const auto time = line.at.size() >= 19 ? line.at.substr(11, 8) : line.at;
  const auto style = line.severity >= 2 ? Style::bad : line.severity == 1 ? Style::doubtful : Style::plain;
  return {fmt::format(" {} {}", time, actors::escaped(line.text)), style};
}

/// The first `room` lines; the last of them says how many more there are.
void add_some(Lines& out, Lines lines, std::size_t room) {
  if (lines.size() > room && room > 0) {
    const auto hidden = lines.size() - room + 1;
    lines.resize(room);
    lines.back() = {fmt::format("  ... {} more", hidden), Style::dim};
  }
  std::move(lines.begin(), lines.end(), std::back_inserter(out));
}

} // namespace

std::string bar(std::int32_t percent, std::size_t width) {
  const auto shown = static_cast<std::size_t>(std::clamp(percent, 0, 100));
  std::string out(width, '-');
  std::fill_n(out.begin(), (shown * width + 50) / 100, '#');
  return fmt::format("{} {:>3}%", out, std::min(percent, 999));
}

std::vector<ScreenLine> compose(const WatchState& state, std::size_t width, std::size_t height) {
  const auto& accounts = state.status.accounts;
  const std::size_t chosen = accounts.empty() ? 0 : std::min(state.chosen, accounts.size() - 1);
  Lines out = head(state);
  const std::size_t keys = 1, rest = height > out.size() + keys ? height - out.size() - keys : 0;
  // A third each for accounts, detail and feed; the accounts may have more when there are few details.
  const std::size_t account_room = std::min(accounts.size(), std::max<std::size_t>(3, rest / 3));
  const std::size_t first = chosen >= account_room && account_room > 0 ? chosen - account_room + 1 : 0;
  for (std::size_t i = first; i < std::min(accounts.size(), first + account_room); ++i)
    out.push_back(account_line(accounts[i], state.now, state.lost, i == chosen));
  if (!accounts.empty()) {
    out.push_back({std::string(width, '-'), Style::dim});
    add_some(out, detail(accounts[chosen]), std::max<std::size_t>(3, rest / 3));
  }
  out.push_back({std::string(width, '-'), Style::dim});
  const std::size_t feed_room = height > out.size() + keys ? height - out.size() - keys : 0;
  const std::size_t from = state.feed.size() > feed_room ? state.feed.size() - feed_room : 0;
  for (std::size_t i = from; i < state.feed.size(); ++i) out.push_back(feed_line(state.feed[i]));
  out.resize(height - keys);
  out.push_back({" q quit   up/down or k/j choose an account   g/G first/last", Style::dim});
  for (auto& line : out) line.text = line.text.substr(0, width);
  return out;
}

} // namespace bulkhead::cli
