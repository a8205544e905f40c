// The simulator's numbers against the protocol's tables: both sides must mean the same.
#include "simulator/codes.hpp"

#include "protocol/projectx/error_codes.hpp"

#include <gtest/gtest.h>

namespace bulkhead::simulator {
namespace {

using protocol::projectx::code_name;
using protocol::projectx::Endpoint;

TEST(Codes, MeanWhatTheProtocolReads) {
  EXPECT_EQ(code_name(Endpoint::login_key, number(LoginCode::invalid_credentials)), "InvalidCredentials");
  EXPECT_EQ(code_name(Endpoint::position_search_open, number(SearchCode::not_found)), "AccountNotFound");
  EXPECT_EQ(code_name(Endpoint::order_search_by_id, number(SearchCode::not_found)), "OrderNotFound");
  EXPECT_EQ(code_name(Endpoint::retrieve_bars, number(BarsCode::limit_invalid)), "LimitInvalid");
  EXPECT_EQ(code_name(Endpoint::order_place, number(PlaceCode::order_rejected)), "OrderRejected");
  EXPECT_EQ(code_name(Endpoint::order_place, number(PlaceCode::account_violation)), "AccountViolation");
  EXPECT_EQ(code_name(Endpoint::order_place, number(PlaceCode::contract_not_found)), "ContractNotFound");
  EXPECT_EQ(code_name(Endpoint::order_place, number(PlaceCode::contract_not_active)), "ContractNotActive");
  EXPECT_EQ(code_name(Endpoint::order_modify, number(ModifyCode::rejected)), "Rejected");
  EXPECT_EQ(code_name(Endpoint::order_cancel, number(CancelCode::unknown_error)), "UnknownError");
  EXPECT_EQ(code_name(Endpoint::order_cancel, number(CancelCode::account_rejected)), "AccountRejected");
  EXPECT_EQ(code_name(Endpoint::position_close, number(CloseCode::position_not_found)), "PositionNotFound");
  EXPECT_EQ(code_name(Endpoint::position_close, number(CloseCode::order_rejected)), "OrderRejected");
  EXPECT_EQ(code_name(Endpoint::position_close, number(CloseCode::account_rejected)), "AccountRejected");
  const auto partial = [](PartialCloseCode code) {
    return code_name(Endpoint::position_partial_close, number(code));
  };
  EXPECT_EQ(partial(PartialCloseCode::invalid_close_size), "InvalidCloseSize");
  EXPECT_EQ(partial(PartialCloseCode::order_rejected), "OrderRejected");
  EXPECT_EQ(partial(PartialCloseCode::account_rejected), "AccountRejected");
}

} // namespace
} // namespace bulkhead::simulator
