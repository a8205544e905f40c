// The RiskEngine against the naive reference on random lives. BULKHEAD_STREAMS sets how many (default 300),
// BULKHEAD_SEED the first seed.

#include "tests/differential/streams.hpp"
#include "tests/examples_runner/world.hpp"

#include <cstdlib>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <iostream>

namespace bulkhead::differential {
namespace {

using namespace model;

constexpr int steps_per_life = 50;
constexpr int settings_drawn = 120;

std::uint64_t from_environment(const char* name, std::uint64_t fallback) {
  const char* text = std::getenv(name);
  return text == nullptr ? fallback : std::strtoull(text, nullptr, 10);
}

/// A row set again with nothing but another reason is no news.
bool is_news(const Lockout& row, const LockoutSet& before) {
  return std::none_of(before.rows().begin(), before.rows().end(), [&](const Lockout& old) {
    return old.source == row.source && old.symbol == row.symbol && old.expires_at == row.expires_at &&
           old.clear_on == row.clear_on && (old.mode == row.mode || old.mode == LockoutMode::flatten);
  });
}

/// The engine's decision in the reference's words.
std::vector<std::string> words_of(const Decision& decision, const LockoutSet& before) {
  std::vector<std::string> out;
  for (const auto& intent : decision.intents) {
    switch (intent.kind) {
    case EnforcementIntent::Kind::close_position: out.push_back("close " + intent.contract.value); break;
    case EnforcementIntent::Kind::reduce_position:
      out.push_back(fmt::format("reduce {} to {}", intent.contract.value, intent.target));
      break;
    case EnforcementIntent::Kind::cancel_order:
      out.push_back(fmt::format("cancel {}", intent.order.value));
      break;
    }
  }
  for (const auto& row : decision.lockouts_set) {
    if (!is_news(row, before)) continue;
    out.push_back(fmt::format("lock {} {} {} {}", to_string(row.source),
                              row.symbol ? "symbol " + row.symbol->value : "account", to_string(row.mode),
                              row.expires_at
                                  ? fmt::format("until {}", row.expires_at->time_since_epoch().count())
                                  : "without end"));
  }
  for (const auto& ended : decision.lockouts_cleared)
    out.push_back("unlock " + to_string(ended.lockout.source));
  for (const auto& breach : decision.breaches) out.push_back("breach " + to_string(breach.source));
  std::sort(out.begin(), out.end());
  return out;
}

std::string told(const reference::Events& events) {
  std::string out;
  for (const auto& event : events) {
    out += fmt::format("{} {}", format_instant(event.at, 6), kind_name(event));
    if (const auto* p = std::get_if<PositionUpdate>(&event.payload))
      out += fmt::format(" {} type {} size {}", p->contract.value, static_cast<int>(p->type), p->size);
    if (const auto* o = std::get_if<Order>(&event.payload))
      out += fmt::format(" {} {} {} {} of {} {}", o->id.value, o->contract.value, to_string(o->side),
                         o->filled, o->size, to_string(o->status));
    if (const auto* f = std::get_if<Fill>(&event.payload))
      out += fmt::format(" {} pnl {} costs {} at {}{}", f->id.value, f->pnl ? to_string(*f->pnl) : "none",
                         to_string(f->costs()), format_instant(f->executed_at), f->voided ? " voided" : "");
    if (const auto* r = std::get_if<IntentReported>(&event.payload))
      out += fmt::format(" {} {}", r->intent.value, to_string(r->outcome));
    if (const auto* l = std::get_if<LockoutLifted>(&event.payload)) out += " " + to_string(l->source);
    if (const auto* q = std::get_if<QuoteUpdate>(&event.payload))
      out += fmt::format(" {} {}", q->contract.value, to_string(*q->last));
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
    auto rules = examples::load_rules(setting.yaml, "");
    out.push_back({std::move(setting), std::move(rules)});
  }
  return out;
}

/// How often each thing was decided: a comparison of silence with silence would prove nothing.
using Tally = std::map<std::string, int>;

/// True when both said the same at every step.
bool live(std::uint64_t seed, const Bound& bound, Tally& tally) {
  const AccountId account{examples::account_number};
  AccountState state;
  state.id = account;
  rules::RiskEngine engine(state, bound.rules);
  Life life(seed, account);
  reference::Events events;
  std::vector<reference::Said> said;
  Decision last;
  reference::Events beginning = life.begin();
  for (std::size_t i = 0; i < beginning.size() + steps_per_life; ++i) {
    events.push_back(i < beginning.size() ? beginning[i] : life.next(last));
    LockoutSet before = engine.state().lockouts;
    last = engine.step(events.back());
    for (const auto& ended : last.lockouts_cleared) std::erase(before.rows(), ended.lockout);
    said.push_back(reference::decide(bound.setting.rules, events, said));
    EXPECT_EQ(words_of(last, before), said.back().outcomes) << "seed " << seed << ", step " << i << "\n"
                                                            << bound.setting.yaml << told(events);
    if (::testing::Test::HasFailure()) return false;
    for (const auto& text : said.back().outcomes) {
      const bool named = text.starts_with("breach") || text.starts_with("lock");
      ++tally[text.substr(0, named ? text.find(' ', text.find(' ') + 1) : text.find(' '))];
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
  for (const auto* what :
       {"breach RULE-001", "breach RULE-002", "breach RULE-003", "breach RULE-010", "breach RULE-011",
        "close", "reduce", "cancel", "lock RULE-001", "lock RULE-002", "lock RULE-003", "unlock"})
    EXPECT_GT(tally[what], 0) << what;
}

} // namespace
} // namespace bulkhead::differential
