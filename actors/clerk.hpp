#pragma once
// Answers what takes files: the daemon's log, and the configuration. A detached actor: reading a large log
// must hold up nobody. Looks at the last 16 MiB of a log at most, and answers at most 10,000 lines or 1 MiB
// of them.

#include "actors/interfaces.hpp"

#include <filesystem>
#include <functional>

namespace bulkhead::actors {

/// Shows, checks and reloads the configuration; given by whoever loaded it. May block, must not throw.
using ConfigDesk = std::function<ControlReply(const ControlRequest&)>;

struct ClerkDeps {
  std::filesystem::path log_file;
  ConfigDesk config; // empty: this daemon's configuration is nobody's to ask
};

struct ClerkState {
  static inline const char* name = "clerk";
};

clerk_actor::behavior_type clerk(clerk_actor::stateful_pointer<ClerkState> self, ClerkDeps deps);

/// The last lines of the log that match; oldest first.
[[nodiscard]] ControlReply read_log(const std::filesystem::path& file, const ControlRequest& request);

} // namespace bulkhead::actors
