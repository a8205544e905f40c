#include "tests/support/house.hpp"

#include <gtest/gtest.h>

namespace bulkhead::testing {

using namespace actors;

namespace {

struct EarState {
  static inline const char* name = "ear";
};

subscriber_actor::behavior_type ear(subscriber_actor::stateful_pointer<EarState>,
                                    std::vector<Activity>* told) {
  return {[=](const Activity& m) { told->push_back(m); }};
}

/// No std::exception: those of a rule are caught by the engine.
struct Bomb {};

constexpr EventMask everything = ~EventMask{0};
const rules::RuleSpec deadly_spec{
    .number = 999, .key = "deadly", .name = "Deadly", .summary = "ends its account", .events = everything};

model::AccountConfig account_config(std::int64_t id) {
  AccountConfig account;
  account.id = AccountId{id};
  account.username = id < 200 ? "trader1" : "trader2";
  account.api_key = Secret{id < 200 ? "demo-key" : "demo-key-2"};
  return account;
}

} // namespace

persistence::LastRun Site::begin_run(std::string_view boot_id) {
  return persistence::begin_run(*store, boot_id, venue.now).value();
}

model::Config Site::config() const {
  Config config;
  config.rules = blocks;
  config.global.deny_loosening_while_open = deny_loosening;
  if (reset) config.reset = *reset;
  for (const auto account : accounts) {
    config.accounts.push_back(account_config(account));
    if (grouped.contains(account)) config.accounts.back().group = "copied";
  }
  return config;
}

std::shared_ptr<const rules::RuleSet> as_deadly(const Site& site, const rules::RuleSet& rules) {
  auto both = std::make_shared<rules::RuleSet>(rules);
  rules::BoundRule bomb;
  bomb.spec = &deadly_spec;
  bomb.source = Source::rule(999);
  bomb.binding.evaluate = [deadly = site.deadly](const rules::RuleContext& context) {
    if (deadly(context)) throw Bomb{};
    return rules::Verdict{};
  };
  both->rules.push_back(std::move(bomb));
  return both;
}

House::House(Site& site)
    : site_(site),
      sched_(dynamic_cast<caf::scheduler::test_coordinator&>(system_.scheduler())),
      reloader_(site.data->path()) {
  sched_.clock().current_time += std::chrono::hours(1); // time 0 has a special meaning
  clock_ = std::make_shared<VirtualClock>(sched_.clock(), site.venue.now);
  for (const std::int64_t account : {101, 201}) {
    CredentialPorts ports;
    ports.sender = std::make_shared<GatewaySender>(site.venue, *clock_);
    ports.make_socket = [&site](Hub hub) {
      return site.venue.make_socket(hub == Hub::user ? simulator::HubKind::user : simulator::HubKind::market);
    };
    ports_.emplace(account_config(account).credential(), std::move(ports));
  }
  auto first = std::make_shared<Reload>(reloader_.start(site.config(), now()));
  make_deadly(first->rules);
  SupervisorDeps deps;
  deps.clock = clock_;
  deps.rules = first->rules.strictest();
  deps.ports = {{account_config(101).credential(), ports_.at(account_config(101).credential())}};
  deps.config = std::make_shared<const Config>(site.config());
  deps.store = site.store;
  deps.disk = site.disk;
  deps.data_dir = site.data;
  deps.logs = Logs{[this](Alert::Severity, const std::string& line) { log.push_back(line); },
                   [](const std::string&) {}};
  deps.give_up = [this] { gave_up = true; };
  deps.journal_on_own_thread = false;
  supervisor_ = system_.spawn(supervisor, std::move(deps));
  ear_ = system_.spawn(ear, &told);
  send(Subscribe{ear_});
  send(UseConfig{std::move(first)});
}

void House::make_deadly(UseRules& rules) const {
  for (auto* one : {&rules.rules, &rules.while_open}) {
    if (*one) *one = as_deadly(site_, **one);
  }
}

void House::reload() {
  auto reload = std::make_shared<Reload>(reloader_.take(site_.config(), now()));
  reload->ports = ports_;
  make_deadly(reload->rules);
  send(UseConfig{std::move(reload)});
  run_for(100ms);
}

House::~House() {
  site_.venue.cut();
  for (const auto& actor : {caf::actor_cast<caf::actor>(supervisor_), caf::actor_cast<caf::actor>(ear_)})
    caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
  supervisor_ = nullptr;
  ear_ = nullptr;
  run_out(sched_);
}

void House::stop() {
  caf::scoped_actor self{system_, true};
  auto request = self->request(supervisor_, caf::infinite, ShutDown{});
  run_for(100ms);
  request.receive([](bool) {}, [](caf::error&) { ADD_FAILURE() << "no orderly end"; });
}

bool House::step(Instant end) {
  if (sched_.run() > 0) return true;
  const auto limit = clock_->point(end);
  auto next = limit;
  const auto& due = sched_.clock().schedule();
  if (!due.empty()) next = std::min(next, due.begin()->first);
  if (const auto at = site_.venue.next()) next = std::min(next, clock_->point(*at));
  auto& time = sched_.clock().current_time;
  time = std::max(time, next);
  const bool timer = !due.empty() && due.begin()->first <= time;
  const bool venue = site_.venue.next() && clock_->point(*site_.venue.next()) <= time;
  site_.venue.run_due(now());
  if (timer) sched_.clock().trigger_timeout();
  return timer || venue || time < limit;
}

void House::run_for(Duration span) {
  const auto end = now() + span;
  while (step(end)) {
  }
}

AccountView House::view(std::int64_t account) {
  caf::scoped_actor self{system_, true};
  StatusRequest question;
  question.account_id = account;
  auto request = self->request(supervisor_, caf::infinite, question);
  run_for(1s); // an account that does not answer is waited for
  AccountView out;
  request.receive(
      [&](StatusReply& answer) {
        if (!answer.accounts.empty()) out = answer.accounts.front();
      },
      [](caf::error&) { ADD_FAILURE() << "no status"; });
  return out;
}

std::size_t House::alerts(std::int64_t account, std::string_view code) const {
  return static_cast<std::size_t>(std::count_if(told.begin(), told.end(), [&](const Activity& activity) {
    const auto* alert = std::get_if<Alert>(&activity.what);
    return alert != nullptr && activity.account.value == account && alert->code == code;
  }));
}

std::string House::text_of(std::int64_t account, std::string_view code) const {
  std::string text;
  for (const auto& activity : told) {
    const auto* alert = std::get_if<Alert>(&activity.what);
    if (alert != nullptr && activity.account.value == account && alert->code == code) text = alert->text;
  }
  return text;
}

bool House::lockout_told(std::int64_t account) const {
  return std::any_of(told.begin(), told.end(), [&](const Activity& activity) {
    const auto* decision = std::get_if<Decision>(&activity.what);
    return decision != nullptr && activity.account.value == account && !decision->lockouts_set.empty();
  });
}

} // namespace bulkhead::testing
