#include "tests/differential/words.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::differential {

using namespace model;

namespace {

/// A row set again with nothing but another reason is no news.
bool is_news(const Lockout& row, const LockoutSet& before) {
  return std::none_of(before.rows().begin(), before.rows().end(), [&](const Lockout& old) {
    return old.source == row.source && old.symbol == row.symbol && old.expires_at == row.expires_at &&
           old.clear_on == row.clear_on && (old.mode == row.mode || old.mode == LockoutMode::flatten);
  });
}

std::string wish(const EnforcementIntent& intent) {
  switch (intent.kind) {
  case EnforcementIntent::Kind::close_position: return "close " + intent.contract.value;
  case EnforcementIntent::Kind::reduce_position:
    return fmt::format("reduce {} to {}", intent.contract.value, intent.target);
  case EnforcementIntent::Kind::cancel_order: return fmt::format("cancel {}", intent.order.value);
  }
  return {};
}

} // namespace

std::vector<std::string> words_of(const Decision& decision, const LockoutSet& before) {
  std::vector<std::string> out;
  for (const auto& intent : decision.intents) out.push_back(wish(intent));
  for (const auto& row : decision.lockouts_set) {
    if (!is_news(row, before)) continue;
    out.push_back(fmt::format("lock {} {} {} {}", to_string(row.source),
                              row.symbol ? "symbol " + row.symbol->value : "account", to_string(row.mode),
                              row.expires_at
                                  ? fmt::format("until {}", row.expires_at->time_since_epoch().count())
                                  : "without end"));
  }
  for (const auto& ended : decision.lockouts_cleared)
    out.push_back("unlock " + to_string(ended.lockout.source));
  for (const auto& request : decision.automation) {
    const bool places = request.kind == AutomationRequest::Kind::place_stop;
    out.push_back(fmt::format("{} {} {} {} {}", places ? "place" : "move",
                              places ? request.contract.value : to_string(*request.order), request.size,
                              places ? "at" : "to", request.stop_price.nanos));
  }
  if (std::any_of(decision.reads.begin(), decision.reads.end(),
                  [](const ReadRequest& read) { return read.source == Source::rule(8); }))
    out.push_back("read RULE-008"); // for one position or several
  for (const auto& breach : decision.breaches) out.push_back("breach " + to_string(breach.source));
  std::sort(out.begin(), out.end());
  return out;
}

} // namespace bulkhead::differential
