#include "cli/signals.hpp"

#include <csignal>
#include <ctime>
#include <pthread.h>
#include <sys/signalfd.h>

namespace bulkhead::cli {
namespace {

sigset_t handled(bool with_reload) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  if (with_reload) sigaddset(&set, SIGHUP);
  return set;
}

} // namespace

void block_signals() {
  const sigset_t set = handled(true);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

Signal wait_for_signal(std::chrono::milliseconds timeout) {
  const sigset_t set = handled(true);
  const timespec wait{timeout.count() / 1000, timeout.count() % 1000 * 1'000'000};
  const int signal = sigtimedwait(&set, nullptr, &wait);
  if (signal == SIGHUP) return Signal::reload;
  return signal == SIGTERM || signal == SIGINT ? Signal::terminate : Signal::none;
}

int termination_descriptor() {
  const sigset_t set = handled(false);
  return signalfd(-1, &set, SFD_CLOEXEC);
}

} // namespace bulkhead::cli
