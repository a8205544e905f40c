#include "model/lockout.hpp"
#include "model/breach.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/compile.h>
#include <iterator>

namespace bulkhead::model {

std::string_view to_string(LockoutKind kind) noexcept {
  switch (kind) {
  case LockoutKind::hard: return "hard";
  case LockoutKind::cooldown: return "cooldown";
  case LockoutKind::session: return "session";
  case LockoutKind::external: return "external";
  case LockoutKind::symbol: return "symbol";
  case LockoutKind::manual: return "manual";
  }
  return "unknown";
}

std::string_view to_string(LockoutMode mode) noexcept {
  switch (mode) {
  case LockoutMode::flatten: return "flatten";
  case LockoutMode::no_new_exposure: return "no_new_exposure";
  }
  return "unknown";
}

std::string_view to_string(ClearCause cause) noexcept {
  switch (cause) {
  case ClearCause::expiry: return "expiry";
  case ClearCause::daily_reset: return "daily_reset";
  case ClearCause::session_start: return "session_start";
  case ClearCause::can_trade_restored: return "can_trade_restored";
  case ClearCause::config_change: return "config_change";
  case ClearCause::admin: return "admin";
  }
  return "unknown";
}

bool covers(const Lockout& row, const Root& root) { return !row.symbol || *row.symbol == root; }

bool LockoutSet::set(const Lockout& lockout) {
  const auto it = std::find_if(rows_.begin(), rows_.end(), [&](const Lockout& row) {
    return row.symbol == lockout.symbol && row.source == lockout.source;
  });
  if (it == rows_.end()) {
    rows_.push_back(lockout);
    return true;
  }
  const Lockout before = *it;
  Lockout next = lockout;
  next.created_at = it->created_at;
  next.violations = it->violations;
  if (it->mode == LockoutMode::flatten) next.mode = LockoutMode::flatten;
  next.baseline = it->baseline; // an empty one too: nothing opened since may stay
  if (!it->expires_at || (next.expires_at && *next.expires_at < *it->expires_at)) {
    next.expires_at = it->expires_at;
    next.clear_on = it->clear_on;
    next.kind = it->kind;
    next.reason = it->reason;
  }
  *it = std::move(next);
  return !(*it == before);
}

template <class Pred>
std::vector<ClearedLockout> LockoutSet::clear_if(Pred ends, ClearCause cause, Instant now) {
  std::vector<ClearedLockout> cleared;
  std::erase_if(rows_, [&](const Lockout& row) {
    if (!ends(row)) return false;
    cleared.push_back({row, cause, now});
    return true;
  });
  return cleared;
}

std::vector<ClearedLockout> LockoutSet::expire(Instant now) {
  auto cleared = clear_if([now](const Lockout& row) { return row.expires_at && *row.expires_at <= now; },
                          ClearCause::expiry, now);
  std::stable_sort(cleared.begin(), cleared.end(), [](const auto& a, const auto& b) {
    return *a.lockout.expires_at < *b.lockout.expires_at;
  });
  return cleared;
}

std::vector<ClearedLockout> LockoutSet::clear_by(ClearCause cause, Instant now) {
  // What was laid since is not meant by what happened before.
  const auto ends = [&](const Lockout& row) { return row.clear_on.has(cause) && row.created_at < now; };
  return clear_if(ends, cause, now);
}

std::vector<ClearedLockout> LockoutSet::clear_source(Source source, ClearCause cause, Instant now) {
  return clear_if([source](const Lockout& row) { return row.source == source; }, cause, now);
}

bool LockoutSet::has_row_of(Source source) const noexcept {
  return std::any_of(rows_.begin(), rows_.end(), [&](const Lockout& row) { return row.source == source; });
}

std::optional<LockoutMode> LockoutSet::mode_for(const Root& root) const {
  std::optional<LockoutMode> mode;
  for (const auto& row : rows_) {
    if (!covers(row, root)) continue;
    if (row.mode == LockoutMode::flatten) return LockoutMode::flatten;
    mode = row.mode;
  }
  return mode;
}

const Lockout* LockoutSet::display_row() const {
  const auto ends_sooner = [](const Lockout& a, const Lockout& b) {
    if (!a.expires_at || !b.expires_at) return a.expires_at.has_value() && !b.expires_at;
    return *a.expires_at < *b.expires_at;
  };
  const auto it = std::max_element(rows_.begin(), rows_.end(), ends_sooner);
  return it == rows_.end() ? nullptr : &*it;
}

std::optional<Instant> LockoutSet::next_expiry() const {
  std::optional<Instant> next;
  for (const auto& row : rows_) {
    if (row.expires_at && (!next || *row.expires_at < *next)) next = row.expires_at;
  }
  return next;
}

std::string to_string(Source source) {
  switch (source.kind) {
  case Source::Kind::rule:
    return source.instance == 0 ? fmt::format(FMT_COMPILE("RULE-{:03}"), source.number)
                                : fmt::format(FMT_COMPILE("RULE-{:03}#{}"), source.number, source.instance);
  case Source::Kind::gate: return "gate";
  case Source::Kind::manual: return "manual";
  case Source::Kind::guard: return fmt::format(FMT_COMPILE("guard-{}"), source.number);
  }
  return "unknown";
}

Result<Source> Source::parse(std::string_view text) {
  if (text == "gate") return gate();
  if (text == "manual") return manual();
  const bool is_rule = text.starts_with("RULE-");
  if (!is_rule && !text.starts_with("guard-")) {
    return Error{Errc::malformed, fmt::format("'{}' names no rule, guard, gate or manual action", text)};
  }
  const std::string_view numbers = text.substr(is_rule ? 5 : 6);
  const char* const last = numbers.data() + numbers.size();
  Source out{is_rule ? Kind::rule : Kind::guard, 0, 0};
  auto [end, ec] = std::from_chars(numbers.data(), last, out.number);
  if (is_rule && ec == std::errc{} && end != last && *end == '#') {
    const auto instance = std::from_chars(end + 1, last, out.instance);
    ec = instance.ec;
    end = instance.ptr;
  }
  if (ec != std::errc{} || end != last)
    return Error{Errc::malformed, fmt::format("'{}' is not a source", text)};
  return out;
}

std::string to_string(const Measure& m) {
  switch (m.unit) {
  case Measure::Unit::contracts:
    return fmt::format(FMT_COMPILE("{} contract{}"), m.value, m.value == 1 ? "" : "s");
  case Measure::Unit::tenths_of_mini:
    return fmt::format(FMT_COMPILE("{}.{} minis"), m.value / 10, m.value % 10);
  case Measure::Unit::money: return (m.value < 0 ? "-$" : "$") + to_string(Money{m.value}.abs());
  case Measure::Unit::count: return std::to_string(m.value);
  case Measure::Unit::seconds: return fmt::format(FMT_COMPILE("{} s"), m.value);
  case Measure::Unit::percent: return fmt::format(FMT_COMPILE("{}%"), m.value);
  }
  return "unknown";
}

} // namespace bulkhead::model
