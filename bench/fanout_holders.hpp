#pragma once
// The holders of the fan-out benchmark: accounts with three positions each under the rules of a funded
// account, and the same holders as nothing but numbers. Owned by the program; one thread.

#include "bench/open_engine.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace bulkhead::bench {

using model::AccountId;
using model::ContractId;
using model::Price;
using namespace std::chrono_literals;

inline constexpr std::size_t positions = 3;
inline constexpr const char* contracts[positions] = {"CON.F.US.MNQ.U26", "CON.F.US.MES.U26",
                                                     "CON.F.US.MYM.U26"};
inline constexpr std::int64_t entry = 21'000 * Price::per_unit, tick = Price::per_unit / 4;

inline model::RuleBlock rule_block(const char* key,
                                   std::vector<std::pair<std::string, std::string>> settings) {
  model::RuleBlock out{key, 0, {}};
  out.settings.kind = model::ConfigNode::Kind::map;
  for (auto& [name, value] : settings) {
    model::ConfigNode node;
    node.kind = model::ConfigNode::Kind::scalar;
    node.scalar = std::move(value);
    out.settings.entries.emplace_back(std::move(name), std::move(node));
  }
  return out;
}

/// The limits of a funded account on open profit, none of them near.
inline std::shared_ptr<const rules::RuleSet> rules_of_a_firm() {
  model::Config config;
  config.rules = {rule_block("daily_realized_loss", {{"limit", "90000"}, {"include_unrealized", "true"}}),
                  rule_block("daily_unrealized_loss", {{"loss_limit", "90000"}, {"scope", "total"}}),
                  rule_block("max_unrealized_profit", {{"profit_target", "90000"}}),
                  rule_block("max_loss_limit", {{"enabled", "true"},
                                                {"mode", "intraday_trailing"},
                                                {"start_balance", "50000"},
                                                {"max_loss", "90000"}})};
  model::Problems problems;
  auto rules = rules::make_rule_set(config, problems);
  model::require(problems.empty(), "the settings of the benchmark are wrong");
  return rules;
}

inline model::QuoteUpdate quote_of(std::size_t contract, std::int64_t ticks) {
  model::QuoteUpdate update;
  update.contract = ContractId{contracts[contract]};
  update.last = update.bid = Price{entry + ticks * tick};
  update.ask = Price{entry + (ticks + 1) * tick};
  return update;
}

/// One account with its three positions, whose contracts have stood `highest` ticks above their entry.
class Account {
public:
  Account(AccountId id, std::shared_ptr<const rules::RuleSet> rules, std::int64_t highest = 10) {
    engine_ = open_engine(id, std::move(rules), now_);
    auto book = first_book(id, now_);
    for (const auto* contract : contracts) {
      model::Contract learned;
      learned.id = ContractId{contract};
      learned.tick = {Price{tick}, model::Money{500'000}};
      step(model::ContractLearned{learned});
      model::PositionUpdate held;
      held.account = id, held.contract = learned.id, held.type = model::PositionType::long_;
      held.size = 1, held.average_price = Price{entry};
      book.positions.push_back(held);
    }
    step(model::ConnectionRestored{});
    step(book);
    now_ += 5s; // until all trades are told of
    for (const auto high : {highest, std::int64_t{0}})
      for (std::size_t i = 0; i < positions; ++i) step(quote_of(i, high));
  }
  std::size_t step(model::Payload payload) {
    now_ += 1ms;
    return engine_->step({now_, 0, std::move(payload)}).breaches.size();
  }
  [[nodiscard]] const model::Bands& bands() { return engine_->bands(); }

private:
  std::unique_ptr<rules::RiskEngine> engine_;
  model::Instant now_ = *model::parse_instant("2026-07-15T18:00:00Z");
};

/// The same holders as nothing but numbers.
class PlainHolders {
public:
  explicit PlainHolders(std::size_t holders) : marks_(holders * positions, entry) {}
  /// Every account is asked: each figure that its rules compare.
  std::int64_t ask(std::size_t contract, std::int64_t ticks) {
    std::int64_t near = 0;
    for (std::size_t holder = 0; holder * positions < marks_.size(); ++holder) {
      std::int64_t* mine = &marks_[holder * positions];
      mine[contract] = entry + ticks * tick;
      std::int64_t sum = 0, best = 0;
      for (std::size_t i = 0; i < positions; ++i) {
        const std::int64_t value = (mine[i] - entry) / tick * 500'000;
        sum += value;
        best = std::max(best, value);
      }
      near += (sum <= -90'000'000'000) + (best >= 90'000'000'000);
    }
    return near;
  }

private:
  std::vector<std::int64_t> marks_;
};

} // namespace bulkhead::bench
