#include "tests/simulation/daemon.hpp"

#include "actors/journal.hpp"
#include "actors/reset_scheduler.hpp"
#include "persistence/recovery.hpp"
#include "protocol/projectx/error_codes.hpp"
#include "protocol/projectx/requests.hpp"
#include "protocol/projectx/responses.hpp"
#include "tests/simulation/watch.hpp"

#include <fmt/format.h>

namespace bulkhead::simulation {

namespace projectx = protocol::projectx;
namespace signalr = protocol::signalr;
using namespace std::chrono_literals;
using protocol::TokenAction;

namespace {

signalr::SessionConfig session_config(std::uint64_t seed) {
  signalr::SessionConfig config;
  config.seed = seed;
  return config;
}

} // namespace

Daemon::Daemon(Machine& machine)
    : machine_(machine),
      clock_(machine),
      sender_(machine.gateway, clock_),
      token_(machine.seed),
      session_(session_config(machine.seed),
               [this](std::string_view target, protocol::PaddedJson arguments) {
                 const auto take = [this](auto&& one) {
                   using One = std::decay_t<decltype(one)>;
                   if constexpr (std::is_same_v<One, model::Payload>)
                     route(std::move(one), frame_received_);
                   else
                     doubt(), machine_.watch.seen("undecodable event");
                 };
                 decoder_.decode_event(target, arguments, take);
               }),
      reset_(machine.rules.begin()->second->reset),
      disk_luck_(machine.seed, "disk", machine.timeline.nanos()),
      session_timer_(machine.timeline, clock_, [this] { on_session_timer(); }),
      token_timer_(machine.timeline, clock_, [this] { perform(token_.on_timer(clock_.now())); }),
      read_timer_(machine.timeline, clock_, [this] { work(); }),
      reset_timer_(machine.timeline, clock_, [this] { next_day(); }) {}

Daemon::~Daemon() { machine_.gateway.cut(); }

void Daemon::later(model::Duration pause, std::function<void()> what) {
  machine_.timeline.after(pause, [weak = weak_from_this(), what = std::move(what)] {
    if (const auto me = weak.lock()) what();
  });
}

void Daemon::begin() {
  std::optional<model::Instant> latest;
  const auto accounts = machine_.store->list_accounts();
  for (const auto account : accounts ? *accounts : std::vector<model::AccountId>{}) {
    const auto stored = machine_.store->load_account(account);
    if (stored && *stored)
      latest = std::max(latest.value_or((*stored)->state.last_event), (*stored)->state.last_event);
  }
  if (latest) clock_.trusted().stand_at(*latest);
  clock_.trusted().on_corrected([this](const std::string& text) {
    machine_.watch.seen("clock corrected");
    machine_.watch.say(text);
  });
  clock_.on_moved = [this] {
    later(0ms, [this] {
      for (const auto& [id, keeper] : keepers_) keeper->look_again();
      for (auto* alarm : {&session_timer_, &token_timer_, &read_timer_, &reset_timer_}) alarm->look_again();
    });
  };
  const auto last = persistence::begin_run(*machine_.store, machine_.boot_id, clock_.now());
  if (last) machine_.watch.seen(fmt::format("last run {}", to_string(*last)));
  sender_.on_unauthorized([this](std::uint64_t generation) {
    later(0ms, [this, generation] { perform(token_.on_unauthorized(generation, clock_.now())); });
  });
  const auto subscribe = [&](std::string key, std::string_view method, std::string arguments) {
    perform(
        session_.add_subscription(std::move(key), std::string(method), std::move(arguments), clock_.now()));
  };
  subscribe("accounts", projectx::hub_method::subscribe_accounts, "[]");
  for (const auto id : machine_.accounts) {
    const auto arguments = fmt::format("[{}]", id.value);
    subscribe(fmt::format("orders {}", id.value), projectx::hub_method::subscribe_orders, arguments);
    subscribe(fmt::format("positions {}", id.value), projectx::hub_method::subscribe_positions, arguments);
    subscribe(fmt::format("fills {}", id.value), projectx::hub_method::subscribe_trades, arguments);
  }
  perform(token_.start(clock_.now()));
  later(0ms, [this] { start_accounts(); });
  later(3s, [this] {
    clock_.settle();
    start_accounts();
  });
}

void Daemon::start_accounts() {
  if (!clock_.settled() || !keepers_.empty()) return;
  for (const auto id : machine_.accounts) {
    const actors::JournalDeps deps{std::shared_ptr<const actors::Clock>(std::shared_ptr<void>{}, &clock_),
                                   machine_.store,
                                   std::shared_ptr<persistence::Disk>(std::shared_ptr<void>{}, machine_.disk),
                                   *machine_.data, actors::notifier_actor{}};
    auto recovered = actors::recover(deps, {id, machine_.rules.at(id)});
    days_.insert_or_assign(id, actors::day_of(recovered.engine->state()));
    const auto keeper = std::make_shared<Keeper>(*this, id);
    keepers_.emplace(id, keeper);
    keeper->begin(std::move(recovered));
    if (streaming_) keeper->happen(model::ConnectionRestored{});
    want_read(id, clock_.now());
  }
  next_day();
}

void Daemon::next_day() {
  all(actors::day_at(reset_, clock_.now()));
  reset_timer_.arm(reset_.next_after(clock_.now()));
}

void Daemon::all(const model::Payload& payload) {
  for (const auto& [id, keeper] : keepers_) keeper->happen(payload);
}

void Daemon::stop() {
  perform(session_.stop(clock_.now()));
  commit();
  (void)persistence::end_run(*machine_.store);
}

void Daemon::route(model::Payload&& payload, std::int64_t received) {
  model::AccountId owner;
  if (const auto* e = std::get_if<model::PositionUpdate>(&payload)) owner = e->account;
  if (const auto* e = std::get_if<model::Order>(&payload)) owner = e->account;
  if (const auto* e = std::get_if<model::Fill>(&payload)) owner = e->account;
  if (const auto* e = std::get_if<model::Account>(&payload)) owner = e->id;
  const auto keeper = keepers_.find(owner);
  if (keeper == keepers_.end()) return machine_.watch.seen("event of a stranger's account");
  later(0ms, [one = keeper->second, event = model::Event{clock_.now(), received, std::move(payload)}] {
    one->hear(event);
  });
}

void Daemon::on_quote(const model::QuoteUpdate& quote) {
  for (const auto& [id, keeper] : keepers_) {
    if (keeper->watches(quote.contract)) keeper->happen(quote);
  }
}

// ---- the hub

void Daemon::arm_session() { session_timer_.arm(session_.next_timer()); }

void Daemon::on_session_timer() {
  perform(session_.on_timer(clock_.now()));
  arm_session();
}

void Daemon::perform(const signalr::Actions& actions) {
  for (const auto& action : actions) {
    if (std::holds_alternative<signalr::Negotiate>(action))
      perform(session_.on_negotiate_failed(0, clock_.now()));
    if (std::holds_alternative<signalr::OpenSocket>(action)) open_socket();
    if (const auto* text = std::get_if<signalr::SendText>(&action)) machine_.gateway.hub_says(text->text);
    if (std::holds_alternative<signalr::CloseSocket>(action)) machine_.gateway.close_hub();
    if (std::holds_alternative<signalr::Subscribed>(action)) stream(true);
    if (const auto* lost = std::get_if<signalr::Lost>(&action)) {
      machine_.watch.say(lost->reason);
      stream(false);
    }
    if (std::holds_alternative<signalr::ProtocolFault>(action))
      doubt(), machine_.watch.seen("protocol fault");
  }
}

void Daemon::open_socket() {
  const auto number = ++sockets_;
  const std::string token = sender_.token();
  const auto mine = [this, number](auto what) {
    return [weak = weak_from_this(), this, number, what](auto&&... args) {
      const auto me = weak.lock();
      if (!me || sockets_ != number) return;
      what(args...);
      arm_session();
    };
  };
  const auto closed = mine([this](const model::Error& why) {
    if (why.code() == model::Errc::unauthorized)
      perform(token_.on_unauthorized(token_.generation(), clock_.now()));
    perform(session_.on_transport_closed(why, clock_.now()));
  });
  if (token.empty())
    return later(0ms, [closed] { closed(model::Error{model::Errc::unauthorized, "no token"}); });
  protocol::WebsocketTransport::Handlers handlers;
  handlers.on_open = mine([this] { perform(session_.on_open(clock_.now())); });
  handlers.on_message = mine([this](std::string_view bytes, protocol::MonotonicNanos received) {
    frame_received_ = received;
    perform(session_.on_bytes(bytes, clock_.now()));
  });
  handlers.on_closed = closed;
  machine_.gateway.open_hub(token, std::move(handlers));
}

void Daemon::stream(bool connected) {
  if (connected == streaming_) return;
  streaming_ = connected;
  machine_.watch.seen(connected ? "stream restored" : "stream lost");
  if (connected)
    all(model::ConnectionRestored{});
  else
    all(model::ConnectionLost{});
  for (const auto& [id, keeper] : keepers_) want_read(id, clock_.now() + (connected ? 0s : 10s));
}

// ---- the token

void Daemon::perform(TokenAction action) {
  const auto reply = [this](auto take) {
    return [weak = weak_from_this(), this, take](const Outcome& outcome) {
      const auto me = weak.lock();
      if (!me) return;
      const auto before = token_.generation();
      take(outcome);
      if (token_.generation() != before) publish_token();
      token_timer_.arm(token_.next_timer());
      if (clock_.settled()) start_accounts();
    };
  };
  if (action == TokenAction::login)
    sender_.send_login(projectx::login_key({}, "trader1", model::Secret{machine_.gateway.api_key}),
                       reply([this](const Outcome& outcome) { take_login(outcome); }));
  if (action == TokenAction::validate) {
    const auto token = token_.token(clock_.now());
    sender_.send_login(projectx::validate({{}, std::string(token.value_or(""))}),
                       reply([this](const Outcome& outcome) { take_validation(outcome); }));
  }
  token_timer_.arm(token_.next_timer());
}

void Daemon::take_login(const Outcome& outcome) {
  if (!outcome) return token_.on_login_failed(outcome.error().error.message(), clock_.now());
  auto fresh = projectx::read_token(*outcome);
  if (fresh) return token_.on_login_ok(std::move(*fresh), clock_.now());
  const auto answer = projectx::classify(projectx::Endpoint::login_key, outcome->status, outcome->body);
  machine_.watch.say(token_.reason());
  if (answer.code != 0)
    token_.on_login_rejected(static_cast<int>(answer.code), answer.message, clock_.now());
  else
    token_.on_login_failed(fresh.error().message(), clock_.now(), outcome->retry_after);
}

void Daemon::take_validation(const Outcome& outcome) {
  if (!outcome) return perform(token_.on_validate_failed(outcome.error().error.message(), clock_.now()));
  auto fresh = projectx::read_new_token(*outcome);
  if (fresh) return perform(token_.on_validated(fresh->value_or(""), clock_.now()));
  if (fresh.error().code() == model::Errc::unauthorized)
    return perform(token_.on_unauthorized(token_.generation(), clock_.now()));
  perform(token_.on_validate_failed(fresh.error().message(), clock_.now()));
}

void Daemon::publish_token() {
  const std::string token(token_.token(clock_.now()).value_or(""));
  sender_.set_token(token, token_.generation());
  machine_.watch.secret(token);
  if (!std::exchange(started_session_, true))
    perform(session_.start(clock_.now()));
  else
    perform(session_.reconnect("the access token was renewed", clock_.now()));
  arm_session();
}

} // namespace bulkhead::simulation
