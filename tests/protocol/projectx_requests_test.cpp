// Every request byte for byte.
#include "protocol/projectx/requests.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace bulkhead::protocol::projectx {
namespace {

using namespace model;

const Caller caller{LaneId{41}, "jwt"};
const AccountId account{41002233};
const ContractId mnq{"CON.F.US.MNQ.U26"};
const Instant from = *parse_instant("2026-09-02T18:00:00Z");
const Instant to = *parse_instant("2026-09-02T19:31:00.25Z");

struct Expected {
  std::string_view target;
  std::string_view body;
};
void expect_post(const HttpRequest& request, const Expected& expected) {
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, expected.target);
  EXPECT_EQ(request.body, expected.body);
  EXPECT_EQ(request.bearer, "jwt");
  EXPECT_EQ(request.lane, caller.lane);
  EXPECT_EQ(request.timeout, std::chrono::seconds(5));
}

TEST(ProjectxRequests, LogsInWithoutABearer) {
  const auto request = login_key(LaneId{0}, "trader1", Secret{"AbC\"\\="});
  EXPECT_EQ(request.target, "/api/Auth/loginKey");
  EXPECT_EQ(request.body, R"({"userName":"trader1","apiKey":"AbC\"\\="})");
  EXPECT_EQ(request.bearer, "");
}
TEST(ProjectxRequests, KeepsTheSession) {
  expect_post(validate(caller), {"/api/Auth/validate", "{}"});
  expect_post(logout(caller), {"/api/Auth/logout", "{}"});
}
TEST(ProjectxRequests, PingsByGet) {
  const auto request = ping(caller);
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.target, "/api/Status/ping");
  EXPECT_EQ(request.body, "");
  EXPECT_EQ(request.bearer, "jwt");
}
TEST(ProjectxRequests, SearchesAccountsAndContracts) {
  expect_post(search_accounts(caller, true), {"/api/Account/search", R"({"onlyActiveAccounts":true})"});
  expect_post(search_accounts(caller, false), {"/api/Account/search", R"({"onlyActiveAccounts":false})"});
  expect_post(search_contracts(caller, "NQ"),
              {"/api/Contract/search", R"({"searchText":"NQ","live":false})"});
  expect_post(search_contract_by_id(caller, mnq),
              {"/api/Contract/searchById", R"({"contractId":"CON.F.US.MNQ.U26"})"});
  expect_post(available_contracts(caller, true), {"/api/Contract/available", R"({"live":true})"});
}
TEST(ProjectxRequests, RetrievesBars) {
  BarQuery query;
  query.contract = mnq;
  query.from = from;
  query.to = to;
  expect_post(retrieve_bars(caller, query),
              {"/api/History/retrieveBars",
               R"({"contractId":"CON.F.US.MNQ.U26","live":false,"startTime":"2026-09-02T18:00:00.000000Z",)"
               R"("endTime":"2026-09-02T19:31:00.250000Z","unit":2,"unitNumber":1,"limit":1000,)"
               R"("includePartialBar":false})"});
}
TEST(ProjectxRequests, ReadsAndClosesPositions) {
  expect_post(search_open_positions(caller, account),
              {"/api/Position/searchOpen", R"({"accountId":41002233})"});
  expect_post(close_contract(caller, account, mnq),
              {"/api/Position/closeContract", R"({"accountId":41002233,"contractId":"CON.F.US.MNQ.U26"})"});
  expect_post(partial_close_contract(caller, account, mnq, 2),
              {"/api/Position/partialCloseContract",
               R"({"accountId":41002233,"contractId":"CON.F.US.MNQ.U26","size":2})"});
}
TEST(ProjectxRequests, RefusesToAskForNothing) {
  EXPECT_THROW((void)partial_close_contract(caller, account, mnq, 0), InvariantViolation);
  EXPECT_THROW((void)partial_close_contract(caller, account, mnq, -1), InvariantViolation);
  EXPECT_THROW((void)place_order(caller, NewOrder{}), InvariantViolation);
}
TEST(ProjectxRequests, EscapesContractIdsSoThatTheyStayOneString) {
  std::string hostile = "a\",\"size\":9,\"\\\n\x1f\xC3\xA9/";
  hostile += '\0';
  const auto request = close_contract(caller, AccountId{1}, ContractId{hostile});
  EXPECT_EQ(
      request.body,
      "{\"accountId\":1,\"contractId\":\"a\\\",\\\"size\\\":9,\\\"\\\\\\u000a\\u001f\xC3\xA9/\\u0000\"}");
  EXPECT_EQ(nlohmann::json::parse(request.body).at("contractId"), hostile);
}
TEST(ProjectxRequests, ReadsAndCancelsOrders) {
  const OrderId order{3300000701};
  expect_post(search_open_orders(caller, account), {"/api/Order/searchOpen", R"({"accountId":41002233})"});
  expect_post(
      search_orders(caller, account, {from, std::nullopt}),
      {"/api/Order/search", R"({"accountId":41002233,"startTimestamp":"2026-09-02T18:00:00.000000Z"})"});
  expect_post(search_order_by_id(caller, account, order),
              {"/api/Order/searchById", R"({"accountId":41002233,"orderId":3300000701})"});
  expect_post(cancel_order(caller, account, order),
              {"/api/Order/cancel", R"({"accountId":41002233,"orderId":3300000701})"});
}
TEST(ProjectxRequests, QueriesAPageOfOrders) {
  OrderQuery query;
  query.account = AccountId{42};
  expect_post(query_orders(caller, query),
              {"/api/Order/v2/query",
               R"({"filter":{"accountId":42},"pageSize":100,"pageOffset":0,"sortBy":1,)"
               R"("sortDirection":0,"includeTotalCount":true})"});
  query.statuses = {OrderStatus::open, OrderStatus::pending, OrderStatus::pending_cancellation,
                    OrderStatus::suspended};
  query.contract = mnq;
  query.created_after = from;
  query.created_before = to;
  query.page_offset = 100;
  expect_post(
      query_orders(caller, query),
      {"/api/Order/v2/query",
       R"({"filter":{"accountId":42,"statuses":[1,6,7,8],"contractId":"CON.F.US.MNQ.U26",)"
       R"("createdAfter":"2026-09-02T18:00:00.000000Z","createdBefore":"2026-09-02T19:31:00.250000Z"},)"
       R"("pageSize":100,"pageOffset":100,"sortBy":1,"sortDirection":0,"includeTotalCount":true})"});
}
TEST(ProjectxRequests, PlacesAnOrderWithBrackets) {
  NewOrder order;
  order.account = account;
  order.contract = mnq;
  order.type = OrderType::limit;
  order.side = Side::buy;
  order.size = 2;
  order.limit_price = *Price::parse("29098.25");
  order.custom_tag = "flt-000123";
  order.stop_loss = Bracket{-40, OrderType::stop};
  order.take_profit = Bracket{80, OrderType::limit};
  expect_post(place_order(caller, order),
              {"/api/Order/place",
               R"({"accountId":41002233,"contractId":"CON.F.US.MNQ.U26","type":1,"side":0,"size":2,)"
               R"("limitPrice":29098.25,"customTag":"flt-000123","stopLossBracket":{"ticks":-40,)"
               R"("type":4},"takeProfitBracket":{"ticks":80,"type":1}})"});
}
TEST(ProjectxRequests, WritesPricesExactly) {
  NewOrder order;
  order.account = AccountId{1};
  order.contract = ContractId{"J"};
  order.type = OrderType::trailing_stop;
  order.side = Side::sell;
  order.size = 1;
  order.stop_price = Price{500};
  order.trail_price = Price{-123'456'789'012'345'678};
  expect_post(place_order(caller, order),
              {"/api/Order/place", R"({"accountId":1,"contractId":"J","type":5,"side":1,"size":1,)"
                                   R"("stopPrice":0.0000005,"trailPrice":-123456789.012345678})"});
}
TEST(ProjectxRequests, ModifiesOnlyWhatIsSet) {
  OrderChange change{AccountId{1}, OrderId{2}, 3, Price{1'000'000'000}, Price{2'500'000'000}, std::nullopt};
  expect_post(
      modify_order(caller, change),
      {"/api/Order/modify", R"({"accountId":1,"orderId":2,"size":3,"limitPrice":1,"stopPrice":2.5})"});
  expect_post(modify_order(caller, OrderChange{AccountId{1}, OrderId{2}, {}, {}, {}, Price{0}}),
              {"/api/Order/modify", R"({"accountId":1,"orderId":2,"trailPrice":0})"});
}
TEST(ProjectxRequests, SearchesFills) {
  expect_post(search_fills(caller, account, {from, to}),
              {"/api/Trade/search", R"({"accountId":41002233,"startTimestamp":"2026-09-02T18:00:00.000000Z",)"
                                    R"("endTimestamp":"2026-09-02T19:31:00.250000Z"})"});
}

} // namespace
} // namespace bulkhead::protocol::projectx
