// Certificates that must and must not be accepted, seen through the REST transport.
#include "protocol/net/rest_transport.hpp"
#include "tests/support/protocol/run_until.hpp"
#include "tests/support/protocol/test_server.hpp"
#include "tests/support/protocol/transport_probe.hpp"

#include <boost/asio/io_context.hpp>
#include <fstream>
#include <gtest/gtest.h>

namespace bulkhead::protocol::net {
namespace {

using model::Errc;
using testing::loopback;
using testing::Peer;
using testing::ReplyProbe;
using testing::run_until;
using testing::ServerFiles;
using testing::TestAuthority;
using testing::TestServer;

void answer(Peer& peer) {
  for (;;) {
    (void)peer.read_request();
    peer.reply("{}");
  }
}

/// One request to a server with this certificate, by a client that trusts `ca_file`.
ReplyProbe ask(const ServerFiles& files, const std::filesystem::path& ca_file, const std::string& host) {
  TestServer server(answer, files);
  boost::asio::io_context io{1};
  ReplyProbe probe;
  BeastRestTransport transport(io, loopback(server.port(), true, host), make_tls_context(ca_file).value());
  transport.send({LaneId{1}, "POST", "/", "secret", "{}"}, probe.on_reply());
  EXPECT_TRUE(run_until(io, [&] { return probe.done(); }));
  return probe;
}

TEST(Tls, AcceptsACertificateForTheNameAndTheAddress) {
  TestAuthority authority;
  const auto files = authority.issue("DNS:localhost,IP:127.0.0.1");
  EXPECT_EQ(ask(files, authority.ca_file(), "localhost").message(), "a reply");
  EXPECT_EQ(ask(files, authority.ca_file(), "127.0.0.1").message(), "a reply");
}

TEST(Tls, RefusesAnUnknownAuthority) {
  TestAuthority theirs;
  TestAuthority ours;
  const auto probe = ask(theirs.issue("IP:127.0.0.1"), ours.ca_file(), "127.0.0.1");
  EXPECT_TRUE(probe.failed_with(Errc::unreachable, false)) << probe.message();
  EXPECT_NE(probe.message().find("unknown authority"), std::string::npos) << probe.message();
}

TEST(Tls, RefusesACertificateForAnotherHost) {
  TestAuthority authority;
  const auto files = authority.issue("DNS:other.example.com,IP:127.0.0.2");
  for (const char* host : {"localhost", "127.0.0.1"}) {
    const auto probe = ask(files, authority.ca_file(), host);
    EXPECT_TRUE(probe.failed_with(Errc::unreachable, false)) << probe.message();
    EXPECT_NE(probe.message().find("for another host"), std::string::npos) << probe.message();
  }
}

TEST(Tls, RefusesAnExpiredCertificate) {
  TestAuthority authority;
  const auto probe = ask(authority.issue("IP:127.0.0.1", true), authority.ca_file(), "127.0.0.1");
  EXPECT_TRUE(probe.failed_with(Errc::unreachable, false)) << probe.message();
  EXPECT_NE(probe.message().find("has expired"), std::string::npos) << probe.message();
}

TEST(Tls, SaysWhenThePeerDoesNotSpeakTls) {
  TestServer server([](Peer& peer) { peer.write("HTTP/1.1 400 Bad Request\r\n\r\n"); });
  boost::asio::io_context io{1};
  ReplyProbe probe;
  BeastRestTransport transport(io, loopback(server.port(), true), make_tls_context().value());
  transport.send({LaneId{1}, "GET", "/", "", ""}, probe.on_reply());
  ASSERT_TRUE(run_until(io, [&] { return probe.done(); }));
  EXPECT_TRUE(probe.failed_with(Errc::unreachable, false)) << probe.message();
  EXPECT_NE(probe.message().find("TLS handshake with 127.0.0.1"), std::string::npos) << probe.message();
}

TEST(Tls, ReportsAMissingOrUselessAuthorityFile) {
  TestAuthority authority;
  EXPECT_EQ(make_tls_context("/nonexistent/ca.pem").error().code(), Errc::not_found);
  const auto broken = authority.ca_file().parent_path() / "broken.pem";
  std::ofstream(broken) << "not a certificate\n";
  EXPECT_EQ(make_tls_context(broken).error().code(), Errc::malformed);
}

TEST(Tls, NeedsAContextForATlsSite) {
  boost::asio::io_context io{1};
  EXPECT_THROW(BeastRestTransport(io, loopback(1, true), nullptr), model::InvariantViolation);
}

} // namespace
} // namespace bulkhead::protocol::net
