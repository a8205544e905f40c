#pragma once
// Lockouts. A lockout is a row, not a flag: an account has a set of them, one per scope and source, so that a
// short cooldown can never replace the loss lockout of the day (rules.md 3.2). Plain data; the account that
// holds the set changes it in its own turn.

#include "model/ids.hpp"
#include "model/source.hpp"
#include "model/time.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace bulkhead::model {

enum class LockoutKind : std::uint8_t { hard, cooldown, session, external, symbol, manual };
/// flatten: nothing may be open in scope. no_new_exposure: what was open may stay or shrink.
enum class LockoutMode : std::uint8_t { flatten, no_new_exposure };
enum class ClearCause : std::uint8_t {
  expiry,
  daily_reset,
  session_start,
  can_trade_restored,
  config_change,
  admin
};

[[nodiscard]] std::string_view to_string(LockoutKind kind) noexcept;
[[nodiscard]] std::string_view to_string(LockoutMode mode) noexcept;
[[nodiscard]] std::string_view to_string(ClearCause cause) noexcept;

/// A set of causes, kept as bits.
struct ClearOn {
  std::uint8_t bits = 0;
  [[nodiscard]] constexpr ClearOn with(ClearCause c) const {
    return {static_cast<std::uint8_t>(bits | (1U << static_cast<unsigned>(c)))};
  }
  [[nodiscard]] constexpr bool has(ClearCause c) const {
    return (bits & (1U << static_cast<unsigned>(c))) != 0;
  }
  friend constexpr bool operator==(ClearOn, ClearOn) = default;
};

struct Lockout {
  std::optional<Root> symbol; // none: the whole account
  Source source;
  LockoutKind kind = LockoutKind::hard;
  LockoutMode mode = LockoutMode::flatten;
  std::string reason;
  Instant created_at;
  std::optional<Instant> expires_at; // none: until one of clear_on happens
  ClearOn clear_on;
  std::map<ContractId, std::int32_t> baseline; // no_new_exposure: signed quantity that may stay, per contract
  std::uint32_t violations = 0;                // gate actions while it stood
  friend bool operator==(const Lockout&, const Lockout&) = default;
};

/// A lockout that ended, and why.
struct ClearedLockout {
  Lockout lockout;
  ClearCause cause = ClearCause::expiry;
  Instant at;
  friend bool operator==(const ClearedLockout&, const ClearedLockout&) = default;
};

/// All lockouts of one account. Rows end only through expire(), clear_by() and clear_source().
class LockoutSet {
public:
  /// Adds or extends the row of (scope, source). Extending never shortens: of two ends the later one stays,
  /// and an indefinite row stays indefinite. True when anything changed.
  bool set(const Lockout& lockout);
  /// Ends rows whose expiry is at or before `now` (inclusive).
  [[nodiscard]] std::vector<ClearedLockout> expire(Instant now);
  /// Ends rows that name `cause` in clear_on (a daily reset, a restored permission, ...).
  [[nodiscard]] std::vector<ClearedLockout> clear_by(ClearCause cause, Instant now);
  /// Ends the rows of one source, whatever their scope.
  [[nodiscard]] std::vector<ClearedLockout> clear_source(Source source, ClearCause cause, Instant now);

  [[nodiscard]] bool has_row_of(Source source) const noexcept;
  [[nodiscard]] bool locked() const noexcept { return !rows_.empty(); }
  /// The strongest mode that binds `root` (account rows and the root's own); none when nothing does.
  [[nodiscard]] std::optional<LockoutMode> mode_for(const Root& root) const;
  /// The row to show: the one with the latest end, indefinite above all. Null when there is none.
  [[nodiscard]] const Lockout* display_row() const;
  [[nodiscard]] std::optional<Instant> next_expiry() const;
  [[nodiscard]] const std::vector<Lockout>& rows() const noexcept { return rows_; }
  [[nodiscard]] std::vector<Lockout>& rows() noexcept { return rows_; }
  friend bool operator==(const LockoutSet&, const LockoutSet&) = default;

private:
  template <class Pred>
  std::vector<ClearedLockout> clear_if(Pred ends, ClearCause cause, Instant now);
  std::vector<Lockout> rows_; // few: one per scope and source
};

[[nodiscard]] bool covers(const Lockout& row, const Root& root);

} // namespace bulkhead::model
