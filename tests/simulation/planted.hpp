#pragma once
// The switch of the planted bugs (planted.txt): which one is in force in this process, 0 for none. Set before
// anything runs, read everywhere; for the program simulation_planted alone.

namespace bulkhead::planted {

inline int in_force = 0;
[[nodiscard]] inline bool on(int number) { return in_force == number; }

} // namespace bulkhead::planted
