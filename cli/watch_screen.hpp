#pragma once
// The terminal in full-screen mode, by ncurses. One at a time; the thread that made it.

#include "cli/watch_view.hpp"

namespace bulkhead::cli {

enum class Key { none, quit, up, down, first, last };

class WatchScreen {
public:
  explicit WatchScreen(bool color);
  ~WatchScreen();
  WatchScreen(const WatchScreen&) = delete;
  WatchScreen& operator=(const WatchScreen&) = delete;

  void paint(const WatchState& state);
  /// The next key that means anything, without waiting.
  [[nodiscard]] Key key();

private:
  bool color_;
};

} // namespace bulkhead::cli
