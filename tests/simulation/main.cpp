// simulation: plays simulated days and says what was wrong.
//   simulation [--seeds N] [--first SEED] [--out DIR]   plays N days (200 unless told); a failing one is
//   shrunk and
//                                                       written to DIR (the working directory) as SEED.day
//   simulation --replay SEED|FILE [--log]               plays one day again, with its whole trace
//   simulation --regressions DIR                        plays every .day file there
//   simulation --determinism N                          plays N days twice each; traces must be equal
//   simulation --actors N [--first SEED]               plays two hours N times with the real actors, the
//   first
//                                                       three twice; --actors 1 --log shows one
//   simulation --bugs LIST [--most N]                   looks for each planted bug (simulation_planted only)

#include "tests/simulation/day.hpp"
#include "tests/simulation/report.hpp"
#include "tests/simulation/shrink.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <malloc.h>
#include <sstream>
#include <string>
#include <string_view>

using namespace bulkhead;
using namespace bulkhead::simulation;

namespace {

struct Options {
  std::uint64_t seeds = 200, first = 1, most = 400;
  std::string replay, regressions, out = ".", bugs, mode = "seeds";
  bool log = false;
};

bool read(Options& options, int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view key = argv[i];
    if (key == "--log") {
      options.log = true;
      continue;
    }
    if (i + 1 == argc) return false;
    const std::string value = argv[++i];
    const auto number = std::strtoull(value.c_str(), nullptr, 10);
    if (key == "--seeds")
      options.seeds = number;
    else if (key == "--first")
      options.first = number;
    else if (key == "--out")
      options.out = value;
    else if (key == "--most")
      options.most = number;
    else if (key == "--replay")
      options.mode = "replay", options.replay = value;
    else if (key == "--regressions")
      options.mode = "regressions", options.regressions = value;
    else if (key == "--determinism" || key == "--actors")
      options.mode = key.substr(2), options.seeds = number;
    else if (key == "--bugs")
      options.mode = "bugs", options.bugs = value;
    else
      return false;
  }
  return true;
}

model::Result<Plan> plan_named(const std::string& name) {
  if (!std::filesystem::exists(name)) return plan_of(std::strtoull(name.c_str(), nullptr, 10));
  std::ifstream in(name);
  std::stringstream text;
  text << in.rdbuf();
  return plan_from(text.str());
}

void tell(const DayResult& result) {
  for (const auto& line : result.log) std::cout << line << "\n";
  for (const auto& text : result.failures) std::cout << text << "\n";
}

int replay(const std::string& name, bool log) {
  const auto plan = plan_named(name);
  if (!plan) return std::cerr << plan.error().message() << "\n", 2;
  const auto result = play(*plan, log);
  std::cout << to_text(*plan);
  tell(result);
  std::cout << (result.good() ? "all is well" : "FAILED") << ", trace " << std::hex << result.trace
            << std::dec << "\n";
  return result.good() ? 0 : 1;
}

int regressions(const std::string& directory) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.path().extension() == ".day") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  int bad = 0;
  for (const auto& file : files) bad += replay(file.string(), false) == 0 ? 0 : 1;
  std::cout << files.size() << " days played again, " << bad << " failed\n";
  return bad == 0 ? 0 : 1;
}

void keep(std::uint64_t seed, const DayResult& result, const std::string& out) {
  std::cout << "seed " << seed << " failed; shrinking it\n";
  tell(result);
  const auto smaller = shrunk(plan_of(seed));
  const auto file = std::filesystem::path(out) / (std::to_string(seed) + ".day");
  const auto again = play(smaller);
  std::ofstream(file) << "# "
                      << (again.good() ? "?"
                                       : again.failures.front().substr(0, again.failures.front().find('\n')))
                      << "\n"
                      << to_text(smaller);
  std::cout << to_text(smaller) << "to see it again: simulation --replay " << file.string() << " --log\n";
}

constexpr int most_failures = 20, most_shrunk = 3; // then the run ends, then failing days are only told

int seeds(const Options& options) {
  Report report;
  int bad = 0;
  for (auto seed = options.first; seed < options.first + options.seeds && bad < most_failures; ++seed) {
    const auto result = play(plan_of(seed));
    report.add(result);
    if (result.good()) continue;
    if (++bad <= most_shrunk) keep(seed, result, options.out);
    if (bad > most_shrunk) std::cout << "seed " << seed << " failed\n", tell(result);
    std::cout << std::flush;
  }
  const bool good = report.print(options.first, options.seeds) && bad == 0;
  std::cout << (good ? "clean: " : "FAILED: ") << options.seeds << " days wanted, " << bad << " failed\n";
  return good ? 0 : 1;
}

int determinism(std::uint64_t count) {
  int bad = 0;
  for (std::uint64_t seed = 1; seed <= count; ++seed) {
    const auto first = play(plan_of(seed)), second = play(plan_of(seed));
    if (first.trace == second.trace && first.figures.events == second.figures.events) continue;
    ++bad;
    std::cout << "seed " << seed << " gave two traces\n";
  }
  std::cout << count << " days played twice, " << bad << " differ\n";
  return bad == 0 ? 0 : 1;
}

int with_actors(const Options& options) {
  std::uint64_t bad = 0, checks = 0, crashes = 0, requests = 0;
  for (auto seed = options.first; seed < options.first + options.seeds; ++seed) {
    const auto result = play_with_actors(plan_for_actors(seed), options.log);
    checks += result.figures.checks, crashes += result.figures.crashes, requests += result.figures.requests;
    const bool twice = seed < options.first + 3 && !options.log;
    const bool same = !twice || play_with_actors(plan_for_actors(seed)).trace == result.trace;
    if (!same) std::cout << "seed " << seed << " gave two traces\n";
    if (!result.good()) std::cout << "seed " << seed << " failed\n" << to_text(plan_for_actors(seed));
    tell(result);
    bad += result.good() && same ? 0 : 1;
  }
  std::cout << options.seeds << " times two hours of actors, " << bad << " failed; " << crashes << " kills, "
            << checks << " quiet checks\n";
  return bad == 0 ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
  Options options;
  // A day takes and gives back much memory; without this a tenth of its time goes into asking for pages
  // again.
  mallopt(M_TRIM_THRESHOLD, 256 << 20);
  mallopt(M_TOP_PAD, 16 << 20);
  mallopt(M_MMAP_THRESHOLD, 64 << 20);
  if (!read(options, argc, argv)) return std::cerr << "see the head of tests/simulation/main.cpp\n", 2;
  if (options.mode == "replay") return replay(options.replay, options.log);
  if (options.mode == "regressions") return regressions(options.regressions);
  if (options.mode == "determinism") return determinism(options.seeds);
  if (options.mode == "actors") return with_actors(options);
  if (options.mode == "bugs") return find_bugs(options.bugs, options.most);
  return seeds(options);
}
