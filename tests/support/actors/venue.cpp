#include "tests/support/venue.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {

using namespace std::chrono_literals;
using protocol::HttpReply;
using protocol::WebsocketTransport;

namespace {

constexpr Duration one_way = 5ms;

std::int64_t since_epoch(Instant at) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(at.time_since_epoch()).count();
}

/// The simulator counts requests by the real clock, which stands still here while days go by.
simulator::SimulatorOptions unlimited() {
  simulator::SimulatorOptions options;
  options.budget.requests = 1'000'000;
  return options;
}

class VenueSocket final : public WebsocketTransport, public std::enable_shared_from_this<VenueSocket> {
public:
  VenueSocket(Venue& venue, simulator::HubKind kind) : venue_(&venue), kind_(kind) {}

  void open(const protocol::Endpoint&, std::string target, Handlers handlers) override {
    const auto token = target.substr(target.find("access_token=") + 13);
    handlers_ = std::move(handlers);
    venue_->later(one_way, [self = weak_from_this(), token] {
      if (const auto me = self.lock()) me->admit(token);
    });
  }
  void send(std::string text) override {
    venue_->later(one_way, [self = weak_from_this(), text = std::move(text)] {
      const auto me = self.lock();
      if (!me || !me->connection_) return;
      me->connection_->receive(text, me->hub_time());
      me->pump();
    });
  }
  void close() override {
    venue_->later(one_way, [self = weak_from_this()] {
      if (const auto me = self.lock()) me->end();
    });
  }

private:
  void admit(const std::string& token) {
    const auto user = venue_->core.tokens().user_of(token, venue_->now);
    if (!user) return handlers_.on_closed({Errc::unauthorized, "no such token"});
    admitted_ = venue_->now;
    hub_began_ = protocol::monotonic_now();
    connection_ = *venue_->core.hubs().connect(kind_, *user, std::nullopt);
    connection_->on_wake([self = weak_from_this()] {
      if (const auto me = self.lock()) me->pump();
    });
    handlers_.on_open();
    tick();
  }
  /// The hub took the real clock when the connection was made; from there on time is virtual.
  [[nodiscard]] std::int64_t hub_time() const {
    return hub_began_ + since_epoch(venue_->now) - since_epoch(admitted_);
  }
  void tick() {
    venue_->later(1s, [self = weak_from_this()] {
      const auto me = self.lock();
      if (!me || !me->connection_) return;
      me->connection_->tick(me->hub_time());
      me->pump();
      me->tick();
    });
  }
  void pump() {
    venue_->later(one_way, [self = weak_from_this()] {
      const auto me = self.lock();
      if (!me || !me->connection_) return;
      while (const auto payload = me->connection_->next_payload(me->hub_time()))
        me->handlers_.on_message(*payload, since_epoch(me->venue_->now));
      if (me->connection_->finished()) me->end();
    });
  }
  void end() {
    connection_ = nullptr;
    if (const auto closed = std::exchange(handlers_, {}).on_closed) closed({Errc::io, "closed"});
  }

  Venue* venue_;
  simulator::HubKind kind_;
  Handlers handlers_;
  std::shared_ptr<simulator::HubConnection> connection_;
  Instant admitted_;
  std::int64_t hub_began_ = 0;
};

} // namespace

Venue::Venue(Instant begin) : now(begin), core(unlimited(), [this] { return now; }) {}

void Venue::hold(AccountId account, const ContractId& contract, std::int32_t quantity) {
  EXPECT_TRUE(core.commit(core.book().set_position(account, contract, quantity, now)));
}

void Venue::lose(AccountId account, const ContractId& contract, std::string_view dollars) {
  simulator::TradeScript script;
  script.account = account;
  script.contract = contract;
  script.size = 1;
  EXPECT_TRUE(core.commit(core.book().trade(script, now)));
  script.side = Side::sell;
  script.pnl = -usd(dollars);
  EXPECT_TRUE(core.commit(core.book().trade(script, now)));
}

void Venue::place_stop(AccountId account, const ContractId& contract, Side side, std::int32_t size,
                       std::string_view price) {
  simulator::PlaceRequest request;
  request.account = account;
  request.contract = contract;
  request.type = OrderType::stop;
  request.side = side;
  request.size = size;
  request.stop_price = px(price);
  EXPECT_TRUE(core.commit(core.book().place(request, now)).success());
}

std::int32_t Venue::held(AccountId account, const ContractId& contract) const {
  return core.book().quantity(account, contract);
}

std::size_t Venue::working_orders(AccountId account) const {
  const auto rows = core.book().orders(account);
  return static_cast<std::size_t>(std::count_if(
      rows.begin(), rows.end(), [](const auto& row) { return row.order.status == OrderStatus::open; }));
}

std::size_t Venue::requests(const std::string& path) const {
  const auto& counts = core.request_counts();
  const auto it = counts.find(path);
  return it == counts.end() ? 0 : it->second;
}

std::shared_ptr<WebsocketTransport> Venue::make_socket(simulator::HubKind kind) {
  return std::make_shared<VenueSocket>(*this, kind);
}

std::optional<Instant> Venue::next() const {
  if (queue_.empty()) return std::nullopt;
  return queue_.begin()->first;
}

void Venue::run_due(Instant at) {
  now = std::max(now, at);
  while (!queue_.empty() && queue_.begin()->first <= now) {
    const auto what = std::move(queue_.begin()->second);
    queue_.erase(queue_.begin());
    what();
  }
}

void Venue::send(protocol::HttpRequest request, OnReply on_reply) {
  const auto written = since_epoch(now);
  later(one_way, [=, this, request = std::move(request)] {
    const auto exchange =
        rest_.handle({request.method, request.target, {}, request.bearer, request.body, since_epoch(now)});
    later(one_way + exchange.delay, [=, this] {
      if (exchange.drop) return on_reply(protocol::HttpFailure{{Errc::io, "reset"}, true, written});
      const auto answer = exchange.later ? exchange.later() : exchange.answer;
      HttpReply reply;
      reply.status = answer.status;
      reply.body = answer.body;
      reply.written = written;
      reply.received = since_epoch(now);
      on_reply(reply);
    });
  });
}

} // namespace bulkhead::testing
