#pragma once
// What AccountState remembers beside the book: peaks of positions, memories of rule instances, spans in which
// closes were under way. Plain data, owned by the AccountState that holds it.

#include "model/ids.hpp"
#include "model/money.hpp"
#include "model/source.hpp"
#include "model/time.hpp"

#include <optional>
#include <string>
#include <utility>

namespace bulkhead::model {

/// What a rule instance wants to know again at its next evaluation; it says so in its Verdict, the engine
/// keeps it. The subject of the key is a contract id, a root, or empty for the account.
struct RuleMemory {
  Epoch epoch = 0; // of the position it speaks of; 0 for anything else
  std::optional<Instant> since = std::nullopt;
  std::optional<Instant> deadline = std::nullopt;
  std::optional<Price> price = std::nullopt;
  std::int64_t number = 0;
  friend bool operator==(const RuleMemory&, const RuleMemory&) = default;
};
using MemoryKey = std::pair<Source, std::string>;

/// The best a position has seen in its epoch: open profit per way of pricing, and the mark itself.
struct PositionPeaks {
  Epoch epoch = 0;
  std::optional<Price> best_mark = std::nullopt; // highest for a long, lowest for a short
  std::optional<Money> last = std::nullopt;
  std::optional<Money> exit_side = std::nullopt;
  std::optional<Money> mid = std::nullopt;
  friend bool operator==(const PositionPeaks&, const PositionPeaks&) = default;
};

/// A close of ours was under way: fills that reduce the contract inside it are ours, not the trader's.
struct CloseSpan {
  ContractId contract;
  std::int32_t held = 0; // signed, when it was asked for
  Instant from;
  std::optional<Instant> to = std::nullopt;
  friend bool operator==(const CloseSpan&, const CloseSpan&) = default;
};

/// Fills and position updates of one trade come in either order. What one kind has told of and the other has
/// not, as signed quantities; worth something for two seconds.
struct UnseenFills {
  std::int32_t quantity = 0; // in fills alone: positions will follow
  Instant at;
  std::int32_t early = 0; // in positions alone: fills will follow, and change nothing
  friend bool operator==(const UnseenFills&, const UnseenFills&) = default;
};

} // namespace bulkhead::model
