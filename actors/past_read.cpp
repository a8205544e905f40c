#include "actors/past_read.hpp"

#include "protocol/projectx/responses.hpp"

#include <algorithm>
#include <utility>

namespace bulkhead::actors {

namespace projectx = protocol::projectx;
using model::ContractId;
using model::Instant;
using namespace std::chrono_literals;
using What = PastRead::Part::What;

namespace {
constexpr std::int32_t most_bars = 20'000; // the gateway gives no more
constexpr int coarse = 5;                  // minutes, where bars of one would be too many
} // namespace

PastRead::PastRead(model::AccountId account, PastWanted wanted, const model::ResetSchedule& reset,
                   Instant now)
    : account_(account),
      wanted_(std::move(wanted)),
      reset_(reset),
      today_(reset.last_at_or_before(now)),
      now_(now) {
  if (wanted_.highs_from) wanted_.highs_from = std::max(*wanted_.highs_from, today_ - reach);
}

protocol::HttpRequest PastRead::request(const Part& part) const {
  switch (part.what) {
  case What::fills: break;
  case What::contract: return projectx::search_contract_by_id({}, part.contract);
  case What::bars: return projectx::retrieve_bars({}, bars_of(part.contract));
  }
  return projectx::search_fills({}, account_, {today_ - reach, wanted_.highs_from ? now_ : today_});
}

projectx::BarQuery PastRead::bars_of(const ContractId& contract) const {
  const auto& rows = held_.at(contract);
  projectx::BarQuery query;
  query.contract = contract;
  query.from = std::max(rows.front().from, *wanted_.highs_from) - std::chrono::minutes{coarse};
  query.to = rows.back().to + std::chrono::minutes{coarse};
  query.limit = most_bars;
  if (query.to - query.from > std::chrono::minutes{most_bars}) query.unit_number = coarse;
  return query;
}

PastRead::Progress PastRead::on_reply(const Part& part, const Outcome& outcome) {
  const auto* reply = std::get_if<protocol::HttpReply>(&outcome);
  --missing_;
  if (part.what == What::fills) {
    auto fills =
        reply != nullptr
            ? projectx::read_fills(*reply)
            : model::Result<std::vector<model::Fill>>(std::get<protocol::HttpFailure>(outcome).error);
    if (!fills) return {{}, model::Result<model::HistoryRead>(fills.error())};
    return take_fills(std::move(*fills));
  }
  if (reply != nullptr)
    take(part, *reply);
  else
    whole_ = false;
  if (missing_ > 0) return {};
  return {{}, model::Result<model::HistoryRead>(finished())};
}

PastRead::Progress PastRead::take_fills(std::vector<model::Fill> fills) {
  fills_ = std::move(fills);
  Progress progress;
  if (wanted_.highs_from) {
    held_ = holdings_of(fills_, now_);
    whole_ = explained();
    for (auto& [contract, rows] : held_)
      std::erase_if(rows, [&](const Holding& row) { return row.to <= *wanted_.highs_from; });
    std::erase_if(held_, [](const auto& entry) { return entry.second.empty(); });
    for (const auto& [contract, rows] : held_) {
      if (progress.ask.size() >= 2 * most_contracts) break; // the others stay without a series
      progress.ask.push_back({What::contract, contract});
      progress.ask.push_back({What::bars, contract});
    }
  }
  missing_ = progress.ask.size();
  if (missing_ == 0) progress.done = finished();
  return progress;
}

/// Else the account held something before its oldest fill, or a fill is missing.
bool PastRead::explained() const {
  std::map<ContractId, std::int32_t> open;
  for (const auto& [contract, rows] : held_) {
    if (!rows.empty() && rows.back().to == now_) open[contract] = rows.back().quantity;
  }
  return open == wanted_.holding;
}

void PastRead::take(const Part& part, const protocol::HttpReply& reply) {
  auto& series = series_[part.contract];
  if (part.what == What::contract) {
    if (const auto contract = projectx::read_contract(reply)) series.tick = contract->tick;
    return;
  }
  auto bars = projectx::read_bars(reply);
  if (!bars) return;
  series.bars = std::move(*bars);
  series.length = std::chrono::minutes{bars_of(part.contract).unit_number};
}

model::HistoryRead PastRead::finished() const {
  model::HistoryRead read{past_days(fills_, reset_, now_), {}};
  if (!wanted_.highs_from) return read;
  read.highs = equity_highs(fills_, held_, series_, {*wanted_.highs_from, today_, now_});
  read.highs->whole = read.highs->whole && whole_;
  return read;
}

} // namespace bulkhead::actors
