// The RiskEngine against the naive reference on random lives. BULKHEAD_STREAMS sets how many (default 300),
// BULKHEAD_SEED the first seed.

#include "tests/differential/streams.hpp"
#include "tests/differential/words.hpp"
#include "tests/examples_runner/world.hpp"

#include <cstdlib>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <iostream>

namespace bulkhead::differential {
namespace {

using namespace model;

constexpr int steps_per_life = 50;
constexpr int settings_drawn = 600;

std::uint64_t from_environment(const char* name, std::uint64_t fallback) {
  const char* text = std::getenv(name);
  return text == nullptr ? fallback : std::strtoull(text, nullptr, 10);
}

std::string told(const reference::Events& events) {
  std::string out;
  const auto price = [](const auto& known) { return known ? to_string(*known) : std::string("-"); };
  for (const auto& event : events) {
    out += fmt::format("{} {}", format_instant(event.at, 6), kind_name(event));
    if (const auto* p = std::get_if<PositionUpdate>(&event.payload))
      out += fmt::format(" {} type {} size {} at {}", p->contract.value, static_cast<int>(p->type), p->size,
                         price(p->average_price));
    if (const auto* o = std::get_if<Order>(&event.payload))
      out += fmt::format(" {} {} {} {} of {} {} {} {} {}", o->id.value, o->contract.value, to_string(o->side),
                         o->filled, o->size, to_string(o->status), to_string(o->type), price(o->stop_price),
                         o->custom_tag);
    if (const auto* f = std::get_if<Fill>(&event.payload))
      out += fmt::format(" {} order {} {} {} {} pnl {} costs {} at {}{}", f->id.value, f->order.value,
                         f->contract.value, to_string(f->side), f->size, f->pnl ? to_string(*f->pnl) : "none",
                         to_string(f->costs()), format_instant(f->executed_at), f->voided ? " voided" : "");
    if (const auto* r = std::get_if<IntentReported>(&event.payload))
      out += fmt::format(" {} {}", r->intent.value, to_string(r->outcome));
    if (const auto* a = std::get_if<Account>(&event.payload))
      out += fmt::format(" balance {}", a->balance ? to_string(*a->balance) : "-");
    if (const auto* b = std::get_if<BalanceAdjusted>(&event.payload))
      out += fmt::format(" kind {} {}", static_cast<int>(b->kind), to_string(b->amount));
    if (const auto* h = std::get_if<HistoryRead>(&event.payload))
      for (const auto& day : h->days) out += fmt::format(" {}: {}", to_string(day.day), to_string(day.net));
    if (const auto* r = std::get_if<Reconciled>(&event.payload))
      out += fmt::format(" balance {}, {} positions",
                         r->account && r->account->balance ? to_string(*r->account->balance) : "-",
                         r->positions.size());
    if (const auto* l = std::get_if<LockoutLifted>(&event.payload)) out += " " + to_string(l->source);
    if (const auto* q = std::get_if<QuoteUpdate>(&event.payload))
      out += fmt::format(" {} last {} bid {} ask {}", q->contract.value, price(q->last), price(q->bid),
                         price(q->ask));
    out += "\n";
  }
  return out;
}

struct Bound {
  Setting setting;
  std::shared_ptr<const rules::RuleSet> rules;
};

std::vector<Bound> draw_settings(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<Bound> out;
  for (int i = 0; i < settings_drawn; ++i) {
    Setting setting = draw_setting(random);
    auto rules = examples::load_rules(setting.yaml, setting.holidays, setting.news);
    out.push_back({std::move(setting), std::move(rules)});
  }
  return out;
}

/// How often each thing was decided: a comparison of silence with silence would prove nothing.
using Tally = std::map<std::string, int>;

/// How a rule that works in several ways was set, where a breach of it is one of these ways at work.
std::string way_of(const std::string& text, const reference::Rules& rules) {
  if (text.starts_with("breach RULE-014")) return " " + rules.max_loss->mode;
  if (text.starts_with("breach RULE-020") && rules.trade_risk->percent && rules.max_loss)
    return " percent_of_room";
  if (text.starts_with("breach RULE-021") && rules.streak->carry) return " reset_on win";
  return "";
}

/// True when both said the same at every step.
bool live(std::uint64_t seed, const Bound& bound, Tally& tally) {
  const AccountId account{examples::account_number};
  AccountState state;
  state.id = account;
  rules::RiskEngine engine(state, bound.rules);
  Life life(seed, account);
  reference::Story story;
  Decision last;
  reference::Events beginning = life.begin();
  for (std::size_t i = 0; i < beginning.size() + steps_per_life; ++i) {
    story.add(i < beginning.size() ? beginning[i] : life.next(last));
    LockoutSet before = engine.state().lockouts;
    last = engine.step(story.events.back());
    for (const auto& ended : last.lockouts_cleared) std::erase(before.rows(), ended.lockout);
    story.said.push_back(reference::decide(bound.setting.rules, story));
    const auto& outcomes = story.said.back().outcomes;
    EXPECT_EQ(words_of(last, before), outcomes) << "seed " << seed << ", step " << i << "\n"
                                                << bound.setting.yaml << told(story.events);
    if (::testing::Test::HasFailure()) return false;
    for (const auto& text : outcomes) {
      const bool named = text.starts_with("breach") || text.starts_with("lock");
      ++tally[text.substr(0, named ? text.find_first_of(" #", text.find(' ') + 1) : text.find(' '))];
      if (const auto way = way_of(text, bound.setting.rules); !way.empty()) ++tally["  " + text + way];
    }
  }
  return true;
}

TEST(Differential, TheEngineDecidesAsTheNaiveReferenceDoes) {
  const std::uint64_t streams = from_environment("BULKHEAD_STREAMS", 300);
  const std::uint64_t first = from_environment("BULKHEAD_SEED", 20260721);
  std::cout << streams << " streams from seed " << first << "\n";
  const auto settings = draw_settings(first);
  Tally tally;
  for (std::uint64_t i = 0; i < streams; ++i) {
    if (!live(first + i, settings[i % settings.size()], tally)) return;
  }
  for (const auto& [what, count] : tally) std::cout << count << " x " << what << "\n";
  for (int rule = 1; rule <= 11; ++rule) {
    const auto breach = fmt::format("breach RULE-{:03}", rule);
    EXPECT_GT(tally[breach], 0) << breach;
    const bool locks = rule != 8 && rule != 11;
    const auto lock = fmt::format("lock RULE-{:03}", rule);
    EXPECT_TRUE(!locks || tally[lock] > 0) << lock;
  }
  for (const int rule : {13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 26}) {
    const auto breach = fmt::format("breach RULE-{:03}", rule);
    EXPECT_GT(tally[breach], 0) << breach;
  }
  for (const int rule : {13, 14, 15, 16, 18, 19, 21, 22, 23}) {
    const auto lock = fmt::format("lock RULE-{:03}", rule);
    EXPECT_GT(tally[lock], 0) << lock;
  }
  for (const auto* way :
       {"14 eod_trailing", "14 intraday_trailing", "14 static", "20 percent_of_room", "21 reset_on win"})
    EXPECT_GT(tally["  breach RULE-0" + std::string(way)], 0) << way;
  for (const auto* what : {"close", "reduce", "cancel", "place", "move", "read", "unlock"})
    EXPECT_GT(tally[what], 0) << what;
}

} // namespace
} // namespace bulkhead::differential
