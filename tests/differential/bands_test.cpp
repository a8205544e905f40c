// An engine that hears only the quotes which leave the bands it stated, against one that hears all of them:
// the same must come of every event, and nothing of a quote that was kept back. BULKHEAD_STREAMS sets how
// many lives (default 300), BULKHEAD_SEED the first seed.

#include "model/latest_quotes.hpp"
#include "tests/differential/bands_settings.hpp"
#include "tests/differential/streams.hpp"
#include "tests/examples_runner/world.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <iostream>

namespace bulkhead::differential {
namespace {

using namespace model;
using RuleSetPtr = std::shared_ptr<const rules::RuleSet>;

constexpr int steps_per_life = 60;
constexpr int settings_drawn = 400;
constexpr Duration slow_rate = std::chrono::milliseconds{500};

std::uint64_t number_from(const char* name, std::uint64_t fallback) {
  const char* text = std::getenv(name);
  return text == nullptr ? fallback : std::strtoull(text, nullptr, 10);
}

/// What may differ: when to look again, since an older quote grows old earlier; and how long the market of
/// the last minutes would need.
Decision comparable(Decision decision) {
  decision.wake_at.reset();
  for (auto& alert : decision.alerts)
    if (alert.code == "room-low") alert.text = alert.text.substr(0, alert.text.find(", about"));
  return decision;
}

std::string shown(const Decision& decision) {
  std::string out =
      fmt::format("{} breaches, {} intents, {} lockouts set, {} cleared, {} automation, {} reads",
                  decision.breaches.size(), decision.intents.size(), decision.lockouts_set.size(),
                  decision.lockouts_cleared.size(), decision.automation.size(), decision.reads.size());
  for (const auto& alert : decision.alerts) out += "; " + alert.code + ": " + alert.text;
  for (const auto& breach : decision.breaches) out += "; " + breach.reason;
  return out;
}

struct Count {
  std::uint64_t quotes = 0, kept_back = 0, decided_on_quotes = 0;
};

/// Two engines before the same account; the second has a forwarder in front of it.
class Twins {
public:
  Twins(const RuleSetPtr& rules, AccountId account, bool slowly, Count& count)
      : all_(engine(rules, account)), few_(engine(rules, account)), slowly_(slowly), count_(count) {}

  Decision hear(const Event& event) {
    const auto* quote = std::get_if<QuoteUpdate>(&event.payload);
    if (quote != nullptr && !seen_.contains(quote->contract)) return last_;
    if (quote == nullptr) wake_few(event.at);
    last_ = all_.step(event);
    if (std::holds_alternative<Restarted>(event.payload)) latest_ = {}, seen_.clear();
    if (quote == nullptr) {
      tell_rest({});
      judge(step(event));
    } else {
      forward(event, *quote);
    }
    watch();
    const bool woken = !last_.wake_at || (wake_ && *wake_ <= *last_.wake_at);
    EXPECT_TRUE(woken) << "one of them sleeps for too long";
    return last_;
  }

  void compare_ends() {
    tell_rest({});
    const auto& a = all_.state();
    const auto& b = few_.state();
    EXPECT_EQ(a.positions, b.positions);
    EXPECT_EQ(a.lockouts, b.lockouts);
    EXPECT_EQ(a.breaches, b.breaches);
    EXPECT_EQ(a.memory, b.memory);
    EXPECT_EQ(a.told_today, b.told_today);
    EXPECT_EQ(a.peak_equity, b.peak_equity);
    auto marks = a.history;
    marks.unwatched_from = b.history.unwatched_from; // a quote kept back is no sign of life to a crash
    EXPECT_EQ(marks, b.history);
    EXPECT_EQ(a.unrealized_at_reset, b.unrealized_at_reset);
    EXPECT_EQ(a.pending_closes, b.pending_closes);
  }
  [[nodiscard]] const AccountState& state() const { return all_.state(); }

private:
  static rules::RiskEngine engine(const RuleSetPtr& rules, AccountId account) {
    AccountState state;
    state.id = account;
    return {std::move(state), rules};
  }

  Decision step(const Event& event) {
    auto decision = few_.step(event);
    wake_ = decision.wake_at;
    return decision;
  }

  /// An older quote wakes its engine earlier, when the other has no reason to look.
  void wake_few(Instant now) {
    if (last_.wake_at && *last_.wake_at <= now) return;
    for (int tries = 0; wake_ && *wake_ <= now && tries < 10; ++tries) {
      const Instant due = *wake_;
      tell_rest({});
      const auto decision = step({due, 0, TimeReached{}});
      EXPECT_TRUE(decision.empty()) << "woken alone, and decides: " << shown(decision);
    }
  }

  void judge(const Decision& decision) const {
    if (comparable(decision) == comparable(last_)) return;
    ADD_FAILURE() << "all:  " << shown(last_) << "\nfew:  " << shown(decision);
  }

  void tell(const std::vector<Event>& events) {
    for (const auto& event : events) {
      const auto decision = step(event);
      EXPECT_TRUE(decision.empty()) << "a quote kept back decides: " << shown(decision);
    }
  }

  /// What was kept back of all contracts but one.
  void tell_rest(const ContractId& but) {
    std::vector<Event> events;
    for (auto& [contract, seen] : seen_) {
      if (contract == but) continue;
      latest_.news(contract, seen, events);
      seen = latest_.number();
    }
    std::stable_sort(events.begin(), events.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
    tell(events);
  }

  void forward(const Event& event, const QuoteUpdate& quote) {
    ++count_.quotes;
    if (!last_.empty()) ++count_.decided_on_quotes;
    const bool fits = latest_.put(event, quote);
    const auto band = bands_.find(quote.contract);
    const bool stays = fits && band != bands_.end() && band->second.contains(*latest_.find(quote.contract));
    const bool due = (wake_ && event.at >= *wake_) || (slowly_ && event.at >= told_at_ + slow_rate);
    if (stays && !due) {
      ++count_.kept_back;
      EXPECT_TRUE(last_.empty()) << "kept back, and decides: " << shown(last_);
      return;
    }
    tell_rest(quote.contract);
    std::vector<Event> events;
    auto& seen = seen_.at(quote.contract);
    latest_.news(quote.contract, seen, events);
    seen = latest_.number();
    ASSERT_FALSE(events.empty());
    const Event leaving = events.back();
    events.pop_back();
    tell(events);
    judge(step(leaving));
    told_at_ = event.at;
  }

  void watch() {
    std::set<ContractId> wanted;
    for (const auto& [contract, position] : few_.state().positions) wanted.insert(contract);
    for (const auto& [order, live] : few_.state().orders) wanted.insert(live.order.contract);
    std::erase_if(seen_, [&](const auto& entry) { return !wanted.contains(entry.first); });
    for (const auto& contract : wanted) {
      if (!seen_.contains(contract)) latest_.forget(contract);
      seen_.try_emplace(contract, latest_.number());
    }
    bands_ = few_.bands();
  }

  rules::RiskEngine all_, few_;
  bool slowly_;
  Count& count_;
  Decision last_;
  LatestQuotes latest_;
  std::map<ContractId, std::uint64_t> seen_;
  Bands bands_;
  std::optional<Instant> wake_;
  Instant told_at_;
};

/// A market that wanders by single ticks, where the account holds something.
class Wandering {
public:
  explicit Wandering(std::uint64_t seed) : random_(seed) {}

  std::optional<QuoteUpdate> next(const AccountState& state) {
    if (state.positions.empty()) return std::nullopt;
    const auto held =
        std::next(state.positions.begin(), draw(0, static_cast<int>(state.positions.size()) - 1));
    const auto index = static_cast<std::size_t>(
        std::find(std::begin(contracts), std::end(contracts), held->first.value) - std::begin(contracts));
    const std::int64_t tick = index == 4 ? 100'000'000 : 250'000'000;
    auto& price = prices_.try_emplace(index, prices[index] * Price::per_unit).first->second;
    price += draw(-2, 2) * (draw(1, 40) == 1 ? 15 : 1) * tick;
    QuoteUpdate quote;
    quote.contract = held->first;
    if (draw(1, 10) > 2) quote.last = Price{price + draw(-1, 1) * tick};
    if (draw(1, 10) > 2 || !quote.last) quote.bid = Price{price - draw(0, 2) * tick};
    if (draw(1, 10) > 2) quote.ask = Price{price + draw(0, 2) * tick};
    return quote;
  }
  int draw(int low, int high) {
    return low + static_cast<int>(random_() % static_cast<std::uint64_t>(high - low + 1));
  }

private:
  std::mt19937_64 random_;
  std::map<std::size_t, std::int64_t> prices_;
};

bool live(std::uint64_t seed, const RuleSetPtr& rules, bool slowly, Count& count) {
  const AccountId account{examples::account_number};
  Twins twins(rules, account, slowly, count);
  Life life(seed, account);
  Wandering market(seed + 1);
  Decision last;
  for (const auto& event : life.begin()) last = twins.hear(event);
  for (int i = 0; i < steps_per_life && !::testing::Test::HasFailure(); ++i) {
    last = twins.hear(life.next(last));
    for (int n = market.draw(1, 3) == 1 ? market.draw(1, 100) : 0; n > 0; --n) {
      const auto quote = market.next(twins.state());
      if (quote) last = twins.hear({life.wait(std::chrono::milliseconds{market.draw(1, 700)}), 0, *quote});
    }
  }
  twins.compare_ends();
  return !::testing::Test::HasFailure();
}

class QuoteBands : public ::testing::TestWithParam<bool> {};

TEST_P(QuoteBands, KeepBackNothingThatDecides) {
  const std::uint64_t streams = number_from("BULKHEAD_STREAMS", 300);
  const std::uint64_t first = number_from("BULKHEAD_SEED", 20260721);
  std::vector<std::pair<std::string, RuleSetPtr>> settings;
  for (std::uint64_t i = 0; i < std::min<std::uint64_t>(streams, settings_drawn); ++i) {
    std::mt19937_64 random(first + i);
    const auto drawn = draw_setting(random);
    const bool firm = i % 4 == 0;
    const auto yaml = firm ? drawn.yaml : DrawnRules(first + i).yaml();
    settings.emplace_back(yaml,
                          examples::load_rules(yaml, firm ? drawn.holidays : "", firm ? drawn.news : ""));
  }
  Count count;
  for (std::uint64_t i = 0; i < streams; ++i) {
    const auto& [yaml, rules] = settings[i % settings.size()];
    if (live(first + i, rules, GetParam(), count)) continue;
    FAIL() << "seed " << first + i << "\n" << yaml;
  }
  std::cout << fmt::format("{} quotes, {} kept back, {} decided something\n", count.quotes, count.kept_back,
                           count.decided_on_quotes);
  EXPECT_GT(count.kept_back, streams * 5) << "nothing was proven";
  EXPECT_GT(count.decided_on_quotes, streams / 20);
}

INSTANTIATE_TEST_SUITE_P(Rates, QuoteBands, ::testing::Bool());

} // namespace
} // namespace bulkhead::differential
