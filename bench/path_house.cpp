#include "bench/path_house.hpp"

#include "actors/account.hpp"
#include "actors/account_journal.hpp"
#include "actors/connection.hpp"
#include "actors/event_router.hpp"
#include "actors/placement.hpp"
#include "actors/rehearsal.hpp"
#include "actors/system_config.hpp"
#include "persistence/lmdb_store.hpp"
#include "protocol/signalr/message.hpp"
#include "protocol/signalr/message_writer.hpp"

#include <boost/asio/post.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <fmt/format.h>
#include <future>
#include <thread>

namespace bulkhead::bench {
namespace {

using namespace std::chrono_literals;
namespace projectx = protocol::projectx;
namespace signalr = protocol::signalr;

const model::CredentialId credential{"bench"};

/// The steady clock, moved on by the driver.
class LeapingClock final : public actors::Clock {
public:
  [[nodiscard]] model::Instant now() const override {
    return begin_ +
           std::chrono::duration_cast<model::Duration>(std::chrono::nanoseconds{monotonic() + leapt_});
  }
  [[nodiscard]] MonotonicNanos monotonic() const override { return protocol::monotonic_now(); }
  void leap(std::chrono::nanoseconds span) { leapt_ += span.count(); }

private:
  model::Instant begin_ = *model::parse_instant("2026-07-15T18:00:00Z");
  std::atomic<MonotonicNanos> leapt_{0};
};

/// Answers everything with success and an empty book, in the next turn of the breach shard.
class MemoryGateway final : public protocol::RestTransport {
public:
  explicit MemoryGateway(boost::asio::io_context& io) : io_(io) {}
  void send(protocol::HttpRequest request, OnReply on_reply) override {
    if (request.target == projectx::path(projectx::Endpoint::position_close)) {
      closed_at = protocol::monotonic_now();
      ++closes;
    } else if (request.target == projectx::path(projectx::Endpoint::position_search_open)) {
      ++reads;
    }
    protocol::HttpReply reply;
    reply.status = 200;
    reply.body = R"({"positions":[],"orders":[],"totalCount":0,"trades":[],"token":"bench",)"
                 R"("accounts":[{"id":1,"name":"1","balance":50000,"canTrade":true,"isVisible":true},)"
                 R"({"id":2,"name":"2","balance":50000,"canTrade":true,"isVisible":true}],)"
                 R"("success":true,"errorCode":0,"errorMessage":null})";
    reply.written = reply.received = protocol::monotonic_now();
    boost::asio::post(io_, [reply = std::move(reply), on_reply = std::move(on_reply)] { on_reply(reply); });
  }
  void set_lane_width(protocol::LaneId, std::size_t) override {}
  [[nodiscard]] std::size_t warm_connections(protocol::LaneId) const override { return 2; }
  void close() override {}

  std::atomic<MonotonicNanos> closed_at{0};
  std::atomic<int> closes{0}, reads{0};

private:
  boost::asio::io_context& io_;
};

/// A hub that accepts every subscription.
class MemoryHub final : public protocol::WebsocketTransport {
public:
  explicit MemoryHub(boost::asio::io_context& io) : io_(io) {}
  void open(const protocol::Endpoint&, std::string, Handlers handlers) override {
    boost::asio::post(io_, [this, handlers = std::move(handlers)] {
      handlers_ = handlers;
      handlers_.on_open();
    });
  }
  void send(std::string text) override {
    auto answer =
        text.find("\"protocol\"") != std::string::npos ? signalr::encode_handshake_ok() : std::string{};
    std::string_view rest = text;
    for (auto end = rest.find('\x1e'); end != rest.npos; end = rest.find('\x1e')) {
      const auto message = signalr::MessageParser{}.parse(rest.substr(0, end));
      const auto* call = message ? std::get_if<signalr::Invocation>(&*message) : nullptr;
      if (call != nullptr && call->invocation_id)
        answer += signalr::encode_completion(*call->invocation_id), ++subscribed;
      rest.remove_prefix(end + 1);
    }
    if (!answer.empty()) boost::asio::post(io_, [this, answer = std::move(answer)] { hear(answer); });
  }
  void close() override {}
  void hear(std::string_view bytes) const { handlers_.on_message(bytes, protocol::monotonic_now()); }

  std::atomic<int> subscribed{0};

private:
  boost::asio::io_context& io_;
  Handlers handlers_;
};

} // namespace

std::string position_message(model::AccountId account, int size) {
  return signalr::encode_invocation(
      projectx::target(projectx::HubEvent::position),
      fmt::format(R"([{{"action":{},"data":{{"id":{},"accountId":{},"contractId":"CON.F.US.MNQ.Z25",)"
                  R"("contractDisplayName":"MNQZ5","creationTimestamp":"2025-11-20T14:30:00.1234567+00:00",)"
                  R"("type":{},"size":{},"averagePrice":24873.25}}}}])",
                  size == 0 ? 2 : 1, account.value + 5'000'000, account.value, size == 0 ? 0 : 1, size));
}

struct PathHouse::Parts {
  static protocol::net::IoThread::OnException silent() {
    return [](std::string_view) {};
  }

  protocol::net::IoThread breach{"bh-breach-io", silent()};
  protocol::net::IoThread market{"bh-market-io", silent()};
  std::shared_ptr<LeapingClock> clock = std::make_shared<LeapingClock>();
  MemoryGateway gateway{breach.context()};
  std::shared_ptr<MemoryHub> hub = std::make_shared<MemoryHub>(breach.context());
  std::shared_ptr<actors::GatewaySender> sender = std::make_shared<actors::GatewaySender>(gateway, *clock);
  std::shared_ptr<persistence::DataDir> data_dir;
  actors::SystemConfig config{actors::ShardContexts{&breach.context(), &market.context()}};
  caf::actor_system system{config};
  actors::event_router_actor router;
  actors::connection_actor connection;
  actors::journal_actor journal;
  std::map<model::AccountId, actors::account_actor> accounts;
  protocol::projectx::Decoder decoder;
  signalr::MessageParser parser;

  model::Result<void> build(const std::filesystem::path& directory) {
    auto opened = persistence::DataDir::open(directory);
    if (!opened) return opened.error();
    data_dir = std::make_shared<persistence::DataDir>(std::move(*opened));
    auto store = persistence::LmdbStore::open(directory / "state");
    if (!store) return store.error();
    const auto rules = actors::rehearsed_rules({});
    const actors::JournalDeps records{
        clock, std::move(*store), std::make_shared<persistence::PosixDisk>(), *data_dir, {}};
    auto recovered = actors::recover(records, {journaled, rules});
    journal = system.spawn<caf::detached>(actors::journal, records);
    router =
        actors::spawn_on(system, actors::Shard::breach, actors::Lane::urgent, actors::event_router,
                         std::shared_ptr<const actors::Clock>(clock),
                         std::vector<persistence::CachedContract>{}, std::make_shared<actors::QuoteBoard>());
    model::AccountState state;
    state.id = state.account.id = unjournaled;
    state.account.can_trade = true;
    add({unjournaled,
         std::make_shared<rules::RiskEngine>(std::move(state), rules),
         std::make_shared<actors::AccountJournal>(nullptr, 0),
         {}},
        {});
    add(std::move(recovered), journal);
    actors::ConnectionConfig hub_config;
    hub_config.credential = credential;
    hub_config.username = "bench";
    hub_config.endpoint.path = "/hubs/user";
    hub_config.accounts = {unjournaled, journaled};
    connection = actors::spawn_on(system, actors::Shard::breach, actors::Lane::urgent, actors::connection,
                                  hub_config, actors::ConnectionDeps{clock, sender, hub, router, {}, {}});
    return {};
  }

  void add(actors::RecoveredAccount recovered, const actors::journal_actor& records) {
    actors::AccountDeps deps;
    deps.clock = clock, deps.sender = sender, deps.router = router, deps.journal = records;
    const auto id = recovered.account;
    accounts[id] = actors::spawn_on(system, actors::Shard::breach, actors::Lane::urgent, actors::account,
                                    std::move(recovered), std::move(deps));
    const actors::AccountStarted started{id, credential, accounts[id]};
    caf::anon_send(router, started);
    if (records) caf::anon_send(records, started);
  }

  ~Parts() {
    for (auto& [id, account] : accounts) caf::anon_send_exit(account, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(connection, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(router, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(journal, caf::exit_reason::user_shutdown);
  }
};

PathHouse::PathHouse(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
PathHouse::~PathHouse() = default;

template <class Condition>
model::Result<void> PathHouse::wait_for(const char* what, Condition condition) {
  const auto give_up = std::chrono::steady_clock::now() + 5s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > give_up) return model::Error{model::Errc::timeout, what};
    std::this_thread::yield();
  }
  return {};
}

model::Result<std::unique_ptr<PathHouse>> PathHouse::make(const std::filesystem::path& directory) {
  std::unique_ptr<PathHouse> house(new PathHouse(std::make_unique<Parts>()));
  if (auto built = house->parts_->build(directory); !built) return built.error();
  constexpr int subscriptions = 7; // accounts; orders, positions and fills of each account
  auto waited = house->wait_for("the connection did not subscribe",
                                [&] { return house->parts_->hub->subscribed >= subscriptions; });
  if (!waited) return waited.error();
  std::this_thread::sleep_for(100ms);
  return house;
}

/// When it began.
MonotonicNanos PathHouse::deliver(model::AccountId account, Entry entry, int size) {
  std::promise<MonotonicNanos> done;
  boost::asio::post(parts_->breach.context(), [&, bytes = position_message(account, size)] {
    auto& parts = *parts_;
    const auto began = protocol::monotonic_now();
    if (entry == Entry::connection) {
      parts.hub->hear(bytes);
    } else {
      const actors::Burst burst(parts.system);
      const auto message = parts.parser.parse(std::string_view(bytes).substr(0, bytes.size() - 1));
      const auto& call = std::get<signalr::Invocation>(*message);
      std::vector<model::Event> events;
      const auto take = [&](auto&& what) {
        if constexpr (std::is_same_v<std::decay_t<decltype(what)>, model::Payload>)
          events.push_back({parts.clock->now(), began, std::forward<decltype(what)>(what)});
      };
      parts.decoder.decode_event(call.target, call.arguments, take);
      if (entry == Entry::router)
        caf::anon_send(parts.router, actors::HubEventsReceived{std::move(events)});
      else
        caf::anon_send(parts.accounts.at(account), actors::Happened{std::move(events.front())});
    }
    done.set_value(began);
  });
  return done.get_future().get();
}

model::Result<MonotonicNanos> PathHouse::breach(model::AccountId account, Entry entry) {
  parts_->clock->leap(3s); // a close and its reads in a minute's budget of 160
  const int closes = parts_->gateway.closes, reads = parts_->gateway.reads;
  const auto began = deliver(account, entry, 2);
  auto closed = wait_for("no close", [&] { return parts_->gateway.closes > closes; });
  if (!closed) return closed.error();
  const MonotonicNanos span = parts_->gateway.closed_at - began;
  auto proved = wait_for("no proof", [&] { return parts_->gateway.reads > reads; });
  if (!proved) return proved.error();
  (void)deliver(account, entry, 0);
  std::this_thread::sleep_for(200us); // what people are told is told meanwhile
  return span;
}

} // namespace bulkhead::bench
