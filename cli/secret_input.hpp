#pragma once
// Passwords from a file or a terminal, and confirmations. Nothing is asked where nobody can answer. One
// thread.

#include "model/error.hpp"

#include <filesystem>
#include <string>

namespace bulkhead::cli {

/// Whether somebody sits at both ends.
[[nodiscard]] bool at_a_terminal();
/// The first line of the file. Errors: io, not_found, missing when it is empty.
[[nodiscard]] model::Result<std::string> read_password_file(const std::filesystem::path& file);
/// Asks on the terminal without echo. Errors: unsupported when there is none.
[[nodiscard]] model::Result<std::string> ask_password(const std::string& prompt);
/// True when exactly `expected` was typed.
[[nodiscard]] bool confirmed_by_typing(const std::string& prompt, const std::string& expected);

} // namespace bulkhead::cli
