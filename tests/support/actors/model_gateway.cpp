#include "tests/support/model_gateway.hpp"

#include <algorithm>
#include <cstdlib>

namespace bulkhead::testing {

using nlohmann::json;
using protocol::HttpFailure;
using protocol::HttpReply;
using namespace std::chrono_literals;

namespace {

std::int64_t nanos(Instant at) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(at.time_since_epoch()).count();
}

std::string envelope(std::int64_t code, const std::optional<std::string>& message,
                     json extra = json::object()) {
  extra["success"] = code == 0;
  extra["errorCode"] = code;
  extra["errorMessage"] = message ? json(*message) : json(nullptr);
  return extra.dump();
}

ModelGateway::Request understood(const protocol::HttpRequest& http, Instant at) {
  ModelGateway::Request request;
  request.at = at;
  request.what = http.target.substr(http.target.rfind('/') + 1);
  auto body = json::parse(http.body);
  if (body.contains("filter")) body = json(body["filter"]); // of an order query
  request.account = AccountId{body.value("accountId", std::int64_t{0})};
  request.contract = ContractId{body.value("contractId", std::string{})};
  request.order = OrderId{body.value("orderId", std::int64_t{0})};
  request.size = body.value("size", 0);
  return request;
}

} // namespace

std::size_t ModelGateway::count(std::string_view what) const {
  return static_cast<std::size_t>(
      std::count_if(requests.begin(), requests.end(), [&](const auto& r) { return r.what == what; }));
}

bool ModelGateway::flat(AccountId account) const {
  const auto it = positions.find(account);
  return it == positions.end() || it->second.empty();
}

void ModelGateway::trade(AccountId account, const ContractId& contract, std::int32_t quantity) {
  if (quantity == 0) {
    positions[account].erase(contract);
  } else {
    positions[account][contract] = quantity;
  }
  tell(account, contract);
}

void ModelGateway::place(Order order) {
  orders[order.account][order.id] = order;
  later(event_delay, [this, order] { on_events({Event{now_, nanos(now_), order}}); });
}

void ModelGateway::tell(AccountId account, const ContractId& contract) {
  PositionUpdate row;
  row.account = account;
  row.contract = contract;
  const auto held = positions[account].find(contract);
  const auto quantity = held == positions[account].end() ? 0 : held->second;
  row.size = std::abs(quantity);
  row.type = quantity == 0  ? PositionType::undefined
             : quantity > 0 ? PositionType::long_
                            : PositionType::short_;
  row.average_price = px("21000");
  for (int i = 0; i < event_copies; ++i) {
    later(event_delay, [this, row] { on_events({Event{now_, nanos(now_), row}}); });
  }
}

std::optional<Instant> ModelGateway::next() const {
  if (queue_.empty()) return std::nullopt;
  return queue_.begin()->first;
}

void ModelGateway::run_due(Instant now) {
  now_ = now;
  while (!queue_.empty() && queue_.begin()->first <= now) {
    const auto what = std::move(queue_.begin()->second);
    queue_.erase(queue_.begin());
    what();
  }
}

void ModelGateway::set_lane_width(protocol::LaneId lane, std::size_t connections) {
  lanes_[lane].width = connections;
}

std::size_t ModelGateway::warm_connections(protocol::LaneId lane) const {
  const auto it = lanes_.find(lane);
  return it == lanes_.end() ? 0 : it->second.width - std::min(it->second.width, it->second.busy);
}

void ModelGateway::send(protocol::HttpRequest request, OnReply on_reply) {
  const auto call = std::make_shared<Call>(Call{std::move(request), std::move(on_reply), {}, false});
  later(call->http.timeout, [=, this] {
    answer(call, HttpFailure{
                     {Errc::timeout, "no reply in time"}, call->written != Instant{}, nanos(call->written)});
  });
  auto& lane = lanes_[call->http.lane];
  if (lane.busy < lane.width) {
    start(call);
  } else {
    lane.waiting.push_back(call);
  }
}

void ModelGateway::start(const CallPtr& call) {
  ++lanes_[call->http.lane].busy;
  call->written = now_;
  later(round_trip / 2, [=, this] { arrive(call); });
}

void ModelGateway::answer(const CallPtr& call, protocol::RestTransport::Outcome outcome) {
  if (call->answered) return;
  call->answered = true;
  auto& lane = lanes_[call->http.lane];
  if (call->written == Instant{}) {
    std::erase(lane.waiting, call);
  } else {
    --lane.busy;
  }
  while (lane.busy < lane.width && !lane.waiting.empty()) {
    const auto next = lane.waiting.front();
    lane.waiting.pop_front();
    start(next);
  }
  call->on_reply(std::move(outcome));
}

bool ModelGateway::over_limit() {
  while (!window_.empty() && window_.front() + 60s <= now_) window_.pop_front();
  if (limit == 0 || window_.size() < limit) {
    window_.push_back(now_);
    return false;
  }
  ++refused_429;
  return true;
}

void ModelGateway::arrive(const CallPtr& call) {
  const Request request = understood(call->http, now_);
  const Fault wrong = fault(request);
  const auto written = nanos(call->written);
  const auto way_back = round_trip / 2 + wrong.reply_delay;
  const auto fail = [=, this](const char* text, bool may_have_arrived) {
    later(way_back, [=, this] {
      answer(call, HttpFailure{{Errc::io, text}, may_have_arrived, may_have_arrived ? written : 0});
    });
  };
  if (wrong.never_arrives) return fail("connection refused", false);
  if (wrong.lost_before) return fail("connection reset", true);
  requests.push_back(request);
  HttpReply reply;
  reply.status = over_limit() ? 429 : wrong.status;
  reply.retry_after = wrong.retry_after;
  reply.written = written;
  const auto code = wrong.code != 0 || wrong.no_effect ? wrong.code : refusal(request);
  if (reply.status == 200 && code == 0 && request.trades() && !wrong.no_effect) {
    later(wrong.effect_delay, [=, this] { take_effect(request); });
  }
  if (wrong.lost_after) return fail("connection reset", true);
  later(way_back, [=, this]() mutable {
    reply.body = !wrong.body.empty()   ? wrong.body
                 : reply.status != 200 ? std::string{}
                 : request.trades()    ? envelope(code, wrong.message)
                                       : body_of(request);
    reply.received = nanos(now_);
    answer(call, reply);
  });
}

std::int64_t ModelGateway::refusal(const Request& request) const {
  const auto book = positions.find(request.account);
  const auto held = [&] {
    if (book == positions.end()) return 0;
    const auto it = book->second.find(request.contract);
    return it == book->second.end() ? 0 : it->second;
  }();
  if (request.what == "closeContract") return held == 0 ? 2 : 0;
  if (request.what == "partialCloseContract") {
    if (held == 0) return 2;
    return request.size <= 0 || request.size > std::abs(held) ? 5 : 0;
  }
  if (request.what != "cancel") return 0;
  const auto live = orders.find(request.account);
  return live == orders.end() || !live->second.contains(request.order) ? 2 : 0;
}

void ModelGateway::take_effect(const Request& request) {
  if (refusal(request) != 0) return; // meanwhile it is gone
  if (request.what == "cancel") {
    auto node = orders[request.account].extract(request.order);
    node.mapped().status = OrderStatus::cancelled;
    node.mapped().updated = now_;
    later(event_delay, [this, order = node.mapped()] { on_events({Event{now_, nanos(now_), order}}); });
    return;
  }
  auto& held = positions[request.account][request.contract];
  const auto before = held;
  const auto size = request.what == "closeContract" ? std::abs(held) : request.size;
  held -= held > 0 ? size : -size;
  effects.push_back({now_, request, before, held});
  if (held == 0) positions[request.account].erase(request.contract);
  tell(request.account, request.contract);
}

std::string ModelGateway::body_of(const Request& request) const {
  if (request.what == "searchOpen") {
    json rows = json::array();
    if (const auto book = positions.find(request.account); book != positions.end()) {
      for (const auto& [contract, quantity] : book->second) {
        rows.push_back({{"id", 1},
                        {"accountId", request.account.value},
                        {"contractId", contract.value},
                        {"creationTimestamp", "2026-07-15T17:00:00Z"},
                        {"type", quantity > 0 ? 1 : 2},
                        {"size", std::abs(quantity)},
                        {"averagePrice", 21000}});
      }
    }
    return envelope(0, std::nullopt, {{"positions", rows}});
  }
  json rows = json::array();
  if (const auto live = orders.find(request.account); live != orders.end()) {
    for (const auto& [id, order] : live->second) {
      rows.push_back({{"id", id.value},
                      {"accountId", request.account.value},
                      {"contractId", order.contract.value},
                      {"symbolId", "F.US.MNQ"},
                      {"creationTimestamp", format_instant(order.created, 6)},
                      {"updateTimestamp", format_instant(order.updated, 6)},
                      {"status", static_cast<int>(order.status)},
                      {"type", static_cast<int>(order.type)},
                      {"side", static_cast<int>(order.side)},
                      {"size", order.size},
                      {"limitPrice", nullptr},
                      {"stopPrice", 20000},
                      {"fillVolume", order.filled}});
    }
  }
  return envelope(0, std::nullopt, {{"orders", rows}});
}

} // namespace bulkhead::testing
