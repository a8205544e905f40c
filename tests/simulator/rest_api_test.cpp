// The REST side over real sockets: session, searches, trading, and ASP.NET's manners.
#include "tests/simulator/gateway_fixture.hpp"

#include <gmock/gmock.h>

namespace bulkhead::simulator {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

TEST(RestApi, LogsInValidatesAndLogsOut) {
  RunningGateway at;
  testing::HttpClient client(at.ports.port);
  const auto bad = client.post("/api/Auth/loginKey", {{"userName", "trader1"}, {"apiKey", "wrong"}});
  EXPECT_EQ(bad.status, 200);
  EXPECT_EQ(bad.json(),
            (json{{"token", nullptr}, {"success", false}, {"errorCode", 3}, {"errorMessage", nullptr}}));
  client.login("TRADER1");
  const auto first = client.token();
  EXPECT_EQ(std::count(first.begin(), first.end(), '.'), 2);
  const auto validated = client.post("/api/Auth/validate", json::object()).json();
  EXPECT_NE(validated.at("newToken"), first);
  EXPECT_EQ(client.post("/api/Account/search", {{"onlyActiveAccounts", true}}).status, 200)
      << "the old one stays good";
  EXPECT_TRUE(client.post("/api/Auth/logout", json::object()).json().at("success"));
  EXPECT_EQ(client.post("/api/Account/search", {{"onlyActiveAccounts", true}}).status, 401);
}

TEST(RestApi, MindsAspNetManners) {
  RunningGateway at;
  EXPECT_EQ(at.rest.post("/API/account/SEARCH", {{"onlyActiveAccounts", true}}).status, 200);
  EXPECT_EQ(at.rest.get("/api/Status/ping").json(), "pong");
  EXPECT_EQ(at.rest.post("/api/Nothing/here", json::object()).status, 404);
  EXPECT_EQ(at.rest.get("/api/Account/search").status, 405);
  for (const char* body : {"{\"accountId\":", "[]", "{}", R"({"accountId":"101"})"}) {
    const auto reply = at.rest.send("POST", "/api/Position/searchOpen", body);
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 400) << body;
    EXPECT_THAT(reply->content_type, HasSubstr("application/problem+json"));
    EXPECT_EQ(reply->json().at("status"), 400);
  }
  at.rest.use_token("a.b.c");
  const auto refused = at.rest.post("/api/Position/searchOpen", {{"accountId", 101}});
  EXPECT_EQ(refused.status, 401);
  EXPECT_TRUE(refused.body.empty());
}

TEST(RestApi, AnExpiredTokenIsRefused) {
  SimulatorOptions options;
  options.token_life = std::chrono::seconds{0};
  RunningGateway at(options);
  EXPECT_EQ(at.rest.post("/api/Account/search", {{"onlyActiveAccounts", true}}).status, 401);
}

TEST(RestApi, ShowsAUserHisOwnAccountsOnly) {
  RunningGateway at;
  const auto accounts = at.post("/api/Account/search", {{"onlyActiveAccounts", true}}).at("accounts");
  ASSERT_EQ(accounts.size(), 3U);
  EXPECT_EQ(accounts[0], (json{{"id", 101},
                               {"name", "PRAC-V2-101"},
                               {"balance", 50000},
                               {"canTrade", true},
                               {"isVisible", true},
                               {"simulated", true}}));
  const auto foreign = at.post("/api/Position/searchOpen", {{"accountId", 201}});
  EXPECT_EQ(foreign.at("errorCode"), 1);
  EXPECT_TRUE(foreign.at("positions").is_null());
  at.script("/sim/account", {{"accountId", 102}, {"isVisible", false}});
  EXPECT_EQ(at.post("/api/Account/search", {{"onlyActiveAccounts", true}}).at("accounts").size(), 2U);
  EXPECT_EQ(at.post("/api/Account/search", {{"onlyActiveAccounts", false}}).at("accounts").size(), 3U);
}

TEST(RestApi, ListsContractsWithTheGatewaysTicks) {
  RunningGateway at;
  const auto yen = at.rest.post("/api/Contract/searchById", {{"contractId", "CON.F.US.JY6.U26"}});
  EXPECT_THAT(yen.body, HasSubstr(R"("tickSize":0.0000005,"tickValue":6.25)")) << "plain decimals";
  EXPECT_EQ(
      at.post("/api/Contract/searchById", {{"contractId", "CON.F.US.MNQ.M26"}})["contract"]["activeContract"],
      false);
  EXPECT_EQ(at.post("/api/Contract/searchById", {{"contractId", "none"}}).at("errorCode"), 1);
  EXPECT_EQ(at.post("/api/Contract/search", {{"searchText", "nq"}, {"live", false}}).at("contracts").size(),
            2U);
  EXPECT_EQ(at.post("/api/Contract/available", {{"live", false}}).at("contracts").size(), 11U);
  EXPECT_TRUE(at.post("/api/Contract/available", {{"live", true}}).at("contracts").empty());
}

TEST(RestApi, GivesBarsNewestFirst) {
  RunningGateway at;
  json ask{{"contractId", mnq_id},
           {"live", false},
           {"startTime", "2026-09-02T18:00:00Z"},
           {"endTime", "2026-09-02T19:31:30Z"},
           {"unit", 2},
           {"unitNumber", 1},
           {"limit", 3},
           {"includePartialBar", false}};
  const auto bars = at.post("/api/History/retrieveBars", ask).at("bars");
  ASSERT_EQ(bars.size(), 3U);
  EXPECT_EQ(bars[0].at("t"), "2026-09-02T19:30:00+00:00");
  EXPECT_EQ(bars[2].at("t"), "2026-09-02T19:28:00+00:00");
  ask["unit"] = 9;
  EXPECT_EQ(at.post("/api/History/retrieveBars", ask).at("errorCode"), 2);
}

TEST(RestApi, ClosesWithExactProfitAndFees) {
  RunningGateway at;
  at.script("/sim/quote", {{"contractId", mnq_id}, {"last", "21000"}, {"bid", "21000"}, {"ask", 21000.25}});
  at.hold(2);
  const auto positions = at.open_positions();
  ASSERT_EQ(positions.size(), 1U);
  EXPECT_EQ(positions[0].at("averagePrice"), 21000.25);
  EXPECT_EQ(positions[0].at("contractDisplayName"), "MNQU26");
  at.script("/sim/quote", {{"contractId", mnq_id}, {"last", "21010.5"}});
  const json close{{"accountId", 101}, {"contractId", mnq_id}};
  EXPECT_EQ(at.post("/api/Position/closeContract", close),
            (json{{"success", true}, {"errorCode", 0}, {"errorMessage", nullptr}}));
  EXPECT_EQ(at.post("/api/Position/closeContract", close).at("errorCode"), 2);
  EXPECT_TRUE(at.open_positions().empty());
  const auto trades =
      at.post("/api/Trade/search", {{"accountId", 101}, {"startTimestamp", "2020-01-01T00:00:00Z"}})
          .at("trades");
  ASSERT_EQ(trades.size(), 2U);
  EXPECT_EQ(trades[0].at("profitAndLoss"), 41); // 10.25 points, two contracts, $2 a point
  EXPECT_EQ(trades[0].at("fees"), 0.74);
  EXPECT_TRUE(trades[1].at("profitAndLoss").is_null());
  const auto accounts = at.post("/api/Account/search", {{"onlyActiveAccounts", true}}).at("accounts");
  EXPECT_EQ(accounts[0].at("balance"), 50039.52);
}

TEST(RestApi, PartialCloseTakesWhatIsThere) {
  RunningGateway at;
  at.hold(-3);
  json partial{{"accountId", 101}, {"contractId", mnq_id}, {"size", 4}};
  EXPECT_EQ(at.post("/api/Position/partialCloseContract", partial).at("errorCode"), 5);
  partial["size"] = 2;
  EXPECT_EQ(at.post("/api/Position/partialCloseContract", partial).at("errorCode"), 0);
  EXPECT_EQ(at.open_positions().at(0).at("size"), 1);
  EXPECT_EQ(at.open_positions().at(0).at("type"), 2);
}

TEST(RestApi, SuspendedChildrenShowInTheQueryOnly) {
  RunningGateway at;
  const auto placed = at.post("/api/Order/place", {{"accountId", 101},
                                                   {"contractId", mnq_id},
                                                   {"type", 1},
                                                   {"side", 0},
                                                   {"size", 1},
                                                   {"limitPrice", 20990.25},
                                                   {"customTag", "flt"},
                                                   {"stopLossBracket", {{"ticks", -40}, {"type", 4}}},
                                                   {"takeProfitBracket", {{"ticks", 80}, {"type", 1}}}});
  ASSERT_EQ(placed.at("errorCode"), 0) << placed;
  EXPECT_EQ(at.post("/api/Order/searchOpen", {{"accountId", 101}}).at("orders").size(), 1U);
  const json filter{{"accountId", 101}, {"statuses", {1, 6, 7, 8}}};
  const auto found =
      at.post("/api/Order/v2/query", {{"filter", filter}, {"pageSize", 2}, {"includeTotalCount", true}});
  EXPECT_EQ(found.at("totalCount"), 3);
  ASSERT_EQ(found.at("orders").size(), 2U);
  EXPECT_EQ(found["orders"][1].at("status"), 8);
  EXPECT_EQ(found["orders"][1].at("customTag"), "flt-SL");
  EXPECT_TRUE(found["orders"][1].at("stopPrice").is_null()) << "REST writes its nulls";
  at.script("/sim/quote", {{"contractId", mnq_id}, {"last", "20990"}});
  EXPECT_EQ(at.post("/api/Order/searchOpen", {{"accountId", 101}}).at("orders").size(), 2U);
  EXPECT_EQ(at.rest.post("/api/Order/v2/query", {{"filter", json::object()}}).status, 400);
}

TEST(RestApi, CancelsOnceAndThenSaysSo) {
  RunningGateway at;
  const auto placed = at.script("/sim/order", {{"accountId", 101},
                                               {"contractId", mnq_id},
                                               {"type", 4},
                                               {"side", 1},
                                               {"size", 1},
                                               {"stopPrice", "20900"}});
  const json cancel{{"accountId", 101}, {"orderId", placed.at("orderId")}};
  EXPECT_EQ(at.post("/api/Order/modify",
                    {{"accountId", 101}, {"orderId", placed.at("orderId")}, {"stopPrice", 20910}})
                .at("errorCode"),
            0);
  EXPECT_EQ(at.post("/api/Order/searchById", cancel)["order"]["stopPrice"], 20910);
  EXPECT_EQ(at.post("/api/Order/cancel", cancel).at("errorCode"), 0);
  EXPECT_EQ(at.post("/api/Order/cancel", cancel).at("errorCode"), 5);
  EXPECT_EQ(at.post("/api/Order/cancel", {{"accountId", 101}, {"orderId", 1}}).at("errorCode"), 2);
}

TEST(RestApi, AnswersTooManyRequestsByBudget) {
  SimulatorOptions options;
  options.budget = {3, std::chrono::hours{1}};
  options.bars_budget = {1, std::chrono::hours{1}};
  options.retry_after = true;
  RunningGateway at(options); // the login is one
  const json ask{{"accountId", 101}};
  EXPECT_EQ(at.rest.post("/api/Position/searchOpen", ask).status, 200);
  EXPECT_EQ(at.rest.post("/api/Position/searchOpen", ask).status, 200);
  const auto refused = at.rest.post("/api/Position/searchOpen", ask);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.retry_after, "1");
  EXPECT_EQ(at.rest.post("/api/History/retrieveBars", json::object()).status, 400) << "a budget of its own";
  EXPECT_EQ(at.rest.post("/api/History/retrieveBars", json::object()).status, 429);
  testing::HttpClient other(at.ports.port);
  other.login("trader2", "demo-key-2");
  EXPECT_EQ(other.post("/api/Position/searchOpen", {{"accountId", 201}}).status, 200) << "per user";
}

} // namespace
} // namespace bulkhead::simulator
