#include "cli/secret_input.hpp"

#include "actors/secret_file.hpp"

#include <iostream>
#include <termios.h>
#include <unistd.h>

namespace bulkhead::cli {
namespace {

using model::Errc;
using model::Error;

/// Hides what is typed for as long as it lives.
class NoEcho {
public:
  NoEcho() {
    tcgetattr(STDIN_FILENO, &before_);
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
  }
  ~NoEcho() { tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_); }
  NoEcho(const NoEcho&) = delete;
  NoEcho& operator=(const NoEcho&) = delete;

private:
  termios before_{};
};

} // namespace

bool at_a_terminal() { return isatty(STDIN_FILENO) != 0 && isatty(STDERR_FILENO) != 0; }

model::Result<std::string> read_password_file(const std::filesystem::path& file) {
  auto text = actors::read_small_file(file);
  if (!text) return text.error();
  std::string line = text->substr(0, text->find('\n'));
  if (!line.empty() && line.back() == '\r') line.pop_back();
  if (line.empty()) return Error{Errc::missing, file.string() + " has no password in its first line"};
  return line;
}

model::Result<std::string> ask_password(const std::string& prompt) {
  if (!at_a_terminal())
    return Error{Errc::unsupported, "there is no terminal to ask for the password: name a file"};
  std::cerr << prompt << std::flush;
  std::string line;
  {
    const NoEcho hidden;
    std::getline(std::cin, line);
  }
  std::cerr << '\n';
  return line;
}

bool confirmed_by_typing(const std::string& prompt, const std::string& expected) {
  std::cerr << prompt << std::flush;
  std::string line;
  return std::getline(std::cin, line) && line == expected;
}

} // namespace bulkhead::cli
