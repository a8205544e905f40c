#include "protocol/signalr/message.hpp"

#include <gtest/gtest.h>

#include "protocol/signalr/handshake.hpp"
#include "protocol/signalr/message_writer.hpp"

#include <string>

namespace bulkhead::protocol::signalr {
namespace {

using model::Errc;

template <class T>
T parsed(MessageParser& parser, std::string_view text) {
  const auto message = parser.parse(text);
  EXPECT_TRUE(message.has_value()) << text << ": " << (message ? "" : message.error().message());
  if (!message || !std::holds_alternative<T>(*message)) {
    ADD_FAILURE() << "another kind of message: " << text;
    return T{};
  }
  return std::get<T>(*message);
}

Errc failure(std::string_view text) {
  MessageParser parser;
  const auto message = parser.parse(text);
  return message ? Errc::ok : message.error().code();
}

TEST(MessageParser, ReadsAnEventAndLeavesItsArgumentsRaw) {
  MessageParser parser;
  const auto event = parsed<Invocation>(
      parser, R"({"type":1,"target":"GatewayUserOrder","arguments": [{"id":"9007199254740993","p":1.10}] })");
  EXPECT_EQ(event.target, "GatewayUserOrder");
  EXPECT_EQ(event.arguments.text, R"([{"id":"9007199254740993","p":1.10}])");
  EXPECT_EQ(event.invocation_id, std::nullopt);
}

TEST(MessageParser, AcceptsMembersInAnyOrderAndIgnoresUnknownAndRepeatedOnes) {
  MessageParser parser;
  const auto event = parsed<Invocation>(
      parser,
      R"({"headers":{"x":[1,{"type":6}]},"arguments":[1],"invocationId":"7","arguments":[2],"target":"T","type":1,"type":6})");
  EXPECT_EQ(event.target, "T");
  EXPECT_EQ(event.arguments.text, "[1]");
  EXPECT_EQ(event.invocation_id, "7");
}

// What the gateway writes is not parsed as a whole; anything but exactly that must be.
TEST(MessageParser, TellsTheUsualEventFromWhatOnlyBeginsAndEndsLikeIt) {
  MessageParser parser;
  const auto usual =
      parsed<Invocation>(parser, R"({"type":1,"target":"T","arguments":[{"a":"]}","b":[[]]},2]})");
  EXPECT_EQ(usual.target, "T");
  EXPECT_EQ(usual.arguments.text, R"([{"a":"]}","b":[[]]},2])");
  EXPECT_TRUE(usual.arguments.checked);

  const auto more = parsed<Invocation>(
      parser, R"({"type":1,"target":"T","arguments":[1],"invocationId":"7","streamIds":[]})");
  EXPECT_EQ(more.arguments.text, "[1]");
  EXPECT_EQ(more.invocation_id, "7");
  EXPECT_FALSE(more.arguments.checked);

  const auto escaped = parsed<Invocation>(parser, R"({"type":1,"target":"\u0054\"","arguments":[1]})");
  EXPECT_EQ(escaped.target, "T\"");
  EXPECT_EQ(failure(R"({"type":1,"target":"T","arguments":[1]]})"), Errc::malformed);
  EXPECT_EQ(failure(R"({"type":1,"target":"T","arguments":[1}]})"), Errc::malformed);
  EXPECT_EQ(failure(R"({"type":1,"target":"T","arguments":])"), Errc::malformed);
}

TEST(MessageParser, UnescapesNamesAndTexts) {
  MessageParser parser;
  EXPECT_EQ(parsed<Invocation>(parser, R"({"type":1,"target":"\u0047ate\"way","arguments":[]})").target,
            "Gate\"way");
}

TEST(MessageParser, ReadsCompletionsWithNullWithoutResultAndWithError) {
  MessageParser parser;
  EXPECT_EQ(parsed<Completion>(parser, R"({"type":3,"invocationId":"1","result":null})").error, std::nullopt);
  EXPECT_EQ(parsed<Completion>(parser, R"({"type":3,"invocationId":"12"})").invocation_id, "12");
  EXPECT_EQ(parsed<Completion>(parser, R"({"type":3,"invocationId":"2","error":null})").error, std::nullopt);
  EXPECT_EQ(parsed<Completion>(parser, R"({"type":3,"invocationId":"2","error":"no"})").error, "no");
}

TEST(MessageParser, ReadsPingsAndCloses) {
  MessageParser parser;
  (void)parsed<Ping>(parser, R"({"type":6})");
  EXPECT_FALSE(parsed<Close>(parser, R"({"type":7})").allow_reconnect);
  EXPECT_FALSE(parsed<Close>(parser, R"({"type":7,"allowReconnect":false})").allow_reconnect);
  const auto close = parsed<Close>(parser, R"({"type":7,"error":"bye","allowReconnect":true})");
  EXPECT_TRUE(close.allow_reconnect);
  EXPECT_EQ(close.error, "bye");
}

TEST(MessageParser, TellsUnusedTypesFromUnknownOnes) {
  MessageParser parser;
  EXPECT_EQ(parsed<Ignored>(parser, R"({"type":2,"invocationId":"1","item":5})").type, 2);
  EXPECT_EQ(parsed<Ignored>(parser, R"({"type":9,"sequenceId":1})").type, 9);
  EXPECT_EQ(parsed<Unknown>(parser, R"({"type":42})").type, 42);
  EXPECT_EQ(parsed<Unknown>(parser, R"({"type":-1})").type, -1);
}

TEST(MessageParser, RefusesWhatIsNoJsonObject) {
  const std::string_view inputs[] = {"",
                                     " ",
                                     "nonsense",
                                     "[1]",
                                     "6",
                                     "null",
                                     "{\"type\":6",
                                     "{\"type\":6} {}",
                                     "{\"type\":6}x",
                                     "{\"type\":6,}",
                                     "{\"type\" 6}",
                                     "{\"type\":1,\"target\":\"T\",\"arguments\":[1}",
                                     "{\"type\":1,\"target\":\"T",
                                     "{\"type\":1,\"target\":\"\xff\"}",
                                     "{\"type\":@}"};
  for (const auto text : inputs) EXPECT_EQ(failure(text), Errc::malformed) << text;
}

TEST(MessageParser, LeavesTheCheckOfArgumentsToTheirDecoder) {
  MessageParser parser;
  const auto event = parsed<Invocation>(parser, R"({"type":1,"target":"T","arguments":[{oops,,"a" 1}]})");
  EXPECT_EQ(event.arguments.text, R"([{oops,,"a" 1}])");
}

TEST(MessageParser, ReportsWhatAMessageLacks) {
  const std::string_view inputs[] = {
      "{}",
      R"({"type":"6"})",
      R"({"type":6.5})",
      R"({"type":null})",
      R"({"type":99999999999999999999})",
      R"({"type":1,"arguments":[]})",
      R"({"type":1,"target":5,"arguments":[]})",
      R"({"type":1,"target":"T"})",
      R"({"type":1,"target":"T","arguments":{"a":1}})",
      R"({"type":3,"result":null})",
      R"({"type":3,"invocationId":5})",
  };
  for (const auto text : inputs) EXPECT_EQ(failure(text), Errc::missing) << text;
}

TEST(MessageParser, ReadsTheSameInPlaceAndFromACopy) {
  const std::string json = R"({"type":1,"target":"T","arguments":["x"]})";
  MessageParser parser;
  const std::string roomy = json + "\x1e" + std::string(json_padding, '#');
  const auto in_place =
      parser.parse(Record{std::string_view(roomy).substr(0, json.size()), json_padding + 1});
  ASSERT_TRUE(in_place);
  const auto arguments = std::get<Invocation>(*in_place).arguments.text;
  EXPECT_EQ(arguments, "[\"x\"]");
  EXPECT_TRUE(arguments.data() > roomy.data() && arguments.data() < roomy.data() + roomy.size());

  const auto copied = parser.parse(Record{std::string_view(roomy).substr(0, json.size()), 1});
  ASSERT_TRUE(copied);
  EXPECT_EQ(std::get<Invocation>(*copied).arguments.text, "[\"x\"]");
}

TEST(MessageParser, SurvivesRecordsThatGrowAndErrorsInBetween) {
  MessageParser parser;
  for (std::size_t size = 1; size < 200'000; size *= 3) {
    const std::string json = R"({"type":1,"target":"T","arguments":[")" + std::string(size, 'x') + "\"]}";
    EXPECT_EQ(parsed<Invocation>(parser, json).arguments.text.size(), size + 4);
    EXPECT_FALSE(parser.parse("{broken"));
  }
}

TEST(MessageWriter, WritesWhatTheParserReads) {
  EXPECT_EQ(encode_handshake(), "{\"protocol\":\"json\",\"version\":1}\x1e");
  EXPECT_EQ(encode_handshake_ok(), "{}\x1e");
  EXPECT_EQ(encode_handshake_err("no \"such\""), "{\"error\":\"no \\\"such\\\"\"}\x1e");
  EXPECT_EQ(encode_ping(), "{\"type\":6}\x1e");
  EXPECT_EQ(encode_invocation("SubscribeOrders", "[5]", "1"),
            "{\"type\":1,\"invocationId\":\"1\",\"target\":\"SubscribeOrders\",\"arguments\":[5]}\x1e");
  EXPECT_EQ(encode_invocation("T", "[]"), "{\"type\":1,\"target\":\"T\",\"arguments\":[]}\x1e");
  EXPECT_EQ(encode_completion("3"), "{\"type\":3,\"invocationId\":\"3\",\"result\":null}\x1e");
  EXPECT_EQ(encode_completion("3", "a\x1e"),
            "{\"type\":3,\"invocationId\":\"3\",\"error\":\"a\\u001e\"}\x1e");
  EXPECT_EQ(encode_close(), "{\"type\":7}\x1e");
  EXPECT_EQ(encode_close("e", true), "{\"type\":7,\"error\":\"e\",\"allowReconnect\":true}\x1e");
  EXPECT_EQ(encode_close(std::nullopt, false), "{\"type\":7,\"allowReconnect\":false}\x1e");
}

TEST(MessageWriter, ReplacesBytesThatAreNotUtf8) {
  MessageParser parser;
  const auto record = encode_completion("1", "bad \xff byte");
  EXPECT_EQ(parsed<Completion>(parser, std::string_view(record).substr(0, record.size() - 1)).error,
            "bad \xef\xbf\xbd byte");
}

TEST(Handshake, AnswerIsEmptyObjectOrError) {
  EXPECT_TRUE(parse_handshake_answer("{}"));
  EXPECT_TRUE(parse_handshake_answer(R"({"error":null,"minorVersion":0})"));
  const auto refused = parse_handshake_answer(R"({"error":"The protocol 'xml' is not supported."})");
  EXPECT_EQ(refused.error().code(), Errc::rejected);
  EXPECT_EQ(refused.error().message(), "handshake refused: The protocol 'xml' is not supported.");
  EXPECT_EQ(parse_handshake_answer(R"({"error":5})").error().code(), Errc::rejected);
  EXPECT_EQ(parse_handshake_answer(R"({"type":6})").error().code(), Errc::malformed);
  EXPECT_EQ(parse_handshake_answer("<html>").error().code(), Errc::malformed);
}

TEST(Handshake, RequestNamesProtocolAndVersion) {
  const auto record = encode_handshake();
  const auto request = parse_handshake_request(std::string_view(record).substr(0, record.size() - 1));
  ASSERT_TRUE(request);
  EXPECT_EQ(request->protocol, "json");
  EXPECT_EQ(request->version, 1);
  EXPECT_FALSE(parse_handshake_request(R"({"type":6})"));
  EXPECT_FALSE(parse_handshake_request(R"({"protocol":"json"})"));
}

TEST(Negotiate, YieldsTheConnectionTokenTheRedirectOrTheError) {
  const auto v1 = parse_negotiate_answer(
      R"({"negotiateVersion":1,"connectionId":"c","connectionToken":"t","availableTransports":[{"transport":"LongPolling"},{"transport":"WebSockets","transferFormats":["Text"]}]})");
  ASSERT_TRUE(v1);
  EXPECT_EQ(v1->connection_id, "t");
  const auto v0 = parse_negotiate_answer(R"({"negotiateVersion":0,"connectionId":"c"})");
  ASSERT_TRUE(v0);
  EXPECT_EQ(v0->connection_id, "c");
  const auto redirect = parse_negotiate_answer(R"({"url":"https://b.example/hubs/user","accessToken":"s"})");
  ASSERT_TRUE(redirect);
  EXPECT_EQ(redirect->url, "https://b.example/hubs/user");
  EXPECT_EQ(redirect->access_token, "s");
  EXPECT_EQ(parse_negotiate_answer(R"({"error":"full"})").error().message(), "negotiate refused: full");
  EXPECT_EQ(
      parse_negotiate_answer(R"({"connectionToken":"t","availableTransports":[{"transport":"LongPolling"}]})")
          .error()
          .code(),
      Errc::unsupported);
  EXPECT_EQ(parse_negotiate_answer("{}").error().code(), Errc::malformed);
  EXPECT_EQ(parse_negotiate_answer("").error().code(), Errc::malformed);
}

} // namespace
} // namespace bulkhead::protocol::signalr
