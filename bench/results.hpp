#pragma once
// What the smaller benchmark programs have in common: their command line, the lines about the machine, the
// verdicts, and the JSON lines. A line of JSON is written for each variant and repetition, with its histogram
// of nanoseconds or its one figure, and for each target. Owned by main(); one thread.

#include "bench/machine.hpp"
#include "bench/statistics.hpp"
#include "model/error.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace bulkhead::bench {

struct RunOptions {
  std::filesystem::path daemon; // the bulkhead binary
  std::filesystem::path out;    // JSON lines are appended here
  std::size_t repetitions = 3;
  bool quick = false; // a look, no figures to show
  bool keep = false;  // leave the temporary directory
  int stub_core = 0;
  int peer_core = 1; // of whatever is measured
};

/// `about` is what the usage says first. None when the command line is wrong or asks for help; the usage has
/// been printed then.
[[nodiscard]] std::optional<RunOptions> read_run_options(int argc, char** argv, std::string_view name,
                                                         std::string_view about);

class Results {
public:
  /// Prints `about` and the machine.
  Results(const RunOptions& options, std::string bench, std::string_view about);
  /// Prints load and steal, and where the JSON lines are.
  ~Results();
  Results(const Results&) = delete;
  Results& operator=(const Results&) = delete;

  /// `more`: further members, "\"accounts\":10,"; may be empty.
  void samples(std::string_view variant, std::size_t repetition, const Spans& spans,
               std::string_view more = "");
  void figure(std::string_view variant, std::string_view what, double value, std::size_t repetition = 0,
              std::string_view more = "");
  /// Prints "target WHAT: met (HOW)".
  void target(std::string_view what, bool met, std::string_view how);
  /// Prints the ratio of a variant to itself, and that the run is void when it is off by more than a tenth.
  void null_test(double ratio);

private:
  void line(std::string_view members);

  RunOptions options_;
  std::string bench_;
  std::string started_;
  MachineLoad before_;
};

/// The error on stderr, and the exit code of a malfunction.
[[nodiscard]] int malfunction(std::string_view name, const model::Error& error);
[[nodiscard]] inline double micros(MonotonicNanos span) { return static_cast<double>(span) / 1000.0; }
/// Requires: not empty.
[[nodiscard]] double median(std::vector<double> values);

} // namespace bulkhead::bench
