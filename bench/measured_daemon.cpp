#include "bench/measured_daemon.hpp"

#include <algorithm>

namespace bulkhead::bench {
namespace {

std::vector<std::string> way_of(Variant variant, const Options& options) {
  switch (variant) {
  case Variant::warm: return {"--keep-warm", std::to_string(options.keep_warm)};
  case Variant::spin: return {"--spin"};
  case Variant::sharing: return {"--scheduler", "sharing"};
  case Variant::floor:
  case Variant::beast:
  case Variant::null_floor:
  case Variant::daemon:
  case Variant::python:
  case Variant::node: break;
  }
  return {};
}

} // namespace

model::Result<void> MeasuredDaemon::start(const Options& options, std::uint16_t port) {
  auto started =
      start_daemon({.program = options.daemon,
                    .directory = directory_,
                    .ca = directory_.parent_path() / "ca.pem",
                    .port = port,
                    .risk_yaml = "rules:\n  max_contracts: { limit: 1, count_type: net, close_all: true }\n",
                    .options = way_of(variant_, options),
                    .core = options.peer_core},
                   watched_);
  if (!started) return started.error();
  process_ = std::move(*started);
  return {};
}

bool MeasuredDaemon::ready() const {
  return std::all_of(watched_.begin(), watched_.end(),
                     [](const auto* account) { return account->ready && account->fill_reads > 0; });
}

} // namespace bulkhead::bench
