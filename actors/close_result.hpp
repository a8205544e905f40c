#pragma once
// What became of every close and cancel of one enforcement, in the words of the audit: one CloseResult each,
// a BulkCloseResult over them. Plain values; written once, when the enforcement ends. Nothing is invented:
// price and profit stand only where fills told them.

#include "model/intent.hpp"
#include "model/money.hpp"

#include <optional>
#include <string>
#include <vector>

namespace bulkhead::actors {

struct CloseResult {
  enum class Status : std::uint8_t { pending, closed, already_flat, failed, deferred };
  std::string close_id; // the intent's: made before the first request
  model::EnforcementIntent::Kind action = model::EnforcementIntent::Kind::close_position;
  model::AccountId account;
  model::ContractId contract;
  model::OrderId order; // of a cancel
  model::Epoch position_epoch = 0;
  std::int32_t from = 0; // |quantity| when decided
  std::int32_t to = 0;   // the target
  std::int32_t requested_size = 0;
  std::int32_t closed_size = 0;             // by fills seen; 0 when none came in time
  std::optional<model::Price> closed_price; // volume-weighted
  std::optional<model::Money> pnl;          // sum of those fills
  std::string close_reason;
  std::string rule_id;
  model::Instant requested_at;
  model::Instant close_timestamp; // when it was proven or given up
  std::uint32_t attempts = 0;
  std::int64_t error_code = 0; // the last answer's, 0 for none
  std::string error_message;
  Status status = Status::pending;

  [[nodiscard]] bool success() const noexcept {
    return status == Status::closed || status == Status::already_flat;
  }
};
[[nodiscard]] std::string_view to_string(CloseResult::Status status) noexcept;

/// Invariant: total_positions = successful_closes + failed_closes + deferred, pending ones counting as
/// failed. Cancels are in `results` and not counted.
struct BulkCloseResult {
  std::uint32_t total_positions = 0;
  std::uint32_t successful_closes = 0;
  std::uint32_t failed_closes = 0;
  std::uint32_t deferred = 0;
  std::optional<model::Money> total_pnl; // of those that are known
  std::string close_reason;
  std::vector<CloseResult> results;
};
[[nodiscard]] BulkCloseResult sum_up(std::vector<CloseResult> results, std::string reason);

/// One line of JSON: what the account's journal keeps with the report of an intent.
[[nodiscard]] std::string to_json(const CloseResult& result);

} // namespace bulkhead::actors
