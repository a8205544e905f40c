#pragma once
// Who asks for something: a rule instance, the lockout gate, a guard or a person. Part of every lockout row,
// breach and intent id, so its text form must stay stable across releases.

#include "model/error.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace bulkhead::model {

struct Source {
  enum class Kind : std::uint8_t { rule, gate, manual, guard };
  Kind kind = Kind::rule;
  std::uint16_t number = 0;   // rule number, e.g. 3 for RULE-003; guard number for guards
  std::uint16_t instance = 0; // 0 when the rule has one block, else 1, 2, ...

  [[nodiscard]] static constexpr Source rule(std::uint16_t number, std::uint16_t instance = 0) {
    return {Kind::rule, number, instance};
  }
  [[nodiscard]] static constexpr Source gate() { return {Kind::gate, 0, 0}; }
  [[nodiscard]] static constexpr Source manual() { return {Kind::manual, 0, 0}; }
  /// The inverse of to_string. Errors: malformed.
  [[nodiscard]] static Result<Source> parse(std::string_view text);
  friend constexpr auto operator<=>(const Source&, const Source&) = default;
};

/// "RULE-003", "RULE-004#2", "gate", "manual", "guard-1".
[[nodiscard]] std::string to_string(Source source);

} // namespace bulkhead::model
