// Every file of tests/examples as it is, and again with events told twice, with positions and orders in the
// other order, with a restart between any two steps, and with rules that only decide.

#include "tests/examples_runner/outcome.hpp"
#include "tests/examples_runner/world.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bulkhead::examples {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::IsEmpty;
using ::testing::StartsWith;

struct Story {
  Example example;
  std::shared_ptr<const rules::RuleSet> rules;
  std::vector<Deed> deeds;
};

bool is_own_word(const std::string& event) {
  return event == "time" || event == "reset" || event == "read" || event == "restart" ||
         event.starts_with("placed ") || event.starts_with("moved ");
}

Deed understand(const Step& step, const Example& example, WordReader& reader) {
  Deed deed{step.at, step.event, {}, {}, nullptr};
  if (step.reload) deed.reload = load_rules(*step.reload, example.holidays, example.news);
  if (step.event == "reload")
    deed.payloads.emplace_back(model::ConfigReloaded{});
  else if (auto command = admin_command(step.event, step.at, example.start))
    deed.payloads.push_back(*command);
  else if (!is_own_word(step.event))
    deed.payloads.push_back(reader.read(step.event, step.at));
  for (const auto& text : step.has) deed.has.push_back(reader.read(text, step.at));
  return deed;
}

Story load_story(const std::filesystem::path& path) {
  Story story;
  story.example = load_example(path);
  story.rules = load_rules(story.example.config, story.example.holidays, story.example.news);
  WordReader reader(story.example.start);
  for (const auto& step : story.example.steps) story.deeds.push_back(understand(step, story.example, reader));
  return story;
}

/// "loss-warning" or "warning loss-warning" is among the alerts; "none": there is none at all.
void expect_alerts(const Step& step, const Result& result) {
  std::vector<std::string> told;
  for (const auto& alert : result.alerts) {
    told.push_back(alert.code);
    told.push_back(std::string(to_string(alert.severity)) + " " + alert.code);
  }
  for (const auto& text : step.alerts) {
    if (text == "none") {
      EXPECT_THAT(told, IsEmpty());
    } else {
      EXPECT_THAT(told, Contains(text));
    }
  }
}

void expect_step(const Step& step, const Result& result) {
  SCOPED_TRACE(model::format_instant(step.at, 3) + " " + step.event);
  EXPECT_THAT(result.surprises, IsEmpty()) << "decided before this step, without one that says so";
  EXPECT_EQ(result.outcomes, step.expected);
}

void as_it_is(const Story& story) {
  World world(story.example, story.rules);
  for (std::size_t i = 0; i < story.deeds.size(); ++i) {
    const Result result = world.live_through(story.deeds[i]);
    expect_step(story.example.steps[i], result);
    expect_alerts(story.example.steps[i], result);
  }
}

void told_twice(const Story& story) {
  World world(story.example, story.rules);
  for (std::size_t i = 0; i < story.deeds.size(); ++i) {
    expect_step(story.example.steps[i], world.live_through(story.deeds[i]));
    if (!story.deeds[i].is_wire()) continue;
    EXPECT_THAT(world.hear_again(story.deeds[i]).outcomes, IsEmpty())
        << "on hearing again: " << story.deeds[i].event;
  }
}

void with_restarts(const Story& story) {
  if (story.example.restart_matters) return;
  for (std::size_t before = 0; before <= story.deeds.size(); ++before) {
    SCOPED_TRACE("restart before step " + std::to_string(before + 1));
    World world(story.example, story.rules);
    for (std::size_t i = 0; i < story.deeds.size(); ++i) {
      if (i == before && i > 0) {
        EXPECT_THAT(world.restart().outcomes, IsEmpty());
      }
      expect_step(story.example.steps[i], world.live_through(story.deeds[i]));
    }
    if (before == story.deeds.size()) {
      EXPECT_THAT(world.restart().outcomes, IsEmpty());
    }
    if (::testing::Test::HasFailure()) return;
  }
}

/// Positions keep their time, since graces begin with it; an order comes just before or just after.
bool swap_deeds(Deed& a, Deed& b) {
  if (a.payloads.size() != 1 || b.payloads.size() != 1) return false;
  const auto* first = std::get_if<model::PositionUpdate>(&a.payloads[0]);
  const auto* second = std::get_if<model::PositionUpdate>(&b.payloads[0]);
  const bool first_order = std::holds_alternative<model::Order>(a.payloads[0]);
  const bool second_order = std::holds_alternative<model::Order>(b.payloads[0]);
  if (first != nullptr && second != nullptr && first->contract != second->contract) {
    std::swap(a.at, b.at);
  } else if (first_order && second != nullptr) {
    a.at = b.at + model::Duration{1};
  } else if (first != nullptr && second_order) {
    b.at = a.at - model::Duration{1};
  } else {
    return false;
  }
  std::swap(a, b);
  return true;
}

void in_other_order(const Story& story) {
  if (story.example.order_matters) return;
  for (std::size_t pair = 0; pair + 1 < story.deeds.size(); ++pair) {
    auto deeds = story.deeds;
    if (!swap_deeds(deeds[pair], deeds[pair + 1])) continue;
    SCOPED_TRACE("steps " + std::to_string(pair + 1) + " and " + std::to_string(pair + 2) + " swapped");
    World world(story.example, story.rules);
    for (std::size_t i = 0; i < deeds.size(); ++i) {
      Result result = world.live_through(deeds[i]);
      Step step = story.example.steps[i];
      if (i == pair) {
        // Between them nothing is promised, together they decide the same.
        const Result next = world.live_through(deeds[++i]);
        const auto& other = story.example.steps[i];
        result.outcomes.insert(result.outcomes.end(), next.outcomes.begin(), next.outcomes.end());
        step.expected.insert(step.expected.end(), other.expected.begin(), other.expected.end());
        std::sort(result.outcomes.begin(), result.outcomes.end());
        std::sort(step.expected.begin(), step.expected.end());
      }
      expect_step(step, result);
    }
  }
}

bool by_hand(const Story& story) {
  return std::any_of(story.deeds.begin(), story.deeds.end(),
                     [](const Deed& deed) { return deed.event.starts_with("admin "); });
}

void only_deciding(const Story& story) {
  if (by_hand(story)) return; // a person's orders are carried out whatever the rules may do
  World world(story.example, dry(story.rules));
  bool comparable = true; // until a lockout would have changed what follows
  for (std::size_t i = 0; i < story.deeds.size(); ++i) {
    Deed deed = story.deeds[i];
    if (deed.reload != nullptr) deed.reload = dry(deed.reload);
    const Result result = world.live_through(deed);
    SCOPED_TRACE(deed.event);
    EXPECT_THAT(result.outcomes, Each(StartsWith("dry breach ")));
    if (!comparable) continue;
    std::vector<std::string> dry_breaches;
    for (const auto& text : story.example.steps[i].expected) {
      if (text.starts_with("breach ")) dry_breaches.push_back("dry " + text);
      if (text.starts_with("lock ") || text.starts_with("unlock ")) comparable = false;
    }
    EXPECT_EQ(result.outcomes, dry_breaches);
  }
}

struct Mode {
  const char* name;
  void (*run)(const Story&);
};
constexpr Mode modes[] = {{"as_it_is", as_it_is},
                          {"told_twice", told_twice},
                          {"in_other_order", in_other_order},
                          {"with_restarts", with_restarts},
                          {"only_deciding", only_deciding}};

using Case = std::tuple<std::filesystem::path, Mode>;
class Examples : public ::testing::TestWithParam<Case> {};

TEST_P(Examples, Decide) {
  const auto& [path, mode] = GetParam();
  mode.run(load_story(path));
}

std::string test_name(const ::testing::TestParamInfo<Case>& info) {
  std::string name = std::get<0>(info.param).stem().string() + "_" + std::get<1>(info.param).name;
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Rows, Examples,
                         ::testing::Combine(::testing::ValuesIn(example_files()), ::testing::ValuesIn(modes)),
                         test_name);

} // namespace
} // namespace bulkhead::examples
