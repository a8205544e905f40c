#include "bench/status_client.hpp"

#include <utility>

namespace bulkhead::bench {

using namespace std::chrono_literals;

model::Result<std::unique_ptr<StatusClient>> StatusClient::connect(const cli::NodeOptions& options) {
  auto remote = cli::Remote::connect(options);
  if (!remote) return remote.error();
  return std::unique_ptr<StatusClient>(new StatusClient(std::move(*remote)));
}

StatusClient::StatusClient(std::unique_ptr<cli::Remote> remote)
    : remote_(std::move(remote)), thread_([this](const std::stop_token& stop) { run(stop); }) {}

void StatusClient::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const auto gap = gap_.load();
    if (gap == rests) {
      std::this_thread::sleep_for(1ms);
      continue;
    }
    const auto began = protocol::monotonic_now();
    const auto reply = remote_->status({"bench", 0});
    const auto took = protocol::monotonic_now() - began;
    {
      const std::lock_guard held(mutex_);
      if (!reply) failed_ = reply.error();
      spans_.push_back(took);
    }
    std::this_thread::sleep_for(gap);
  }
}

model::Result<Spans> StatusClient::take() {
  const std::lock_guard held(mutex_);
  if (failed_) return *failed_;
  return std::exchange(spans_, {});
}

} // namespace bulkhead::bench
