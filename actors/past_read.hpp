#pragma once
// One read of what an account did before it was watched: its fills of the last 30 days, and where its highest
// equity is wanted the contracts and bars of what it held. Pure: gives requests, takes replies. Without the
// fills it is an error; what else cannot be read leaves the highs incomplete.

#include "actors/equity_highs.hpp"
#include "actors/past_days.hpp"
#include "model/event.hpp"
#include "model/trading_calendar.hpp"
#include "protocol/projectx/requests.hpp"
#include "protocol/transport.hpp"

#include <optional>
#include <set>
#include <variant>
#include <vector>

namespace bulkhead::actors {

class PastRead {
public:
  using Outcome = std::variant<protocol::HttpReply, protocol::HttpFailure>;
  struct Part {
    enum class What { fills, contract, bars } what = What::fills;
    model::ContractId contract = {};
    friend bool operator==(const Part&, const Part&) = default;
  };
  struct Progress {
    std::vector<Part> ask; // further requests to send
    std::optional<model::Result<model::HistoryRead>> done;
  };
  static constexpr model::Duration reach = std::chrono::days{30};
  static constexpr std::size_t most_contracts = 20; // bars have a small allowance of their own

  PastRead(model::AccountId account, PastWanted wanted, const model::ResetSchedule& reset,
           model::Instant now);

  [[nodiscard]] Part first_part() const { return {}; }
  [[nodiscard]] protocol::HttpRequest request(const Part& part) const;
  [[nodiscard]] Progress on_reply(const Part& part, const Outcome& outcome);

private:
  [[nodiscard]] Progress take_fills(std::vector<model::Fill> fills);
  void take(const Part& part, const protocol::HttpReply& reply);
  [[nodiscard]] model::HistoryRead finished() const;
  [[nodiscard]] bool explained() const;
  [[nodiscard]] protocol::projectx::BarQuery bars_of(const model::ContractId& contract) const;

  model::AccountId account_;
  PastWanted wanted_;
  model::ResetSchedule reset_;
  model::Instant today_;
  model::Instant now_;
  std::vector<model::Fill> fills_;
  Holdings held_; // within what is wanted
  std::map<model::ContractId, BarSeries> series_;
  std::size_t missing_ = 1; // replies
  bool whole_ = true;
};

} // namespace bulkhead::actors
