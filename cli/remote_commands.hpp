#pragma once
// The commands that ask a running daemon: their names, options and help. Owned by main; one thread.

#include "cli/ask_command.hpp"
#include "cli/status_command.hpp"
#include "cli/watch_command.hpp"

#include <CLI/CLI.hpp>
#include <list>
#include <optional>

namespace bulkhead::cli {

void add_node_options(CLI::App& command, NodeOptions& node);

class RemoteCommands {
public:
  /// Adds them all to the program. `app` must outlive this object.
  explicit RemoteCommands(CLI::App& app);
  /// Carries out the one that was parsed; none when it was none of these.
  [[nodiscard]] std::optional<int> run();

private:
  struct Entry {
    CLI::App* app = nullptr;
    AskCommand command;
  };
  Entry& add(CLI::App& parent, const std::string& name, const std::string& help, actors::Command command);
  void add_reading(CLI::App& app);
  void add_books(CLI::App& account);
  void add_sessions(CLI::App& app);
  void add_acting(CLI::App& app);

  std::list<Entry> entries_; // options point into them
  NodeOptions status_;
  CLI::App* status_app_ = nullptr;
  NodeOptions watch_;
  CLI::App* watch_app_ = nullptr;
};

} // namespace bulkhead::cli
