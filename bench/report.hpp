#pragma once
// What is printed and written of a run. Pure but for the file; any thread.

#include "bench/machine.hpp"
#include "bench/options.hpp"
#include "bench/statistics.hpp"
#include "model/error.hpp"

namespace bulkhead::bench {

struct RunFacts {
  std::string started_at; // UTC
  MachineLoad before;
  MachineLoad after;
  double seconds = 0;
};

/// The floor is as fast as itself, within 10 percent, in every mode.
[[nodiscard]] bool is_valid(const Samples& samples);
/// The table, the null test and whether the targets are met.
[[nodiscard]] std::string report_text(const Samples& samples, const RunFacts& facts, const Options& options);
/// One line per variant, mode and repetition. Errors: io.
[[nodiscard]] model::Result<void> append_json(const Samples& samples, const RunFacts& facts,
                                              const Options& options);

} // namespace bulkhead::bench
