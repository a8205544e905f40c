#include "bench/child_process.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace bulkhead::bench {
namespace {

constexpr int exit_cannot_execute = 127;
constexpr int polls_for_a_goodbye = 400;

[[noreturn]] void become(const ChildProcess::Start& start, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(exit_cannot_execute); // the driver died before the line above
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr); // the driver holds its own back
  std::signal(SIGPIPE, SIG_DFL);            // and ignores this one
  const int output = ::open(start.output.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (output < 0 || ::dup2(output, STDOUT_FILENO) < 0 || ::dup2(output, STDERR_FILENO) < 0 ||
      !stay_on_core(start.core)) {
    ::_exit(exit_cannot_execute);
  }
  std::vector<char*> arguments;
  for (const auto& word : start.command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  ::execv(arguments.front(), arguments.data());
  ::_exit(exit_cannot_execute);
}

} // namespace

model::Result<void> stay_on_core(int core) {
  if (core < 0) return {};
  cpu_set_t cores;
  CPU_ZERO(&cores);
  CPU_SET(static_cast<unsigned>(core), &cores);
  if (::sched_setaffinity(0, sizeof cores, &cores) == 0) return {};
  return model::Error{model::Errc::io, fmt::format("cannot stay on core {}: {}", core, std::strerror(errno))};
}

model::Result<ChildProcess> ChildProcess::start(const Start& start) {
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) return model::Error{model::Errc::io, fmt::format("fork: {}", std::strerror(errno))};
  if (pid == 0) become(start, parent);
  return ChildProcess(pid);
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}

ChildProcess::~ChildProcess() {
  if (ended()) return;
  ::kill(pid_, SIGTERM);
  let_go(); // one that is held would not hear it
  for (int i = 0; i < polls_for_a_goodbye; ++i) {
    if (ended()) return;
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void ChildProcess::hold() const {
  if (pid_ > 0) ::kill(pid_, SIGSTOP);
}

void ChildProcess::let_go() const {
  if (pid_ > 0) ::kill(pid_, SIGCONT);
}

bool ChildProcess::ended() {
  if (pid_ < 0) return true;
  const pid_t got = ::waitpid(pid_, nullptr, WNOHANG);
  const bool over = got == pid_ || (got < 0 && errno == ECHILD);
  if (over) pid_ = -1;
  return over;
}

std::int64_t ChildProcess::cpu_time() const {
  clockid_t clock{};
  timespec used{};
  if (pid_ < 0 || ::clock_getcpuclockid(pid_, &clock) != 0 || ::clock_gettime(clock, &used) != 0) return 0;
  return used.tv_sec * 1'000'000'000 + used.tv_nsec;
}

} // namespace bulkhead::bench
