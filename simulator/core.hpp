#pragma once
// The state of one simulated gateway behind its sockets: book, tokens, budgets, faults, hubs and the record
// of what was asked. REST, hubs, control and the facade all work on it. Owned by SimulatedGateway, io thread
// only. The trading log and each account's position history keep their last 65536 and 4096 entries.

#include "protocol/projectx/names.hpp"
#include "protocol/rate_budget.hpp"
#include "simulator/book.hpp"
#include "simulator/faults.hpp"
#include "simulator/hubs.hpp"
#include "simulator/tokens.hpp"

#include <deque>
#include <functional>
#include <map>

namespace bulkhead::simulator {

/// One place, modify, cancel or close as it came in.
struct TradingRequest {
  std::string endpoint; // "/api/Position/closeContract"
  std::int64_t account = 0;
  std::string body;
  protocol::MonotonicNanos received = 0; // steady clock, when its last byte was read
  int status = 0;                        // HTTP; 0: no reply was sent
  int code = 0;
};

class Core {
public:
  using Clock = std::function<model::Instant()>;
  Core(SimulatorOptions options, Clock clock);
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  [[nodiscard]] const SimulatorOptions& options() const noexcept { return options_; }
  [[nodiscard]] model::Instant now() const { return clock_(); }
  [[nodiscard]] Book& book() noexcept { return book_; }
  [[nodiscard]] const Book& book() const noexcept { return book_; }
  [[nodiscard]] Tokens& tokens() noexcept { return tokens_; }
  [[nodiscard]] FaultPlan& faults() noexcept { return faults_; }
  [[nodiscard]] Hubs& hubs() noexcept { return hubs_; }

  /// Tells the streams what an operation did, and hands the answer on.
  Outcome commit(Outcome outcome);
  model::Result<void> commit(model::Result<Changes> changes);

  /// The positions a search shows: those of the book, or an older picture while a lag is scripted.
  [[nodiscard]] std::vector<PositionRow> visible_positions(model::AccountId account) const;

  /// Whether the user may send one more request of this budget now.
  [[nodiscard]] bool take_budget(const std::string& user, bool bars);

  void count_request(const std::string& path);
  /// The place of the entry in the log stays good until the next call.
  TradingRequest& log_trading(TradingRequest request);
  [[nodiscard]] const std::map<std::string, std::uint64_t>& request_counts() const noexcept {
    return counts_;
  }
  [[nodiscard]] const std::deque<TradingRequest>& trading_log() const noexcept { return trading_log_; }

  /// Does a hub fault at once, and keeps a request fault for its time. Errors: full, out_of_range.
  model::Result<void> inject(Fault fault);
  /// Who calls hubs().release() after a time; without one, withheld events wait for hub_release.
  void on_release_later(std::function<void(std::chrono::milliseconds)> later) {
    release_later_ = std::move(later);
  }

  /// A new book, empty logs, no faults; connections and tokens stay.
  void reset();

private:
  struct OldPositions {
    model::Instant replaced;
    std::vector<PositionRow> rows;
  };
  [[nodiscard]] Book fresh_book() const;
  void remember_positions();

  SimulatorOptions options_;
  Clock clock_;
  Book book_;
  Tokens tokens_;
  FaultPlan faults_;
  Hubs hubs_;
  std::function<void(std::chrono::milliseconds)> release_later_;
  std::map<std::string, std::pair<protocol::RateBudget, protocol::RateBudget>> budgets_; // by user
  std::map<std::string, std::uint64_t> counts_;
  std::deque<TradingRequest> trading_log_;
  std::map<model::AccountId, std::vector<PositionRow>> last_positions_;
  std::map<model::AccountId, std::deque<OldPositions>> old_positions_;
};

} // namespace bulkhead::simulator
