// Every row of the error tables, and what statuses, bodies and texts make of an answer.
#include "protocol/projectx/error_codes.hpp"

#include <gtest/gtest.h>

namespace bulkhead::protocol::projectx {
namespace {

using enum Answer;

std::string envelope(int code, std::string_view message = "null") {
  return R"({"success":false,"errorCode":)" + std::to_string(code) + R"(,"errorMessage":)" +
         std::string(message) + "}";
}
const std::string success = R"({"success":true,"errorCode":0,"errorMessage":null})";

struct Row {
  std::string_view name;
  Answer answer;
};

/// Compares a whole table: the names in order, what each code means, and that it ends there.
void expect_table(Endpoint endpoint, const std::vector<Row>& rows) {
  for (std::size_t code = 0; code < rows.size(); ++code) {
    const auto number = static_cast<std::int64_t>(code);
    EXPECT_EQ(code_name(endpoint, number), rows[code].name) << path(endpoint) << " code " << code;
    EXPECT_EQ(answer_of(endpoint, number), rows[code].answer) << path(endpoint) << " code " << code;
  }
  for (const std::int64_t beyond :
       {static_cast<std::int64_t>(rows.size()), std::int64_t{-1}, std::int64_t{1} << 40}) {
    EXPECT_EQ(code_name(endpoint, beyond), "") << path(endpoint);
    EXPECT_EQ(answer_of(endpoint, beyond), unknown_error) << path(endpoint);
  }
}

TEST(ProjectxErrorCodes, Login) {
  expect_table(Endpoint::login_key, {{"Success", accepted},
                                     {"UserNotFound", rejected},
                                     {"PasswordVerificationFailed", rejected},
                                     {"InvalidCredentials", rejected},
                                     {"AppNotFound", rejected},
                                     {"AppVerificationFailed", rejected},
                                     {"InvalidDevice", rejected},
                                     {"AgreementsNotSigned", rejected},
                                     {"UnknownError", unknown_error},
                                     {"ApiSubscriptionNotFound", rejected},
                                     {"ApiKeyAuthenticationDisabled", rejected}});
}
TEST(ProjectxErrorCodes, Validate) {
  expect_table(Endpoint::validate, {{"Success", accepted},
                                    {"InvalidSession", unauthorized},
                                    {"SessionNotFound", unauthorized},
                                    {"ExpiredToken", unauthorized},
                                    {"UnknownError", unknown_error}});
}
TEST(ProjectxErrorCodes, Logout) {
  expect_table(Endpoint::logout,
               {{"Success", accepted}, {"InvalidSession", unauthorized}, {"UnknownError", unknown_error}});
}
TEST(ProjectxErrorCodes, SearchesThatOnlySucceed) {
  for (const auto endpoint :
       {Endpoint::account_search, Endpoint::contract_search, Endpoint::contract_available}) {
    expect_table(endpoint, {{"Success", accepted}});
  }
}
TEST(ProjectxErrorCodes, ContractSearchById) {
  expect_table(Endpoint::contract_search_by_id, {{"Success", accepted}, {"ContractNotFound", not_found}});
}
TEST(ProjectxErrorCodes, RetrieveBars) {
  expect_table(Endpoint::retrieve_bars, {{"Success", accepted},
                                         {"ContractNotFound", not_found},
                                         {"UnitInvalid", rejected},
                                         {"UnitNumberInvalid", rejected},
                                         {"LimitInvalid", rejected}});
}
TEST(ProjectxErrorCodes, SearchesOfAnAccount) {
  for (const auto endpoint : {Endpoint::order_search, Endpoint::order_search_open, Endpoint::order_query,
                              Endpoint::position_search_open, Endpoint::trade_search}) {
    expect_table(endpoint, {{"Success", accepted}, {"AccountNotFound", account_refused}});
  }
}
TEST(ProjectxErrorCodes, OrderSearchById) {
  expect_table(Endpoint::order_search_by_id, {{"Success", accepted}, {"OrderNotFound", not_found}});
}
TEST(ProjectxErrorCodes, Place) {
  expect_table(Endpoint::order_place, {{"Success", accepted},
                                       {"AccountNotFound", account_refused},
                                       {"OrderRejected", rejected},
                                       {"InsufficientFunds", rejected},
                                       {"AccountViolation", account_refused},
                                       {"OutsideTradingHours", market_closed},
                                       {"OrderPending", pending},
                                       {"UnknownError", unknown_error},
                                       {"ContractNotFound", market_closed},
                                       {"ContractNotActive", market_closed},
                                       {"AccountRejected", account_refused}});
}
TEST(ProjectxErrorCodes, Modify) {
  expect_table(Endpoint::order_modify, {{"Success", accepted},
                                        {"AccountNotFound", account_refused},
                                        {"OrderNotFound", not_found},
                                        {"Rejected", rejected},
                                        {"Pending", pending},
                                        {"UnknownError", unknown_error},
                                        {"AccountRejected", account_refused},
                                        {"ContractNotFound", market_closed}});
}
TEST(ProjectxErrorCodes, Cancel) {
  expect_table(Endpoint::order_cancel, {{"Success", accepted},
                                        {"AccountNotFound", account_refused},
                                        {"OrderNotFound", not_found},
                                        {"Rejected", rejected},
                                        {"Pending", pending},
                                        {"UnknownError", not_found},
                                        {"AccountRejected", account_refused}});
}
TEST(ProjectxErrorCodes, Close) {
  expect_table(Endpoint::position_close, {{"Success", accepted},
                                          {"AccountNotFound", account_refused},
                                          {"PositionNotFound", not_found},
                                          {"ContractNotFound", market_closed},
                                          {"ContractNotActive", market_closed},
                                          {"OrderRejected", rejected},
                                          {"OrderPending", pending},
                                          {"UnknownError", unknown_error},
                                          {"AccountRejected", account_refused}});
}
TEST(ProjectxErrorCodes, PartialClose) {
  expect_table(Endpoint::position_partial_close, {{"Success", accepted},
                                                  {"AccountNotFound", account_refused},
                                                  {"PositionNotFound", not_found},
                                                  {"ContractNotFound", market_closed},
                                                  {"ContractNotActive", market_closed},
                                                  {"InvalidCloseSize", invalid_size},
                                                  {"OrderRejected", rejected},
                                                  {"OrderPending", pending},
                                                  {"UnknownError", unknown_error},
                                                  {"AccountRejected", account_refused}});
}

TEST(ProjectxClassify, AcceptsSuccessWithCodeZeroOnly) {
  EXPECT_EQ(classify(Endpoint::position_close, 200, success), (Classified{accepted, 0, ""}));
  const auto contradiction = classify(Endpoint::position_close, 200, R"({"success":true,"errorCode":5})");
  EXPECT_EQ(contradiction.answer, rejected);
  EXPECT_EQ(contradiction.code, 5);
}

TEST(ProjectxClassify, ReadsTheEnvelopeBehindAPayload) {
  const auto place =
      classify(Endpoint::order_place, 200,
               R"({"orderId":3300000702,"success":false,"errorCode":2,"errorMessage":"Brackets"})");
  EXPECT_EQ(place, (Classified{rejected, 2, "Brackets"}));
}

TEST(ProjectxClassify, FindsTheClosedMarketInARefusalsText) {
  constexpr std::string_view text =
      R"("Trading is currently unavailable. The instrument is not in an active trading status.")";
  EXPECT_EQ(classify(Endpoint::order_place, 200, envelope(2, text)).answer, market_closed);
  EXPECT_EQ(classify(Endpoint::position_close, 200, envelope(5, text)).answer, market_closed);
  EXPECT_EQ(classify(Endpoint::position_partial_close, 200, envelope(6, text)).answer, market_closed);
  EXPECT_EQ(
      classify(Endpoint::position_close, 200, envelope(5, R"("NOT IN AN ACTIVE TRADING STATUS")")).answer,
      market_closed);
  EXPECT_EQ(classify(Endpoint::position_close, 200, envelope(5, R"("Not enough margin.")")).answer, rejected);
  EXPECT_EQ(classify(Endpoint::position_close, 200, envelope(2, text)).answer, not_found);
}

TEST(ProjectxClassify, TakesAPartialCloseRefusedWithoutAWordForAClosedMarket) {
  EXPECT_EQ(classify(Endpoint::position_partial_close, 200, envelope(6)).answer, market_closed);
  EXPECT_EQ(classify(Endpoint::position_partial_close, 200, R"({"success":false,"errorCode":6})").answer,
            market_closed);
  EXPECT_EQ(classify(Endpoint::position_partial_close, 200, envelope(6, R"("No")")).answer, rejected);
  EXPECT_EQ(classify(Endpoint::position_close, 200, envelope(5)).answer, rejected);
}

TEST(ProjectxClassify, LooksAtTheStatusBeforeTheBody) {
  const std::pair<int, Answer> expected[] = {
      {401, unauthorized}, {429, rate_limited}, {408, transient}, {500, transient}, {502, transient},
      {503, transient},    {599, transient},    {400, fatal},     {403, fatal},     {404, fatal},
      {415, fatal},        {422, fatal},        {302, fatal},     {0, fatal},       {600, fatal}};
  for (const auto& [status, answer] : expected) {
    for (const std::string& body :
         {std::string(), std::string("<html>502 Bad Gateway</html>"), success, envelope(2)}) {
      EXPECT_EQ(classify(Endpoint::position_close, status, body).answer, answer) << status << " " << body;
    }
  }
  EXPECT_EQ(classify(Endpoint::order_place, 500, envelope(2, R"("why")")), (Classified{transient, 2, "why"}));
}

TEST(ProjectxClassify, CallsAnAnswerWithoutACompleteEnvelopeMalformed) {
  for (const std::string_view body :
       {"", "<html></html>", "\"pong\"", "null", "[]", "{}", R"({"success":true})", R"({"errorCode":0})",
        R"({"success":"true","errorCode":0})", R"({"success":true,"errorCode":null})",
        R"({"success":true,"errorCode":"x"})", R"({"success":false,"errorCode":0})",
        R"({"success":true,"errorCode":0)", R"({"success":true,"errorCode":0}x)",
        R"({"success":true,"errorCode":0,"errorMessage":5})"}) {
    EXPECT_EQ(classify(Endpoint::position_close, 200, body).answer, malformed) << body;
  }
}

TEST(ProjectxClassify, NeverAcceptsAPrefixOfASuccess) {
  for (std::size_t length = 0; length < success.size(); ++length) {
    EXPECT_EQ(classify(Endpoint::order_cancel, 200, success.substr(0, length)).answer, malformed) << length;
  }
}

TEST(ProjectxClassify, TakesAnyAnswerToAPingForLife) {
  EXPECT_EQ(classify(Endpoint::ping, 200, "pong").answer, accepted);
  EXPECT_EQ(classify(Endpoint::ping, 200, "").answer, accepted);
  EXPECT_EQ(classify(Endpoint::ping, 503, "pong").answer, transient);
}

TEST(ProjectxClassify, BoundsTheMessage) {
  const std::string text = "\"" + std::string(5000, 'm') + "\"";
  EXPECT_EQ(classify(Endpoint::order_place, 200, envelope(2, text)).message.size(), 256U);
}

TEST(ProjectxClassify, HasAWordForEveryAnswer) {
  for (int answer = 0; answer <= static_cast<int>(malformed); ++answer) {
    EXPECT_FALSE(to_string(static_cast<Answer>(answer)).empty()) << answer;
  }
}

} // namespace
} // namespace bulkhead::protocol::projectx
