// The lines of enforcement.log, in the grammar its readers know.

#include "actors/notifier.hpp"
#include "actors/text.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::actors {
namespace {

using Kind = model::EnforcementIntent::Kind;

const char* word_of(bool all, bool none) { return all ? "ok" : none ? "failed" : "partial"; }

/// rule=, result=, attempts=, ms=, id=: optional for readers, always in this order.
std::string tail(const CloseResult& r) {
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(r.close_timestamp - r.requested_at);
  return fmt::format(", rule={}, result={}, attempts={}, ms={}, id={}", r.rule_id,
                     r.status == CloseResult::Status::deferred ? "deferred" : word_of(r.success(), true),
                     r.attempts, took.count(), r.close_id);
}

std::string line_of(const CloseResult& r) {
  switch (r.action) {
  case Kind::close_position:
    return fmt::format("CLOSE_POSITION: account={}, contract={}{}", r.account.value, r.contract.value,
                       tail(r));
  case Kind::reduce_position:
    return fmt::format("REDUCE_POSITION: account={}, contract={}, from={}, to={}{}", r.account.value,
                       r.contract.value, r.from, r.to, tail(r));
  case Kind::cancel_order:
    return fmt::format("CANCEL_ORDER: account={}, order={}{}", r.account.value, r.order.value, tail(r));
  }
  return {};
}

/// One line for everything of a kind; `count` is what was really closed or cancelled.
std::string bulk_line(const char* action, model::AccountId account, const std::vector<CloseResult>& results,
                      bool cancels) {
  std::size_t all = 0;
  std::size_t done = 0;
  const CloseResult* first = nullptr;
  for (const auto& result : results) {
    if ((result.action == Kind::cancel_order) != cancels) continue;
    if (first == nullptr) first = &result;
    ++all;
    done += result.success() ? 1 : 0;
  }
  return fmt::format("{}: account={}, count={}{}, result={}", action, account.value, done,
                     first != nullptr ? ", rule=" + first->rule_id : "", word_of(done == all, done == 0));
}

} // namespace

std::vector<std::string> enforcement_lines(const Activity& activity) {
  std::vector<std::string> lines;
  const auto add = [&](const std::string& line) {
    lines.push_back(fmt::format("[{}] {}", model::format_instant(activity.at, 3), line));
  };
  if (const auto* certificate = std::get_if<Certificate>(&activity.what)) {
    const auto& results = certificate->closes.results;
    if (certificate->whole_account) {
      add(bulk_line("CLOSE_ALL_POSITIONS", activity.account, results, false));
      add(bulk_line("CANCEL_ALL_ORDERS", activity.account, results, true));
    } else {
      for (const auto& result : results) add(line_of(result));
    }
  } else if (const auto* decision = std::get_if<model::Decision>(&activity.what)) {
    for (const auto& row : decision->lockouts_set) {
      add(fmt::format("APPLY_LOCKOUT: account={}, scope={}, until={}, rule={}, result={}",
                      activity.account.value, row.symbol ? "symbol:" + row.symbol->value : "account",
                      row.expires_at ? model::format_instant(*row.expires_at) : "never",
                      to_string(row.source), activity.durable ? "ok" : "partial"));
    }
    for (const auto& ended : decision->lockouts_cleared) {
      add(fmt::format("REMOVE_LOCKOUT: account={}, scope={}, by={}, rule={}, result=ok",
                      activity.account.value,
                      ended.lockout.symbol ? "symbol:" + ended.lockout.symbol->value : "account",
                      to_string(ended.cause), to_string(ended.lockout.source)));
    }
  }
  return lines;
}

} // namespace bulkhead::actors
