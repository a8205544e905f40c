// The status table for people: one block of lines per account, readable at 80 columns.

#include "cli/badge.hpp"
#include "cli/status_command.hpp"
#include "model/money.hpp"

#include <fmt/format.h>
#include <map>

namespace bulkhead::cli {
namespace {

struct Palette {
  const char* good;
  const char* bad;
  const char* warn;
  const char* dim;
  const char* off;
};
constexpr Palette colors{"\033[32m", "\033[31;1m", "\033[33m", "\033[2m", "\033[0m"};
constexpr Palette plain{"", "", "", "", ""};

const char* color_of(Health health, const Palette& p) {
  switch (health) {
  case Health::good: return p.good;
  case Health::doubtful: return p.warn;
  case Health::bad: return p.bad;
  }
  return p.off;
}

std::string money(std::int64_t micros) { return to_string(model::Money{micros}); }

std::string rule_line(const actors::RuleView& rule, const Palette& p) {
  const std::string share = rule.percent < 0 ? "" : fmt::format("{:>4}%", rule.percent);
  const auto* color = rule.percent >= 100 ? p.bad : rule.percent >= 70 ? p.warn : p.off;
  const std::string room =
      rule.room.empty() ? "" : fmt::format("               {}left: {}{}\n", p.dim, rule.room, p.off);
  return fmt::format("    {:<11}{:<27}{}{:>14} of {:<14}{}{}{}\n{}", rule.rule, rule.name, color,
                     rule.value.empty() ? "-" : rule.value, rule.limit.empty() ? "-" : rule.limit, share,
                     p.off, rule.dry_run ? "  dry run" : "", room);
}

/// Whether all accounts could be flattened with what each credential may send at once.
std::string flatten_line(const actors::StatusReply& reply, const Palette& p) {
  std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> credentials; // needed, left
  for (const auto& a : reply.accounts) {
    auto& [needed, left] = credentials[a.credential];
    needed += a.flatten_requests;
    left = a.requests_left;
  }
  std::string out = "flatten everything now:";
  for (const auto& [credential, budget] : credentials) {
    const bool enough = budget.first <= budget.second;
    out += fmt::format(" {}{}{} ({} of {} requests)", enough ? p.good : p.warn,
                       enough ? "yes" : "NOT AT ONCE", p.off, budget.first, budget.second);
  }
  return out + '\n';
}

std::string trouble_lines(const actors::AccountView& a, const Palette& p) {
  std::string out;
  if (a.disabled)
    out += fmt::format("    {}DISABLED{}: nothing is enforced until bulkhead account enable\n", p.bad, p.off);
  if (!a.enforceable) out += fmt::format("    {}NOT PROTECTED{}: {}\n", p.bad, p.off, a.refusal);
  if (!a.alarm.empty()) out += fmt::format("    {}NOT FLAT{}: {}\n", p.bad, p.off, a.alarm);
  if (a.enforcing > 0)
    out += fmt::format("    {}enforcing{}: {} open, {} waiting for the market\n", p.warn, p.off, a.enforcing,
                       a.deferred);
  for (const auto& warning : a.warnings) out += fmt::format("    {}warning{}: {}\n", p.warn, p.off, warning);
  return out;
}

std::string lockout_line(const actors::LockoutView& row, const Palette& p) {
  const bool configured = row.kind == "configured";
  const std::string end = configured               ? "the configuration changes"
                          : row.expires_at.empty() ? "an admin clears it"
                                                   : row.expires_at;
  return fmt::format("    {}{}{} by {} ({}, {}) until {}: {}\n", p.bad, configured ? "blocked" : "locked",
                     p.off, row.source, row.scope, row.mode, end, row.reason);
}

} // namespace

std::string status_table(const actors::StatusReply& reply, bool color) {
  const Palette& p = color ? colors : plain;
  std::string out = fmt::format("bulkhead {}  up {} s  gateway {}\n\n", reply.version, reply.uptime_seconds,
                                reply.connected ? "connected" : "NOT CONNECTED");
  out += fmt::format("{}{:<10}{:<16}{:<17}{:>12}{:>12}{:>6}{:>7}{}\n", p.dim, "ACCOUNT", "NICKNAME", "STATE",
                     "NET", "OPEN P&L", "LOTS", "ORDERS", p.off);
  for (const auto& a : reply.accounts) {
    const Badge badge = badge_of(a);
    out += fmt::format("{:<10}{:<16.15}{}{:<17}{}{:>12}{:>12}{:>6}{:>7}\n", a.account_id, a.nickname,
                       color_of(badge.health, p), badge.text, p.off, money(a.realized_net_micros),
                       money(a.unrealized_micros), a.contracts, a.order_count);
    out += trouble_lines(a, p);
    for (const auto& row : a.lockouts) out += lockout_line(row, p);
    for (const auto& rule : a.rules) out += rule_line(rule, p);
  }
  if (!reply.accounts.empty()) out += '\n' + flatten_line(reply, p);
  return out;
}

} // namespace bulkhead::cli
