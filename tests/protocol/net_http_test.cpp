#include "protocol/net/http_date.hpp"
#include "protocol/net/http_text.hpp"

#include <gtest/gtest.h>

namespace bulkhead::protocol::net {
namespace {

using std::chrono::seconds;

const Endpoint site{true, "api.example.com", 443, "/"};

model::Instant date(std::string_view text) { return parse_http_date(text).value(); }

TEST(HttpDate, ReadsTheFormServersSend) {
  EXPECT_EQ(date("Sun, 06 Nov 1994 08:49:37 GMT"), model::parse_instant("1994-11-06T08:49:37Z").value());
}

TEST(HttpDate, RefusesAnythingElse) {
  for (const char* text :
       {"", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, -6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:3x GMT"})
    EXPECT_FALSE(parse_http_date(text).has_value()) << text;
}

TEST(RetryAfter, ReadsSeconds) {
  EXPECT_EQ(parse_retry_after("30", std::nullopt), seconds(30));
  EXPECT_EQ(parse_retry_after("0", std::nullopt), seconds(0));
}

TEST(RetryAfter, IsRelativeToTheDateOfTheReply) {
  const auto now = date("Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:50:07 GMT", now), seconds(30));
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:49:00 GMT", now), seconds(0));
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:50:07 GMT", std::nullopt), std::nullopt);
}

TEST(RetryAfter, IsClampedToADay) {
  EXPECT_EQ(parse_retry_after("99999999999999999999", std::nullopt), seconds(86'400));
  EXPECT_EQ(parse_retry_after("-5", std::nullopt), std::nullopt);
  EXPECT_EQ(parse_retry_after("soon", std::nullopt), std::nullopt);
}

TEST(RequestWriter, WritesHeadAndBodyInOnePiece) {
  const RequestWriter writer(site);
  const auto wire = writer.to_wire({LaneId{1}, "POST", "/api/x", "tok", "{\"a\":1}"});
  EXPECT_EQ(wire.value(), "POST /api/x HTTP/1.1\r\nHost: api.example.com\r\nUser-Agent: bulkhead\r\n"
                          "Accept: application/json\r\nAuthorization: Bearer tok\r\n"
                          "Content-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"a\":1}");
}

TEST(RequestWriter, LeavesOutWhatIsEmpty) {
  const RequestWriter writer(site);
  const std::string get = writer.to_wire({LaneId{}, "GET", "/api/x", "", ""}).value();
  EXPECT_EQ(get.find("Authorization"), std::string::npos);
  EXPECT_EQ(get.find("Content-"), std::string::npos);
  const std::string post = writer.to_wire({LaneId{}, "POST", "/api/x", "", ""}).value();
  EXPECT_NE(post.find("Content-Length: 0\r\n"), std::string::npos);
}

TEST(RequestWriter, PutsTheBasePathInFront) {
  const RequestWriter writer({true, "h", 443, "/base/?q=1"});
  EXPECT_TRUE(
      writer.to_wire({LaneId{}, "GET", "/api/x", "", ""}).value().starts_with("GET /base/api/x HTTP/1.1"));
}

TEST(RequestWriter, RefusesHeaderInjectionWithoutQuotingIt) {
  const RequestWriter writer(site);
  for (const auto& bad :
       {HttpRequest{LaneId{}, "POST", "/a\r\nX: evil", "", ""},
        HttpRequest{LaneId{}, "POST", "/a", "evil\n", ""}, HttpRequest{LaneId{}, "POST", "/a evil", "", ""},
        HttpRequest{LaneId{}, "PO ST", "/a", "evil", ""}, HttpRequest{LaneId{}, "POST", "evil", "", ""}}) {
    const auto wire = writer.to_wire(bad);
    ASSERT_FALSE(wire.has_value());
    EXPECT_EQ(wire.error().code(), model::Errc::malformed);
    EXPECT_EQ(wire.error().message().find("evil"), std::string::npos);
  }
}

} // namespace
} // namespace bulkhead::protocol::net
