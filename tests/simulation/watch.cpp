#include "tests/simulation/watch.hpp"

#include "actors/close_result.hpp"
#include "persistence/codec.hpp"
#include "tests/differential/words.hpp"
#include "tests/simulation/keeper.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace bulkhead::simulation {

using namespace std::chrono_literals;
using namespace model;

namespace {

constexpr Duration clocks_agree_within = 7s; // of a wall clock the daemon believes, and the gateway's

} // namespace

void Watch::hash(std::string_view text) {
  for (const char c : text) trace = (trace ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  if (keep_log) log.push_back(fmt::format("{} {}", format_instant(timeline_.now(), 6), text));
}

void Watch::fail(const char* invariant, AccountId account, const std::string& what) {
  if (failures.size() >= 5) return;
  failures.push_back(fmt::format(
      "{} broken at {} (+{} s), account {}: {}", invariant, format_instant(timeline_.now(), 6),
      std::chrono::duration_cast<std::chrono::seconds>(timeline_.now() - timeline_.begin()).count(),
      account.value, what));
  if (keep_log) log.push_back("FAILED " + failures.back());
}

void Watch::set_rules(AccountId account, reference::Rules rules, std::string yaml) {
  known_[account].rules = std::move(rules);
  known_[account].yaml = std::move(yaml);
}

void Watch::secret(const std::string& text) {
  if (!text.empty()) secrets_.insert(text);
}

void Watch::say(const std::string& text) {
  if (text.find(gateway_->api_key) != std::string::npos) fail("S12", {}, "the key was told: " + text);
  for (const auto& one : secrets_) {
    if (text.find(one) != std::string::npos) fail("S12", {}, "a token was told: " + text);
  }
}

void Watch::compare(AccountId account, std::size_t steps) {
  known_[account].oracle.emplace(known_[account].rules, steps);
}

void Watch::before_step(AccountId account, const Event& event, const rules::RiskEngine& engine) {
  follow_doubt(account, event, engine.state());
  auto& oracle = known_[account].oracle;
  if (oracle && oracle->listens()) oracle->hear(event, engine.state().lockouts);
}

void Watch::on_step(AccountId account, const Event& event, const Decision& decision,
                    const rules::RiskEngine& engine) {
  ++figures.events;
  follow_orders(account, event, engine.state());
  figures.decisions += decision.empty() ? 0 : 1;
  figures.breaches += decision.breaches.size();
  figures.intents += decision.intents.size();
  figures.lockouts += decision.lockouts_set.size();
  auto& known = known_[account];
  std::string words =
      fmt::format("{} {} {}", account.value, kind_name(event), event.at.time_since_epoch().count());
  for (const auto& one : differential::words_of(decision, LockoutSet{})) words += "; " + one;
  hash(words);
  for (const auto& breach : decision.breaches) {
    seen("breach " + to_string(Source{breach.source.kind, breach.source.number, 0}));
    say(breach.reason);
  }
  for (const auto& intent : decision.intents) {
    const bool cancel = intent.kind == EnforcementIntent::Kind::cancel_order;
    known.issued.insert(cancel ? to_string(intent.order) : intent.contract.value);
    if (!cancel) known.lowest[intent.contract] = {timeline_.now(), intent.target};
    seen(fmt::format("intent {}", to_string(intent.kind)));
    if (intent.source == Source::gate()) seen("the gate closes what a locked account opened");
  }
  if (std::holds_alternative<DailyReset>(event.payload)) known.lifted = false, seen("daily reset");
  if (std::holds_alternative<LockoutLifted>(event.payload)) known.lifted = true;
  follow_lockouts(account, event, decision);
  if (!known.oracle || !known.oracle->listens()) return;
  if (auto difference = known.oracle->compare(decision)) fail("S2", account, *difference + "\n" + known.yaml);
  figures.compared += 1;
}

/// Rows end for the reason they say and at their time, by the true clock; not before.
void Watch::check_clearing(AccountId account, const Event& event, const ClearedLockout& ended,
                           const Row& row) {
  const auto now = timeline_.now();
  const auto& lock = row.lockout;
  seen(fmt::format("lockout ended by {}", to_string(ended.cause)));
  if (!lock.clear_on.has(ended.cause) && ended.cause != ClearCause::config_change &&
      ended.cause != ClearCause::admin)
    fail("S5", account, fmt::format("{} ended by {}", name_of(lock), to_string(ended.cause)));
  switch (ended.cause) {
  case ClearCause::expiry:
    if (!lock.expires_at || now + clocks_agree_within < *lock.expires_at)
      fail("S5", account, name_of(lock) + " expired too early");
    return;
  case ClearCause::daily_reset: {
    const auto* reset = std::get_if<DailyReset>(&event.payload);
    if (reset == nullptr || lock.created_at >= reset->start ||
        now + clocks_agree_within < reference::next_reset(lock.created_at))
      fail("S5", account, name_of(lock) + " was ended by a reset that was not due");
    return;
  }
  case ClearCause::can_trade_restored:
    if (!gateway_->core.book().account(account)->can_trade && !known_[account].traded.contains(ContractId{}))
      fail("S5", account, name_of(lock) + " ended though the account may not trade");
    return;
  case ClearCause::config_change:
    if (!reloaded_.contains(account))
      fail("S5", account, name_of(lock) + " ended by a reload that never was");
    return;
  case ClearCause::admin:
    if (!std::holds_alternative<LockoutLifted>(event.payload))
      fail("S5", account, name_of(lock) + " was lifted by nobody");
    return;
  case ClearCause::session_start: return;
  }
}

void Watch::follow_lockouts(AccountId account, const Event& event, const Decision& decision) {
  auto& known = known_[account];
  for (const auto& ended : decision.lockouts_cleared) {
    const RowKey key{ended.lockout.source, ended.lockout.symbol ? ended.lockout.symbol->value : ""};
    known.ended[key] = event.at;
    if (const auto row = known.rows.extract(key)) check_clearing(account, event, ended, row.mapped());
  }
}

void Watch::on_told(const actors::Activity& activity, Instant at) {
  auto& known = known_[activity.account];
  if (const auto* alert = std::get_if<Alert>(&activity.what)) {
    say(alert->text);
    seen("alert " + alert->code);
    hash(fmt::format("{} told {}", activity.account.value, alert->code));
    return;
  }
  if (const auto* certificate = std::get_if<actors::Certificate>(&activity.what)) {
    for (const auto& result : certificate->closes.results) say(actors::to_json(result));
    for (const auto& request : certificate->requests) say(request.what + request.result);
    seen("certificate");
    return;
  }
  const auto& decision = std::get<Decision>(activity.what);
  for (const auto& alert : decision.alerts) say(alert.text), seen("alert " + alert.code);
  for (const auto& ended : decision.lockouts_cleared) {
    const RowKey key{ended.lockout.source, ended.lockout.symbol ? ended.lockout.symbol->value : ""};
    const auto row = known.rows.find(key);
    if (row != known.rows.end() && row->second.lockout.created_at < ended.at) known.rows.erase(row);
  }
  if (!activity.durable) return seen("told before it was durable");
  for (const auto& lock : decision.lockouts_set) {
    const RowKey key{lock.source, lock.symbol ? lock.symbol->value : ""};
    const auto ended = known.ended.find(key);
    if (ended != known.ended.end() && ended->second >= decision.at) continue;
    const auto [it, added] = known.rows.try_emplace(key, Row{lock, at});
    auto& row = it->second.lockout;
    if (added) continue;
    if (row.expires_at && lock.expires_at)
      row.expires_at = std::max(*row.expires_at, *lock.expires_at);
    else
      row.expires_at.reset();
    row.clear_on = lock.clear_on;
  }
}

void Watch::on_enforcing(AccountId account, const actors::Enforcer& enforcer, std::size_t) {
  const auto status = enforcer.status();
  if (!status.alarm.empty()) seen("enforcement alarm"), say(status.alarm);
  if (!status.refusal.empty()) seen("the gateway refuses an account"), say(status.refusal);
  if (status.deferred > 0) seen("a close waits for the market to open");
  known_[account].alarmed = !status.alarm.empty() || !status.refusal.empty() || status.deferred > 0;
}

void Watch::on_sent(AccountId account, const actors::Enforcer::Send& send, const Flying& flying) {
  const bool cancel = send.kind == EnforcementIntent::Kind::cancel_order;
  ++figures.requests;
  if (send.repeat) seen("a request is repeated");
  // A full close may be sent again for what was opened since; the position bounds it. A partial one may not.
  for (const auto& [tag, other] : flying) {
    const bool both_reduce =
        other.kind == EnforcementIntent::Kind::reduce_position && send.kind == other.kind;
    if (both_reduce && other.contract == send.contract)
      fail("S3", account, "two partial closes at once of " + send.contract.value);
    if (cancel && other.kind == send.kind && other.order == send.order)
      fail("S3", account, "two cancels at once of order " + to_string(send.order));
  }
  if (!known_[account].issued.contains(cancel ? to_string(send.order) : send.contract.value))
    fail("S2", account, "a request that no decision asked for");
  hash(fmt::format("{} sends {} {} {} {}", account.value, to_string(send.kind), send.contract.value,
                   send.order.value, send.size));
}

void Watch::on_automation(AccountId account, const AutomationRequest& request) {
  seen(fmt::format("automation {}", to_string(request.kind)));
  const auto held = gateway_->core.book().quantity(account, request.contract);
  if (request.kind == AutomationRequest::Kind::place_stop && held != 0 &&
      (held > 0) != (request.side == Side::sell) && !known_[account].traded.contains(request.contract))
    fail("S4", account, "a stop that would enlarge the position");
}

/// "Done" is only said of what the gateway shows, or showed until somebody traded again.
void Watch::on_report(AccountId account, const IntentReported& report) {
  seen(fmt::format("intent {}", to_string(report.outcome)));
  hash(fmt::format("{} reports {} {}", account.value, report.intent.value, to_string(report.outcome)));
  if (report.outcome != IntentOutcome::achieved) return;
  const auto& book = gateway_->core.book();
  auto& known = known_[account];
  for (const auto& [contract, lowest] : known.lowest) {
    if (report.intent.value.find(contract.value + "|") == std::string::npos) continue;
    const auto traded = known.traded.find(contract);
    const bool since = traded != known.traded.end() && traded->second + 10s > timeline_.now();
    const bool reduce = report.intent.value.ends_with("|reduce");
    if (!since && !reduce && book.quantity(account, contract) != 0)
      fail("S9", account, "said to be closed, which it is not: " + report.intent.value);
  }
}

void Watch::on_trade(AccountId account, const ContractId& contract) {
  known_[account].traded[contract] = timeline_.now();
}

void Watch::on_asked(const Asked& asked) {
  hash(fmt::format("{} asked {} {} {} {} -> {} status {}", asked.account.value, asked.what,
                   asked.contract.value, asked.order.value, asked.before, asked.after, asked.status));
  if (asked.before == asked.after) return;
  ++figures.effects;
  auto& known = known_[asked.account];
  if (asked.what == "modify" || asked.what == "place") return; // a stop that was touched at once
  if ((asked.before > 0) != (asked.after > 0) && asked.after != 0)
    fail("S4", asked.account, "a close went through zero");
  if (std::abs(asked.after) >= std::abs(asked.before))
    fail("S4", asked.account, "a close enlarged the position");
  if (asked.what != "partialCloseContract") return;
  const auto wanted = known.lowest.find(asked.contract);
  const auto traded = known.traded.find(asked.contract);
  const bool alone = traded == known.traded.end() || traded->second + 12s < timeline_.now();
  if (alone && wanted != known.lowest.end() && std::abs(asked.after) < wanted->second.second)
    fail("S3", asked.account,
         fmt::format("a partial close came twice: {} -> {}, wanted {}", asked.before, asked.after,
                     wanted->second.second));
}

} // namespace bulkhead::simulation
