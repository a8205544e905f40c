// One row per member of the converter table: how it may come, what becomes of it, and what refuses the
// object.
#include "protocol/projectx/decode.hpp"

#include <functional>
#include <gtest/gtest.h>

namespace bulkhead::protocol::projectx {
namespace {

using namespace model;
using Fields = std::vector<std::pair<std::string, std::string>>;

struct Base {
  HubEvent event;
  Fields fields;
};
const Base& base(HubEvent event) {
  static const std::vector<Base> all{
      {HubEvent::account, {{"id", "41002233"}, {"name", "\"PRAC\""}, {"balance", "151204.36"}}},
      {HubEvent::order,
       {{"id", "3300000901"},
        {"accountId", "41002233"},
        {"contractId", "\"CON.F.US.MNQ.U26\""},
        {"status", "1"},
        {"type", "1"},
        {"side", "0"},
        {"size", "2"},
        {"creationTimestamp", "\"2026-09-02T19:29:25Z\""}}},
      {HubEvent::position,
       {{"id", "7"},
        {"accountId", "41002233"},
        {"contractId", "\"CON.F.US.MNQ.U26\""},
        {"type", "1"},
        {"size", "2"}}},
      {HubEvent::fill,
       {{"id", "9"},
        {"accountId", "41002233"},
        {"contractId", "\"CON.F.US.MNQ.U26\""},
        {"side", "1"},
        {"size", "2"},
        {"creationTimestamp", "\"2026-09-02T19:29:25Z\""}}},
      {HubEvent::quote, {{"symbol", "\"F.US.MNQ\""}}},
  };
  for (const Base& one : all) {
    if (one.event == event) return one;
  }
  throw std::logic_error("no base object");
}

/// The base object of an event with one member set, or left out when `value` is empty.
std::string arguments(HubEvent event, const std::string& name, const std::string& value) {
  std::string object;
  const auto add = [&](const std::string& key, const std::string& raw) {
    object += (object.empty() ? "\"" : ",\"") + key + "\":" + raw;
  };
  for (const auto& [key, raw] : base(event).fields) {
    if (key != name) add(key, raw);
  }
  if (!value.empty()) add(name, value);
  return (event == HubEvent::quote ? "[\"CON.F.US.MNQ.U26\",{" : "[{") + object + "}]";
}

struct Outcome {
  std::vector<Payload> payloads;
  std::vector<DecodeProblem> problems;
  void operator()(Payload&& payload) { payloads.push_back(std::move(payload)); }
  void operator()(DecodeProblem&& problem) { problems.push_back(std::move(problem)); }
};

struct Row {
  std::string test;
  HubEvent event;
  std::string name;
  std::string value;
  std::function<bool(const Payload&)> holds; // empty: the object must be refused
  std::string reason;
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.name << " = " << row.value; }

template <class T, class Check>
Row good(std::string test, HubEvent event, std::string name, std::string value, Check check) {
  return {std::move(test),
          event,
          std::move(name),
          std::move(value),
          [check](const Payload& payload) {
            const T* object = std::get_if<T>(&payload);
            return object != nullptr && check(*object);
          },
          ""};
}
auto account(std::string test, std::string name, std::string value,
             std::function<bool(const Account&)> check) {
  return good<Account>("Account" + test, HubEvent::account, std::move(name), std::move(value),
                       std::move(check));
}
auto order(std::string test, std::string name, std::string value, std::function<bool(const Order&)> check) {
  return good<Order>("Order" + test, HubEvent::order, std::move(name), std::move(value), std::move(check));
}
auto position(std::string test, std::string name, std::string value,
              std::function<bool(const PositionUpdate&)> check) {
  return good<PositionUpdate>("Position" + test, HubEvent::position, std::move(name), std::move(value),
                              std::move(check));
}
auto fill(std::string test, std::string name, std::string value, std::function<bool(const Fill&)> check) {
  return good<Fill>("Fill" + test, HubEvent::fill, std::move(name), std::move(value), std::move(check));
}
auto quote(std::string test, std::string name, std::string value,
           std::function<bool(const QuoteUpdate&)> check) {
  return good<QuoteUpdate>("Quote" + test, HubEvent::quote, std::move(name), std::move(value),
                           std::move(check));
}
Row bad(std::string test, HubEvent event, std::string name, std::string value, std::string reason) {
  return {std::move(test), event, std::move(name), std::move(value), {}, std::move(reason)};
}

class ProjectxField : public ::testing::TestWithParam<Row> {};

TEST_P(ProjectxField, IsConvertedOrRefusedByName) {
  const Row& row = GetParam();
  Decoder decoder;
  Outcome outcome;
  const std::string text = arguments(row.event, row.name, row.value);
  EXPECT_EQ(decoder.decode_event(target(row.event), std::string_view(text), outcome), row.event);
  ASSERT_EQ(outcome.payloads.size() + outcome.problems.size(), 1U) << text;
  if (row.holds) {
    ASSERT_TRUE(outcome.problems.empty()) << outcome.problems[0].reason;
    EXPECT_TRUE(row.holds(outcome.payloads[0])) << text;
  } else {
    ASSERT_EQ(outcome.problems.size(), 1U) << text;
    EXPECT_EQ(outcome.problems[0].reason, row.reason);
    EXPECT_EQ(outcome.problems[0].event, row.event);
  }
}

std::string named(const ::testing::TestParamInfo<Row>& info) { return info.param.test; }
const Instant at = *parse_instant("2026-09-02T19:29:25.396221Z");
const std::string seven_digits = "\"2026-09-02T21:29:25.3962213+02:00\"";
const std::string long_text = "\"" + std::string(255, 'x') + "\xC3\xA9\"";

INSTANTIATE_TEST_SUITE_P(
    Accepts, ProjectxField,
    ::testing::Values(
        account("Id", "id", "5", [](auto& a) { return a.id.value == 5; }),
        account("IdAsText", "id", "\"5\"", [](auto& a) { return a.id.value == 5; }),
        account("Name", "name", "\"A\\u00e9\\n\"", [](auto& a) { return a.name == "A\xC3\xA9\n"; }),
        account("NameCut", "name", long_text, [](auto& a) { return a.name == std::string(255, 'x'); }),
        account("NameAbsent", "name", "", [](auto& a) { return !a.name; }),
        account("Balance", "balance", "-0.1", [](auto& a) { return a.balance == Money{-100'000}; }),
        account("BalanceAsText", "balance", "\"151204.360000000\"",
                [](auto& a) { return a.balance == Money{151'204'360'000}; }),
        account("BalanceAbsent", "balance", "", [](auto& a) { return !a.balance; }),
        account("BalanceNull", "balance", "null", [](auto& a) { return !a.balance; }),
        account("CanTradeFalse", "canTrade", "false", [](auto& a) { return a.can_trade == false; }),
        account("CanTradeAbsent", "canTrade", "", [](auto& a) { return !a.can_trade; }),
        account("IsVisible", "isVisible", "true", [](auto& a) { return a.is_visible == true; }),
        account("Simulated", "simulated", "false", [](auto& a) { return a.simulated == false; }),
        account("UnknownMember", "zzz", "{\"a\":[1,{}]}", [](auto& a) { return a.id.value == 41002233; }),
        account("UnknownData", "data", "{\"id\":1}", [](auto& a) { return a.id.value == 41002233; }),
        order("Id", "id", "3400000901", [](auto& o) { return o.id.value == 3400000901; }),
        order("IdAsText", "id", "\"3400000901\"", [](auto& o) { return o.id.value == 3400000901; }),
        order("SymbolId", "symbolId", "\"F.US.MNQ\"", [](auto& o) { return o.symbol.value == "F.US.MNQ"; }),
        order("CreationTimestamp", "creationTimestamp", seven_digits,
              [](auto& o) { return o.created == at; }),
        order("UpdateTimestamp", "updateTimestamp", "\"2026-09-02T19:29:25.396221\"",
              [](auto& o) { return o.updated == at; }),
        order("UpdateTimestampNull", "updateTimestamp", "null",
              [](auto& o) { return o.updated == o.created; }),
        order("StatusSuspended", "status", "8", [](auto& o) { return o.status == OrderStatus::suspended; }),
        order("StatusUnknownIsKeptAndLive", "status", "77",
              [](auto& o) { return int(o.status) == 77 && o.live(); }),
        order("TypeUnknownIsKept", "type", "42", [](auto& o) { return int(o.type) == 42; }),
        order("SideSell", "side", "1", [](auto& o) { return o.side == Side::sell; }),
        order("SizeAsDecimalText", "size", "\"3.000\"", [](auto& o) { return o.size == 3; }),
        order("SizeLargest", "size", "1000000", [](auto& o) { return o.size == 1'000'000; }),
        order("FillVolume", "fillVolume", "1", [](auto& o) { return o.filled == 1 && o.remaining() == 1; }),
        order("FillVolumeAbsent", "fillVolume", "", [](auto& o) { return o.filled == 0; }),
        order("LimitPrice", "limitPrice", "5138.000000000",
              [](auto& o) { return o.limit_price == Price{5'138'000'000'000}; }),
        order("StopPrice", "stopPrice", "0.0000005", [](auto& o) { return o.stop_price == Price{500}; }),
        order("FilledPrice", "filledPrice", "1e-7", [](auto& o) { return o.filled_price == Price{100}; }),
        order("PriceNull", "limitPrice", "null", [](auto& o) { return !o.limit_price; }),
        order("TrailPrice", "trailPrice", "-24.75",
              [](auto& o) { return o.trail_price == Price{-24'750'000'000}; }),
        order("ParentOrderId", "parentOrderId", "3300000900",
              [](auto& o) { return o.parent->value == 3300000900; }),
        order("ParentZeroIsNone", "parentOrderId", "0", [](auto& o) { return !o.parent; }),
        order("CustomTag", "customTag", "\"flt-9\"", [](auto& o) { return o.custom_tag == "flt-9"; }),
        order("CustomTagCut", "customTag", long_text,
              [](auto& o) { return o.custom_tag == std::string(255, 'x'); }),
        position("IdAbsent", "id", "", [](auto& p) { return !p.id && p.account.value == 41002233; }),
        position("TypeUndefined", "type", "0", [](auto& p) { return p.type == PositionType::undefined; }),
        position("SizeZero", "size", "0", [](auto& p) { return p.size == 0; }),
        position("AveragePrice", "averagePrice", "29010.333333333",
                 [](auto& p) { return p.average_price == Price{29'010'333'333'333}; }),
        position("CreationTimestamp", "creationTimestamp", seven_digits,
                 [](auto& p) { return p.created == at; }),
        position("UnrealizedPnlIgnored", "unrealizedPnl", "\"?\"", [](auto& p) { return p.size == 2; })),
    named);
INSTANTIATE_TEST_SUITE_P(
    AcceptsMore, ProjectxField,
    ::testing::Values(
        fill("OrderId", "orderId", "3300000801", [](auto& f) { return f.order.value == 3300000801; }),
        fill("OrderIdAbsent", "orderId", "", [](auto& f) { return f.order.value == 0 && f.id.value == 9; }),
        fill("Price", "price", "29022", [](auto& f) { return f.price == Price{29'022'000'000'000}; }),
        fill("ProfitAndLoss", "profitAndLoss", "-23", [](auto& f) { return f.pnl == Money::dollars(-23); }),
        fill("ProfitAndLossNull", "profitAndLoss", "null", [](auto& f) { return !f.pnl; }),
        fill("Fees", "fees", "0.36", [](auto& f) { return f.fees == Money{360'000}; }),
        fill("FeesNull", "fees", "null", [](auto& f) { return f.fees == Money{}; }),
        fill("Commissions", "commissions", "0.25", [](auto& f) { return f.commissions == Money{250'000}; }),
        fill("Voided", "voided", "true", [](auto& f) { return f.voided; }),
        fill("VoidedAbsent", "voided", "", [](auto& f) { return !f.voided; }),
        quote("LastPrice", "lastPrice", "29103.5",
              [](auto& q) { return q.last == Price{29'103'500'000'000} && !q.bid; }),
        quote("BestBid", "bestBid", "1", [](auto& q) { return q.bid == Price{1'000'000'000} && !q.ask; }),
        quote("BestAsk", "bestAsk", "\"2\"",
              [](auto& q) { return q.ask == Price{2'000'000'000} && !q.last; }),
        quote("Open", "open", "3", [](auto& q) { return q.open == Price{3'000'000'000}; }),
        quote("LastUpdated", "lastUpdated", seven_digits, [](auto& q) { return q.updated == at; }),
        quote("Timestamp", "timestamp", seven_digits, [](auto& q) { return q.updated == at; }),
        quote("UnusedMembers", "changePercent", "\"x\"",
              [](auto& q) { return q.contract.value == "CON.F.US.MNQ.U26"; })),
    named);
INSTANTIATE_TEST_SUITE_P(
    Refuses, ProjectxField,
    ::testing::Values(
        bad("AccountId", HubEvent::account, "id", "", "id: missing"),
        bad("AccountIdZero", HubEvent::account, "id", "0", "id: 0 is not an id"),
        bad("AccountIdHuge", HubEvent::account, "id", "9223372036854775808",
            "id: '9223372036854775808' is out of range"),
        bad("AccountFlag", HubEvent::account, "canTrade", "1", "canTrade: neither true nor false"),
        bad("AccountBalance", HubEvent::account, "balance", "1e300", "balance: '1e300' is out of range"),
        bad("AccountName", HubEvent::account, "name", "5", "name: not a text"),
        bad("OrderId", HubEvent::order, "id", "null", "id: missing"),
        bad("OrderAccountId", HubEvent::order, "accountId", "", "accountId: missing"),
        bad("OrderContractId", HubEvent::order, "contractId", "", "contractId: missing"),
        bad("OrderContractIdEmpty", HubEvent::order, "contractId", "\"\"", "contractId: empty"),
        bad("OrderContractIdLong", HubEvent::order, "contractId", "\"" + std::string(65, 'C') + "\"",
            "contractId: longer than 64 bytes"),
        bad("OrderStatus", HubEvent::order, "status", "", "status: missing"),
        bad("OrderStatusText", HubEvent::order, "status", "\"Open\"", "status: 'Open' is not a number"),
        bad("OrderStatusHuge", HubEvent::order, "status", "4294967297", "status: 4294967297 is out of range"),
        bad("OrderType", HubEvent::order, "type", "", "type: missing"),
        bad("OrderSide", HubEvent::order, "side", "", "side: missing"),
        bad("OrderSideUnknown", HubEvent::order, "side", "2", "side: 2 is neither 0 nor 1"),
        bad("OrderSize", HubEvent::order, "size", "", "size: missing"),
        bad("OrderSizeNegative", HubEvent::order, "size", "-1", "size: -1 is outside 0..1000000"),
        bad("OrderSizeHuge", HubEvent::order, "size", "1000001", "size: 1000001 is outside 0..1000000"),
        bad("OrderSizeBroken", HubEvent::order, "size", "1.5", "size: '1.5' is not a whole number"),
        bad("OrderSizeNested", HubEvent::order, "size", "[1]", "size: '' is not a number"),
        bad("OrderFillVolume", HubEvent::order, "fillVolume", "-1", "fillVolume: -1 is outside 0..1000000"),
        bad("OrderLimitPrice", HubEvent::order, "limitPrice", "\"+5\"", "limitPrice: '+5' is not a number"),
        bad("OrderTimestamp", HubEvent::order, "updateTimestamp", "\"soon\"",
            "updateTimestamp: 'soon' is not a timestamp"),
        bad("PositionAccountId", HubEvent::position, "accountId", "", "accountId: missing"),
        bad("PositionContractId", HubEvent::position, "contractId", "", "contractId: missing"),
        bad("PositionType", HubEvent::position, "type", "", "type: missing"),
        bad("PositionSize", HubEvent::position, "size", "", "size: missing"),
        bad("PositionSizeHuge", HubEvent::position, "size", "1e9", "size: '1e9' is not a whole number"),
        bad("FillId", HubEvent::fill, "id", "", "id: missing"),
        bad("FillIdNegative", HubEvent::fill, "id", "-9", "id: -9 is not an id"),
        bad("FillAccountId", HubEvent::fill, "accountId", "", "accountId: missing"),
        bad("FillContractId", HubEvent::fill, "contractId", "", "contractId: missing"),
        bad("FillTimestamp", HubEvent::fill, "creationTimestamp", "", "creationTimestamp: missing"),
        bad("FillSize", HubEvent::fill, "size", "", "size: missing"),
        bad("FillSide", HubEvent::fill, "side", "", "side: missing"),
        bad("FillProfit", HubEvent::fill, "profitAndLoss", "true", "profitAndLoss: 'true' is not a number"),
        bad("QuotePrice", HubEvent::quote, "bestBid", "{}", "bestBid: '' is not a number"),
        bad("QuoteTimestamp", HubEvent::quote, "lastUpdated", "5", "lastUpdated: '5' is not a timestamp")),
    named);

} // namespace
} // namespace bulkhead::protocol::projectx
