#pragma once
// Who looks at the live view, and what each has not been shown yet. A watcher gets its next frame when it has
// answered the last one: a slow one gets fewer frames, one that does not answer for five seconds or has 256
// lines waiting is forgotten. It never slows anybody down. At most 8 watchers. Part of `control`'s state.

#include "actors/interfaces.hpp"

#include <cstdint>
#include <vector>

namespace bulkhead::actors {

class WatchDesk {
public:
  static constexpr std::size_t most_watchers = 8;
  static constexpr std::size_t most_lines = 256;

  /// False when there are too many.
  [[nodiscard]] bool add(watcher_actor watcher, std::int64_t account);
  void remove(const caf::actor_addr& watcher);
  void take(const std::vector<FeedLine>& lines);
  [[nodiscard]] bool empty() const noexcept { return watchers_.empty(); }

  struct Due {
    watcher_actor watcher;
    WatchFrame frame;
  };
  /// A frame for each watcher that waits for one; they do not wait any more.
  [[nodiscard]] std::vector<Due> frames(const StatusReply& status);
  /// It has shown its frame.
  void shown(const caf::actor_addr& watcher);

private:
  struct Watcher {
    watcher_actor handle;
    std::int64_t account = 0; // 0: all
    std::uint64_t number = 0;
    bool busy = false;
    std::vector<FeedLine> waiting;
  };
  std::vector<Watcher> watchers_;
};

} // namespace bulkhead::actors
