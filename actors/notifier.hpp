#pragma once
// Tells people: the daemon's log, the enforcement log, and whoever subscribed. Nothing waits for it and it
// waits for nobody. Never prints a secret; what came from the gateway is escaped before it gets here.

#include "actors/interfaces.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace bulkhead::actors {

/// Where lines go; the composition root gives real logs, tests a string.
struct Logs {
  using Write = std::function<void(model::Alert::Severity, const std::string& line)>;
  Write daemon;
  std::function<void(const std::string& line)> enforcement;
};

struct NotifierState {
  static inline const char* name = "notifier";
  std::vector<subscriber_actor> subscribers;
};

notifier_actor::behavior_type notifier(notifier_actor::stateful_pointer<NotifierState> self, Logs logs);

/// The daemon's log lines of one activity: stable event id first, then account and values.
[[nodiscard]] std::vector<std::pair<model::Alert::Severity, std::string>> log_lines(const Activity& activity);
/// The lines of enforcement.log for one certificate (rules.md 3.1, "Log line").
[[nodiscard]] std::vector<std::string> enforcement_lines(const Activity& activity);

} // namespace bulkhead::actors
