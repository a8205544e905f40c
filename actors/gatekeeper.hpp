#pragma once
// Who may act. A detached actor, since checking a password takes its time and the audit log is synced: it
// knows the sessions, counts wrong passwords, and writes every attempt and its outcome to
// DATA/control/audit.log (JSON lines, mode 0600; at 10 MiB it becomes audit.log.1). Requests wait in its
// mailbox, at most as many as `control_front` lets be under way.

#include "actors/admin_sessions.hpp"
#include "actors/clock.hpp"
#include "actors/interfaces.hpp"
#include "actors/notifier.hpp"

#include <filesystem>
#include <memory>

namespace bulkhead::actors {

struct GatekeeperDeps {
  std::shared_ptr<const Clock> clock;
  std::filesystem::path data_dir;
  Logs logs;
};

struct GatekeeperState {
  static inline const char* name = "gatekeeper";
  AdminSessions sessions;
  bool audit_failing = false;
};

gatekeeper_actor::behavior_type gatekeeper(gatekeeper_actor::stateful_pointer<GatekeeperState> self,
                                           GatekeeperDeps deps);

} // namespace bulkhead::actors
