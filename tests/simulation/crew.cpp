#include "tests/simulation/crew.hpp"

#include "persistence/recovery.hpp"
#include "protocol/signalr/message_writer.hpp"
#include "simulator/wire.hpp"
#include "tests/simulation/watch.hpp"
#include "tests/support/run_out.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace bulkhead::simulation {

using namespace actors;
using namespace std::chrono_literals;
using protocol::WebsocketTransport;

namespace {

class UserSocket final : public WebsocketTransport {
public:
  explicit UserSocket(Gateway& gateway) : gateway_(gateway) {}
  void open(const protocol::Endpoint&, std::string target, Handlers handlers) override {
    gateway_.open_hub(target.substr(target.find("access_token=") + 13), std::move(handlers));
  }
  void send(std::string text) override { gateway_.hub_says(std::move(text)); }
  void close() override { gateway_.close_hub(); }

private:
  Gateway& gateway_;
};

struct EarState {
  static inline const char* name = "ear";
};
subscriber_actor::behavior_type ear(subscriber_actor::stateful_pointer<EarState>, Machine* machine) {
  return {[=](const Activity& m) { machine->watch.on_told(m, machine->timeline.now()); }};
}

} // namespace

/// A market hub without faults: agrees to everything and tells the quotes it is given.
class MarketSocket final : public WebsocketTransport, public std::enable_shared_from_this<MarketSocket> {
public:
  explicit MarketSocket(Timeline& timeline) : timeline_(timeline) {}
  void open(const protocol::Endpoint&, std::string, Handlers handlers) override {
    handlers_ = std::move(handlers);
    later([this] { handlers_.on_open(), ping(); });
  }
  void send(std::string text) override {
    if (text.find("\"protocol\"") != std::string::npos) reply("{}");
    for (std::size_t at = 0; (at = text.find("\"invocationId\":\"", at)) != std::string::npos; ++at) {
      const auto from = at + 16;
      reply(R"({"type":3,"invocationId":")" + text.substr(from, text.find('"', from) - from) + "\"}");
    }
  }
  void close() override {
    later([this] {
      if (const auto closed = std::exchange(handlers_, {}).on_closed) closed({model::Errc::io, "closed"});
    });
  }
  void tell(const simulator::Event& event) {
    if (!handlers_.on_message) return;
    auto record = protocol::signalr::encode_invocation(event.target, event.arguments);
    handlers_.on_message(record, timeline_.nanos());
  }

private:
  void later(std::function<void()> what) {
    timeline_.after(5ms, [weak = weak_from_this(), what = std::move(what)] {
      if (const auto me = weak.lock()) what();
    });
  }
  void reply(std::string record) {
    later([this, record = std::move(record) + '\x1e'] {
      if (handlers_.on_message) handlers_.on_message(record, timeline_.nanos());
    });
  }
  void ping() {
    timeline_.after(15s, [weak = weak_from_this()] {
      const auto me = weak.lock();
      if (!me || !me->handlers_.on_message) return;
      me->reply(R"({"type":6})");
      me->ping();
    });
  }

  Timeline& timeline_;
  Handlers handlers_;
};

Crew::Crew(Machine& machine, std::shared_ptr<const model::Config> config, std::uint64_t number)
    : machine_(machine),
      order_(machine.seed, "order of actors", static_cast<std::int64_t>(number)),
      sched_(dynamic_cast<caf::scheduler::test_coordinator&>(system_.scheduler())) {
  sched_.clock().current_time += std::chrono::hours(1); // time 0 has a special meaning
  zero_ = sched_.clock().now();
  began_ = machine.timeline.now();
  clock_ = std::make_shared<SimClock>(machine);
  std::optional<model::Instant> latest;
  for (const auto account : machine.accounts) {
    const auto stored = machine.store->load_account(account);
    if (stored && *stored)
      latest = std::max(latest.value_or((*stored)->state.last_event), (*stored)->state.last_event);
  }
  if (latest) clock_->trusted().stand_at(*latest);
  (void)persistence::begin_run(*machine.store, machine.boot_id, clock_->now());
  sender_ = std::make_shared<GatewaySender>(machine.gateway, *clock_);
  market_ = std::make_shared<MarketSocket>(machine.timeline);
  CredentialPorts ports;
  ports.sender = sender_;
  ports.make_socket = [this](Hub hub) -> std::shared_ptr<WebsocketTransport> {
    if (hub == Hub::market) return market_;
    return std::make_shared<UserSocket>(machine_.gateway);
  };
  SupervisorDeps deps;
  deps.clock = clock_;
  deps.rules = machine.rules.begin()->second;
  deps.ports = {{config->accounts.front().credential(), ports}};
  deps.config = config;
  deps.store = machine.store;
  deps.disk = std::shared_ptr<persistence::Disk>(std::shared_ptr<void>{}, machine.disk);
  deps.data_dir = std::shared_ptr<persistence::DataDir>(std::shared_ptr<void>{}, machine.data);
  deps.logs = Logs{[&machine](model::Alert::Severity, const std::string& line) { machine.watch.say(line); },
                   [&machine](const std::string& line) { machine.watch.say(line); }};
  deps.give_up = [&machine] { machine.watch.fail("S1", {}, "the supervisor gave up"); };
  deps.seed = machine.seed;
  deps.journal_on_own_thread = false;
  supervisor_ = system_.spawn(supervisor, std::move(deps));
  ear_ = system_.spawn(ear, &machine);
  caf::anon_send(supervisor_, Subscribe{ear_});
}

Crew::~Crew() {
  machine_.gateway.cut();
  for (const auto& actor : {caf::actor_cast<caf::actor>(supervisor_), caf::actor_cast<caf::actor>(ear_)})
    caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
  supervisor_ = nullptr;
  ear_ = nullptr;
  testing::run_out(sched_);
}

/// Whoever has something to do, in an order drawn from the seed.
void Crew::run_actors() {
  while (!sched_.jobs.empty()) {
    const auto which =
        static_cast<std::size_t>(order_.draw(0, static_cast<std::int64_t>(sched_.jobs.size()) - 1));
    std::swap(sched_.jobs.front(), sched_.jobs[which]);
    sched_.try_run_once();
  }
}

bool Crew::step(model::Instant end) {
  run_actors();
  const auto& due = sched_.clock().schedule();
  const auto next = machine_.timeline.next();
  auto& time = sched_.clock().current_time;
  const bool actors_first = !due.empty() && (!next || due.begin()->first < point(*next));
  const auto at = actors_first ? due.begin()->first : next ? point(*next) : point(end);
  if (at > point(end)) {
    time = std::max(time, point(end));
    return machine_.timeline.step(end);
  }
  time = std::max(time, at);
  if (!actors_first) return machine_.timeline.step(end);
  // A timer of the actors: the world's clock goes with it.
  machine_.timeline.advance(began_ + std::chrono::ceil<model::Duration>(at - zero_));
  sched_.clock().trigger_timeout();
  return true;
}

void Crew::on_quote(const model::QuoteUpdate& quote) {
  const auto* listed = machine_.gateway.core.book().contract(quote.contract);
  market_->tell(
      simulator::quote_event(quote, listed->contract.symbol, machine_.gateway.core.options().shape));
}

AccountView Crew::view(model::AccountId account) {
  caf::scoped_actor self{system_, true};
  StatusRequest question;
  question.account_id = account.value;
  auto request = self->request(supervisor_, caf::infinite, question);
  for (const auto end = machine_.timeline.now() + 1s;
       !self->has_next_message() && machine_.timeline.now() < end && step(end);) {
    run_actors();
  }
  AccountView out;
  request.receive(
      [&](StatusReply& answer) {
        if (!answer.accounts.empty()) out = answer.accounts.front();
      },
      [&](caf::error&) { machine_.watch.fail("S1", account, "no status"); });
  return out;
}

} // namespace bulkhead::simulation
