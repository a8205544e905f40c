#include "cli/watch_command.hpp"

#include "actors/text.hpp"
#include "cli/exit_codes.hpp"
#include "cli/remote_control.hpp"
#include "cli/signals.hpp"
#include "cli/watch_feed.hpp"
#include "cli/watch_screen.hpp"

#include <caf/send.hpp>
#include <fmt/format.h>
#include <iostream>
#include <map>
#include <optional>
#include <unistd.h>

namespace bulkhead::cli {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto look_at_keys_every = 50ms;
constexpr auto old_after = 3s; // frames come twice a second
constexpr auto given_up_after = 10s;

/// One connection that is shown frames, for as long as it lives.
class Link {
public:
  Link(std::unique_ptr<Remote> remote, std::int64_t account) : remote_(std::move(remote)) {
    actors::ControlRequest request;
    request.request_id = make_request_id();
    request.command = static_cast<std::uint8_t>(actors::Command::watch);
    request.account_id = account;
    watcher_ = spawn_watcher(remote_->system(), feed_, remote_->daemon(), request);
  }
  ~Link() { caf::anon_send_exit(watcher_, caf::exit_reason::user_shutdown); }
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  WatchFeed::News next(std::chrono::milliseconds within) {
    auto news = feed_->next(within);
    if (news.status) heard_ = Clock::now();
    return news;
  }
  [[nodiscard]] Clock::duration silent_for() const { return Clock::now() - heard_; }

private:
  std::unique_ptr<Remote> remote_;
  std::shared_ptr<WatchFeed> feed_ = std::make_shared<WatchFeed>();
  actors::watcher_actor watcher_;
  Clock::time_point heard_ = Clock::now();
};

void take(WatchState& state, WatchFeed::News news) {
  if (news.status) state.status = std::move(*news.status);
  for (auto& line : news.lines) state.feed.push_back(std::move(line));
  while (state.feed.size() > WatchFeed::most_lines) state.feed.pop_front();
}

void move_choice(WatchState& state, Key key) {
  const std::size_t last = state.status.accounts.empty() ? 0 : state.status.accounts.size() - 1;
  if (key == Key::up && state.chosen > 0) --state.chosen;
  if (key == Key::down) state.chosen = std::min(last, state.chosen + 1);
  if (key == Key::first) state.chosen = 0;
  if (key == Key::last) state.chosen = last;
}

int refused(const actors::ControlReply& reply, std::ostream& err) {
  err << reply.error << ": " << reply.message << '\n';
  return exit_code_of(reply.error);
}

/// Full screen. A daemon that goes away is waited for; what is on the screen is marked as old meanwhile.
int show(const NodeOptions& options, std::unique_ptr<Remote> first, std::ostream& err) {
  WatchState state;
  state.node = options.node;
  std::optional<Link> link(std::in_place, std::move(first), options.account);
  std::optional<actors::ControlReply> no;
  {
    WatchScreen screen(wants_color(options));
    while (wait_for_signal(0ms) == Signal::none) {
      auto news = link ? link->next(look_at_keys_every) : WatchFeed::News{};
      if ((no = std::move(news.refused))) break;
      take(state, std::move(news));
      state.lost = !link || link->silent_for() > old_after;
      state.now = std::chrono::floor<model::Duration>(std::chrono::system_clock::now());
      const Key key = screen.key();
      if (key == Key::quit) break;
      move_choice(state, key);
      screen.paint(state);
      if (link && link->silent_for() > given_up_after) link.reset();
      if (link) continue;
      if (auto again = Remote::connect(options))
        link.emplace(std::move(*again), options.account);
      else if (wait_for_signal(500ms) != Signal::none)
        break;
    }
  }
  return no ? refused(*no, err) : exit_ok;
}

/// One line per thing that happens, and per account whose state changes.
int print(const NodeOptions& options, std::unique_ptr<Remote> remote, std::ostream& out, std::ostream& err) {
  Link link(std::move(remote), options.account);
  std::map<std::int64_t, std::string> badges;
  while (wait_for_signal(0ms) == Signal::none) {
    const auto news = link.next(look_at_keys_every);
    if (news.refused) return refused(*news.refused, err);
    for (const auto& line : news.lines) out << line.at << ' ' << actors::escaped(line.text) << '\n';
    if (news.status) {
      for (const auto& account : news.status->accounts) {
        const std::string badge = badge_of(account).text;
        if (std::exchange(badges[account.account_id], badge) != badge)
          out << "state account=" << account.account_id << " is=\"" << badge << "\"\n";
      }
    }
    out << std::flush;
    if (!out) return exit_ok; // nobody reads any more
    if (link.silent_for() <= given_up_after) continue;
    err << "the daemon does not answer any more\n";
    return exit_unreachable;
  }
  return exit_ok;
}

} // namespace

int watch_command(const NodeOptions& options, std::ostream& out, std::ostream& err) {
  block_signals();
  auto remote = Remote::connect(options);
  if (!remote) {
    err << remote.error().message() << '\n';
    return exit_code_of(remote.error());
  }
  if (isatty(STDOUT_FILENO) != 0 && isatty(STDIN_FILENO) != 0) return show(options, std::move(*remote), err);
  return print(options, std::move(*remote), out, err);
}

} // namespace bulkhead::cli
