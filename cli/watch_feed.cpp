#include "cli/watch_feed.hpp"

#include "actors/interfaces.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <utility>

namespace bulkhead::cli {
namespace {

constexpr auto daemon_answers_within = std::chrono::seconds{5};

struct WatcherState {
  static inline const char* name = "watcher";
};

actors::watcher_actor::behavior_type watcher(actors::watcher_actor::stateful_pointer<WatcherState> self,
                                             std::shared_ptr<WatchFeed> feed, actors::control_actor daemon,
                                             const actors::ControlRequest& request) {
  self->set_error_handler([](caf::error&) {});
  const auto id = request.request_id;
  self->request(daemon, daemon_answers_within, request)
      .then(
          [=](actors::ControlReply& reply) {
            if (!reply.error.empty()) feed->refuse(std::move(reply));
          },
          [=](caf::error& error) {
            feed->refuse(
                {id, actors::codes::internal, "the daemon does not answer: " + to_string(error), ""});
          });
  return {[=](actors::WatchFrame& frame) {
    feed->take(std::move(frame));
    return true;
  }};
}

} // namespace

void WatchFeed::take(actors::WatchFrame frame) {
  const std::lock_guard lock(mutex_);
  news_.status = std::move(frame.status);
  for (auto& line : frame.feed) news_.lines.push_back(std::move(line));
  if (news_.lines.size() > most_lines)
    news_.lines.erase(news_.lines.begin(), news_.lines.end() - static_cast<std::ptrdiff_t>(most_lines));
  any_ = true;
  changed_.notify_one();
}

void WatchFeed::refuse(actors::ControlReply reply) {
  const std::lock_guard lock(mutex_);
  news_.refused = std::move(reply);
  any_ = true;
  changed_.notify_one();
}

WatchFeed::News WatchFeed::next(std::chrono::milliseconds within) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, within, [this] { return any_; });
  any_ = false;
  return std::exchange(news_, {});
}

actors::watcher_actor spawn_watcher(caf::actor_system& system, std::shared_ptr<WatchFeed> feed,
                                    actors::control_actor daemon, actors::ControlRequest request) {
  return system.spawn(watcher, std::move(feed), std::move(daemon), std::move(request));
}

} // namespace bulkhead::cli
