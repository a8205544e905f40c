#pragma once
// The live view as lines of text with a style each, for any size from 80x24 on: accounts, the chosen
// account's rules and lockouts, what happened last, keys. Pure functions of what is known; whoever paints
// knows a terminal.

#include "actors/control_messages.hpp"
#include "cli/badge.hpp"
#include "model/time.hpp"

#include <deque>
#include <string>
#include <vector>

namespace bulkhead::cli {

enum class Style { plain, head, good, doubtful, bad, chosen, dim };

struct ScreenLine {
  std::string text; // at most as long as the screen is wide
  Style style = Style::plain;
};

struct WatchState {
  std::string node;
  actors::StatusReply status;
  std::deque<actors::FeedLine> feed; // oldest first, at most 1000
  std::size_t chosen = 0;
  bool lost = false; // no frame for a while: what is shown is old
  model::Instant now;
};

/// Exactly `height` lines.
[[nodiscard]] std::vector<ScreenLine> compose(const WatchState& state, std::size_t width, std::size_t height);

/// "#####---  62%"
[[nodiscard]] std::string bar(std::int32_t percent, std::size_t width);

} // namespace bulkhead::cli
