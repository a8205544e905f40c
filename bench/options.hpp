#pragma once
// The command line of the latency benchmark. Plain values; any thread.

#include "bench/statistics.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <set>

namespace bulkhead::bench {

struct Options {
  std::filesystem::path daemon; // the bulkhead binary; by default the one beside this program
  std::filesystem::path out;    // the file the JSON lines are appended to; by default beside this program
  std::size_t idle = 700;       // measured samples per variant and repetition, 5 ms apart
  std::size_t second = 20;      // the same, a second apart
  std::size_t hot = 6700;       // the same, back to back
  std::size_t quotes = 300;     // the same, 5 ms apart under 1,000 quotes in a second
  std::size_t burst = 40;       // of the daemon, behind a burst of quotes, in turn with undisturbed ones
  std::size_t neighbour = 60;   // of the daemon, beside each kind of trouble of another account
  std::size_t repetitions = 3;
  std::size_t warm_up = 30;      // rounds before each mode that are not counted
  std::filesystem::path scripts; // bench/peers, for the Python client; empty: without it
  std::filesystem::path
      node_packages;         // where @microsoft/signalr is installed; empty: without the Node client
  int stub_core = 0;         // -1: not pinned
  int peer_core = 1;         // floor, Beast client and daemon alike
  bool peers = true;         // start what the daemon is compared with
  std::set<Variant> others;  // of other_daemons; the command line asks for all unless told
  std::size_t few = 250;     // at most so many of each other daemon and script per mode and repetition
  std::size_t keep_warm = 1; // ms between the rehearsals of the warm daemon
  bool keep = false;         // leave the temporary directory (configuration, logs) where it is
  bool help = false;
};

/// None when the command line is wrong; the usage has been printed then, as it has for --help.
[[nodiscard]] std::optional<Options> parse_options(int argc, char** argv);

} // namespace bulkhead::bench
