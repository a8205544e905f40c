#pragma once
// A rule's condition became true. Carries the measured value beside the limit, so that every alert and audit
// record can say how far.

#include "model/ids.hpp"
#include "model/money.hpp"
#include "model/source.hpp"
#include "model/time.hpp"

#include <optional>
#include <string>

namespace bulkhead::model {

/// A value with its unit: what a limit is and what was measured against it.
struct Measure {
  enum class Unit : std::uint8_t { contracts, tenths_of_mini, money, count, seconds, percent };
  Unit unit = Unit::contracts;
  std::int64_t value = 0; // micro-dollars for money, else the plain number
  [[nodiscard]] static Measure contracts(std::int64_t n) { return {Unit::contracts, n}; }
  [[nodiscard]] static Measure money(Money m) { return {Unit::money, m.micros}; }
  friend bool operator==(const Measure&, const Measure&) = default;
};
[[nodiscard]] std::string to_string(const Measure& m); // "6 contracts", "-$520.00", "5.1 minis"

struct Breach {
  Source source;
  AccountId account;
  std::optional<ContractId> contract; // none: the account as a whole
  Measure actual;
  Measure limit;
  std::string reason; // for people
  Instant at;
  bool dry_run = false;
  friend bool operator==(const Breach&, const Breach&) = default;
};

} // namespace bulkhead::model
