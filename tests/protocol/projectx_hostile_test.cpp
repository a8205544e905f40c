// Input that nobody well-meaning sends: it may be refused, but never crash, hang or be half believed.
#include "protocol/projectx/decode.hpp"
#include "protocol/projectx/responses.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <random>

namespace bulkhead::protocol::projectx {
namespace {

using namespace model;
using namespace std::string_view_literals;

struct Outcome {
  std::vector<Payload> payloads;
  std::vector<DecodeProblem> problems;
  void operator()(Payload&& payload) { payloads.push_back(std::move(payload)); }
  void operator()(DecodeProblem&& problem) { problems.push_back(std::move(problem)); }
};

Outcome decode(std::string_view target, std::string_view arguments) {
  Decoder decoder;
  Outcome outcome;
  decoder.decode_event(target, arguments, outcome);
  return outcome;
}

const std::string order_text =
    R"([{"action":1,"data":{"id":"3300000901","accountId":41002233,"contractId":"CON.F.US.MNQ.U26",
  "symbolId":null,"creationTimestamp":"2026-09-02T19:29:25.3938301+00:00","status":1,"type":1,"side":1,"size":1,
  "limitPrice":29105.250000000,"custom\u0054ag":"a\"\\\u00e9","zzz":[{"a":[]},"]}"]}},null])";
const std::string quote_text =
    R"([["CON.F.US.MNQ.U26","{\"symbol\":\"F\",\"lastPrice\":\"5e2\",\"x\":[{}]}"],["B",{"bestBid":1}]])";
constexpr std::string_view targets[] = {"GatewayUserAccount", "GatewayUserOrder", "GatewayUserPosition",
                                        "GatewayUserTrade", "GatewayQuote"};

TEST(ProjectxHostile, RefusesEveryPrefixWithOneProblem) {
  ASSERT_EQ(decode("GatewayUserOrder", order_text).payloads.size(), 1U);
  ASSERT_EQ(decode("GatewayQuote", quote_text).payloads.size(), 2U);
  for (const std::string& whole : {order_text, quote_text}) {
    for (const std::string_view target : targets) {
      for (std::size_t length = 0; length < whole.size(); ++length) {
        const auto outcome = decode(target, whole.substr(0, length));
        ASSERT_EQ(outcome.problems.size(), 1U) << length;
        ASSERT_TRUE(outcome.payloads.empty()) << length;
      }
    }
  }
}

TEST(ProjectxHostile, RefusesTrailingGarbage) {
  for (const std::string_view tail : {"]", "x", "[]", "1", "\"", ",", "\x01", "}"}) {
    const auto outcome = decode("GatewayUserOrder", order_text + " " + std::string(tail));
    EXPECT_TRUE(outcome.payloads.empty()) << tail;
    EXPECT_EQ(outcome.problems.size(), 1U) << tail;
  }
  EXPECT_EQ(decode("GatewayUserOrder", " \r\n\t" + order_text + "\n ").payloads.size(), 1U);
}

TEST(ProjectxHostile, SurvivesEveryByteReplaced) {
  std::size_t refused = 0;
  for (const std::string& whole : {order_text, quote_text}) {
    for (std::size_t i = 0; i < whole.size(); ++i) {
      for (const char c : "\0\"\\{}[]:,0-e.tn\x80\xff "sv) {
        std::string broken = whole;
        broken[i] = c;
        for (const std::string_view target : {"GatewayUserOrder", "GatewayQuote"}) {
          const auto outcome = decode(target, broken);
          ASSERT_GE(outcome.payloads.size() + outcome.problems.size(), 1U);
          refused += outcome.problems.size();
        }
      }
    }
  }
  EXPECT_GT(refused, 1000U);
}

TEST(ProjectxHostile, RefusesDeepNesting) {
  for (const std::size_t depth : {9U, 64U, 65U, 1024U, 100'000U}) {
    const std::string arrays = std::string(depth, '[') + std::string(depth, ']');
    EXPECT_EQ(decode("GatewayUserOrder", "[" + arrays + "]").problems.size(), 1U);
    EXPECT_EQ(decode("GatewayQuote", "[" + arrays + "]").problems.size(), 1U);
    std::string objects;
    for (std::size_t i = 0; i < depth; ++i) objects += R"({"action":1,"data":)";
    const auto outcome = decode("GatewayUserOrder", "[" + objects + "{}" + std::string(depth, '}') + "]");
    EXPECT_EQ(outcome.problems.size(), 1U);
  }
}

TEST(ProjectxHostile, BoundsTheElementsOfAnEvent) {
  const auto event = [](std::size_t count) {
    std::string text = "[";
    for (std::size_t i = 0; i < count; ++i) text += R"({"id":1},)";
    return text + "null]";
  };
  EXPECT_EQ(decode("GatewayUserAccount", event(most_elements)).payloads.size(), most_elements);
  const auto outcome = decode("GatewayUserAccount", event(most_elements + 1));
  EXPECT_TRUE(outcome.payloads.empty());
  ASSERT_EQ(outcome.problems.size(), 1U);
  EXPECT_EQ(outcome.problems[0].reason, "more than 1024 elements");
}

TEST(ProjectxHostile, BoundsTheBytesOfAnEventAndOfItsExcerpt) {
  const std::string fitting = "[{\"id\":1}" + std::string(largest_event - 10, ' ') + "]";
  EXPECT_EQ(decode("GatewayUserAccount", fitting).payloads.size(), 1U);
  const auto outcome = decode("GatewayUserAccount", fitting + " ");
  ASSERT_EQ(outcome.problems.size(), 1U);
  EXPECT_TRUE(outcome.payloads.empty());
  EXPECT_EQ(outcome.problems[0].excerpt.size(), 256U);
}

TEST(ProjectxHostile, RefusesBrokenText) {
  for (const std::string_view name : {"\xff", "\xc3", "\xed\xa0\x80", "\\ud800", "\\x41", "a\nb", "\\u12"}) {
    const auto outcome = decode("GatewayUserAccount", R"([{"id":1,"name":")" + std::string(name) + "\"}]");
    EXPECT_TRUE(outcome.payloads.empty()) << name;
    EXPECT_EQ(outcome.problems.size(), 1U) << name;
  }
}

TEST(ProjectxHostile, RefusesNumbersThatAreNone) {
  for (const std::string_view number :
       {"1e999999999999", "99999999999999999999", "0x10", "01", "1.", ".5", "+5", "-", "NaN", "Infinity",
        "1e", "1_000", "--1", "1.2.3", "tru", "nul", "9e18"}) {
    const auto outcome = decode("GatewayUserAccount", R"([{"id":1,"balance":)" + std::string(number) + "}]");
    EXPECT_TRUE(outcome.payloads.empty()) << number;
    EXPECT_EQ(outcome.problems.size(), 1U) << number;
  }
}

TEST(ProjectxHostile, NeverReadsACutAnswerAsAnEmptyOne) {
  HttpReply reply;
  reply.status = 200;
  const std::string whole =
      R"({"positions":[{"accountId":1,"contractId":"C","type":1,"size":1}],"success":true,
    "errorCode":0,"errorMessage":null})";
  reply.body = whole;
  ASSERT_TRUE(read_positions(reply).has_value());
  for (std::size_t length = 0; length < whole.size(); ++length) {
    reply.body = whole.substr(0, length);
    ASSERT_TRUE(read_positions(reply).has_error()) << length;
  }
}

/// A position as nlohmann sees it, with members in random order, random number forms and unknown members.
struct Sample {
  std::string text;
  PositionUpdate expected;
};
Sample random_position(std::mt19937_64& random) {
  const auto pick = [&](std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(random);
  };
  const auto maybe_text = [&](std::int64_t n) {
    return pick(0, 1) ? nlohmann::json(n) : nlohmann::json(std::to_string(n));
  };
  Sample sample;
  PositionUpdate& p = sample.expected;
  p.account = AccountId{pick(1, 1LL << 52)};
  p.contract = ContractId{
      "CON." + std::string(static_cast<std::size_t>(pick(0, 20)), static_cast<char>(pick(1, 126)))};
  p.type = static_cast<PositionType>(pick(0, 2));
  p.size = static_cast<std::int32_t>(pick(0, largest_size));
  p.average_price = Price{pick(-1'000'000'000, 1'000'000'000) * 250'000'000};
  std::vector<std::pair<std::string, nlohmann::json>> members{
      {"accountId", maybe_text(p.account.value)},
      {"contractId", p.contract.value},
      {"type", maybe_text(static_cast<std::int32_t>(p.type))},
      {"size", maybe_text(p.size)},
      {"averagePrice", to_string(*p.average_price)},
      {"x\"y", nlohmann::json::array({1.5, nullptr, "]}"})}};
  if (pick(0, 1)) p.id = PositionId{pick(1, 1LL << 62)}, members.emplace_back("id", maybe_text(p.id->value));
  if (pick(0, 1)) members.emplace_back("creationTimestamp", nullptr);
  std::shuffle(members.begin(), members.end(), random);
  nlohmann::ordered_json object = nlohmann::ordered_json::object();
  for (const auto& [key, value] : members) object[key] = value;
  nlohmann::ordered_json event =
      pick(0, 1) ? nlohmann::ordered_json{{"action", 1}, {"data", object}} : object;
  if (pick(0, 3) == 0) event = event.dump();
  sample.text = nlohmann::ordered_json::array({event}).dump(pick(0, 1) ? -1 : 2, ' ', pick(0, 1) == 1);
  return sample;
}

TEST(ProjectxHostile, AgreesWithAnotherParserOnRandomPositions) {
  constexpr std::uint64_t seed = 20260902;
  std::mt19937_64 random(seed);
  Decoder decoder;
  for (int i = 0; i < 2000; ++i) {
    const Sample sample = random_position(random);
    Outcome outcome;
    decoder.decode_event("GatewayUserPosition", std::string_view(sample.text), outcome);
    ASSERT_TRUE(outcome.problems.empty())
        << "seed " << seed << " case " << i << ": " << outcome.problems[0].reason << "\n"
        << sample.text;
    ASSERT_EQ(outcome.payloads.size(), 1U) << "seed " << seed << " case " << i;
    ASSERT_EQ(std::get<PositionUpdate>(outcome.payloads[0]), sample.expected) << "seed " << seed << "\n"
                                                                              << sample.text;
  }
}

} // namespace
} // namespace bulkhead::protocol::projectx
