// The live view as text: what is on the screen, whatever its size.

#include "cli/watch_view.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace bulkhead::cli {
namespace {

actors::AccountView account(std::int64_t id) {
  actors::AccountView view;
  view.account_id = id;
  view.connected = view.ready = true;
  view.last_event_age_ms = 4'200;
  return view;
}

actors::RuleView rule(std::int32_t percent) {
  actors::RuleView view;
  view.rule = "RULE-003", view.name = "DailyRealizedLoss", view.value = "-$450.00", view.limit = "-$500.00";
  view.percent = percent;
  return view;
}

WatchState state_of(std::vector<actors::AccountView> accounts) {
  WatchState state;
  state.node = "127.0.0.1:4750";
  state.status.connected = true;
  state.status.accounts = std::move(accounts);
  state.now = *model::parse_instant("2026-07-15T18:00:00Z");
  return state;
}

bool shows(const std::vector<ScreenLine>& screen, const std::string& text) {
  return std::any_of(screen.begin(), screen.end(),
                     [&](const auto& line) { return line.text.find(text) != std::string::npos; });
}

TEST(WatchView, FitsEverySizeOfScreen) {
  auto state = state_of({});
  for (int i = 0; i < 60; ++i) {
    auto view = account(100'000'000 + i);
    view.rules.assign(12, rule(50));
    view.lockouts.resize(3);
    state.status.accounts.push_back(view);
    state.feed.push_back({1, 2, "2026-07-15T17:59:00.000Z", std::string(300, 'x')});
  }
  for (const auto& [width, height] :
       {std::pair<std::size_t, std::size_t>{80, 24}, {20, 5}, {200, 60}, {80, 8}}) {
    const auto screen = compose(state, width, height);
    EXPECT_EQ(screen.size(), height);
    for (const auto& line : screen) EXPECT_LE(line.text.size(), width);
  }
}

TEST(WatchView, AtEightyByTwentyFourAllPartsAreThere) {
  auto first = account(101);
  first.nickname = "combine";
  first.rules = {rule(90)};
  auto state = state_of({first, account(102), account(103)});
  state.feed.push_back({101, 2, "2026-07-15T17:59:58.123Z", "breach-detected account=101"});
  const auto screen = compose(state, 80, 24);
  EXPECT_TRUE(shows(screen, "gateway connected"));
  EXPECT_TRUE(shows(screen, ">101       combine   WARN"));
  EXPECT_TRUE(shows(screen, "#####-  90%"));
  EXPECT_TRUE(shows(screen, "RULE-003"));
  EXPECT_TRUE(shows(screen, "17:59:58 breach-detected"));
  EXPECT_TRUE(shows(screen, "q quit"));
}

TEST(WatchView, CountsDownToTheEndOfTheLastLockout) {
  auto locked = account(101);
  locked.locked_out = true;
  locked.lockouts.resize(2);
  locked.lockouts[0].expires_at = "2026-07-15T18:10:05Z";
  locked.lockouts[1].expires_at = "2026-07-15T18:00:01Z";
  EXPECT_TRUE(shows(compose(state_of({locked}), 80, 24), "LOCKED"));
  EXPECT_TRUE(shows(compose(state_of({locked}), 80, 24), "   10:05"));
  locked.lockouts[1].expires_at = "2026-07-15T22:00:00Z";
  EXPECT_TRUE(shows(compose(state_of({locked}), 80, 24), "   4h00m"));
  locked.lockouts[0].expires_at.clear();
  EXPECT_TRUE(shows(compose(state_of({locked}), 80, 24), "   admin"));
}

TEST(WatchView, WhatIsOldIsCalledStale) {
  auto state = state_of({account(101)});
  EXPECT_FALSE(shows(compose(state, 80, 24), "STALE"));
  state.lost = true;
  EXPECT_TRUE(shows(compose(state, 80, 24), "STALE"));
  EXPECT_TRUE(shows(compose(state, 80, 24), "NO ANSWER FROM THE DAEMON"));
}

TEST(WatchView, AnAccountThatCannotBeEnforcedSaysWhy) {
  auto view = account(101);
  view.enforceable = false, view.refusal = "a live account";
  const auto screen = compose(state_of({view}), 80, 24);
  EXPECT_TRUE(shows(screen, "NOT ENFORCEABLE"));
  EXPECT_TRUE(shows(screen, "NOT PROTECTED: a live account"));
}

TEST(WatchView, TheChosenAccountIsAlwaysInSight) {
  auto state = state_of({});
  for (int i = 0; i < 60; ++i) state.status.accounts.push_back(account(1000 + i));
  for (std::size_t chosen : {std::size_t{0}, std::size_t{30}, std::size_t{59}, std::size_t{500}}) {
    state.chosen = chosen;
    const auto shown = std::min<std::size_t>(chosen, 59);
    EXPECT_TRUE(shows(compose(state, 80, 24), ">" + std::to_string(1000 + shown)));
  }
}

TEST(WatchView, TextFromElsewhereCannotSteerTheTerminal) {
  auto view = account(101);
  view.nickname = "a\x1B[2J";
  view.alarm = "b\x07";
  auto state = state_of({view});
  state.feed.push_back({101, 0, "2026-07-15T17:59:58.123Z", "c\x1B]0;x"});
  for (const auto& line : compose(state, 80, 24))
    for (const unsigned char c : line.text) EXPECT_GE(c, 0x20) << line.text;
}

TEST(WatchView, BarsRoundAndEndAtFull) {
  EXPECT_EQ(bar(0, 4), "----   0%");
  EXPECT_EQ(bar(50, 4), "##--  50%");
  EXPECT_EQ(bar(100, 4), "#### 100%");
  EXPECT_EQ(bar(5000, 4), "#### 999%");
}

} // namespace
} // namespace bulkhead::cli
