#include "tests/support/graph.hpp"

#include <cstdlib>
#include <gtest/gtest.h>

namespace bulkhead::testing {

using namespace actors;

namespace {

struct FakeState {
  static inline const char* name = "fake";
};

/// Makes nothing durable and tells at once.
journal_actor::behavior_type fake_journal(journal_actor::stateful_pointer<FakeState> self,
                                          notifier_actor people) {
  return {[](const AccountStarted&) {},
          [=](const Persist& m) {
            for (const auto& activity : m.announce) self->send(people, activity);
          },
          [](const RecoverAccount&) { return RecoveredAccount{}; },
          [](const ContractFound&) {},
          [](const TimerCame&) {},
          [](const HistoryRequest&) { return HistoryRows{}; },
          [](const persistence::Note&) {},
          [](const ShutDown&) { return true; }};
}

/// Reads nothing. The argument is for CAF 0.17, which dereferences null when there is none.
reconciler_actor::behavior_type fake_reconciler(reconciler_actor::stateful_pointer<FakeState>, int) {
  return {[](const AccountStarted&) {}, [](const ReconcileAccount&) {}, [](const StreamChanged&) {},
          [](const StreamDoubted&) {},  [](const LearnContract&) {},    [](const ReplyReceived&) {},
          [](const TimerCame&) {}};
}

subscriber_actor::behavior_type collector(subscriber_actor::stateful_pointer<FakeState>,
                                          std::vector<Activity>* told) {
  return {[=](const Activity& m) { told->push_back(m); }};
}

Contract known(const ContractId& id, std::string_view size, std::string_view value) {
  Contract contract;
  contract.id = id;
  contract.tick = tick(size, value);
  return contract;
}

RecoveredAccount fresh(AccountId id, std::shared_ptr<const rules::RuleSet> rules) {
  AccountState state;
  state.id = state.account.id = id;
  return {id,
          std::make_shared<rules::RiskEngine>(std::move(state), std::move(rules)),
          std::make_shared<AccountJournal>(nullptr, 0),
          {}};
}

const CredentialId credential{"trader"};
const Instant begin = instant("2026-07-15T18:00:00Z");

} // namespace

Graph::Graph(std::vector<RuleBlock> blocks, int accounts)
    : sched_(dynamic_cast<caf::scheduler::test_coordinator&>(system_.scheduler())), gateway(begin) {
  sched_.clock().current_time += std::chrono::hours(1); // time 0 has a special meaning
  clock_ = std::make_shared<VirtualClock>(sched_.clock(), begin);
  Config config;
  config.rules = std::move(blocks);
  Problems problems;
  rules_ = rules::make_rule_set(config, problems);
  for (const auto& problem : problems) ADD_FAILURE() << problem.message;
  sender_ = std::make_shared<GatewaySender>(gateway, *clock_);
  sender_->set_token("token", 1);
  sender_->on_unauthorized([this](std::uint64_t generation) {
    gateway.later(50ms, [this, generation] { sender_->set_token("token", generation + 1); }); // a login
  });
  const auto own = [&](auto handle) {
    owned_.push_back(caf::actor_cast<caf::actor>(handle));
    return handle;
  };
  const auto people = own(
      system_.spawn(notifier, Logs{[this](Alert::Severity, const std::string& line) { log.push_back(line); },
                                   [this](const std::string& line) { enforcement_log.push_back(line); }}));
  caf::anon_send(people, Subscribe{own(system_.spawn(collector, &told))});
  const auto board = std::make_shared<QuoteBoard>();
  router_ = own(system_.spawn(event_router, std::shared_ptr<const Clock>(clock_),
                              std::vector<persistence::CachedContract>{}, board));
  const auto timing = own(system_.spawn(timers, std::shared_ptr<const Clock>(clock_)));
  const auto locks = own(system_.spawn(lockouts, std::shared_ptr<const Clock>(clock_)));
  const auto writer = own(system_.spawn(fake_journal, people));
  const auto reader = own(system_.spawn(fake_reconciler, 0));
  for (int n = 1; n <= accounts; ++n) {
    AccountDeps deps{clock_, sender_, router_, timing, locks, writer, reader, people, "trader"};
    deps.quotes = board;
    const auto handle = own(system_.spawn(actors::account, fresh(id(n), rules_), deps));
    accounts_.emplace(id(n), handle);
    const AccountStarted started{id(n), credential, handle};
    caf::anon_send(router_, started);
    caf::anon_send(timing, started);
    happen(id(n), reset(instant("2026-07-14T22:00:00Z")));
  }
  caf::anon_send(router_, StreamChanged{credential, true});
  caf::anon_send(router_, ContractFound{known(mnq(), "0.25", "0.50")});
  caf::anon_send(router_, ContractFound{known(es(), "0.25", "12.50")});
  gateway.on_events = [this](std::vector<Event> events) {
    caf::anon_send(router_, HubEventsReceived{std::move(events)});
  };
  run_for(2s); // past the second in which a fresh enforcement holds partial closes back
}

Graph::~Graph() {
  gateway.on_events = [](std::vector<Event>) {};
  gateway.close();
  router_ = nullptr;
  accounts_.clear();
  for (auto& actor : owned_) caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
  owned_.clear();
  run_out(sched_);
}

bool Graph::run_jobs() {
  if (!order_) return sched_.run() > 0;
  bool any = false;
  for (; !sched_.jobs.empty(); any = true) {
    std::swap(sched_.jobs.front(), sched_.jobs[(*order_)() % sched_.jobs.size()]);
    sched_.try_run_once();
  }
  return any;
}

void Graph::settle() {
  while (run_jobs()) {
  }
}

bool Graph::step(Instant end) {
  if (run_jobs()) return true;
  const auto limit = clock_->point(end);
  auto next = limit;
  const auto& due = sched_.clock().schedule();
  if (!due.empty()) next = std::min(next, due.begin()->first);
  if (const auto at = gateway.next()) next = std::min(next, clock_->point(*at));
  auto& time = sched_.clock().current_time;
  time = std::max(time, next);
  const bool timer = !due.empty() && due.begin()->first <= time;
  const bool venue = gateway.next() && clock_->point(*gateway.next()) <= time;
  gateway.run_due(now()); // tells it the time as well
  if (timer) sched_.clock().trigger_timeout();
  return timer || venue || time < limit;
}

void Graph::run_for(Duration span) {
  const auto end = now() + span;
  while (step(end)) {
  }
}

void Graph::happen(AccountId account, Payload payload) {
  caf::anon_send(accounts_.at(account), Happened{{now(), clock_->monotonic(), std::move(payload)}});
}

void Graph::quote(const ContractId& contract, std::string_view last) {
  QuoteUpdate update;
  update.contract = contract;
  update.last = px(last);
  route(update);
}

void Graph::route(Payload payload) {
  caf::anon_send(router_, HubEventsReceived{{Event{now(), clock_->monotonic(), std::move(payload)}}});
}

void Graph::reconcile(AccountId account) {
  Reconciled read;
  read.requested_at = now();
  read.suspended_included = true;
  for (const auto& [contract, quantity] : gateway.positions[account]) {
    PositionUpdate row;
    row.account = account;
    row.contract = contract;
    row.type = quantity > 0 ? PositionType::long_ : PositionType::short_;
    row.size = std::abs(quantity);
    row.average_price = px("21000");
    read.positions.push_back(row);
  }
  for (const auto& [order, row] : gateway.orders[account]) read.orders.push_back(row);
  happen(account, read);
}

AccountView Graph::view(AccountId account) {
  caf::scoped_actor self{system_, true};
  auto request = self->request(accounts_.at(account), caf::infinite, StatusRequest{});
  while (sched_.run() > 0) {
  }
  AccountView out;
  request.receive([&](AccountView& answer) { out = std::move(answer); },
                  [](caf::error&) { ADD_FAILURE() << "no view"; });
  return out;
}

std::vector<Certificate> Graph::certificates(AccountId account) const {
  std::vector<Certificate> found;
  for (const auto& activity : told) {
    const auto* certificate = std::get_if<Certificate>(&activity.what);
    if (certificate != nullptr && activity.account == account) found.push_back(*certificate);
  }
  return found;
}

bool Graph::alerted(AccountId account, std::string_view code) const {
  return std::any_of(told.begin(), told.end(), [&](const auto& activity) {
    const auto* alert = std::get_if<Alert>(&activity.what);
    return alert != nullptr && activity.account == account && alert->code == code;
  });
}

} // namespace bulkhead::testing
