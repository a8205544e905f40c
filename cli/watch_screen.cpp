#include "cli/watch_screen.hpp"

#include <algorithm>
#include <clocale>
#include <ncurses.h>

namespace bulkhead::cli {
namespace {

constexpr short good_pair = 1, doubtful_pair = 2, bad_pair = 3;
constexpr std::size_t least_width = 20, least_height = 5;

attr_t attribute_of(Style style, bool color) {
  const auto pair = [&](short number, attr_t otherwise) {
    return color ? static_cast<attr_t>(COLOR_PAIR(number)) | otherwise : otherwise;
  };
  switch (style) {
  case Style::plain: return A_NORMAL;
  case Style::head: return A_BOLD;
  case Style::good: return pair(good_pair, A_NORMAL);
  case Style::doubtful: return pair(doubtful_pair, A_NORMAL);
  case Style::bad: return pair(bad_pair, A_BOLD);
  case Style::chosen: return A_REVERSE;
  case Style::dim: return A_DIM;
  }
  return A_NORMAL;
}

} // namespace

WatchScreen::WatchScreen(bool color) : color_(color) {
  std::setlocale(LC_ALL, "");
  initscr();
  cbreak();
  noecho();
  nodelay(stdscr, TRUE);
  keypad(stdscr, TRUE);
  curs_set(0);
  color_ = color_ && has_colors();
  if (!color_) return;
  start_color();
  use_default_colors();
  init_pair(good_pair, COLOR_GREEN, -1);
  init_pair(doubtful_pair, COLOR_YELLOW, -1);
  init_pair(bad_pair, COLOR_RED, -1);
}

WatchScreen::~WatchScreen() { endwin(); }

void WatchScreen::paint(const WatchState& state) {
  const auto width = std::max<std::size_t>(least_width, static_cast<std::size_t>(std::max(0, COLS)));
  const auto height = std::max<std::size_t>(least_height, static_cast<std::size_t>(std::max(0, LINES)));
  erase();
  int row = 0;
  for (const auto& line : compose(state, width, height)) {
    attrset(attribute_of(line.style, color_));
    mvaddnstr(row++, 0, line.text.c_str(), static_cast<int>(line.text.size()));
  }
  attrset(A_NORMAL);
  refresh();
}

Key WatchScreen::key() {
  for (int typed = getch(); typed != ERR; typed = getch()) {
    if (typed == 'q' || typed == 'Q') return Key::quit;
    if (typed == KEY_UP || typed == 'k') return Key::up;
    if (typed == KEY_DOWN || typed == 'j') return Key::down;
    if (typed == KEY_HOME || typed == 'g') return Key::first;
    if (typed == KEY_END || typed == 'G') return Key::last;
  }
  return Key::none;
}

} // namespace bulkhead::cli
