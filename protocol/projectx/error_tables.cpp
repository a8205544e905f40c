#include "protocol/projectx/error_codes.hpp"

#include <span>

namespace bulkhead::protocol::projectx {
namespace {

struct Code {
  std::string_view name;
  Answer answer = Answer::unknown_error;
};
using enum Answer;

// The position in a table is the code.
constexpr Code login_codes[] = {{"Success", accepted},
                                {"UserNotFound", rejected},
                                {"PasswordVerificationFailed", rejected},
                                {"InvalidCredentials", rejected},
                                {"AppNotFound", rejected},
                                {"AppVerificationFailed", rejected},
                                {"InvalidDevice", rejected},
                                {"AgreementsNotSigned", rejected},
                                {"UnknownError", unknown_error},
                                {"ApiSubscriptionNotFound", rejected},
                                {"ApiKeyAuthenticationDisabled", rejected}};
constexpr Code validate_codes[] = {{"Success", accepted},
                                   {"InvalidSession", unauthorized},
                                   {"SessionNotFound", unauthorized},
                                   {"ExpiredToken", unauthorized},
                                   {"UnknownError", unknown_error}};
constexpr Code logout_codes[] = {
    {"Success", accepted}, {"InvalidSession", unauthorized}, {"UnknownError", unknown_error}};
constexpr Code success_only[] = {{"Success", accepted}};
constexpr Code contract_codes[] = {{"Success", accepted}, {"ContractNotFound", not_found}};
constexpr Code bar_codes[] = {{"Success", accepted},
                              {"ContractNotFound", not_found},
                              {"UnitInvalid", rejected},
                              {"UnitNumberInvalid", rejected},
                              {"LimitInvalid", rejected}};
constexpr Code account_codes[] = {{"Success", accepted}, {"AccountNotFound", account_refused}};
constexpr Code order_codes[] = {{"Success", accepted}, {"OrderNotFound", not_found}};
constexpr Code place_codes[] = {{"Success", accepted},
                                {"AccountNotFound", account_refused},
                                {"OrderRejected", rejected},
                                {"InsufficientFunds", rejected},
                                {"AccountViolation", account_refused},
                                {"OutsideTradingHours", market_closed},
                                {"OrderPending", pending},
                                {"UnknownError", unknown_error},
                                {"ContractNotFound", market_closed},
                                {"ContractNotActive", market_closed},
                                {"AccountRejected", account_refused}};
constexpr Code modify_codes[] = {{"Success", accepted},
                                 {"AccountNotFound", account_refused},
                                 {"OrderNotFound", not_found},
                                 {"Rejected", rejected},
                                 {"Pending", pending},
                                 {"UnknownError", unknown_error},
                                 {"AccountRejected", account_refused},
                                 {"ContractNotFound", market_closed}};
// Cancelling an order that has already ended was answered with 5 as well as with 2.
constexpr Code cancel_codes[] = {{"Success", accepted},
                                 {"AccountNotFound", account_refused},
                                 {"OrderNotFound", not_found},
                                 {"Rejected", rejected},
                                 {"Pending", pending},
                                 {"UnknownError", not_found},
                                 {"AccountRejected", account_refused}};
constexpr Code close_codes[] = {{"Success", accepted},
                                {"AccountNotFound", account_refused},
                                {"PositionNotFound", not_found},
                                {"ContractNotFound", market_closed},
                                {"ContractNotActive", market_closed},
                                {"OrderRejected", rejected},
                                {"OrderPending", pending},
                                {"UnknownError", unknown_error},
                                {"AccountRejected", account_refused}};
constexpr Code partial_codes[] = {{"Success", accepted},
                                  {"AccountNotFound", account_refused},
                                  {"PositionNotFound", not_found},
                                  {"ContractNotFound", market_closed},
                                  {"ContractNotActive", market_closed},
                                  {"InvalidCloseSize", invalid_size},
                                  {"OrderRejected", rejected},
                                  {"OrderPending", pending},
                                  {"UnknownError", unknown_error},
                                  {"AccountRejected", account_refused}};

std::span<const Code> codes_of(Endpoint endpoint) noexcept {
  switch (endpoint) {
  case Endpoint::login_key: return login_codes;
  case Endpoint::validate: return validate_codes;
  case Endpoint::logout: return logout_codes;
  case Endpoint::account_search:
  case Endpoint::contract_search:
  case Endpoint::contract_available: return success_only;
  case Endpoint::contract_search_by_id: return contract_codes;
  case Endpoint::retrieve_bars: return bar_codes;
  case Endpoint::position_search_open:
  case Endpoint::order_search_open:
  case Endpoint::order_search:
  case Endpoint::order_query:
  case Endpoint::trade_search: return account_codes;
  case Endpoint::order_search_by_id: return order_codes;
  case Endpoint::order_place: return place_codes;
  case Endpoint::order_modify: return modify_codes;
  case Endpoint::order_cancel: return cancel_codes;
  case Endpoint::position_close: return close_codes;
  case Endpoint::position_partial_close: return partial_codes;
  case Endpoint::ping:
  case Endpoint::count: break;
  }
  return {};
}

const Code* find_code(Endpoint endpoint, std::int64_t code) noexcept {
  const auto codes = codes_of(endpoint);
  return code >= 0 && static_cast<std::size_t>(code) < codes.size() ? &codes[static_cast<std::size_t>(code)]
                                                                    : nullptr;
}

} // namespace

std::string_view code_name(Endpoint endpoint, std::int64_t code) noexcept {
  const Code* found = find_code(endpoint, code);
  return found != nullptr ? found->name : std::string_view{};
}

Answer answer_of(Endpoint endpoint, std::int64_t code) noexcept {
  const Code* found = find_code(endpoint, code);
  return found != nullptr ? found->answer : unknown_error;
}

} // namespace bulkhead::protocol::projectx
