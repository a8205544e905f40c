#include "protocol/transport.hpp"

#include <gtest/gtest.h>

namespace bulkhead::protocol {
namespace {

using model::Errc;

Errc error_of(std::string_view url) {
  const auto parsed = Endpoint::parse(url);
  return parsed ? Errc::ok : parsed.error().code();
}

TEST(Endpoint, TakesHostPortAndPathFromAnHttpsUrl) {
  const auto parsed = Endpoint::parse("https://API.example.com:8443/base?x=1");
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(*parsed, (Endpoint{true, "api.example.com", 8443, "/base?x=1"}));
}

TEST(Endpoint, KnowsTheDefaultPortsAndPath) {
  EXPECT_EQ(Endpoint::parse("wss://rtc.example.com").value(), (Endpoint{true, "rtc.example.com", 443, "/"}));
  EXPECT_EQ(Endpoint::parse("ws://localhost").value(), (Endpoint{false, "localhost", 80, "/"}));
}

TEST(Endpoint, AcceptsPlainForThisMachineOnly) {
  for (const char* url : {"http://localhost:80", "http://LocalHost", "http://127.0.0.1", "ws://127.9.8.7:1",
                          "http://[::1]:8080"})
    EXPECT_EQ(error_of(url), Errc::ok) << url;
  for (const char* url : {"http://10.0.0.1", "http://example.com", "ws://0.0.0.0",
                          "http://localhost.example.com", "http://[::2]", "http://[::ffff:10.0.0.1]"})
    EXPECT_EQ(error_of(url), Errc::rejected) << url;
}

TEST(Endpoint, RefusesWhatIsNoUrlOfOurs) {
  for (const char* url :
       {"", "example.com", "ftp://example.com", "https://", "https://:443", "https://host:0",
        "https://host:65536", "https://user:pw@host", "https://host/#part", "https://ho%73t",
        "https://host name", "http://127.0.0.1.example.com", "https://1.2.3.4evil.com/p",
        "https://host\r\nX: y"})
    EXPECT_EQ(error_of(url), Errc::malformed) << url;
}

TEST(Endpoint, NeverQuotesTheQuery) {
  const auto parsed = Endpoint::parse("http://example.com/hub?access_token=secret");
  ASSERT_FALSE(parsed.has_value());
  EXPECT_EQ(parsed.error().message().find("secret"), std::string::npos);
}

TEST(Endpoint, WritesTheHostHeader) {
  EXPECT_EQ(Endpoint::parse("https://a.example.com").value().authority(), "a.example.com");
  EXPECT_EQ(Endpoint::parse("https://a.example.com:80").value().authority(), "a.example.com:80");
  EXPECT_EQ(Endpoint::parse("http://127.0.0.1:80").value().authority(), "127.0.0.1");
  EXPECT_EQ(Endpoint::parse("https://[2001:db8::1]:444").value().authority(), "[2001:db8::1]:444");
}

} // namespace
} // namespace bulkhead::protocol
