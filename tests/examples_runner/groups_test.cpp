// Every file of tests/examples/groups: several accounts with a real engine each, and the guard of their
// group. As it is, with events told twice, and with a restart of everything between any two steps.

#include "rules/group_core.hpp"
#include "tests/cli/config_test_files.hpp"
#include "tests/examples_runner/outcome.hpp"
#include "tests/examples_runner/world.hpp"

#include "cli/yaml_tree.hpp"
#include <algorithm>
#include <gtest/gtest.h>
#include <stdexcept>

namespace bulkhead::examples {
namespace {

using model::ConfigNode;
using model::Instant;

struct GroupStep {
  Instant at;
  std::string account; // none: time passes
  std::string event;
  std::vector<std::string> expected; // "A: close CON.F.US.MNQ.U26", sorted
  std::optional<std::string> alert;
};
struct GroupExample {
  std::string config;
  Example world; // start
  std::vector<std::string> accounts;
  bool restart_matters = false;
  std::vector<GroupStep> steps;
};

std::vector<std::string> texts(const ConfigNode& node) {
  if (node.kind == ConfigNode::Kind::scalar) return {node.scalar};
  std::vector<std::string> out;
  for (const auto& item : node.items) out.push_back(item.scalar);
  return out;
}

GroupStep read_step(const ConfigNode& node, Instant start, Instant before) {
  GroupStep step{before + std::chrono::seconds{1}, "", "", {}, std::nullopt};
  for (const auto& [key, value] : node.entries) {
    if (key == "at")
      step.at = time_of(value.scalar, start);
    else if (key == "account")
      step.account = value.scalar;
    else if (key == "event")
      step.event = value.scalar;
    else if (key == "alert")
      step.alert = value.scalar;
    else if (is_outcome(key))
      for (const auto& text : texts(value)) // "A: MNQ"
        step.expected.push_back(text.substr(0, 3) + expected_outcome(key, text.substr(3), start));
    else
      throw std::invalid_argument("unknown key " + key);
  }
  std::sort(step.expected.begin(), step.expected.end());
  return step;
}

GroupExample load(const std::filesystem::path& path) {
  model::Problems problems;
  const auto tree = cli::read_yaml(path, problems);
  GroupExample out;
  const ConfigNode* steps = nullptr;
  for (const auto& [key, node] : tree.value().entries) {
    if (key == "config") out.config = node.scalar;
    if (key == "start") out.world.start = model::parse_instant(node.scalar).value();
    if (key == "accounts") out.accounts = texts(node);
    if (key == "restart_matters") out.restart_matters = true;
    if (key == "steps") steps = &node;
  }
  auto before = out.world.start;
  for (const auto& node : steps->items) {
    out.steps.push_back(read_step(node, out.world.start, before));
    before = out.steps.back().at;
  }
  return out;
}

/// Accounts A, B, ... are 1001, 1002, ... of one group.
class GroupWorld {
public:
  explicit GroupWorld(const GroupExample& example) : now_(example.world.start) {
    std::string accounts = "accounts:\n";
    for (std::size_t n = 0; n < example.accounts.size(); ++n)
      accounts += "  - { account_id: " + std::to_string(1001 + n) + ", username: a, api_key: k, group: g }\n";
    const cli::ConfigDirectory directory;
    directory.write("accounts.yaml", accounts);
    directory.write("risk_config.yaml", example.config);
    const auto loaded = directory.load();
    auto problems = loaded.problems;
    rules_ = rules::make_rule_set(loaded.config, problems);
    if (!problems.empty()) throw std::invalid_argument(cli::text_of(problems));
    plan_ = rules::plan_groups(loaded.config, rules_).at(0);
    core_ = std::make_unique<rules::GroupCore>(plan_, now_);
    for (const auto& name : example.accounts)
      members_.push_back({name, World(example.world, rules_), WordReader(example.world.start), {}, false});
    for (auto& member : members_) speak(member);
  }

  /// What the accounts decide until then, and on the event.
  std::vector<std::string> live_through(const GroupStep& step) {
    said_.clear(), alerts.clear();
    while (std::min(heartbeat_, wake_at_) < step.at) pass(std::min(heartbeat_, wake_at_));
    now_ = step.at;
    for (auto& member : members_) {
      if (member.name != step.account) continue;
      if (step.event == "silence")
        member.silent = true;
      else
        hear(member, member.reader.read(step.event, now_), false);
    }
    if (step.account.empty()) pass(now_);
    std::sort(said_.begin(), said_.end());
    return said_;
  }
  std::vector<std::string> hear_again(const GroupStep& step) {
    said_.clear();
    now_ += model::Duration{2};
    for (auto& member : members_)
      if (member.name == step.account && step.event != "silence")
        hear(member, member.reader.read(step.event, step.at), false);
    return said_;
  }
  std::vector<std::string> restart() {
    said_.clear();
    now_ += std::chrono::milliseconds{1};
    core_ = std::make_unique<rules::GroupCore>(plan_, now_);
    for (auto& member : members_) {
      for (const auto& text : member.world.restart().outcomes) said_.push_back(member.name + ": " + text);
      member.number = {now_, 0};
    }
    now_ += std::chrono::milliseconds{1};
    for (auto& member : members_) speak(member);
    return said_;
  }

  std::vector<std::string> alerts;

private:
  struct Member {
    std::string name;
    World world;
    WordReader reader;
    rules::SummaryNumber number;
    bool silent;
    std::uint64_t gate_closes = 0;
  };

  void pass(Instant at) {
    now_ = std::max(now_, at);
    carry_out(core_->step(now_));
    if (now_ < heartbeat_) return;
    heartbeat_ = now_ + std::chrono::seconds{1};
    for (auto& member : members_) speak(member);
  }

  void hear(Member& member, model::Payload payload, bool ordered) {
    const bool locked = member.world.state().lockouts.mode_for(model::Root{"MNQ"}).has_value();
    const auto result = member.world.live_through({now_, "heard", {std::move(payload)}, {}, nullptr});
    for (const auto& text : result.outcomes) {
      said_.push_back(member.name + ": " + text);
      if (locked && !ordered && text.starts_with("close ")) ++member.gate_closes;
    }
    speak(member);
  }

  void speak(Member& member) {
    if (member.silent) return;
    ++member.number.count;
    auto summary = rules::summary_of(member.world.state(), rules_->roots, now_);
    summary.account = plan_.members[static_cast<std::size_t>(&member - members_.data())];
    summary.number = member.number;
    summary.gate_closes = member.gate_closes;
    carry_out(core_->step(summary, now_));
  }

  void carry_out(const rules::GroupDecision& decision) {
    wake_at_ = decision.wake_at;
    for (const auto& [account, alert] : decision.alerts) alerts.push_back(alert.code);
    for (const auto& [account, payload] : decision.orders)
      hear(members_[static_cast<std::size_t>(account.value - 1001)], payload, true);
  }

  Instant now_;
  Instant heartbeat_ = now_ + std::chrono::seconds{1};
  Instant wake_at_ = now_;
  std::shared_ptr<const rules::RuleSet> rules_;
  rules::GroupPlan plan_;
  std::unique_ptr<rules::GroupCore> core_;
  std::vector<Member> members_;
  std::vector<std::string> said_;
};

void expect(const GroupStep& step, const GroupWorld& world, const std::vector<std::string>& decided) {
  SCOPED_TRACE(model::format_instant(step.at, 3) + " " + step.account + " " + step.event);
  EXPECT_EQ(decided, step.expected);
  if (step.alert) {
    EXPECT_NE(std::find(world.alerts.begin(), world.alerts.end(), *step.alert), world.alerts.end())
        << *step.alert;
  } else if (step.expected.empty()) {
    EXPECT_TRUE(world.alerts.empty()) << world.alerts.front();
  }
}

class GroupExamples : public ::testing::TestWithParam<std::filesystem::path> {};

TEST_P(GroupExamples, as_it_is) {
  const auto example = load(GetParam());
  GroupWorld world(example);
  for (const auto& step : example.steps) expect(step, world, world.live_through(step));
}

TEST_P(GroupExamples, told_twice) {
  const auto example = load(GetParam());
  GroupWorld world(example);
  for (const auto& step : example.steps) {
    expect(step, world, world.live_through(step));
    EXPECT_EQ(world.hear_again(step), std::vector<std::string>{}) << step.event;
  }
}

TEST_P(GroupExamples, with_restarts) {
  const auto example = load(GetParam());
  if (example.restart_matters) GTEST_SKIP() << "a restart in between decides otherwise, as the rule says";
  for (std::size_t before = 1; before <= example.steps.size(); ++before) {
    SCOPED_TRACE("restart before step " + std::to_string(before + 1));
    GroupWorld world(example);
    for (std::size_t i = 0; i < example.steps.size(); ++i) {
      if (i == before) {
        EXPECT_EQ(world.restart(), std::vector<std::string>{});
      }
      expect(example.steps[i], world, world.live_through(example.steps[i]));
    }
  }
}

std::vector<std::filesystem::path> group_files() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(BULKHEAD_SOURCE_DIR "/tests/examples/groups"))
    files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

INSTANTIATE_TEST_SUITE_P(Rows, GroupExamples, ::testing::ValuesIn(group_files()), [](const auto& row) {
  std::string name = row.param.stem().string();
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
});

} // namespace
} // namespace bulkhead::examples
