#pragma once
// Carries intents out until the gateway proves them: one per account, a pure state machine fed with replies,
// reads and `now`. Owned by the enforcement worker, which performs the actions. Targets are absolute: a full
// close or a cancel may be repeated, a partial close only after a read at least one second younger than its
// reply. Nothing is claimed as achieved before a read shows it. Bounds: one task per contract and order;
// sweeps every 500 ms, after five of them every five seconds with an alarm, without end.

#include "actors/messages.hpp"
#include "protocol/projectx/error_codes.hpp"
#include "protocol/rate_budget.hpp"

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace bulkhead::actors {

class Enforcer {
public:
  using Kind = model::EnforcementIntent::Kind;

  /// Send this request now; answer with on_answer() or on_held_back().
  struct Send {
    std::uint64_t tag = 0;
    Kind kind = Kind::close_position;
    model::ContractId contract;
    model::OrderId order;
    std::int32_t size = 0; // contracts to close, reduce_position only
  };
  /// Read positions and orders; answer with on_book() or on_read_failed().
  struct ReadBook {};
  struct Report {
    model::IntentReported report;
  };
  using Action = std::variant<Send, ReadBook, Report, Certificate, model::Alert>;
  using Actions = std::vector<Action>;

  explicit Enforcer(model::AccountId account) : account_(account) {}

  [[nodiscard]] Actions on_intents(const Enforce& order, model::Instant now);
  [[nodiscard]] Actions on_answer(std::uint64_t tag, const protocol::projectx::Classified& answer,
                                  RequestTrace trace, std::optional<std::chrono::seconds> retry_after,
                                  model::Instant now);
  /// The request did not leave: no budget or no token before `until`.
  [[nodiscard]] Actions on_held_back(std::uint64_t tag, model::Instant until);
  [[nodiscard]] Actions on_book(const model::Reconciled& read, MonotonicNanos received, model::Instant now);
  [[nodiscard]] Actions on_read_failed(model::Instant now);
  [[nodiscard]] Actions on_timer(model::Instant now);
  [[nodiscard]] std::optional<model::Instant> next_timer() const;
  [[nodiscard]] bool idle() const noexcept { return tasks_.empty(); }

private:
  enum class Phase {
    due,       // to be sent at due_at
    in_flight, // sent, no answer yet
    unproven,  // answered; a read must show the effect
  };
  /// Closes sort before cancels, so they leave first.
  struct Key {
    bool cancel = false;
    model::ContractId contract; // empty for cancels
    model::OrderId order;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  struct Task {
    model::EnforcementIntent intent;
    std::int32_t held = 0; // |quantity| by the book or the last read
    Phase phase = Phase::due;
    model::Instant due_at;
    model::Instant answered_at;
    std::uint64_t tag = 0;
    int failures = 0; // in a row
    int sweeps = 0;   // reads that still showed it open
    bool accepted = false;
    std::string last_result;
  };

  void add(const model::EnforcementIntent& intent, model::Instant now);
  void send(Task& task, Actions& out);
  void send_due(model::Instant now, Actions& out);
  void retry(Task& task, model::Duration pause, model::Instant now);
  void give_up(const Key& key, model::IntentOutcome outcome, const std::string& why, Actions& out);
  void judge(Task& task, const Key& key, const protocol::projectx::Classified& answer,
             std::optional<std::chrono::seconds> retry_after, model::Instant now, Actions& out);
  void sweep(Task& task, const model::Reconciled& read, model::Instant now, Actions& out);
  void plan_read(model::Instant at);
  void finish_if_idle(Actions& out);
  /// 250 ms doubled by each failure, 5 s after the fifth.
  [[nodiscard]] static model::Duration backoff(int failures);
  [[nodiscard]] static std::int32_t remaining(const Task& task, const model::Reconciled& read);

  model::AccountId account_;
  std::map<Key, Task> tasks_;
  std::uint64_t last_tag_ = 0;
  bool reading_ = false;
  std::optional<model::Instant> read_at_;
  Certificate certificate_; // of the enforcement under way
};

} // namespace bulkhead::actors
