#pragma once
// `bulkhead init`: certificates of the control port, admin password, files for a client elsewhere.

#include <filesystem>
#include <iosfwd>

namespace bulkhead::cli {

struct InitCommand {
  std::filesystem::path data_dir = "data";
  std::filesystem::path password_file; // empty: asked on the terminal, if there is one
  std::filesystem::path export_dir;    // empty: nothing is exported
};

/// May be repeated, also while the daemon runs: a new password counts from the next login on. Exit codes: ok,
/// failed.
[[nodiscard]] int init_command(const InitCommand& command, std::ostream& out, std::ostream& err);

} // namespace bulkhead::cli
