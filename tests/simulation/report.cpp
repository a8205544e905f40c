#include "tests/simulation/report.hpp"

#include "tests/simulation/planted.hpp"

#include <ctime>
#include <fmt/format.h>
#include <fstream>
#include <iostream>
#include <sstream>
#include <sys/wait.h>
#include <unistd.h>

namespace bulkhead::simulation {
namespace {

constexpr std::uint64_t days_that_show_everything = 100;
constexpr unsigned longest_search = 600; // seconds of one bug

/// What a run of many days must have met at least once (S13).
constexpr const char* must_happen[] = {"daily reset",
                                       "stream lost",
                                       "stream restored",
                                       "account read",
                                       "certificate",
                                       "intent achieved",
                                       "intent close",
                                       "intent reduce",
                                       "intent cancel",
                                       "lockout ended by expiry",
                                       "the gate closes what a locked account opened",
                                       "a request is repeated",
                                       "state after a crash compared",
                                       "a quiet moment in a lockout",
                                       "recovered after a loss of power",
                                       "power loss lost records",
                                       "a journal is damaged",
                                       "clock corrected",
                                       "sync failed",
                                       "store failed",
                                       "last run killed",
                                       "last run clean",
                                       "last run rebooted",
                                       "the market is closed",
                                       "undecodable event",
                                       "event of a stranger's account"};

} // namespace

void Report::add(const DayResult& day) {
  ++days_;
  const auto& one = day.figures;
  sum_.events += one.events, sum_.decisions += one.decisions, sum_.breaches += one.breaches;
  sum_.intents += one.intents, sum_.lockouts += one.lockouts, sum_.requests += one.requests;
  sum_.effects += one.effects, sum_.crashes += one.crashes, sum_.faults += one.faults;
  sum_.checks += one.checks, sum_.compared += one.compared;
  for (const auto& [what, count] : one.sometimes) sum_.sometimes[what] += count;
}

bool Report::print(std::uint64_t first, std::uint64_t asked) const {
  for (const auto& [what, count] : sum_.sometimes) std::cout << fmt::format("{:>9}  {}\n", count, what);
  bool complete = true;
  for (int kind = 0; kind < fault_kinds; ++kind) {
    const auto name = fmt::format("fault {}", to_string(static_cast<FaultKind>(kind)));
    if (sum_.sometimes.contains(name)) continue;
    std::cout << fmt::format("{:>9}  {}  NEVER\n", 0, name);
    complete = false;
  }
  for (const auto* what : must_happen) {
    if (sum_.sometimes.contains(what)) continue;
    std::cout << fmt::format("{:>9}  {}  NEVER\n", 0, what);
    complete = false;
  }
  const auto seconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began_)
          .count() /
      1000.0;
  const auto cpu = static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
  std::cout << fmt::format(
      "{} days from seed {} ({:.2f} simulated years) in {:.0f} s, {:.0f} s of CPU\n"
      "{} events, {} decisions compared with the reference, {} breaches, {} lockouts, {} closes and cancels "
      "wanted,\n"
      "{} requests sent, {} market effects, {} faults met, {} crashes, {} quiet checks\n",
      days_, first, static_cast<double>(days_) / 365.25, seconds, cpu, sum_.events, sum_.compared,
      sum_.breaches, sum_.lockouts, sum_.intents, sum_.requests, sum_.effects, sum_.faults, sum_.crashes,
      sum_.checks);
  return complete || asked < days_that_show_everything;
}

namespace {

struct Bug {
  int number = 0;
  std::string name;
};

std::vector<Bug> read_bugs(const std::string& list) {
  std::vector<Bug> out;
  std::ifstream in(list);
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string word;
    Bug bug;
    if (!(words >> word >> bug.number) || word != "bug") continue;
    words >> word;
    std::getline(words >> std::ws, bug.name);
    out.push_back(bug);
  }
  return out;
}

/// In a process of its own: a bug may end it, or make it run for ever. Writes how it went to `out`.
[[noreturn]] void look_for(int bug, std::uint64_t most_seeds, int out) {
  planted::in_force = bug;
  alarm(longest_search);
  for (std::uint64_t seed = 1; seed <= most_seeds; ++seed) {
    const auto begins = fmt::format("{} ", seed);
    (void)!write(out, begins.data(), begins.size());
    const auto result = play(plan_of(seed));
    if (result.good()) continue;
    const auto text = result.failures.front().substr(0, result.failures.front().find('\n')) + "\n";
    (void)!write(out, text.data(), text.size());
    _exit(1);
  }
  _exit(0);
}

} // namespace

int find_bugs(const std::string& list, std::uint64_t most_seeds) {
  const auto bugs = read_bugs(list);
  int survived = 0;
  for (const auto& bug : bugs) {
    int ends[2];
    if (pipe(ends) != 0) return 2;
    std::cout << std::flush;
    const auto child = fork();
    if (child == 0) look_for(bug.number, most_seeds, ends[1]);
    close(ends[1]);
    std::string said;
    char buffer[512];
    for (ssize_t n = 0; (n = read(ends[0], buffer, sizeof buffer)) > 0;)
      said.append(buffer, static_cast<std::size_t>(n));
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    const bool found = !WIFEXITED(status) || WEXITSTATUS(status) != 0;
    if (!said.empty() && said.back() == '\n') said.pop_back();
    std::istringstream words(said);
    std::uint64_t seeds = 0;
    for (std::uint64_t n = 0; words >> n;) seeds = n;
    const bool timed_out = WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM;
    const bool killed = found && !timed_out;
    std::cout << fmt::format("{:>3} {:<9} {:>4} seeds  {}{}\n", bug.number, killed ? "found" : "SURVIVED",
                             seeds, bug.name,
                             WIFSIGNALED(status) && !timed_out ? " (it ended the process)" : "")
              << std::flush;
    survived += killed ? 0 : 1;
  }
  std::cout << fmt::format("{}{} planted bugs, {} found, {} survived\n", survived == 0 ? "clean: " : "",
                           bugs.size(), bugs.size() - static_cast<std::size_t>(survived), survived);
  return survived == 0 && !bugs.empty() ? 0 : 1;
}

} // namespace bulkhead::simulation
