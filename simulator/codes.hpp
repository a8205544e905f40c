#pragma once
// The error codes the simulated gateway answers with, per endpoint (gateway-api 2.12): the same number means
// different things on different endpoints. Constants; any thread.

namespace bulkhead::simulator {

enum class LoginCode { ok = 0, invalid_credentials = 3 };
enum class SearchCode { ok = 0, not_found = 1 };
enum class BarsCode {
  ok = 0,
  contract_not_found = 1,
  unit_invalid = 2,
  unit_number_invalid = 3,
  limit_invalid = 4
};
enum class PlaceCode {
  ok = 0,
  account_not_found = 1,
  order_rejected = 2,
  account_violation = 4,
  contract_not_found = 8,
  contract_not_active = 9,
};
enum class ModifyCode { ok = 0, account_not_found = 1, order_not_found = 2, rejected = 3 };
enum class CancelCode {
  ok = 0,
  account_not_found = 1,
  order_not_found = 2,
  unknown_error = 5,
  account_rejected = 6
};
enum class CloseCode {
  ok = 0,
  account_not_found = 1,
  position_not_found = 2,
  contract_not_found = 3,
  order_rejected = 5,
  account_rejected = 8,
};
enum class PartialCloseCode {
  ok = 0,
  account_not_found = 1,
  position_not_found = 2,
  contract_not_found = 3,
  invalid_close_size = 5,
  order_rejected = 6,
  account_rejected = 9,
};

template <class Code>
[[nodiscard]] constexpr int number(Code code) noexcept {
  return static_cast<int>(code);
}

} // namespace bulkhead::simulator
