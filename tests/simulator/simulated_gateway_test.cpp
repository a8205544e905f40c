// The facade: TLS, calls from other threads, the walking market, the blocking helper.
#include "simulator/random_walk.hpp"
#include "simulator/serve.hpp"
#include "tests/simulator/book_builders.hpp"
#include "tests/simulator/gateway_fixture.hpp"

#include <sstream>
#include <thread>
#include <unistd.h>

namespace bulkhead::simulator {
namespace {

using namespace test_words;

struct TemporaryFile {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("bulkhead-sim-" + std::to_string(::getpid()) + "-ca.pem");
  ~TemporaryFile() { std::filesystem::remove(path); }
};

TEST(SimulatedGateway, SpeaksTlsUnderItsOwnCa) {
  const TemporaryFile ca;
  SimulatorOptions options;
  options.tls = true;
  options.ca_out = ca.path;
  SimulatedGateway gateway(options);
  const auto ports = gateway.start();
  ASSERT_TRUE(ports);
  EXPECT_EQ(ports->ca_file, ca.path);
  for (const char* host : {"localhost", "127.0.0.1", "::1"}) {
    bulkhead::testing::HttpClient client(ports->port, ca.path, host);
    client.login();
    EXPECT_EQ(client.post("/api/Account/search", {{"onlyActiveAccounts", true}}).status, 200) << host;
  }
  EXPECT_THROW(bulkhead::testing::HttpClient(ports->port, ca.path, "example.org").get("/api/Status/ping"),
               std::runtime_error);
}

TEST(SimulatedGateway, SaysWhereTheCaCannotBeWritten) {
  SimulatorOptions options;
  options.tls = true;
  options.ca_out = "/nonexistent/ca.pem";
  SimulatedGateway gateway(options);
  const auto ports = gateway.start();
  ASSERT_FALSE(ports);
  EXPECT_EQ(ports.error().code(), model::Errc::io);
}

TEST(SimulatedGateway, TakesCallsFromAnyThreadWhileItRuns) {
  SimulatedGateway gateway;
  EXPECT_EQ(gateway.set_position(account, mnq, 1).error().code(), model::Errc::busy);
  ASSERT_TRUE(gateway.start());
  std::thread one([&] {
    for (int i = 0; i < 50; ++i) EXPECT_TRUE(gateway.trade({account, mnq, model::Side::buy, 1, {}, {}, {}}));
  });
  for (int i = 0; i < 50; ++i) EXPECT_TRUE(gateway.trade({account, mnq, model::Side::buy, 1, {}, {}, {}}));
  one.join();
  EXPECT_EQ(gateway.snapshot(account).value().positions.at(0).quantity, 100);
  ASSERT_TRUE(gateway.set_quote({mnq, price("21005"), {}, {}, {}, {}}));
  EXPECT_EQ(gateway.quote(mnq).value().ask, price("21005.25"));
  const auto placed = gateway.place_order(limit(model::Side::buy, 1, "20990"));
  ASSERT_TRUE(placed);
  EXPECT_TRUE(gateway.cancel_order(account, *placed->order));
  EXPECT_EQ(gateway.cancel_order(account, *placed->order).error().code(), model::Errc::not_found);
  gateway.stop();
  EXPECT_EQ(gateway.snapshot(account).error().code(), model::Errc::busy);
}

TEST(SimulatedGateway, RefusesAPortInUse) {
  SimulatedGateway first;
  SimulatorOptions options;
  options.port = first.start().value().port;
  SimulatedGateway second(options);
  EXPECT_FALSE(second.start());
}

TEST(SimulatedGateway, WalksItsQuotesWhenAsked) {
  SimulatorOptions options;
  options.quotes_per_second = 500;
  RunningGateway at(options);
  bulkhead::testing::HubClient hub(at.ports.port, "/hubs/market?access_token=" + at.rest.token());
  hub.handshake();
  hub.call("SubscribeContractQuotes", {mnq_id});
  for (int i = 0; i < 5; ++i) EXPECT_EQ(hub.next_event().at("target"), "GatewayQuote");
}

TEST(RandomWalk, StaysOnTheTickGridAndRepeatsItself) {
  RandomWalk walk(7), twin(7);
  const auto tick = price("0.25");
  model::Quote quote{price("21000.25"), price("21000.25"), price("21000.5"), {}};
  for (int i = 0; i < 10'000; ++i) {
    const auto next = walk.next(mnq, quote, tick);
    ASSERT_EQ(next, twin.next(mnq, quote, tick));
    ASSERT_TRUE(next.last || next.bid);
    ASSERT_TRUE(quote.merge(next, now));
    ASSERT_EQ(quote.ask->nanos - quote.bid->nanos, tick.nanos);
    ASSERT_EQ(quote.bid->nanos % tick.nanos, 0);
    ASSERT_EQ(quote.last->nanos % tick.nanos, 0);
  }
}

TEST(Serve, PrintsItsPortsAndStopsWhenTold) {
  int ends[2] = {-1, -1};
  ASSERT_EQ(::pipe(ends), 0);
  ASSERT_EQ(::close(ends[1]), 0); // told before it begins
  std::ostringstream out;
  EXPECT_TRUE(serve({}, out, ends[0]));
  ::close(ends[0]);
  const auto line = nlohmann::json::parse(out.str());
  EXPECT_GT(line.at("port"), 0);
  EXPECT_NE(line.at("port"), line.at("control_port"));
  EXPECT_TRUE(line.at("ca_file").is_null());
  EXPECT_EQ(out.str().back(), '\n');
}

} // namespace
} // namespace bulkhead::simulator
