// REST answers: the documented samples, what is missing, what is broken, and refusals.
#include "protocol/projectx/responses.hpp"

#include <gtest/gtest.h>

namespace bulkhead::protocol::projectx {
namespace {

using namespace model;

HttpReply reply(std::string body, int status = 200) {
  HttpReply out;
  out.status = status;
  out.body = std::move(body);
  return out;
}
/// A success whose payload is `member`.
HttpReply success(const std::string& member) {
  return reply("{" + member + R"(,"success":true,"errorCode":0,"errorMessage":null})");
}
template <class T>
std::string error_of(const Result<T>& result) {
  return result ? "no error" : result.error().message();
}
template <class T>
Errc code_of(const Result<T>& result) {
  return result ? Errc::ok : result.error().code();
}
const std::string order_row =
    R"({"id":3300000701,"accountId":1,"contractId":"C","status":8,"type":4,"side":1,"size":2})";
const std::string fill_sample =
    R"({"id":3001000001,"accountId":41002233,"contractId":"CON.F.US.MNQ.U26",
    "creationTimestamp":"2026-09-02T17:51:07.965705+00:00","price":29105.75,"profitAndLoss":6.5,"fees":0.36,
    "commissions":0.25,"side":1,"size":1,"voided":false,"orderId":3300000703})";

TEST(ProjectxResponses, ReadTokens) {
  EXPECT_EQ(*read_token(success(R"("token":"eyJ.a\u0062")")), "eyJ.ab");
  EXPECT_EQ(code_of(read_token(success(R"("token":null)"))), Errc::missing);
  EXPECT_EQ(code_of(read_token(success(R"("token":"")"))), Errc::missing);
  const std::string longest(4096, 't');
  EXPECT_EQ(*read_token(success(R"("token":")" + longest + "\"")), longest);
  EXPECT_EQ(*read_new_token(success(R"("newToken":"eyJ")")), "eyJ");
  EXPECT_EQ(*read_new_token(success(R"("newToken":null)")), std::nullopt);
  EXPECT_EQ(*read_new_token(success(R"("other":1)")), std::nullopt);
}
TEST(ProjectxResponses, NameARefusedLogin) {
  const auto refused =
      read_token(reply(R"({"token":null,"success":false,"errorCode":3,"errorMessage":null})"));
  EXPECT_EQ(code_of(refused), Errc::rejected);
  EXPECT_EQ(error_of(refused), "/api/Auth/loginKey: code 3 InvalidCredentials");
  const auto expired = read_new_token(reply(R"({"success":false,"errorCode":3,"errorMessage":"gone"})"));
  EXPECT_EQ(code_of(expired), Errc::unauthorized);
  EXPECT_EQ(error_of(expired), "/api/Auth/validate: code 3 ExpiredToken: gone");
}

TEST(ProjectxResponses, ReadAccounts) {
  const auto accounts = read_accounts(success(R"("accounts":[{"id":41002233,"name":"PRAC-V2-100-555",
    "balance":151204.36,"canTrade":true,"isVisible":true,"simulated":true},{"id":2}])"));
  ASSERT_EQ(error_of(accounts), "no error");
  ASSERT_EQ(accounts->size(), 2U);
  EXPECT_EQ(accounts->at(0).balance, Money{151'204'360'000});
  Account bare;
  bare.id = AccountId{2};
  EXPECT_EQ(accounts->at(1), bare);
}

TEST(ProjectxResponses, ReadContracts) {
  const std::string sample = R"({"id":"CON.F.US.JY6.U26","name":"6JU6","description":"Japanese Yen",
    "tickSize":5e-7,"tickValue":6.250000000,"activeContract":false,"symbolId":"F.US.JY6"})";
  const Contract expected{
      ContractId{"CON.F.US.JY6.U26"}, "6JU6", "Japanese Yen", {Price{500}, Money{6'250'000}},
      SymbolId{"F.US.JY6"},           false};
  for (const auto endpoint : {Endpoint::contract_search, Endpoint::contract_available}) {
    const auto contracts = read_contracts(endpoint, success("\"contracts\":[" + sample + "]"));
    ASSERT_EQ(error_of(contracts), "no error");
    EXPECT_EQ(*contracts, std::vector<Contract>{expected});
  }
  EXPECT_EQ(*read_contract(success("\"contract\":" + sample)), expected);
  const auto gone =
      read_contract(reply(R"({"contract":null,"success":false,"errorCode":1,"errorMessage":null})"));
  EXPECT_EQ(code_of(gone), Errc::not_found);
}
TEST(ProjectxResponses, RefuseContractsThatCannotBeValued) {
  const std::pair<std::string, std::string> rows[] = {
      {R"({"tickSize":1,"tickValue":1})", "id: missing"},
      {R"({"id":"C","tickValue":1})", "tickSize: missing"},
      {R"({"id":"C","tickSize":1})", "tickValue: missing"},
      {R"({"id":"C","tickSize":0,"tickValue":1})", "tickSize: not above zero"},
      {R"({"id":"C","tickSize":1,"tickValue":-1})", "tickValue: not above zero"},
      {R"({"id":"C","tickSize":1,"tickValue":1,"activeContract":1})",
       "activeContract: neither true nor false"}};
  for (const auto& [row, why] : rows) {
    EXPECT_EQ(error_of(read_contract(success("\"contract\":" + row))),
              "/api/Contract/searchById: contract: " + why);
  }
}

TEST(ProjectxResponses, ReadPositions) {
  const auto positions = read_positions(success(R"("positions":[{"id":700112233,"accountId":41002233,
    "contractId":"CON.F.US.MNQ.U26","contractDisplayName":"MNQU26",
    "creationTimestamp":"2026-09-02T14:15:48.611302+00:00","type":2,"size":1,"averagePrice":29010.5}])"));
  ASSERT_EQ(error_of(positions), "no error");
  ASSERT_EQ(positions->size(), 1U);
  EXPECT_EQ(positions->at(0).type, PositionType::short_);
  EXPECT_TRUE(read_positions(success(R"("positions":[])"))->empty());
}
TEST(ProjectxResponses, CallAnAbsentOrNullListUnproven) {
  for (const std::string member : {R"("positions":null)", R"("other":[])"}) {
    EXPECT_EQ(code_of(read_positions(success(member))), Errc::missing) << member;
  }
  EXPECT_EQ(code_of(read_order(success(R"("order":null)"))), Errc::missing);
  EXPECT_EQ(code_of(read_positions(success(R"("positions":{})"))), Errc::malformed);
}
TEST(ProjectxResponses, RefuseTheWholeAnswerForOneBrokenRow) {
  const auto broken = [](const std::string& row) {
    return error_of(read_positions(
        success(R"("positions":[{"accountId":1,"contractId":"C","type":1,"size":1},)" + row + "]")));
  };
  EXPECT_EQ(broken(R"({"accountId":1,"contractId":"C","type":1,"size":-1})"),
            "/api/Position/searchOpen: positions[1]: size: -1 is outside 0..1000000");
  EXPECT_EQ(broken(R"({"accountId":1,"contractId":"C","type":1,"voided":true})"),
            "/api/Position/searchOpen: positions[1]: size: missing");
  EXPECT_EQ(broken("null").substr(0, 42), "/api/Position/searchOpen: positions[1]: no");
  EXPECT_EQ(broken(R"({"accountId":1,"contractId":"C","type":1,"size":1,"x":{"size":[]}})"), "no error");
}
TEST(ProjectxResponses, LetARefusalOutrankABrokenRow) {
  const auto refused =
      read_positions(reply(R"({"positions":[{}],"success":false,"errorCode":1,"errorMessage":null})"));
  EXPECT_EQ(error_of(refused), "/api/Position/searchOpen: code 1 AccountNotFound");
}

TEST(ProjectxResponses, ReadOrders) {
  for (const auto endpoint : {Endpoint::order_search_open, Endpoint::order_search, Endpoint::order_query}) {
    const auto page = read_orders(endpoint, success("\"orders\":[" + order_row + "]"));
    ASSERT_EQ(error_of(page), "no error");
    ASSERT_EQ(page->orders.size(), 1U);
    EXPECT_EQ(page->orders[0].status, OrderStatus::suspended);
    EXPECT_EQ(page->total, std::nullopt);
  }
  EXPECT_EQ(read_orders(Endpoint::order_query, success(R"("orders":[],"totalCount":101)"))->total, 101);
  EXPECT_EQ(read_orders(Endpoint::order_query, success(R"("totalCount":null,"orders":[])"))->total,
            std::nullopt);
  EXPECT_EQ(error_of(read_orders(Endpoint::order_query, success(R"("orders":[],"totalCount":-1)"))),
            "/api/Order/v2/query: totalCount: negative");
  EXPECT_EQ(read_order(success("\"order\":" + order_row))->id, OrderId{3300000701});
}
TEST(ProjectxResponses, BelieveAPlacedOrderOnlyOnSuccess) {
  EXPECT_EQ(*read_placed(success(R"("orderId":3300000701)")), OrderId{3300000701});
  const auto refused =
      read_placed(reply(R"({"orderId":3300000702,"success":false,"errorCode":2,"errorMessage":"No."})"));
  EXPECT_EQ(error_of(refused), "/api/Order/place: code 2 OrderRejected: No.");
  EXPECT_EQ(code_of(read_placed(reply(R"({"orderId":1,"success":true,"errorCode":6})"))), Errc::rejected);
  EXPECT_EQ(code_of(read_placed(success(R"("orderId":null)"))), Errc::missing);
}

TEST(ProjectxResponses, ReadFillsAndKeepVoidedOnes) {
  const auto fills =
      read_fills(success("\"trades\":[" + fill_sample + R"(,{"id":5,"accountId":1,"contractId":"C",
    "creationTimestamp":"2026-09-02T17:51:07","profitAndLoss":null,"side":0,"size":1,"voided":true}])"));
  ASSERT_EQ(error_of(fills), "no error");
  ASSERT_EQ(fills->size(), 2U);
  EXPECT_EQ(fills->at(0).pnl, Money{6'500'000});
  EXPECT_EQ(fills->at(0).costs(), Money{610'000});
  EXPECT_TRUE(fills->at(1).voided);
}
TEST(ProjectxResponses, SkipOnlyVoidedFillsThatCannotBeRead) {
  EXPECT_EQ(read_fills(success("\"trades\":[{\"id\":5,\"voided\":true}," + fill_sample + "]"))->size(), 1U);
  EXPECT_EQ(error_of(read_fills(success("\"trades\":[" + fill_sample + R"(,{"id":5,"voided":"true"}])"))),
            "/api/Trade/search: trades[1]: accountId: missing");
}

TEST(ProjectxResponses, SortBarsOldestFirst) {
  const auto bars = read_bars(success(R"("bars":[
    {"t":"2026-09-02T19:30:00+00:00","o":29101,"h":29104.5,"l":29100.75,"c":29103.25,"v":152},
    {"t":"2026-09-02T19:29:00","o":1,"h":2,"l":0.5,"c":1.5,"v":1,"d":"x","k":5}])"));
  ASSERT_EQ(error_of(bars), "no error");
  ASSERT_EQ(bars->size(), 2U);
  EXPECT_EQ(bars->at(1).close, Price{29'103'250'000'000});
  EXPECT_EQ(bars->at(1).volume, 152);
  EXPECT_LT(bars->at(0).opened_at, bars->at(1).opened_at);
  EXPECT_EQ(error_of(read_bars(success(R"("bars":[{"t":"2026-09-02T19:29:00","o":1,"h":2,"l":1}])"))),
            "/api/History/retrieveBars: bars[0]: c: missing");
}

TEST(ProjectxResponses, TellStatusesApart) {
  const std::pair<int, Errc> expected[] = {{401, Errc::unauthorized}, {429, Errc::rate_limited},
                                           {503, Errc::server_error}, {408, Errc::server_error},
                                           {404, Errc::rejected},     {400, Errc::rejected}};
  for (const auto& [status, errc] : expected) {
    EXPECT_EQ(code_of(read_positions(reply(R"({"positions":[],"success":true,"errorCode":0})", status))),
              errc)
        << status;
    EXPECT_EQ(error_of(read_accounts(reply("<html>", status))),
              "/api/Account/search: HTTP " + std::to_string(status));
  }
}
TEST(ProjectxResponses, FinishWithoutAPayload) {
  EXPECT_TRUE(read_done(Endpoint::order_cancel, success(R"("x":1)")).has_value());
  EXPECT_EQ(code_of(read_done(Endpoint::order_cancel, reply("{}"))), Errc::missing);
  EXPECT_EQ(code_of(read_done(Endpoint::order_cancel, reply(R"({"success":false,"errorCode":5})"))),
            Errc::not_found);
}
TEST(ProjectxResponses, BoundTheRows) {
  std::string rows = "\"accounts\":[";
  for (std::size_t i = 0; i < most_rows; ++i) rows += R"({"id":1},)";
  EXPECT_EQ(read_accounts(success(rows + R"({"id":1}])")).error().code(), Errc::out_of_range);
  rows.back() = ']';
  EXPECT_EQ(read_accounts(success(rows))->size(), most_rows);
}

} // namespace
} // namespace bulkhead::protocol::projectx
