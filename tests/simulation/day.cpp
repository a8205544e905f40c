// The day of a daemon without actors: who starts, ends and checks it.

#include "tests/simulation/day.hpp"

#include "tests/simulation/daemon.hpp"
#include "tests/simulation/floor.hpp"

#include <fmt/format.h>

namespace bulkhead::simulation {
namespace {

using namespace std::chrono_literals;
using namespace model;

class Day {
public:
  Day(const Plan& plan, bool keep_log)
      : floor_(plan, keep_log), machine_(floor_.machine), watch_(floor_.watch) {
    // Seldom makes the journal long that a crash leaves, often makes the day costly.
    machine_.snapshot_interval = std::chrono::seconds{Random(plan.seed, "snapshots").one_in(5) ? 30 : 900};
    floor_.on_quote = [this](const QuoteUpdate& quote) {
      if (daemon_) daemon_->on_quote(quote);
    };
    floor_.is_locked = [this](AccountId id) {
      const auto* keeper = keeper_of(id);
      return keeper != nullptr && keeper->engine().state().lockouts.locked();
    };
    floor_.on_fault = [this](const Fault& fault) { strike(fault); };
    floor_.on_calm = [this] { check_quiet(); };
  }

  DayResult run() {
    floor_.open();
    start();
    bounds_tick();
    while (!watch_.failed()) {
      try {
        if (!floor_.timeline.step(floor_.end())) break;
      } catch (const Crash& crash) {
        die(power_fails_, crash.mid_step());
      }
    }
    daemon_.reset();
    watch_.figures.crashes = crashes_;
    watch_.figures.faults = floor_.gateway.faults_met + crashes_;
    for (const auto& [what, count] : floor_.gateway.met) watch_.figures.sometimes["met " + what] += count;
    return {watch_.failures, watch_.trace, watch_.figures, std::move(watch_.log)};
  }

private:
  [[nodiscard]] Keeper* keeper_of(AccountId id) const {
    if (!daemon_) return nullptr;
    const auto found = daemon_->keepers().find(id);
    return found == daemon_->keepers().end() ? nullptr : found->second.get();
  }

  void start() {
    machine_.store->fail_with(std::nullopt);
    daemon_ = std::make_shared<Daemon>(machine_);
    daemon_->begin();
  }

  void die(bool power, bool mid_step = false) {
    if (!daemon_) return;
    ++crashes_;
    machine_.trap.stage = -1;
    for (const auto& [id, keeper] : daemon_->keepers())
      watch_.on_death(id, keeper->engine(),
                      !power && !mid_step && keeper->journal().all_written() && keeper->rules_as_stored());
    power_fails_ = false;
    if (power) watch_.on_power_loss();
    watch_.hash(power ? "the power fails" : "the daemon is killed");
    daemon_.reset();
    if (power) {
      Random luck(floor_.plan.seed, "power", static_cast<std::int64_t>(crashes_));
      if (floor_.disk.lose_power(luck)) watch_.seen("power loss lost records");
      machine_.boot_id = fmt::format("boot-{}", crashes_ + 1);
      machine_.booted = floor_.timeline.now();
    }
    if (std::exchange(damage_, false) && Disk::damage(floor_.temp.path(), floor_.random))
      watch_.on_damage(), watch_.seen("a journal is damaged");
    const auto down = floor_.random.draw(100'000, floor_.random.one_in(5) ? 300'000'000 : 5'000'000);
    floor_.timeline.after(Duration{down}, [this] {
      if (!daemon_) start();
    });
  }

  /// At the next step of that kind, or soon.
  void set_trap(const Fault& fault, bool power) {
    machine_.trap = {static_cast<int>(fault.amount), static_cast<int>(floor_.random.draw(0, 6))};
    power_fails_ = power;
    watch_.seen(fmt::format("{} at stage {}", to_string(fault.kind), fault.amount));
    floor_.timeline.after(20s, [this, n = crashes_] {
      if (crashes_ == n && machine_.trap.stage >= 0) die(power_fails_);
    });
  }

  void strike(const Fault& fault) {
    const AccountId account = fault.account == 0 ? machine_.accounts.front() : AccountId{fault.account};
    auto* keeper = keeper_of(account);
    switch (fault.kind) {
    case FaultKind::kill: return set_trap(fault, false);
    case FaultKind::power_loss: return set_trap(fault, true);
    case FaultKind::restart:
      if (daemon_) daemon_->stop();
      return die(false);
    case FaultKind::damage: return damage_ = true, die(false);
    case FaultKind::clock_jump: machine_.wall_ahead += std::chrono::seconds{fault.amount}; return;
    case FaultKind::disk_full: return for_a_while(floor_.disk.full, fault.lasts);
    case FaultKind::sync_fails: return for_a_while(floor_.disk.sync_fails, fault.lasts);
    case FaultKind::slow_disk: return for_a_while(machine_.slow_disk, fault.lasts);
    case FaultKind::reload:
      if (keeper == nullptr) return;
      floor_.settle_rules(account, ++rule_versions_);
      watch_.on_reload(account);
      return keeper->use_rules(machine_.rules.at(account));
    default:
      if (keeper != nullptr) by_hand(*keeper, fault.kind);
    }
  }

  void for_a_while(bool& flag, Duration lasts) {
    flag = true;
    floor_.timeline.after(lasts, [&flag] { flag = false; });
  }

  void by_hand(Keeper& keeper, FaultKind kind) {
    const auto now = daemon_->clock().now();
    if (kind == FaultKind::flatten_by_hand) return keeper.happen(FlattenOrdered{"by hand", {}, {}, false});
    const auto& rows = keeper.engine().state().lockouts.rows();
    if (kind == FaultKind::lift_by_hand) {
      if (!rows.empty()) keeper.happen(LockoutLifted{rows.front().source});
      return;
    }
    Lockout row;
    row.source = Source::manual();
    row.kind = LockoutKind::manual;
    row.mode = floor_.random.chance(70) ? LockoutMode::flatten : LockoutMode::no_new_exposure;
    row.reason = "by hand";
    row.created_at = now;
    row.expires_at = now + std::chrono::minutes{floor_.random.draw(1, 300)};
    row.clear_on = ClearOn{}.with(ClearCause::admin).with(ClearCause::expiry);
    keeper.happen(LockoutOrdered{row});
  }

  void check_quiet() {
    if (floor_.gateway.stream_frozen()) watch_.fail("S1", {}, "a silent connection was never given up");
    for (const auto id : machine_.accounts) {
      const auto* keeper = keeper_of(id);
      if (keeper == nullptr)
        watch_.fail("S1", id, "the daemon is not running");
      else
        watch_.check_quiet(id, keeper->engine(), keeper->enforcer());
    }
  }

  void bounds_tick() {
    if (daemon_) watch_.check_bounds(daemon_->keepers());
    if (daemon_ && floor_.quiet()) watch_.check_ends(daemon_->keepers());
    floor_.timeline.after(60s, [this] { bounds_tick(); });
  }

  Floor floor_;
  Machine& machine_;
  Watch& watch_;
  std::shared_ptr<Daemon> daemon_;
  int rule_versions_ = 0;
  std::uint64_t crashes_ = 0;
  bool power_fails_ = false, damage_ = false;
};

} // namespace

DayResult play(const Plan& plan, bool keep_log) { return Day(plan, keep_log).run(); }

} // namespace bulkhead::simulation
