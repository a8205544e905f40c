#include "actors/control_watch.hpp"

#include <algorithm>

namespace bulkhead::actors {
namespace {

bool is_for(std::int64_t account, std::int64_t wanted) {
  return wanted == 0 || account == 0 || account == wanted;
}

} // namespace

bool WatchDesk::add(watcher_actor watcher, std::int64_t account) {
  if (watchers_.size() >= most_watchers) return false;
  watchers_.push_back({std::move(watcher), account, 0, false, {}});
  return true;
}

void WatchDesk::remove(const caf::actor_addr& watcher) {
  std::erase_if(watchers_, [&](const Watcher& w) { return w.handle.address() == watcher; });
}

void WatchDesk::take(const std::vector<FeedLine>& lines) {
  for (auto& watcher : watchers_) {
    for (const auto& line : lines)
      if (is_for(line.account_id, watcher.account)) watcher.waiting.push_back(line);
  }
  std::erase_if(watchers_, [](const Watcher& watcher) { return watcher.waiting.size() > most_lines; });
}

std::vector<WatchDesk::Due> WatchDesk::frames(const StatusReply& status) {
  std::vector<Due> due;
  for (auto& watcher : watchers_) {
    if (std::exchange(watcher.busy, true)) continue;
    Due next{watcher.handle, {++watcher.number, status, std::exchange(watcher.waiting, {})}};
    std::erase_if(next.frame.status.accounts,
                  [&](const AccountView& view) { return !is_for(view.account_id, watcher.account); });
    due.push_back(std::move(next));
  }
  return due;
}

void WatchDesk::shown(const caf::actor_addr& watcher) {
  for (auto& each : watchers_)
    if (each.handle.address() == watcher) each.busy = false;
}

} // namespace bulkhead::actors
