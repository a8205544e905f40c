#pragma once
// What enforcement is asked to make true. Targets are absolute (flat, at most n contracts, order gone), so
// carrying an intent out twice can never over-close. The id is a pure function of the logical event: the same
// breach has the same id after any restart.

#include "model/ids.hpp"
#include "model/source.hpp"
#include "model/time.hpp"

#include <string>
#include <string_view>

namespace bulkhead::model {

using IntentId = StrongId<struct IntentTag, std::string>;

struct EnforcementIntent {
  enum class Kind : std::uint8_t { close_position, reduce_position, cancel_order };
  IntentId id;
  Kind kind = Kind::close_position;
  AccountId account;
  ContractId contract;
  OrderId order;           // cancel_order only
  std::int32_t held = 0;   // signed quantity in the book when decided
  std::int32_t target = 0; // largest |quantity| that may remain
  Epoch epoch = 0;         // of the position; 0 for cancel_order
  Source source;
  std::uint32_t ordinal = 0; // how many times this source has asked for this contract or order
  std::string reason;
  friend bool operator==(const EnforcementIntent&, const EnforcementIntent&) = default;
};

[[nodiscard]] std::string_view to_string(EnforcementIntent::Kind kind) noexcept;

/// "123|CON.F.US.MNQ.U26|e3|RULE-001|1|close" and "123|order 789|RULE-003|1|cancel".
[[nodiscard]] IntentId make_intent_id(const EnforcementIntent& intent);

/// How an intent ended, reported by enforcement.
enum class IntentOutcome : std::uint8_t {
  achieved, // proven by a position or order event or a read
  failed,   // given up for now; the latch opens and the engine asks again after a pause
  deferred, // the market is closed; tried again at the next open
};
[[nodiscard]] std::string_view to_string(IntentOutcome outcome) noexcept;

} // namespace bulkhead::model
