#pragma once
// Positions: what the wire says (PositionUpdate) and what we keep (Position, signed and with an epoch).

#include "model/ids.hpp"
#include "model/money.hpp"
#include "model/time.hpp"

#include <optional>

namespace bulkhead::model {

enum class PositionType : std::int32_t { undefined = 0, long_ = 1, short_ = 2 };

/// One position event or one row of a position search. Size is a magnitude; direction comes from `type`
/// alone. A closed position arrives as type 0, size 0 (gateway-api 4.3).
struct PositionUpdate {
  AccountId account;
  ContractId contract;
  std::optional<PositionId> id;
  PositionType type = PositionType::undefined;
  std::int32_t size = 0;
  std::optional<Price> average_price; // on a close still the entry average
  std::optional<Instant> created;
  friend bool operator==(const PositionUpdate&, const PositionUpdate&) = default;
};

/// An open position of the local book. One per contract: that is the venue's netting key, position ids
/// change.
struct Position {
  ContractId contract;
  std::optional<PositionId> id;
  std::int32_t quantity = 0;   // signed: long positive; never 0 in the book
  bool direction_known = true; // false for type 0 with a size: counted, cannot be valued
  Price average_price;
  Epoch epoch = 0;
  Instant opened_at;    // when this epoch began
  Instant increased_at; // when |quantity| last grew
  Instant seen_at;      // last event or snapshot that spoke of it
  [[nodiscard]] std::int32_t size() const noexcept { return quantity < 0 ? -quantity : quantity; }
  friend bool operator==(const Position&, const Position&) = default;
};

} // namespace bulkhead::model
