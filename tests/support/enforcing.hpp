#pragma once
// An Enforcer under test: intents, answers and books by one word each, time by hand.

#include "actors/enforcer.hpp"
#include "tests/support/builders.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace bulkhead::testing {

using actors::Enforcer;
using protocol::projectx::Answer;
using namespace std::chrono_literals;

class Enforcing : public ::testing::Test {
public:
  Instant now = instant("2026-07-15T18:00:00Z"); // a Wednesday, the market is open
  Enforcer enforcer{trader()};
  Enforcer::Actions out;

  static EnforcementIntent close(const ContractId& id, std::int32_t held, Epoch epoch = 1) {
    EnforcementIntent intent;
    intent.account = trader(), intent.contract = id, intent.held = held, intent.epoch = epoch;
    intent.source = Source::rule(1), intent.ordinal = 1, intent.reason = "too many contracts";
    intent.id = make_intent_id(intent);
    return intent;
  }
  static EnforcementIntent reduce(const ContractId& id, std::int32_t held, std::int32_t target) {
    auto intent = close(id, held);
    intent.kind = EnforcementIntent::Kind::reduce_position, intent.target = target;
    intent.id = make_intent_id(intent);
    return intent;
  }
  static EnforcementIntent cancel(std::int64_t order) {
    auto intent = close(mnq(), 0, 0);
    intent.kind = EnforcementIntent::Kind::cancel_order, intent.order = OrderId{order};
    intent.id = make_intent_id(intent);
    return intent;
  }

  void order(std::vector<EnforcementIntent> intents) {
    actors::Enforce message;
    message.intents = std::move(intents);
    order(message);
  }
  void order(const actors::Enforce& message) { keep(enforcer.on_intents(message, now)); }
  Enforcer::Reply reply{{Answer::accepted, 0, "text"}, std::nullopt, {"request", "result", 1, 2}, true};
  void answer(std::uint64_t tag, Answer what, std::int64_t code = 0) {
    now += 1ms;
    auto said = reply;
    said.answer.answer = what;
    said.answer.code = code;
    keep(enforcer.on_answer(tag, said, now));
  }
  void book(const Reconciled& rows) { keep(enforcer.on_book(rows, 3'000'000, now)); }
  void book_now(ReadBuilder read_of_now = read(Instant{})) {
    Reconciled rows = read_of_now;
    rows.requested_at = now;
    now += 1ms;
    book(rows);
  }
  /// A live event of the book.
  void event(std::vector<std::pair<ContractId, std::int32_t>> positions, std::optional<Fill> fill = {}) {
    now += 1ms;
    actors::BookChanged changed;
    changed.positions = std::move(positions);
    changed.received = 2'000'000;
    changed.fill = std::move(fill);
    keep(enforcer.on_book_changed(changed, now));
  }
  /// Lets time pass to the next timer and fires it.
  bool wait() {
    const auto at = enforcer.next_timer();
    if (!at) return false;
    now = std::max(now, *at);
    keep(enforcer.on_timer(now));
    return true;
  }
  /// Waits until something is sent or read, at most so long.
  bool wait_for_action(Duration longest = std::chrono::hours{1}) {
    const auto until = now + longest;
    while (sends().empty() && !reads()) {
      const auto at = enforcer.next_timer();
      if (!at || *at > until) return false;
      wait();
    }
    return true;
  }
  template <class T>
  [[nodiscard]] std::vector<T> all() const {
    std::vector<T> found;
    for (const auto& action : out) {
      if (const auto* one = std::get_if<T>(&action)) found.push_back(*one);
    }
    return found;
  }
  [[nodiscard]] std::vector<Enforcer::Send> sends() const { return all<Enforcer::Send>(); }
  [[nodiscard]] bool reads() const { return !all<Enforcer::ReadBook>().empty(); }
  [[nodiscard]] std::vector<IntentOutcome> outcomes() const {
    std::vector<IntentOutcome> found;
    for (const auto& report : all<Enforcer::Report>()) found.push_back(report.report.outcome);
    return found;
  }
  [[nodiscard]] bool alerted(const std::string& code) const {
    return std::any_of(alerts.begin(), alerts.end(), [&](const auto& alert) { return alert.code == code; });
  }

  std::vector<Alert> alerts;                     // all of them
  std::vector<actors::Certificate> certificates; // all of them

private:
  void keep(Enforcer::Actions actions) {
    out = std::move(actions);
    for (const auto& alert : all<Alert>()) alerts.push_back(alert);
    for (const auto& certificate : all<actors::Certificate>()) certificates.push_back(certificate);
  }
};

} // namespace bulkhead::testing
