#include "tests/simulation/floor.hpp"

#include "tests/examples_runner/world.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace bulkhead::simulation {

using namespace std::chrono_literals;
using namespace model;

namespace {

constexpr Duration quiet_after = 12min; // the last fault
constexpr Duration calm_before = 8min;  // the check: nobody trades
constexpr Duration checks_apart = 100min;
constexpr std::size_t compared_steps = 80;

Instant beginning(std::uint64_t seed) {
  using std::chrono::sys_days, std::chrono::year;
  Random random(seed, "calendar");
  auto day = sys_days{year{2026} / 1 / 5} + std::chrono::days{random.draw(0, 350)};
  // Now and then the night in which the clocks are changed.
  if (random.one_in(6))
    day = random.chance(50) ? sys_days{year{2026} / 3 / 7} : sys_days{year{2026} / 10 / 31};
  return Instant{day} + std::chrono::minutes{random.draw(0, 24 * 60 - 1)};
}

simulator::WireShape shape_of(std::uint64_t seed) {
  Random random(seed, "wire");
  simulator::WireShape shape;
  shape.bare = random.one_in(4), shape.string_ids = random.one_in(4),
  shape.order_id_for_id = random.one_in(4);
  shape.arrays = random.one_in(4), shape.null_elements = random.one_in(4),
  shape.extra_members = random.one_in(4);
  shape.several_records_per_frame = random.one_in(3), shape.split_records = random.one_in(4);
  return shape;
}

/// Mostly one: what accounts do to each other shows in some days, and each costs a day of its own.
int accounts_of(std::uint64_t seed) {
  const auto digit = seed % 10;
  return digit < 6 ? 1 : digit < 9 ? 2 : 3;
}

} // namespace

Floor::Floor(const Plan& wanted, bool keep_log)
    : plan(wanted),
      timeline(beginning(wanted.seed)),
      watch(timeline),
      random(wanted.seed, "day"),
      gateway(timeline, wanted.seed, shape_of(wanted.seed), accounts_of(wanted.seed)),
      data(*persistence::DataDir::open(temp.path())),
      machine{.timeline = timeline, .gateway = gateway, .watch = watch, .seed = wanted.seed},
      quotes_(wanted.seed, "quotes") {
  machine.disk = &disk;
  machine.store = std::make_shared<persistence::MemoryStore>();
  machine.data = &data;
  machine.booted = timeline.begin() - 1h;
  watch.keep_log = keep_log;
  watch.know(gateway, machine);
  watch.secret(gateway.api_key);
  gateway.on_asked = [this](const Asked& asked) { watch.on_asked(asked); };
  for (int i = 0; i < accounts_of(plan.seed); ++i) machine.accounts.push_back(AccountId{101 + i});
  for (const auto id : machine.accounts) {
    settle_rules(id, 0);
    if (id == machine.accounts.front()) watch.compare(id, compared_steps);
    auto& trader = traders_.emplace(id, Trader(timeline, gateway, plan.seed, id)).first->second;
    trader.on_trade = [this, id](const ContractId& contract) { watch.on_trade(id, contract); };
  }
}

void Floor::settle_rules(AccountId id, int version) {
  Random drawn(plan.seed, "rules", id.value * 100 + version);
  const auto setting = differential::draw_setting(drawn.engine());
  machine.rules[id] = examples::load_rules(setting.yaml, setting.holidays, setting.news);
  watch.set_rules(id, setting.rules, setting.yaml);
}

bool Floor::knows(AccountId id) const {
  return std::find(machine.accounts.begin(), machine.accounts.end(), id) != machine.accounts.end();
}

void Floor::open() {
  for (const auto* contract : traded_contracts) move_price(ContractId{contract}, 0);
  market();
  quote_tick();
  for (const auto id : machine.accounts) trade_later(id, 10s);
  for (const auto& fault : plan.faults) {
    timeline.at(timeline.begin() + fault.at, [this, fault] { strike(fault); });
    storms_.emplace_back(fault.at, fault.at + fault.lasts);
  }
  plan_checks();
}

/// Wherever no fault is near.
void Floor::plan_checks() {
  for (Duration at = plan.from + quiet_after; at <= plan.until; at += 10min) {
    const bool near = std::any_of(storms_.begin(), storms_.end(), [&](const auto& span) {
      return span.first <= at && span.second + quiet_after > at;
    });
    const bool last = at + 10min > plan.until;
    if (near || (!last && !calm_.empty() && calm_.back() + checks_apart > at)) continue;
    calm_.push_back(at);
    timeline.at(timeline.begin() + at, [this] { on_calm(); });
  }
}

bool Floor::quiet() const {
  const auto now = timeline.now() - timeline.begin();
  return now > quiet_after && std::none_of(storms_.begin(), storms_.end(), [&](const auto& span) {
           return span.first <= now && span.second + quiet_after > now;
         });
}

bool Floor::calm() const {
  const auto now = timeline.now() - timeline.begin();
  return std::any_of(calm_.begin(), calm_.end(),
                     [&](Duration at) { return at - calm_before <= now && now <= at; });
}

bool Floor::stormy() const {
  const auto now = timeline.now() - timeline.begin();
  return std::any_of(storms_.begin(), storms_.end(),
                     [&](const auto& span) { return span.first - 1min <= now && now <= span.second + 2min; });
}

/// The exchange pauses from 16:00 to 17:00 in Chicago; these markets know no weekend.
void Floor::market() {
  const auto reset = reference::next_reset(timeline.now());
  const bool open = timeline.now() < reset - 1h;
  gateway.core.book().set_market_open(open);
  if (!open) watch.seen("the market is closed");
  timeline.at(open ? reset - 1h : reset, [this] { market(); });
}

void Floor::move_price(const ContractId& contract, std::int64_t ticks) {
  auto& book = gateway.core.book();
  const auto tick = book.contract(contract)->contract.tick.size;
  const auto last = book.quote(contract)->last.value_or(Price{});
  QuoteUpdate update;
  update.contract = contract;
  update.last = Price{std::max(last.nanos / tick.nanos + ticks, std::int64_t{400}) * tick.nanos};
  update.bid = update.last;
  update.ask = *update.last + tick;
  auto changes = book.set_quote(update, timeline.now());
  if (!changes) return;
  for (const auto& change : *changes) {
    if (const auto* fill = std::get_if<Fill>(&change)) watch.on_trade(fill->account, fill->contract);
  }
  // Quotes enter as values.
  std::erase_if(*changes,
                [](const simulator::Change& change) { return std::holds_alternative<QuoteUpdate>(change); });
  if (!changes->empty()) (void)gateway.core.commit(std::move(changes));
  if (gateway.no_quotes() || gateway.closed_for_maintenance()) return;
  timeline.after(4ms, [this, update] { on_quote(update); });
}

void Floor::quote_tick() {
  for (const auto* contract : traded_contracts) {
    if (!held_somewhere(contract) && !quotes_.one_in(4)) continue;
    const std::int64_t range = quotes_.one_in(40) ? 60 : 8;
    move_price(ContractId{contract}, quotes_.draw(-range, range));
  }
  timeline.after(Duration{quotes_.draw(3'000'000, stormy() ? 14'000'000 : 150'000'000)},
                 [this] { quote_tick(); });
}

bool Floor::held_somewhere(const char* contract) const {
  return std::any_of(machine.accounts.begin(), machine.accounts.end(), [&](AccountId id) {
    return gateway.core.book().quantity(id, ContractId{contract}) != 0;
  });
}

void Floor::trade_later(AccountId id, Duration pause) {
  timeline.after(pause, [this, id] {
    const bool rests = calm() || timeline.now() - timeline.begin() < plan.from;
    trade_later(id, rests ? Duration{30s} : traders_.at(id).act(is_locked(id), stormy()));
  });
}

void Floor::strike(const Fault& fault) {
  watch.seen("fault " + std::string(to_string(fault.kind)));
  watch.hash("fault " + std::string(to_string(fault.kind)));
  const AccountId account = fault.account == 0 ? machine.accounts.front() : AccountId{fault.account};
  switch (fault.kind) {
  case FaultKind::price_jump:
    for (const auto* contract : traded_contracts) move_price(ContractId{contract}, random.draw(-150, 150));
    return;
  case FaultKind::may_not_trade:
  case FaultKind::firm_liquidates:
    if (!knows(account)) return;
    if (fault.kind == FaultKind::firm_liquidates) {
      for (const auto* contract : traded_contracts) watch.on_trade(account, ContractId{contract});
      (void)gateway.core.commit(gateway.core.book().liquidate(account, timeline.now()));
    }
    allow(account, false);
    return timeline.after(fault.lasts, [this, account] { allow(account, true); });
  default: break;
  }
  if (fault.kind <= FaultKind::no_quotes) return gateway.begin(fault);
  on_fault(fault);
}

void Floor::allow(AccountId account, bool yes) {
  simulator::AccountPatch patch;
  patch.can_trade = yes;
  watch.on_trade(account, ContractId{}); // its permission changed
  (void)gateway.core.commit(gateway.core.book().set_account(account, patch));
}

} // namespace bulkhead::simulation
