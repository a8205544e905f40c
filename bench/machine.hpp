#pragma once
// What the machine was and did during a run, as far as /proc tells. Pure reads; any thread.

#include <string>

namespace bulkhead::bench {

struct MachineLoad {
  std::string load_average; // "0.52 0.58 0.59"
  double steal_ticks = 0;
  double all_ticks = 0;
};
[[nodiscard]] MachineLoad read_load();
/// Share of the time between two readings that the hypervisor gave to others; 0..1.
[[nodiscard]] double steal_share(const MachineLoad& before, const MachineLoad& after);
/// "Linux 6.1.0, 2 x Intel(R) ..., OpenSSL 3.0.15"
[[nodiscard]] std::string machine_text();

} // namespace bulkhead::bench
