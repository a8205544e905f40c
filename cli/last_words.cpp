#include "cli/last_words.hpp"

#include "cli/exit_codes.hpp"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>
#include <system_error>
#include <unistd.h>

namespace bulkhead::cli {
namespace {

/// One line, told in one piece: other threads may be writing theirs.
class LastLine {
public:
  LastLine& operator<<(const char* text) noexcept {
    const std::size_t size = std::min(std::strlen(text), sizeof text_ - used_);
    std::memcpy(text_ + used_, text, size);
    used_ += size;
    return *this;
  }
  void tell() noexcept {
    text_[std::min(used_, sizeof text_ - 1)] = '\n';
    (void)!::write(STDERR_FILENO, text_, std::min(used_ + 1, sizeof text_));
  }

private:
  char text_[300] = "bulkhead ended: ";
  std::size_t used_ = std::strlen(text_);
};

/// Whether the system refused what `failure` is about; puts down what that was.
bool put_down(LastLine& line, const std::exception_ptr& failure) noexcept {
  try {
    if (failure) std::rethrow_exception(failure);
    line << "no exception";
  } catch (const std::system_error& refusal) {
    line << "the system refused a thread or another resource: " << refusal.what();
    return true;
  } catch (const std::exception& problem) {
    line << problem.what();
  }
  return false;
}

[[noreturn]] void end_with_words() noexcept {
  static std::atomic<bool> ending{false};
  while (ending.exchange(true)) ::pause(); // another thread is ending the process
  LastLine line;
  const bool refused = put_down(line, std::current_exception());
  line.tell();
  if (refused) ::_exit(exit_failed);
  std::abort();
}

/// What a handler leaves half done when memory is refused cannot be told, a socket that is no longer read
/// perhaps or an actor that is in no queue: a new start from the journal can.
[[noreturn]] void end_without_memory() noexcept {
  (LastLine{} << "out of memory").tell();
  ::_exit(exit_failed);
}

/// Once; the same fault then meets the default action, whatever that is: a core, the service manager's note.
void say_crashed(int) noexcept { (LastLine{} << "it crashed, the signal tells how").tell(); }

} // namespace

void leave_last_words() noexcept {
  std::set_terminate(end_with_words);
  std::set_new_handler(end_without_memory);
  for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL}) {
    struct sigaction present {};
    if (::sigaction(fault, nullptr, &present) != 0 || present.sa_handler != SIG_DFL)
      continue; // a sanitizer's
    present.sa_handler = say_crashed;
    present.sa_flags = static_cast<int>(SA_RESETHAND);
    (void)::sigaction(fault, &present, nullptr);
  }
}

} // namespace bulkhead::cli
