#include "actors/notifier.hpp"

#include "actors/text.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <fmt/format.h>

namespace bulkhead::actors {
namespace {

using model::Alert;
using Lines = std::vector<std::pair<Alert::Severity, std::string>>;

std::string until(const model::Lockout& row) {
  return row.expires_at ? model::format_instant(*row.expires_at) : "an admin clears it";
}

void add(Lines& lines, const Activity& activity, const model::Decision& decision) {
  const auto account = activity.account.value;
  for (const auto& b : decision.breaches) {
    lines.emplace_back(
        Alert::Severity::critical,
        fmt::format("breach-detected account={} rule={} value={} limit={} trigger={}{} reason=\"{}\"",
                    account, to_string(b.source), to_string(b.actual), to_string(b.limit), activity.trigger,
                    b.dry_run ? " dry_run=true" : "", escaped(b.reason)));
  }
  for (const auto& row : decision.lockouts_set) {
    lines.emplace_back(Alert::Severity::critical,
                       fmt::format("lockout-set account={} source={} scope={} mode={} until={} durable={}",
                                   account, to_string(row.source), row.symbol ? row.symbol->value : "account",
                                   to_string(row.mode), until(row), activity.durable));
  }
  for (const auto& ended : decision.lockouts_cleared) {
    lines.emplace_back(Alert::Severity::info,
                       fmt::format("lockout-cleared account={} source={} by={}", account,
                                   to_string(ended.lockout.source), to_string(ended.cause)));
  }
  for (const auto& intent : decision.intents) {
    lines.emplace_back(Alert::Severity::info,
                       fmt::format("intent-issued account={} id=\"{}\" held={} target={}", account,
                                   intent.id.value, intent.held, intent.target));
  }
  for (const auto& alert : decision.alerts) {
    lines.emplace_back(alert.severity,
                       fmt::format("{} account={} {}", alert.code, account, escaped(alert.text)));
  }
}

void add(Lines& lines, const Activity& activity, const Certificate& c) {
  const auto micros = [&](MonotonicNanos at) {
    return c.stamps.received != 0 && at != 0 ? (at - c.stamps.received) / 1000 : 0;
  };
  const auto first = c.requests.empty() ? 0 : c.requests.front().written;
  lines.emplace_back(
      c.achieved ? Alert::Severity::info : Alert::Severity::critical,
      fmt::format("{} account={} requests={} reads={} decided_us={} journaled_us={} first_request_us={} "
                  "at_target_us={} verified_us={} closed={} failed={} deferred={}{}{} proof=\"{}\"",
                  c.achieved ? "enforcement-verified" : "enforcement-ended-open", activity.account.value,
                  c.requests.size() + c.untold_requests, c.reads, micros(c.stamps.decided),
                  micros(c.stamps.journaled), micros(first),
                  c.zeros.empty() ? 0 : micros(c.zeros.back().received), micros(c.verified),
                  c.closes.successful_closes, c.closes.failed_closes, c.closes.deferred,
                  c.closes.total_pnl ? " pnl=" + to_string(*c.closes.total_pnl) : "",
                  c.slipped ? " slipped=" + to_string(*c.slipped) : "", escaped(c.detail)));
}

void add(Lines& lines, const Activity& activity, const Alert& alert) {
  const auto account =
      activity.account.value == 0 ? std::string{} : fmt::format(" account={}", activity.account.value);
  lines.emplace_back(alert.severity, fmt::format("{}{} {}", alert.code, account, escaped(alert.text)));
}

} // namespace

std::vector<std::pair<Alert::Severity, std::string>> log_lines(const Activity& activity) {
  Lines lines;
  std::visit([&](const auto& what) { add(lines, activity, what); }, activity.what);
  return lines;
}

notifier_actor::behavior_type notifier(notifier_actor::stateful_pointer<NotifierState> self, Logs logs) {
  return {
      [=](const Activity& m) {
        for (const auto& [severity, line] : log_lines(m)) logs.daemon(severity, line);
        for (const auto& line : enforcement_lines(m)) logs.enforcement(line);
        for (const auto& subscriber : self->state.subscribers) self->send(subscriber, m);
      },
      [=](const Subscribe& m) { self->state.subscribers.push_back(m.subscriber); },
  };
}

} // namespace bulkhead::actors
