#pragma once
// Carries intents out until the gateway proves them: one per account, a pure state machine fed with replies,
// reads, live events and `now`. Owned by the enforcement worker, which performs the actions. Targets are
// absolute: a full close or a cancel may be repeated, a partial close only after a live event or a read at
// least one second younger than its reply. Nothing is claimed as achieved before a read shows it, and no
// order is ever placed: only the gateway's own closes, which it bounds by the position. Bounds: one task per
// contract and order, 256 request traces; sweeps every 500 ms, after five of them every five seconds with an
// alarm, without end; in a closed market one probe a minute.

#include "actors/enforcer_record.hpp"
#include "actors/enforcer_task.hpp"
#include "actors/market_hours.hpp"
#include "actors/messages.hpp"
#include "protocol/backoff.hpp"
#include "protocol/projectx/error_codes.hpp"

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
    Kind kind = Kind::close_position; // reduce_position: partialCloseContract of `size`
    model::ContractId contract;
    model::OrderId order;
    std::int32_t size = 0;
    std::uint64_t ticket = 0;
    std::int64_t risk = 0; // notional at stake in the account: who goes first when many breach at once
    bool repeat = false;
  };
  /// Read positions and orders; answer with on_book() or on_read_failed(). A read already under way serves
  /// when it was sent at or after `not_before`.
  struct ReadBook {
    model::Instant not_before;
  };
  struct Report {
    model::IntentReported report;
  };
  /// The gateway refuses the whole account (`why`), or takes its requests again (empty).
  struct Refusal {
    std::string why;
  };
  using Action = std::variant<Send, ReadBook, Report, Refusal, Certificate, model::Alert>;
  using Actions = std::vector<Action>;

  struct Reply {
    protocol::projectx::Classified answer;
    std::optional<std::chrono::seconds> retry_after;
    RequestTrace trace;
    bool left = true; // false: surely nothing reached the gateway
  };

  /// `started`: a partial close waits for a second after it, since what ran before may have sent one.
  explicit Enforcer(model::AccountId account, model::Instant started = {}, MarketHours hours = MarketHours{});

  [[nodiscard]] Actions on_intents(const Enforce& order, model::Instant now);
  [[nodiscard]] Actions on_answer(std::uint64_t tag, const Reply& reply, model::Instant now);
  /// The request did not leave: no budget or no token before `until`.
  [[nodiscard]] Actions on_held_back(std::uint64_t tag, model::Instant until);
  [[nodiscard]] Actions on_book(const model::Reconciled& read, MonotonicNanos received, model::Instant now);
  [[nodiscard]] Actions on_read_failed(model::Instant now);
  /// What live events say of the book.
  [[nodiscard]] Actions on_book_changed(const BookChanged& book, model::Instant now);
  [[nodiscard]] Actions on_timer(model::Instant now);
  [[nodiscard]] std::optional<model::Instant> next_timer() const;
  [[nodiscard]] bool idle() const noexcept { return tasks_.empty(); }
  /// Without the stages, which the worker measures.
  [[nodiscard]] EnforcementStatus status() const;

private:
  using Task = EnforcerTask;
  using Phase = EnforcerTask::Phase;

  void add(const model::EnforcementIntent& intent, model::Instant now);
  [[nodiscard]] std::optional<model::Instant> partial_close_may_echo(const Task& task, model::Instant now);
  void send(Task& task, Actions& out);
  void send_due(model::Instant now, Actions& out);
  void retry(Task& task, model::Duration pause, model::Instant now);
  void read_later(Task& task, model::Instant from);
  void start_read_if_due(model::Instant now, Actions& out);
  [[nodiscard]] std::optional<model::Instant> next_read() const;

  // enforcer_answers.cpp: what an answer means
  void judge(Task& task, const Reply& reply, model::Instant now, Actions& out);
  void judge_failure(Task& task, const Reply& reply, model::Instant now, Actions& out);
  void judge_refusal(Task& task, const Reply& reply, model::Instant now, Actions& out);
  void defer(Task& task, const std::string& why, model::Instant now, Actions& out);
  void give_up(Task& task, const std::string& why, model::Instant now, Actions& out);
  void end(const Task& task, CloseResult::Status status, model::Instant now, Actions& out);
  /// 250 ms doubled by each failure, 5 s after the fifth, moved by up to 20 percent.
  [[nodiscard]] model::Duration backoff(int failures);

  // enforcer_sweep.cpp: what a read or a live event means
  void sweep(Task& task, std::int32_t left, model::Instant requested_at, model::Instant now, Actions& out);
  void raise_alarm(const Task& task, model::Instant now, Actions& out);
  void close_books(Actions& out);

  model::AccountId account_;
  model::Instant started_;
  MarketHours hours_;
  protocol::Backoff jitter_;
  std::map<TaskKey, Task> tasks_;
  std::map<model::ContractId, model::Instant>
      reduced_at_; // answers to partial closes of the last two seconds
  std::uint64_t last_tag_ = 0;
  std::int64_t risk_ = 0;
  bool reading_ = false;
  int failed_reads_ = 0; // in a row
  model::Instant no_read_before_;
  model::Instant last_reply_at_;
  std::string refusal_;
  bool refuses_cancels_ = false; // what refusal_ is about: cancels, else closes
  std::string alarm_;
  std::optional<model::Instant> alarm_again_at_;
  EnforcerRecord record_;
};

} // namespace bulkhead::actors
