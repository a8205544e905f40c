#include "actors/enforcer_record.hpp"

#include <algorithm>
#include <cstdlib>

namespace bulkhead::actors {

using model::EnforcementIntent;
using model::Money;

namespace {
constexpr std::size_t most_traces = 256;
constexpr std::size_t most_fills = 256;
constexpr std::int64_t largest_fill = 10'000; // contracts; more is a broken feed
} // namespace

void EnforcerRecord::begin(model::AccountId account, const Enforce& order) {
  *this = {};
  certificate_.account = account;
  certificate_.stamps = order.stamps;
  certificate_.whole_account = order.whole_account;
  if (!order.intents.empty()) certificate_.reason = order.intents.front().reason;
  join(order);
}

void EnforcerRecord::join(const Enforce& order) {
  for (const auto& mark : order.marks) marks_.insert_or_assign(mark.contract, mark);
}

void EnforcerRecord::add(const EnforcementIntent& intent) {
  certificate_.done.push_back(intent);
  if (intent.kind != EnforcementIntent::Kind::cancel_order) held_.try_emplace(intent.contract, intent.held);
}

void EnforcerRecord::add(RequestTrace trace) {
  if (certificate_.requests.size() < most_traces) {
    certificate_.requests.push_back(std::move(trace));
  } else {
    ++certificate_.untold_requests;
  }
}

void EnforcerRecord::reached(const model::ContractId& contract, MonotonicNanos received) {
  const bool known = std::any_of(certificate_.zeros.begin(), certificate_.zeros.end(),
                                 [&](const auto& zero) { return zero.contract == contract; });
  if (!known) certificate_.zeros.push_back({contract, received});
}

void EnforcerRecord::add(const model::Fill& fill) {
  const bool known =
      std::any_of(fills_.begin(), fills_.end(), [&](const auto& other) { return other.id == fill.id; });
  const bool sane = fill.size > 0 && fill.size <= largest_fill && !fill.voided;
  if (!known && sane && held_.contains(fill.contract) && fills_.size() < most_fills) fills_.push_back(fill);
}

const CloseResult& EnforcerRecord::finish(CloseResult result) {
  const bool first = std::none_of(results_.begin(), results_.end(), [&](const auto& other) {
    return other.contract == result.contract && other.action != EnforcementIntent::Kind::cancel_order;
  });
  // The fills of a contract belong to its first result.
  const bool close = result.action != EnforcementIntent::Kind::cancel_order;
  if (const auto sum = close && first ? filled(result) : std::nullopt) {
    result.closed_size = static_cast<std::int32_t>(sum->size);
    result.closed_price = model::Price{sum->price_times_size / sum->size};
    result.pnl = sum->pnl;
    if (sum->slipped) certificate_.slipped = certificate_.slipped.value_or(Money{}) + *sum->slipped;
  }
  return results_.emplace_back(std::move(result));
}

std::optional<EnforcerRecord::Filled> EnforcerRecord::filled(const CloseResult& result) const {
  const auto held = held_.find(result.contract);
  if (held == held_.end()) return std::nullopt;
  const auto closing = held->second > 0 ? model::Side::sell : model::Side::buy;
  const auto mark = marks_.find(result.contract);
  Filled sum;
  for (const auto& fill : fills_) {
    if (fill.contract != result.contract || fill.side != closing) continue;
    sum.size += fill.size;
    std::int64_t paid = 0;
    if (__builtin_mul_overflow(fill.price.nanos, std::int64_t{fill.size}, &paid) ||
        __builtin_add_overflow(sum.price_times_size, paid, &sum.price_times_size)) {
      return std::nullopt;
    }
    if (fill.pnl) sum.pnl = sum.pnl.value_or(Money{}) + *fill.pnl;
    if (mark == marks_.end() || !mark->second.price || !mark->second.tick.valid()) continue;
    const auto sold = held->second > 0 ? fill.size : -fill.size;
    sum.slipped =
        sum.slipped.value_or(Money{}) + mark->second.tick.pnl(fill.price - *mark->second.price, sold);
  }
  if (sum.size == 0) return std::nullopt;
  return sum;
}

void EnforcerRecord::proved(MonotonicNanos verified, std::string proof) {
  certificate_.verified = verified;
  certificate_.detail = std::move(proof);
}

Certificate EnforcerRecord::close() {
  const auto open =
      std::find_if(results_.begin(), results_.end(), [](const auto& result) { return !result.success(); });
  certificate_.achieved = open == results_.end();
  if (!certificate_.achieved) {
    certificate_.verified = 0;
    certificate_.detail = open->error_message;
  }
  certificate_.closes = sum_up(std::move(results_), certificate_.reason);
  Certificate done = std::move(certificate_);
  *this = {};
  return done;
}

} // namespace bulkhead::actors
