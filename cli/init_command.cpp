#include "cli/init_command.hpp"

#include "actors/admin_password.hpp"
#include "actors/control_keys.hpp"
#include "cli/exit_codes.hpp"
#include "cli/secret_input.hpp"

#include <ostream>

namespace bulkhead::cli {
namespace {

model::Result<std::string> new_password(const InitCommand& command) {
  if (!command.password_file.empty()) return read_password_file(command.password_file);
  auto first = ask_password("new admin password: ");
  if (!first) return first;
  const auto second = ask_password("once more: ");
  if (!second) return second;
  if (*first != *second)
    return model::Error{model::Errc::malformed, "the two are not the same; nothing was changed"};
  return first;
}

} // namespace

int init_command(const InitCommand& command, std::ostream& out, std::ostream& err) {
  const auto failed = [&](const model::Error& error) {
    err << error.message() << '\n';
    return exit_failed;
  };
  const auto now = std::chrono::floor<model::Duration>(std::chrono::system_clock::now());
  const auto made = actors::ensure_control_keys(command.data_dir, now);
  if (!made) return failed(made.error());
  out << (*made ? "made" : "kept") << " the certificates in "
      << actors::control_directory(command.data_dir).string() << '\n';
  if (!command.export_dir.empty()) {
    if (const auto done = actors::export_client(command.data_dir, command.export_dir); !done)
      return failed(done.error());
    out << "exported the client's files; use them with --data " << command.export_dir.string() << '\n';
  }
  if (command.password_file.empty() && !at_a_terminal()) {
    out << "no admin password was set: name it by --admin-password-file\n";
    return exit_ok;
  }
  const auto password = new_password(command);
  if (!password) return failed(password.error());
  if (const auto set = actors::set_admin_password(command.data_dir, *password); !set)
    return failed(set.error());
  out << "set the admin password\n";
  return exit_ok;
}

} // namespace bulkhead::cli
