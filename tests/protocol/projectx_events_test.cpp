// The shapes in which hub events arrive, with the payloads seen on the wire.
#include "protocol/projectx/decode.hpp"

#include <gtest/gtest.h>

namespace bulkhead::protocol::projectx {
namespace {

using namespace model;

struct Outcome {
  HubEvent event = HubEvent::unknown;
  std::vector<Payload> payloads;
  std::vector<DecodeProblem> problems;
  void operator()(Payload&& payload) { payloads.push_back(std::move(payload)); }
  void operator()(DecodeProblem&& problem) { problems.push_back(std::move(problem)); }
};

Outcome decode(std::string_view target, std::string_view arguments) {
  Decoder decoder;
  Outcome outcome;
  outcome.event = decoder.decode_event(target, arguments, outcome);
  return outcome;
}

/// The only payload, of the kind expected.
template <class T>
T only(const Outcome& outcome) {
  EXPECT_TRUE(outcome.problems.empty()) << outcome.problems[0].reason;
  EXPECT_EQ(outcome.payloads.size(), 1U);
  const T* value = outcome.payloads.empty() ? nullptr : std::get_if<T>(&outcome.payloads[0]);
  EXPECT_NE(value, nullptr);
  return value != nullptr ? *value : T{};
}

std::string position(int account) {
  return R"({"accountId":)" + std::to_string(account) + R"(,"contractId":"C","type":1,"size":1})";
}
std::vector<std::int64_t> accounts_of(const Outcome& outcome) {
  std::vector<std::int64_t> ids;
  for (const Payload& payload : outcome.payloads)
    ids.push_back(std::get<PositionUpdate>(payload).account.value);
  return ids;
}
using Ids = std::vector<std::int64_t>;
constexpr std::string_view positions = "GatewayUserPosition";

TEST(ProjectxEvents, ReadsTheAccountSample) {
  const auto account = only<Account>(decode("GatewayUserAccount", R"([{"action":1,"data":{"id":41002233,
    "name":"PRAC-V2-100-555","balance":151210.14,"canTrade":true,"isVisible":true,"simulated":true}}])"));
  EXPECT_EQ(account,
            (Account{AccountId{41002233}, "PRAC-V2-100-555", Money{151'210'140'000}, true, true, true}));
}

TEST(ProjectxEvents, ReadsTheRejectedOrderSample) {
  const auto order = only<Order>(decode("GatewayUserOrder", R"([{"action":1,"data":{"id":3300000901,
    "accountId":41002233,"contractId":"CON.F.US.MNQ.U26","symbolId":"F.US.MNQ",
    "creationTimestamp":"2026-09-02T19:29:25.3938301+00:00","updateTimestamp":"2026-09-02T19:29:25.3962103+00:00",
    "status":5,"type":2,"side":1,"size":1,"fillVolume":0,"customTag":"flt-9"}}])"));
  Order expected;
  expected.id = OrderId{3300000901};
  expected.account = AccountId{41002233};
  expected.contract = ContractId{"CON.F.US.MNQ.U26"};
  expected.symbol = SymbolId{"F.US.MNQ"};
  expected.created = *parse_instant("2026-09-02T19:29:25.393830Z");
  expected.updated = *parse_instant("2026-09-02T19:29:25.396210Z");
  expected.status = OrderStatus::rejected;
  expected.type = OrderType::market;
  expected.side = Side::sell;
  expected.size = 1;
  expected.custom_tag = "flt-9";
  EXPECT_EQ(order, expected);
}

TEST(ProjectxEvents, ReadsTheClosedPositionSample) {
  const auto update = only<PositionUpdate>(decode(positions, R"([{"action":2,"data":{"id":700112233,
    "accountId":41002233,"contractId":"CON.F.US.MNQ.U26","contractDisplayName":"MNQU26",
    "creationTimestamp":"2026-09-02T14:15:48.611302+00:00","type":0,"size":0,"averagePrice":29010.5}}])"));
  EXPECT_EQ(update.size, 0);
  EXPECT_EQ(update.type, PositionType::undefined);
  EXPECT_EQ(update.id, PositionId{700112233});
  EXPECT_EQ(update.average_price, Price{29'010'500'000'000});
}

TEST(ProjectxEvents, ReadsTheFillSample) {
  const auto fill = only<Fill>(decode("GatewayUserTrade", R"([{"action":0,"data":{"id":3001000002,
    "accountId":41002233,"contractId":"CON.F.US.MNQ.U26","creationTimestamp":"2026-09-02T14:16:01.4061204+00:00",
    "price":29022,"profitAndLoss":-23,"fees":0.36,"commissions":0.25,"side":0,"size":1,"voided":false,
    "orderId":3300000801}}])"));
  EXPECT_EQ(fill.pnl, Money::dollars(-23));
  EXPECT_EQ(fill.costs(), Money{610'000});
  EXPECT_EQ(fill.order, OrderId{3300000801});
  EXPECT_EQ(fill.executed_at, *parse_instant("2026-09-02T14:16:01.406120Z"));
}

TEST(ProjectxEvents, ReadsTheSparseQuoteSampleByItsContract) {
  const auto quote = only<QuoteUpdate>(decode("GatewayQuote", R"(["CON.F.US.MNQ.U26",{"symbol":"F.US.MNQ",
    "bestBid":29103,"bestAsk":29103.5,"lastUpdated":"2026-09-02T19:30:31.4347501+00:00",
    "timestamp":"2026-09-02T19:30:31.348+00:00"}])"));
  EXPECT_EQ(quote.contract, ContractId{"CON.F.US.MNQ.U26"});
  EXPECT_EQ(quote.bid, Price{29'103'000'000'000});
  EXPECT_EQ(quote.ask, Price{29'103'500'000'000});
  EXPECT_FALSE(quote.last.has_value());
  EXPECT_EQ(quote.updated, *parse_instant("2026-09-02T19:30:31.434750Z"));
}

TEST(ProjectxEvents, TakesAnOrderByOrderIdWhenThereIsNoId) {
  const std::string rest = R"("accountId":1,"contractId":"C","status":1,"type":2,"side":1,"size":1}])";
  EXPECT_EQ(only<Order>(decode("GatewayUserOrder", R"([{"orderId":7,)" + rest)).id, OrderId{7});
  EXPECT_EQ(only<Order>(decode("GatewayUserOrder", R"([{"id":null,"orderId":"7",)" + rest)).id, OrderId{7});
  EXPECT_EQ(only<Order>(decode("GatewayUserOrder", R"([{"orderId":7,"id":8,)" + rest)).id, OrderId{8});
}

TEST(ProjectxEvents, TakesBareObjects) {
  EXPECT_EQ(accounts_of(decode(positions, "[" + position(1) + "]")), Ids{1});
}
TEST(ProjectxEvents, TakesEnvelopesWithDataBeforeAction) {
  EXPECT_EQ(accounts_of(decode(positions, R"([{"data":)" + position(1) + R"(,"action":1}])")), Ids{1});
}
TEST(ProjectxEvents, TakesEnvelopesOfDataAlone) {
  EXPECT_EQ(accounts_of(decode(positions, R"([{"data":)" + position(1) + R"(,"extra":[]}])")), Ids{1});
}
TEST(ProjectxEvents, TakesArraysOfAnyOfThemAndSkipsNulls) {
  const auto outcome = decode(positions, "[null,[" + position(1) + R"(,null,{"action":1,"data":[)" +
                                             position(2) + "," + position(3) + "]}]," + position(4) + "]");
  EXPECT_EQ(accounts_of(outcome), (Ids{1, 2, 3, 4}));
  EXPECT_TRUE(outcome.problems.empty());
}
TEST(ProjectxEvents, ParsesAPayloadInAStringOnce) {
  EXPECT_EQ(
      accounts_of(decode(positions, R"(["{\"accountId\":1,\"contractId\":\"C\",\"type\":1,\"size\":1}"])")),
      Ids{1});
  const auto twice = decode(positions, R"(["[\"{\\\"accountId\\\":1}\"]"])");
  EXPECT_TRUE(twice.payloads.empty());
  ASSERT_EQ(twice.problems.size(), 1U);
  EXPECT_EQ(twice.problems[0].reason, "a text inside a text is no object");
}
TEST(ProjectxEvents, TakesQuotesAsPairArrayOfPairsAndText) {
  for (const std::string_view arguments :
       {R"(["A",{"lastPrice":5}])", R"([["A",{"lastPrice":5}]])", R"(["A","{\"lastPrice\":5}"])",
        R"(["A",[null,{"lastPrice":5}]])", R"(["A",{"action":1,"data":{"lastPrice":5}}])"}) {
    const auto quote = only<QuoteUpdate>(decode("GatewayQuote", arguments));
    EXPECT_EQ(quote.contract, ContractId{"A"}) << arguments;
    EXPECT_EQ(quote.last, Price{5'000'000'000}) << arguments;
  }
}
TEST(ProjectxEvents, GivesEachPairOfAnArrayItsOwnContract) {
  const auto outcome = decode("GatewayQuote", R"([["A",{"open":1}],["B",{"open":2}],{"open":3}])");
  ASSERT_EQ(outcome.payloads.size(), 2U);
  EXPECT_EQ(std::get<QuoteUpdate>(outcome.payloads[1]).contract, ContractId{"B"});
  ASSERT_EQ(outcome.problems.size(), 1U);
  EXPECT_EQ(outcome.problems[0].reason, "contractId: missing");
}

TEST(ProjectxEvents, LetsTheLastOfTwoEqualKeysCount) {
  EXPECT_EQ(only<Account>(decode("GatewayUserAccount", R"([{"id":1,"id":2}])")).id, AccountId{2});
  EXPECT_EQ(accounts_of(decode(positions,
                               R"([{"action":1,"data":)" + position(1) + R"(,"data":)" + position(2) + "}]")),
            Ids{2});
}
TEST(ProjectxEvents, ReadsEscapedMemberNames) {
  EXPECT_EQ(only<Account>(decode("GatewayUserAccount", R"([{"\u0069d":3}])")).id, AccountId{3});
}

TEST(ProjectxEvents, KeepsTheNeighboursOfABrokenElement) {
  const auto outcome =
      decode(positions, "[" + position(1) + R"(,{"accountId":9,"size":1},17,)" + position(2) + "]");
  EXPECT_EQ(accounts_of(outcome), (Ids{1, 2}));
  ASSERT_EQ(outcome.problems.size(), 2U);
  EXPECT_EQ(outcome.problems[0].account, AccountId{9});
  EXPECT_EQ(outcome.problems[0].reason, "contractId: missing");
  EXPECT_EQ(outcome.problems[1].reason, "'17' is no object");
}
TEST(ProjectxEvents, NamesTheMissingAccountOfAPosition) {
  const auto outcome = decode(positions, R"([{"action":1,"data":{"contractId":"C","type":1,"size":1}}])");
  ASSERT_EQ(outcome.problems.size(), 1U);
  EXPECT_EQ(outcome.problems[0].reason, "accountId: missing");
  EXPECT_FALSE(outcome.problems[0].account.has_value());
  EXPECT_EQ(outcome.problems[0].excerpt.substr(0, 12), R"([{"action":1)");
}
TEST(ProjectxEvents, ReportsAnEventThatCarriesNothing) {
  for (const std::string_view arguments : {"[]", "[null]", R"([{"action":2,"data":null}])"}) {
    const auto outcome = decode(positions, arguments);
    ASSERT_EQ(outcome.problems.size(), 1U) << arguments;
    EXPECT_EQ(outcome.problems[0].reason, "the event carries nothing");
  }
}

TEST(ProjectxEvents, OnlyRecognisesEventsWithoutAPayloadOfOurs) {
  const std::pair<std::string_view, HubEvent> expected[] = {{"GatewayTrade", HubEvent::market_trade},
                                                            {"GatewayDepth", HubEvent::depth},
                                                            {"GatewayLogout", HubEvent::logout},
                                                            {"gatewayquote", HubEvent::unknown},
                                                            {"", HubEvent::unknown}};
  for (const auto& [target, event] : expected) {
    const auto outcome = decode(target, "garbage");
    EXPECT_EQ(outcome.event, event);
    EXPECT_TRUE(outcome.payloads.empty() && outcome.problems.empty());
  }
}

TEST(ProjectxEvents, ForgetsTheEventBefore) {
  Decoder decoder;
  Outcome outcome;
  const std::string two = "[" + position(1) + "," + position(2) + "]";
  decoder.decode_event(positions, std::string_view(two), outcome);
  decoder.decode_event("GatewayDepth", std::string_view("[]"), outcome);
  decoder.decode_event(positions, std::string_view("[" + position(3) + "]"), outcome);
  EXPECT_EQ(accounts_of(outcome), (Ids{1, 2, 3}));
}

TEST(ProjectxEvents, ReadsACallersPaddedTextInPlace) {
  const std::string text = "[" + position(1) + "]";
  for (const std::string_view behind : {"]]}}]]", "\"\"\"", "000000", ",{\"accountId\":2"}) {
    std::string frame = text + std::string(behind);
    frame.resize(text.size() + json_padding, ']');
    Decoder decoder;
    Outcome outcome;
    decoder.decode_event(positions, PaddedJson{std::string_view(frame).substr(0, text.size())}, outcome);
    EXPECT_EQ(accounts_of(outcome), Ids{1}) << behind;
  }
}

TEST(ProjectxEvents, KeepsAThousandDimesExact) {
  Money sum;
  for (int i = 0; i < 1000; ++i) {
    sum += *only<Account>(decode("GatewayUserAccount", R"([{"id":1,"balance":-0.1}])")).balance;
  }
  EXPECT_EQ(sum, Money::dollars(-100));
}

} // namespace
} // namespace bulkhead::protocol::projectx
