// The user hub of the model gateway: one connection at a time, frames that come late, twice, in another order
// or not at all.

#include "tests/simulation/gateway.hpp"

#include <array>

namespace bulkhead::simulation {

using namespace std::chrono_literals;
using model::Duration;
using model::Errc;

namespace {

std::int64_t nanos(model::Instant at) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(at.time_since_epoch()).count();
}

/// Frames no gateway should send: not JSON, wrong types, sizes that cannot be, strangers, unknown things.
constexpr std::array<std::string_view, 12> rubbish = {
    R"({"type":1,"target":"GatewayUserPosition","arguments":[{"action":1,"data":{"id":1,"accountId":101,"contractId":"CON.F.US.MNQ.U26","type":1,"size":-3,"averagePrice":21000}}]})",
    R"({"type":1,"target":"GatewayUserPosition","arguments":[{"action":1,"data":{"id":9,"accountId":999,"contractId":"CON.F.US.MNQ.U26","type":1,"size":50,"averagePrice":21000}}]})",
    R"({"type":1,"target":"GatewayUserTrade","arguments":[{"action":0,"data":{"id":3,"accountId":101,"contractId":"CON.F.US.MNQ.U26","price":NaN,"profitAndLoss":-5,"fees":1,"side":0,"size":1}}]})",
    R"({"type":1,"target":"GatewayUserTrade","arguments":[{"action":0,"data":{"id":"x","accountId":101,"price":1e999,"size":1}}]})",
    R"({"type":1,"target":"GatewayUserTrade","arguments":[{"action":0,"data":{"id":77,"accountId":102,"contractId":null,"size":99999999999}}]})",
    R"({"type":1,"target":"GatewayUserOrder","arguments":[{"action":0,"data":[]}]})",
    R"({"type":1,"target":"GatewayUserOrder","arguments":[)",
    R"({"type":1,"target":"GatewaySomethingNew","arguments":[{"a":1}]})",
    R"({"type":42,"what":"ever"})",
    R"({"type":3,"invocationId":"4711","result":null})",
    R"({"type":1,"target":"GatewayUserAccount","arguments":[{"action":1,"data":{"id":999,"balance":1,"canTrade":false}}]})",
    "\xff\xfe\x01 not even text",
};

} // namespace

std::int64_t Gateway::hub_time() const { return hub_began_ + nanos(timeline_.now()) - nanos(admitted_); }

void Gateway::open_hub(std::string token, protocol::WebsocketTransport::Handlers handlers) {
  hub_ = std::move(handlers);
  const auto link = ++link_;
  timeline_.after(5ms, [this, link, token = std::move(token)] { admit(token, link); });
}

void Gateway::admit(const std::string& token, std::uint64_t link) {
  if (link != link_) return;
  if (closed_for_maintenance()) return end_hub("connection refused");
  const auto user = core.tokens().user_of(token, timeline_.now());
  if (!user) {
    ++link_;
    if (const auto closed = std::exchange(hub_, {}).on_closed) closed({Errc::unauthorized, "no such token"});
    return;
  }
  admitted_ = timeline_.now();
  hub_began_ =
      protocol::monotonic_now(); // the connection takes the real clock once; from there time is virtual
  connection_ = *core.hubs().connect(simulator::HubKind::user, *user, std::nullopt);
  connection_->on_wake([this, link] {
    if (link == link_) pump();
  });
  hub_.on_open();
  tick(link);
}

void Gateway::hub_says(std::string text) {
  timeline_.after(5ms, [this, link = link_, text = std::move(text)] {
    if (link != link_ || !connection_) return;
    connection_->receive(text, hub_time());
    pump();
  });
}

void Gateway::close_hub() {
  timeline_.after(5ms, [this, link = link_] {
    if (link == link_) end_hub("closed");
  });
}

void Gateway::end_hub(const char* why) {
  ++link_;
  connection_ = nullptr;
  frozen_ = false;
  if (const auto closed = std::exchange(hub_, {}).on_closed) closed({Errc::io, why});
}

void Gateway::tick(std::uint64_t link) {
  timeline_.after(5s, [this, link] {
    if (link != link_ || !connection_) return;
    connection_->tick(hub_time());
    pump();
    if (link == link_) tick(link);
  });
}

void Gateway::pump() {
  while (connection_) {
    auto payload = connection_->next_payload(hub_time());
    if (!payload) break;
    deliver(std::move(*payload));
  }
  if (connection_ && connection_->finished()) {
    timeline_.at(std::max(last_frame_, timeline_.now() + 1ms), [this, link = link_] {
      if (link == link_) end_hub("closed");
    });
  }
}

void Gateway::arrive_later(std::string payload, Duration pause) {
  timeline_.after(pause, [this, link = link_, payload = std::move(payload)] {
    if (link != link_ || !hub_.on_message) return;
    ++frames;
    hub_.on_message(payload, timeline_.nanos());
  });
}

void Gateway::deliver(std::string payload) {
  const bool event =
      payload.find(R"("type":1)") != std::string::npos && payload.back() == '\x1e' && payload.front() == '{';
  auto pause = Duration{frame_luck_.draw(500, 8'000)};
  const auto strike = [&](FaultKind kind) {
    const auto* one = event ? active(kind) : nullptr;
    if (one == nullptr || !frame_luck_.chance(one->fault.amount)) return false;
    ++faults_met;
    ++met[std::string(to_string(kind))];
    return true;
  };
  if (strike(FaultKind::lost_events)) return;
  if (strike(FaultKind::late_events)) pause += Duration{frame_luck_.draw(50'000, 3'000'000)};
  if (strike(FaultKind::duplicate)) arrive_later(payload, pause + Duration{frame_luck_.draw(1, 900'000)});
  if (strike(FaultKind::reorder))
    return arrive_later(std::move(payload), pause + Duration{frame_luck_.draw(10'000, 1'500'000)});
  // What is not reordered stays in its order.
  last_frame_ = std::max(last_frame_, timeline_.now() + pause);
  arrive_later(std::move(payload), last_frame_ - timeline_.now());
}

void Gateway::talk_rubbish() {
  const auto text =
      rubbish[static_cast<std::size_t>(frame_luck_.draw(0, static_cast<std::int64_t>(rubbish.size()) - 1))];
  ++met["rubbish"];
  arrive_later(std::string(text) + '\x1e', 1ms);
  const auto* one = active(FaultKind::garbage);
  if (one == nullptr) return;
  timeline_.after(Duration{frame_luck_.draw(300'000, 9'000'000)}, [this] {
    if (active(FaultKind::garbage) != nullptr) talk_rubbish();
  });
}

} // namespace bulkhead::simulation
